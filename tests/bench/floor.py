"""The static floor: a page's own HTML as a string through the portal's whole WSGI stack, and what the page costs above.

The floor reads the session with its account and asks one query (the exam session), as every page does; so what is left
between it and a page is the page's own queries and its template. Both are asked as a browser asks that has been here
before: with the cookie against forgeries, and taking gzip, which both answers then pay for. What the ratio is between
answers that are not compressed is told beside it.
"""

from collections.abc import Callable
from contextlib import contextmanager

from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path

from nmec_portal.context import portal
from nmec_portal.handler import Handler
from tests.bench.measure import Row, in_turns

held: dict[str, bytes] = {}  # the page that the floor answers with
BROWSER = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}


def floor(request):
    """Answer with the page that is held, knowing who asks and which session it is."""
    if not request.user.is_authenticated or not portal(request)["session"].year:
        raise LookupError("The floor needs a log-in and an exam session.")
    return HttpResponse(held["page"])


urlpatterns = [path("floor/", floor), path("", include("nmec_portal.urls"))]


@contextmanager
def standing():
    """Give the portal the floor's address for as long."""
    with override_settings(ROOT_URLCONF=__name__):
        yield Handler()


def asking(application: Handler, client: Client, address: str, **headers: str) -> Callable[[], bytes]:
    """Return what asks for the page as a server does: no test client's signals and copies are in its time."""
    page, _, query = address.partition("?")
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    given = {"PATH_INFO": page, "QUERY_STRING": query, "HTTP_COOKIE": cookie, **headers}

    def ask() -> bytes:
        said: list[str] = []
        answer = application({**client._base_environ(), **given}, lambda status, _: said.append(status))
        content = b"".join(answer)
        answer.close()
        if said != ["200 OK"]:
            raise AssertionError(f"{address}: {said}")
        return content

    return ask


def above(application: Handler, client: Client, what: str, address: str, most: float, *, rounds: int) -> Row:
    """Return what a page costs as a multiple of the floor that answers with the same bytes, in CPU."""
    client.get(address)  # gives the browser its cookie against forgeries
    plain = asking(application, client, address)
    held["page"] = plain()
    with CaptureQueriesContext(connection):
        plain()
        asked = [one["sql"] for one in connection.queries if one["sql"] not in ("BEGIN", "COMMIT")]

    works = [asking(application, client, one, **sent) for sent in (BROWSER, {}) for one in (address, "/floor/")]
    page, floor, plain_page, plain_floor = (taken.cpu * 1000 for taken in in_turns(works, rounds=rounds))
    times = f"{page:.1f} ms / {floor:.1f} ms of CPU, uncompressed {plain_page:.1f} / {plain_floor:.1f}"
    note = f"{times}; {len(asked)} queries, {len(held['page']) / 1000:.1f} KB"
    return Row(what, "the static floor", page / floor, f"≤ {most:g}", note)
