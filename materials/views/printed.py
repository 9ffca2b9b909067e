"""The answer of every view that prints: a PDF, or why there is none now."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from candidates.rules.devices import device_of
from materials.printing import documents, pdf


def as_pdf(request: HttpRequest, make: Callable[[], bytes], name: str) -> HttpResponse:
    """Answer what `make` prints, under this name; 404 where there is no notice to print, 503 where it cannot be.

    Inside WeChat on Android, where a PDF opens nothing at all, say how it is opened.
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
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
