"""Error reports: what goes out, to a server of our own that takes what is sent."""

import gzip
import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import brotli
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from nmec_portal import error_reports

NAME, NUMBER, MOBILE = "欧阳修", "11010519491231002X", "13800001234"
FAILS = f"""
import os, django; os.environ["DJANGO_SETTINGS_MODULE"] = "nmec_portal.settings"; django.setup()
import logging
from nmec_portal import logs
logs.request_id.set("{"a" * 32}")
password = "secret-{NUMBER}"
class Request:
    body = "{NAME}"
    class resolver_match: view_name = "materials"
def broken(name):
    raise ValueError("{NAME} {NUMBER} {MOBILE} a@example.org")
try:
    broken("{NAME}")
except ValueError:
    more = {{"request": Request()}}
    logging.getLogger("django.request").error("failed for {MOBILE}", exc_info=True, extra=more)
import sentry_sdk; sentry_sdk.flush(10)
"""


@pytest.fixture
def server():
    """Take what is sent to it, whole, as text."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            opened = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
            taken.append(opened(body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{http.server_port}/1", taken
        http.shutdown()


def fail(address):
    environment = {"PATH": os.environ["PATH"], "NMEC_DATA_DIR": str(settings.DATA_DIR), "NMEC_SENTRY_DSN": address}
    environment["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")
    words = [sys.executable, "-c", FAILS]
    return subprocess.run(words, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)


def test_an_error_is_told_with_the_requests_id_and_nothing_of_a_person(server):
    pytest.importorskip("sentry_sdk", reason="sentry-sdk is not installed")
    address, taken = server
    fail(address)
    assert len(taken) == 1
    event = json.loads(taken[0].splitlines()[2])
    assert event["tags"] == {"request": "a" * 32, "view": "materials"}
    assert event["exception"]["values"][0]["value"] == "*** *** *** ***"
    assert [one["function"] for one in event["exception"]["values"][0]["stacktrace"]["frames"]] == [
        "<module>",
        "broken",
    ]
    assert [
        word for word in (NAME, json.dumps(NAME)[1:-1], NUMBER, MOBILE, "secret", "example.org") if word in taken[0]
    ] == []


def test_what_is_not_known_to_be_harmless_does_not_go_out():
    event = {"event_id": "1", "user": {"id": 1}, "request": {"url": "x"}, "server_name": "m", "new": "x", "extra": {}}
    assert error_reports.scrubbed(event, {}) == {"event_id": "1", "tags": {}}


def test_without_an_address_nothing_is_told(server):
    pytest.importorskip("sentry_sdk", reason="sentry-sdk is not installed")
    fail("")
    assert server[1] == []


@pytest.mark.parametrize("address", ["x", "https://host/1", "ftp://key@host/1", "https://key@host/"])
def test_what_is_no_address_stops_the_start(address):
    with pytest.raises(ImproperlyConfigured, match="NMEC_SENTRY_DSN must be"):
        error_reports.start(address)
