"""Log lines: readable, structured, and without anything of a person's."""

import json
import logging
import sys
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from nmec_portal import logs
from tests import factories
from tests.candidates.posting import a_registration, a_section


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("wrong: 11010519491231002X", "wrong: ***"),
        ("wrong: 110105491231002", "wrong: ***"),
        ("mobile 13800138000, +86 138 0013 8000", "mobile ***, ***"),
        ("passport E12345678 or HA1234567", "passport *** or ***"),
        ("name 买买提·吐尔逊 or 𬀩龙", "name *** or ***"),
        ("to someone.else@mail.example.org now", "to *** now"),
        ("Not Found: /units/%E5%BC%A0%E4%B8%89/", "Not Found: /units/***/"),
        ("Sending to account 4711 failed: TimeoutError", "Sending to account 4711 failed: TimeoutError"),
        ("no\nDETAIL: Key (mobile)=(x) exists", "no\nDETAIL: ***"),
    ],
)
def test_what_may_be_a_persons_is_masked(said, written):
    assert logs.masked(said) == written


def a_record(message, *args, **more):
    return logging.makeLogRecord(
        {"name": "materials.printing.pdf", "levelname": "ERROR", "msg": message, "args": args, **more}
    )


def test_a_line_is_one_json_object_with_the_requests_id():
    token = logs.request_id.set("0123456789abcdef" * 2)
    try:
        line = json.loads(logs.Json().format(a_record("page %s", 3, created=0, facts={"view": "home"})))
    finally:
        logs.request_id.reset(token)
    assert line == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "error",
        "logger": "materials.printing.pdf",
        "message": "page 3",
        "request": "0123456789abcdef" * 2,
        "view": "home",
    }


def test_a_traceback_is_masked_in_both_forms():
    try:
        raise ValueError("张三 13800138000")
    except ValueError:
        record = a_record("failed", exc_info=sys.exc_info())
    for written in (logs.Readable("%(asctime)s %(message)s").format(record), logs.Json().format(record)):
        assert "张三" not in written
        assert "13800138000" not in written
        assert "ValueError: *** ***" in written


@pytest.fixture
def written():
    """Everything that reaches the root logger while the test runs, at INFO, as production writes it."""
    lines, handler = [], logging.Handler()
    handler.setFormatter(logs.Json())
    handler.emit = lambda record: lines.append(handler.format(record))
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "django.server", "nmec_portal")]
    levels = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield lines
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.django_db
def test_a_busy_sessions_log_names_nobody(written):
    application = factories.make_application("registered", name="欧阳𬀩龙")
    sent = a_registration(name="买买提·吐尔逊", email="somebody@mail.example.org")
    client = Client(raise_request_exception=False)
    client.post("/login/", {"username": sent["document_number"], "password": sent["password1"]})
    client.post("/register/", sent)
    client.get(f"/units/{sent['document_number']}/{sent['name']}")
    client.post("/logout/")
    client.post("/login/", {"username": application.account.mobile, "password": factories.PASSWORD})
    client.post("/materials/identity/", {"images": a_file("欧阳𬀩龙.jpg"), "replaces": "13800138000"})
    assert client.post("/materials/identity/", {"images": a_file("欧阳𬀩龙.jpg")}).status_code == 302
    client.post("/application/edit/", a_section(application, "basic", mobile="13800138000", name="欧阳𬀩龙"))
    person = [sent[field] for field in ("document_number", "mobile", "name", "email")]
    logging.getLogger("django.request").error("Failed: %s", person, exc_info=an_error_with(person))
    log = "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in written)
    account = application.account
    seeded = [*person, account.document_number, account.mobile, account.name, sent["password1"], "13800138000"]
    assert [value for value in seeded if value in log] == []
    assert sum('"status": ' in line for line in written) == 8
    assert account.name == "欧阳𬀩龙"


def a_file(name):
    return SimpleUploadedFile(name, factories.a_picture().content)


def an_error_with(person):
    """Return what PostgreSQL says where a row is refused: all its values."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE person (number text CHECK (number = ''), rest text)")
            cursor.execute("INSERT INTO person VALUES (%s, %s)", [person[0], " ".join(person)])
    except IntegrityError:
        return sys.exc_info()


def test_a_long_word_is_looked_through_once():
    """A search for an address that begins anew at each letter took half a minute."""
    began = time.process_time()
    assert logs.masked("x" * 100_000 + " someone@example.org") == "x" * 100_000 + " ***"
    assert time.process_time() - began < 5
