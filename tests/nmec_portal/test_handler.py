"""Requests whose head is odd, as the WSGI server hands them over."""

import io
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from nmec_portal.handler import Handler

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=XbX"


@pytest.fixture(scope="module")
def portal():
    """As Django's own test client: a connection that an earlier test has left open is not looked at."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Handler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def ask(portal, content_type, method="GET", path="/healthz", body=b"csrfmiddlewaretoken=a", **more):
    """Return the answer's status, its headers and its content."""
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": "testserver", "CONTENT_TYPE": content_type}
    environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), **more}
    environ["HTTP_COOKIE"] = f"{settings.CSRF_COOKIE_NAME}={'a' * 32}"
    setup_testing_defaults(environ)
    said = []
    content = b"".join(portal(environ, lambda status, headers: said.append((int(status[:3]), dict(headers)))))
    return *said[0], content.decode()


UNREADABLE = [
    "text/plain; a*=x''",
    "text/plain; a*=idna''%ff",
    "text/plain; charset*=utf-8''%00",
    *(f"{kind}; charset={name}" for kind in (FORM, PARTS) for name in ("idna", "hex", "undefined", "gbk", "")),
]


@pytest.mark.parametrize(("method", "path"), [("GET", "/healthz"), ("POST", "/login/"), ("POST", "/没有/".encode())])
@pytest.mark.parametrize("content_type", UNREADABLE)
def test_a_content_type_that_cannot_be_read_is_answered_as_everything_is(portal, content_type, method, path):
    path = path if isinstance(path, str) else path.decode("latin-1")  # as WSGI gives it
    status, headers, content = ask(portal, content_type, method, path, QUERY_STRING="q=%ff")
    assert status == 400
    assert "<h1>无法识别这次请求</h1>" in content
    assert {"X-Request-Id", "Content-Security-Policy", "X-Frame-Options", "Cache-Control"} - set(headers) == set()


def test_a_script_is_told_in_json_what_cannot_be_read(portal):
    status, headers, content = ask(
        portal, f"{PARTS}; charset=hex", "POST", "/materials/identity/", HTTP_ACCEPT="application/json"
    )
    assert status == 400
    assert headers["Content-Type"] == "application/json"
    assert '"code": "corrupt"' in content


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', '"UTF-8"'])
@pytest.mark.parametrize("kind", ["text/plain", f"{FORM}; text/html"])  # the second is 支付宝's
def test_utf_8_is_read_however_it_is_written(portal, kind, charset):
    assert ask(portal, f"{kind}; charset={charset}")[0] == 200


def test_a_query_without_end_is_refused_although_django_reads_it_too_early(portal):
    query = "a=1&" * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)
    assert ask(portal, f"{FORM}; charset=utf-8", QUERY_STRING=query)[0] == 400
