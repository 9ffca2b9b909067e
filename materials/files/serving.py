"""A stored picture as a response; whoever calls this has passed the gate."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from materials.models import MaterialImage
from materials.pictures import formats

FETCHED_AHEAD = 600  # seconds that a reviewer's browser may keep a picture: the next case is fetched ahead
NOT_KEPT = "private, no-store"


def picture_response(image: MaterialImage, *, thumbnail: bool, keep: bool) -> HttpResponseBase:
    """Return the picture, or its thumbnail, under a name of the server's; `keep` lets the browser keep it 10 minutes.

    With NMEC_ACCEL nginx sends the bytes. Raises Http404 where the file is gone: a removed picture that was never
    submitted; else what STORAGE_ERRORS names.
    """
    kind = formats.JPEG if thumbnail else formats.of_type(image.content_type)

    response = _bytes_of(image.thumbnail if thumbnail else image.file)
    response["Content-Type"] = kind.content_type
    response["Content-Disposition"] = f'inline; filename="{image.category}-{image.id.hex[:8]}.{kind.ending}"'
    response["Cache-Control"] = f"private, max-age={FETCHED_AHEAD}" if keep else NOT_KEPT
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _bytes_of(key: str) -> HttpResponseBase:
    if settings.ACCEL:
        if not default_storage.exists(key):
            raise Http404
        return HttpResponse(headers={"X-Accel-Redirect": settings.ACCEL + key})
    try:
        return FileResponse(default_storage.open(key))
    except FileNotFoundError:
        raise Http404 from None
