"""Where a request begins: Django reads its Content-Type before any middleware could answer what cannot be read."""

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

UNREADABLE = "unreadable"  # in the Content-Type's place; middleware.refuse_unreadable answers it


def read(environ):
    """Make the request; one whose Content-Type or charset cannot be used has UNREADABLE in its place."""
    given = environ.copy()  # Django writes the decoded path into it
    try:
        return WSGIRequest(environ)
    except (ValueError, LookupError, SuspiciousOperation):
        return WSGIRequest({**given, "CONTENT_TYPE": UNREADABLE})


class Handler(WSGIHandler):
    request_class = staticmethod(read)
