"""A stored picture as a response; whoever calls this has passed the gate."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from materials.models import MaterialImage

FETCHED_AHEAD = 600  # seconds that a reviewer's browser may keep a picture: the next case is fetched ahead
NOT_KEPT = "private, no-store"


def picture_response(image: MaterialImage, *, thumbnail: bool, keep: bool) -> FileResponse:
    """The picture, or its thumbnail (JPEG), under a name of the server's; `keep` lets the browser keep it 10 minutes.

    Raises Http404 where the file is gone: a removed picture that was never submitted.
    """
    content_type = "image/jpeg" if thumbnail else image.content_type
    ending = "png" if content_type == "image/png" else "jpg"
    try:
        file = default_storage.open(image.thumbnail if thumbnail else image.file)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=content_type, filename=f"{image.category}-{image.id.hex[:8]}.{ending}")
    response["Cache-Control"] = f"private, max-age={FETCHED_AHEAD}" if keep else NOT_KEPT
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
