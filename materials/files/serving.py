"""A stored picture as a response; whoever calls this has passed the gate."""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from candidates.models import Application
from materials.files import sealing
from materials.models import MaterialImage
from materials.pictures import formats

NOT_KEPT = "private, no-store"
FETCHED_AHEAD = "private, max-age=600"  # by a reviewer's browser, in seconds: the next case is fetched ahead
WHILE_LOGGED_IN = f"private, max-age={settings.SESSION_COOKIE_AGE}, immutable"  # under an address of this log-in alone


def stamp(session: SessionBase, image: MaterialImage) -> str:
    """Return what stands in a thumbnail's address: of its bytes and of the log-in, so that no later one asks for it.

    The browser keeps what it got by that address; a key that nobody has without the secret, and no page but of this
    log-in holds.
    """
    of = f"{session.session_key} {image.pk} {image.sha256}"
    return salted_hmac("materials.thumbnail", of, algorithm="sha256").hexdigest()[:24]


def is_stamped(session: SessionBase, image: MaterialImage, given: str) -> bool:
    return constant_time_compare(given, stamp(session, image))


def picture_response(image: MaterialImage, *, thumbnail: bool, kept: str) -> HttpResponse:
    """Return the picture, or its thumbnail, under a name of the server's; `kept` says who may keep it how long.

    With NMEC_ACCEL nginx sends the bytes of what is not sealed. Raises Http404 where the file is gone: a removed
    picture that was never submitted; else what STORAGE_ERRORS names.
    """
    kind = formats.JPEG if thumbnail else formats.of_type(image.content_type)

    response = _bytes_of(image.application, image.thumbnail if thumbnail else image.file)
    response["Content-Type"] = kind.content_type
    response["Content-Disposition"] = f'inline; filename="{image.category}-{image.id.hex[:8]}.{kind.ending}"'
    response["Cache-Control"] = kept
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _bytes_of(application: Application, key: str) -> HttpResponse:
    if settings.ACCEL and not sealing.is_sealed(key):
        if not default_storage.exists(key):
            raise Http404
        return HttpResponse(headers={"X-Accel-Redirect": settings.ACCEL + key})
    try:
        return HttpResponse(sealing.read(application, key))
    except FileNotFoundError:
        raise Http404 from None
