"""The answer of every view that prints: a PDF, or why there is none now."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from candidates.rules.devices import device_of
from materials.printing import documents, pdf

A_DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class FileName:
    """What a file is called where it is kept: what it is and whose, with a name in ASCII for programs of before."""

    words: str  # 报名成功通知单
    plain: str  # notice
    whose: str | None  # an application number; empty: a blank form's
    ending: str = "pdf"

    def disposition(self, kind: str) -> str:
        """Return the header's value; `kind` is inline or attachment."""
        plain = "-".join(filter(None, (self.plain, self.whose)))
        words = "-".join(filter(None, (self.words, self.whose)))
        return f"{kind}; filename=\"{plain}.{self.ending}\"; filename*=UTF-8''{quote(words)}.{self.ending}"


def name_of(document: documents.Document, number: str | None) -> FileName:
    """Return the name of a document's file: without a number, of its blank form."""
    if number:
        return FileName(document.short, document.slug, number)
    return FileName(f"{document.short}-空白表", f"{document.slug}-blank", None)


def as_pdf(request: HttpRequest, make: Callable[[], bytes], name: FileName, *, kept: int = 0) -> HttpResponse:
    """Answer what `make` prints, under this name; 404 where there is no notice to print, 503 where it cannot be.

    `kept`: for how many seconds a browser may keep it. Inside WeChat on Android, where a PDF opens nothing at all, say
    how it is opened.
    """
    device = device_of(request.headers.get("User-Agent", ""))
    if device.wechat and device.android:
        here = settings.BASE_URL + request.get_full_path()
        return render(request, "materials/pdf_in_wechat.html", {"here": here})
    try:
        content = make()
    except documents.NoNotice:
        raise Http404 from None
    except pdf.PdfError as error:
        return render(request, "materials/not_printed.html", {"sentence": str(error)}, status=503)
    caching = f"private, max-age={kept}" if kept else "private, no-store"
    headers = {"Content-Disposition": name.disposition("inline"), "Cache-Control": caching}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
