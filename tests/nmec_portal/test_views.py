"""Health, and what is answered where something does not work."""

import os

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, OperationalError
from django.test import Client

from nmec_portal import views
from tests import factories

pytestmark = pytest.mark.django_db


def files_below(folder):
    return [name for _, _, names in os.walk(folder) for name in names]


def test_ready_leaves_no_file_behind(client, media_root):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.content == b"ok\n"
    assert files_below(media_root) == []


def test_not_ready_where_the_storage_takes_nothing(client, media_root):
    media_root.write_text("a file, where the folder should be")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"unavailable\n")


def test_not_ready_where_the_storage_gives_back_something_else(client, monkeypatch):
    monkeypatch.setattr(default_storage, "open", lambda name: ContentFile(b"something else"))
    assert client.get("/readyz").status_code == 503


def test_a_page_is_told_whose_session_it_is_but_not_before_the_log_in_is_whole(client, settings):
    account = factories.make_reviewer(factories.make_units()["1101001"])
    assert client.get("/session/").url == "/login/?next=/session/"
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    assert client.get("/session/").json() == {"account": account.pk}
    settings.SECOND_FACTOR = True
    assert client.get("/session/").url == "/second-factor/enrol/?next=%2Fsession%2F"


@pytest.fixture
def failing(monkeypatch):
    """failing(error): the home page raises it; gives a client that is told as a browser is."""

    def prepare(error):
        def broken():
            raise error

        monkeypatch.setattr(views.ExamSession, "current", broken)
        return Client(raise_request_exception=False)

    return prepare


def cut_off():
    """As Django gives on what psycopg2 says of a server that was stopped while it answered."""
    error = DatabaseError("server closed the connection unexpectedly")
    error.__cause__ = psycopg2.DatabaseError("server closed the connection unexpectedly")
    return error


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (OperationalError("lock timeout"), 503, "系统正在维护"),
        (cut_off(), 503, "系统正在维护"),
        (DatabaseError("Save with update_fields did not affect any rows."), 500, "这一步没有完成"),
        (ValueError("a mistake"), 500, "这一步没有完成"),
    ],
)
def test_a_database_that_gives_up_is_503_and_a_mistake_500(failing, error, status, title):
    answer = failing(error).get("/")
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in answer.content.decode()
    assert answer.headers.get("Retry-After") == ("30" if status == 503 else None)


def test_a_script_is_told_in_json_that_the_database_gives_up(failing):
    answer = failing(OperationalError("gone")).get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["images"]) == (503, [])
    assert [error["code"] for error in answer.json()["errors"]] == ["storage_unavailable"]


BIG = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"x" * 600_000 + b"\r\n--X--\r\n"


@pytest.mark.parametrize("path", ["/no/such/", "/units/x/", "/verify/%00/"])
@pytest.mark.parametrize(
    ("content_type", "body"), [("multipart/form-data", b"a"), ("multipart/form-data; boundary=X", BIG)]
)
def test_what_was_sent_to_no_page_need_not_be_read(path, content_type, body):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.generic("POST", path, body, content_type)
    assert answer.status_code == 404
    assert "<h1>没有找到这个页面</h1>" in answer.content.decode()


def test_every_answer_has_the_same_headers_and_an_id_of_its_own(client):
    factories.make_session()
    wanted = {"X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "X-Frame-Options"}
    wanted |= {"Content-Security-Policy", "Cross-Origin-Opener-Policy", "X-Request-Id"}
    answers = [client.get(path) for path in ("/", "/login/", "/no/such/", "/static/css/portal.css", "/healthz")]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200, 200]
    assert [wanted - set(answer.headers) for answer in answers] == [set()] * 5
    assert len({answer["X-Request-Id"] for answer in answers}) == 5


def test_the_proxys_request_id_is_kept_and_nothing_else_is(client):
    given = "0123456789abcdef" * 2
    answers = [client.get("/healthz", headers={"X-Request-Id": sent}) for sent in (given, "name\nforged", "x" * 32)]
    assert [answer["X-Request-Id"] == given for answer in answers] == [True, False, False]


def test_a_form_whose_token_is_old_and_of_which_nothing_is_kept_says_what_to_do():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/register/", {"mobile": "13800000000", "password": "kestrel"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "<h1>页面已过期</h1>" in page
    assert "请返回上一页，再点一次“保存”。" in page
    assert answer.cookies == {}
    assert "kestrel" not in page
