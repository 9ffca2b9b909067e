"""The answer of every view that prints: a PDF, or why there is none now."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from materials.printing import documents, pdf


def as_pdf(request: HttpRequest, make: Callable[[], bytes], name: str) -> HttpResponse:
    """Answer what `make` prints, under this name; 404 where there is no notice to print, 503 where it cannot be."""
    try:
        content = make()
    except documents.NoNotice:
        raise Http404 from None
    except pdf.PdfError as error:
        return render(request, "materials/not_printed.html", {"sentence": str(error)}, status=503)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
