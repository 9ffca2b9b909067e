"""What waited too long is refused before it is worked for; who has gone is not worked for at all."""

import io
import json
import socket
import time
from contextlib import ExitStack

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from materials.models import MaterialImage
from nmec_portal.overload import LEFT, refuse_what_waited
from tests import factories


def process():
    """Return a process that has seen no request yet: what it answers to one that waited so many seconds."""
    middleware = refuse_what_waited(lambda request: HttpResponse("worked for"))

    def asked(seconds, method="get", **options):
        since = {"x-request-start": f"t={time.time() - seconds:.3f}", **options.pop("headers", {})}
        request = getattr(RequestFactory(), method)("/materials/", headers=since)
        request.META.update(options)
        return middleware(request)

    return asked


def asked(seconds, **options):
    """Return what a request gets that nginx handed over so many seconds ago, of a process that others reach in time."""
    there = process()
    there(0)
    return there(seconds, **options)


@pytest.fixture
def later(monkeypatch):
    """Let a process's own clock go on."""
    passed = [0.0]
    began = time.monotonic
    monkeypatch.setattr("nmec_portal.overload.time.monotonic", lambda: began() + passed[0])
    return lambda seconds: passed.__setitem__(0, passed[0] + seconds)


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (7, 200), (9, 503), (60, 503)])
def test_after_eight_seconds_nobody_is_worked_for(seconds, status):
    assert asked(seconds).status_code == status


@pytest.mark.parametrize("seconds", [-30, 600])
def test_clocks_that_differ_refuse_nobody(seconds):
    assert asked(seconds).content == b"worked for"


@pytest.mark.parametrize("differ", [12, 30, 65])
def test_where_every_request_seems_old_nobody_is_refused(differ):
    there = process()
    assert [there(differ + wait).status_code for wait in (0, 1, 0.5)] == [200, 200, 200]


def test_a_clock_that_jumps_refuses_for_ten_seconds_and_the_log_says_why_once(later, caplog):
    there = process()
    there(0)
    statuses = []
    for _ in range(4):
        statuses.append(there(30).status_code)
        later(4)
    assert statuses == [503, 503, 503, 200]
    assert there(30).status_code == 200
    assert [one.message for one in caplog.records] == [
        "every request seems to have waited 30 s: the clocks of proxy and web differ"
    ]

    there(0)  # the clock is right again
    assert there(30).status_code == 503


def test_a_queue_of_old_ones_is_refused_as_long_as_some_come_in_time(later):
    there = process()
    there(0)
    statuses = []
    for _ in range(10):
        statuses += [there(9).status_code, there(7.5).status_code]
        later(4)
    assert statuses == [503, 200] * 10


def test_what_does_not_come_from_nginx_tells_nothing_of_its_clock():
    there = process()
    there(30)
    there(0, headers={"x-request-start": ""})
    assert there(30).status_code == 200


@pytest.mark.parametrize("said", ["", "t=", "1700000000.000", "t=1700000000", "t=x"])
def test_what_is_no_time_refuses_nobody(said):
    assert asked(0, headers={"x-request-start": said}).content == b"worked for"


def test_the_longest_wait_is_a_setting(settings):
    settings.LONGEST_WAIT = 0
    assert asked(60).content == b"worked for"


def test_a_page_and_a_script_are_told_in_their_own_way_and_when_to_come_again(client):
    client.get("/healthz", headers={"x-request-start": f"t={time.time():.3f}"})
    since = {"x-request-start": f"t={time.time() - 9:.3f}"}
    page = client.get("/login/", headers=since)
    script = client.post("/materials/identity/", headers={**since, "accept": "application/json"})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert "<h1>现在使用的人太多</h1>" in page.content.decode()
    assert [one["code"] for one in json.loads(script.content)["errors"]] == ["busy"]


@pytest.mark.django_db
def test_what_was_refused_is_not_stored_and_the_database_is_not_asked(client, django_assert_num_queries):
    application = factories.make_application("registered")
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    picture = io.BytesIO(factories.a_picture().content)
    picture.name = "scan.jpg"
    client.get("/healthz", headers={"x-request-start": f"t={time.time():.3f}"})
    with django_assert_num_queries(0):
        answer = client.post(
            "/materials/identity/", {"images": picture}, headers={"x-request-start": f"t={time.time() - 9:.3f}"}
        )
    assert (answer.status_code, MaterialImage.objects.count()) == (503, 0)
    assert "没有保存" in answer.content.decode()


def test_who_has_hung_up_is_not_worked_for():
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        sender = stack.enter_context(socket.create_connection(listening.getsockname()))
        taken = stack.enter_context(listening.accept()[0])
        sender.sendall(b"a body that is not read yet")
        assert asked(0, **{"gunicorn.socket": taken}).content == b"worked for"
        sender.shutdown(socket.SHUT_WR)
        taken.settimeout(5)
        while taken.recv(8):  # until the end has come here
            pass
        assert asked(0, **{"gunicorn.socket": taken}).status_code == LEFT
