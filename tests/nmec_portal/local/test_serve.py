"""The portal as in production, behind nginx: limits, pictures, headers, error pages, slow senders, logs, the end."""

import fcntl
import json
import os
import re
import signal
import socket
import ssl
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import brotli
import pytest
from django.db import connection

from nmec_portal import error_pages
from nmec_portal.local import certificate, postgres, serve, setup
from tests import factories
from tests.nmec_portal.local.serving import (
    MAX_BODY,
    TOKEN,
    Browser,
    Portal,
    database_like,
    free_ports,
    server_like_ours,
)
from tests.settings import DATA
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db  # the portal gets a copy of the tests' database

JSON = {"Accept": "application/json"}
HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture(scope="module")
def nginx():
    try:
        return serve.find_nginx()
    except setup.SetupError:
        pytest.skip("nginx is missing, and could not be had")


@pytest.fixture(scope="module")
def portal(nginx, tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        connection.close()
    folder = tmp_path_factory.mktemp("serve")
    with ExitStack() as until_it_answers, database_like(connection.settings_dict["NAME"]) as url:
        until_it_answers.enter_context(static_of_the_last_run(folder / "data"))
        running = Portal(folder, url)
        try:
            running.wait()
            until_it_answers.close()
            yield running
            an_interrupt_ends_everything(running)  # what no other test could go on after
        finally:
            running.stop()


@contextmanager
def static_of_the_last_run(data):
    """Have the static files where every run has them: they are compressed anew only where one has changed."""
    data.mkdir()
    kept = DATA / "served"
    kept.mkdir(exist_ok=True)
    (data / "static").symlink_to(kept)
    with (DATA / "served.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def visitor(portal):
    return Browser(portal.port)


def title(answer):
    return re.search("<h1>(.*)</h1>", answer.content.decode())[1]


def policy(answer):
    return sorted(answer.head["content-security-policy"].split("; "))


# --- what is too large, and pictures


def test_a_body_above_the_limit_is_told_as_page_and_as_json(visitor):
    page = visitor.ask("POST", "/materials/identity/", b"x" * (MAX_BODY + 1))
    script = visitor.ask("POST", "/materials/identity/", b"x" * (MAX_BODY + 1), JSON)
    assert (page.status, title(page)) == (413, "上传的内容太大")
    assert (script.status, script.head["content-type"]) == (413, "application/json; charset=utf-8")
    assert [error["code"] for error in json.loads(script.content)["errors"]] == ["too_large"]


@pytest.mark.parametrize(("which", "is_nginxs"), [("clear", True), ("picture", False)])
def test_a_picture_reaches_its_owner_with_the_portals_headers(portal, visitor, which, is_nginxs):
    assert visitor.log_in(portal.known["people"][0]).status == 302
    answer = visitor.get(portal.known[which])
    assert answer.content == factories.a_picture().content
    assert ("etag" in answer.head) == is_nginxs  # the portal, which alone opens what is sealed, sends none
    assert (answer.head["content-type"], answer.head["cache-control"]) == ("image/jpeg", "private, no-store")
    assert answer.head["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert {name: answer.head.get(name) for name in HEADERS} == HEADERS


def test_nobody_else_gets_the_picture_by_any_address(portal, visitor):
    stranger = visitor.get(portal.known["picture"])
    visitor.log_in(portal.known["people"][1])
    assert stranger.status == 302
    for key in portal.known["keys"]:
        paths = (f"/pictures/{key}", f"/static/../media/{key}", f"/static/..%2f..%2fmedia/{key}")
        assert [visitor.get(path).status for path in (portal.known["picture"], *paths)] == [404, 404, 404, 400]


# --- headers and error pages


def test_every_answer_has_the_same_headers_whoever_gives_it(visitor):
    static = re.search(r"/static/bundles/page\.[0-9a-f]{12}\.css", visitor.get("/").content.decode())[0]
    answers = [visitor.get(path) for path in ("/", "/login/", "/no/such/", static, "/static/none.css", "/pictures/x")]
    answers.append(visitor.ask("POST", "/login/", b"x" * (MAX_BODY + 1)))
    answers.append(visitor.ask("TRACE", "/"))
    answers.append(visitor.get("/help/", headers={"X-Long": "x" * 9000}))
    answers.append(visitor.get("/", scheme="http"))
    assert [answer.status for answer in answers] == [200, 200, 404, 200, 404, 404, 413, 400, 400, 308]
    assert [{name: answer.head.get(name) for name in HEADERS} for answer in answers] == [HEADERS] * 10
    assert [policy(answer) for answer in answers] == [policy(answers[0])] * 10
    assert len({answer.head["x-request-id"] for answer in answers}) == 10


def test_the_worker_that_decodes_heic_alone_may_run_webassembly(portal, visitor):
    visitor.log_in(portal.known["people"][0])
    page = visitor.get("/materials/").content.decode()
    heic, other = (
        re.search(rf"/static/js/{one}\.[0-9a-f]{{12}}\.js", page)[0]
        for one in ("materials_heic_worker", "materials_worker")
    )
    assert set(policy(visitor.get(heic))) - set(policy(visitor.get(other))) == {"script-src 'self' 'wasm-unsafe-eval'"}


def test_http_leads_to_https_and_cookies_go_there_only(portal, visitor):
    assert visitor.get("/help/?a=b", scheme="http").head["location"] == "https://127.0.0.1/help/?a=b"
    visitor.log_in(portal.known["people"][1])
    assert {name: bool(one["secure"]) for name, one in visitor.cookies.items()} == {
        "__Host-csrftoken": True,
        "__Host-sessionid": True,
        "__Host-known": True,
    }


def test_http_answers_the_portals_own_names_only(visitor):
    asked = [visitor.get(path, scheme="http", headers={"Host": "evil.example"}) for path in ("/", "/healthz")]
    assert [(one.status, one.head.get("location")) for one in asked] == [(421, None), (200, None)]


def test_who_has_not_logged_in_sends_nothing_long(visitor):
    long = b"x" * 1_020_000
    assert visitor.ask("POST", "/materials/identity/", long).head["location"].endswith("/login/")
    forged = {"Cookie": f"__Host-sessionid={'a' * 32}"}
    answers = [visitor.ask("POST", path, long, forged) for path in ("/materials/identity/", "/register/")]
    assert [(one.status, one.head.get("location")) for one in answers] == [(302, "/login/"), (413, None)]


def test_static_files_are_collected_again_once_one_has_changed(settings, tmp_path):
    source, root = tmp_path / "source", tmp_path / "root"
    source.mkdir()
    page = source / "page.css"
    page.write_text("p {}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], root
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    collected = []
    for changed_at in (1, 1, 2):
        os.utime(page, (0, changed_at))
        serve.collect_static()
        collected.append((root / "page.css").exists())
        (root / "page.css").unlink(missing_ok=True)
    assert collected == [True, False, True]


def test_static_files_are_kept_by_name_and_sent_compressed(visitor):
    page = visitor.get("/").content.decode()
    path = re.search(r"/static/bundles/page\.[0-9a-f]{12}\.css", page)[0]
    answer = visitor.get(path, headers={"Accept-Encoding": "gzip"})
    assert (answer.head["cache-control"], answer.head["content-encoding"]) == (
        "public, max-age=31536000, immutable",
        "gzip",
    )
    assert visitor.get("/static/css/portal.css").head["cache-control"] == "public, max-age=60"


def test_a_static_text_comes_as_brotli_to_who_takes_it(visitor):
    page = visitor.get("/").content.decode()
    paths = [re.search(rf"/static/bundles/page\.[0-9a-f]{{12}}\.{kind}", page)[0] for kind in ("css", "js")]
    found = [visitor.get(path, headers={"Accept-Encoding": "gzip, br"}) for path in paths]
    assert [(one.head["content-encoding"], one.head["vary"]) for one in found] == [("br", "Accept-Encoding")] * 2
    assert [one.head["content-type"].partition(";")[0] for one in found] == ["text/css", "text/javascript"]
    assert [brotli.decompress(one.content) for one in found] == [visitor.get(path).content for path in paths]
    assert visitor.get(paths[0], headers={"Accept-Encoding": "br;q=0, gzip"}).head["content-encoding"] == "gzip"


def test_a_request_that_is_none_gets_our_page_too(portal):
    plain = socket.create_connection(("127.0.0.1", portal.port), 10)
    with ssl._create_unverified_context().wrap_socket(plain) as sent:
        sent.sendall(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
        answer = b"".join(iter(lambda: sent.recv(65536), b"")).decode()
    assert answer.partition("\r\n")[0] == "HTTP/1.1 400 Bad Request"
    assert "<h1>无法识别这次请求</h1>" in answer


@pytest.fixture
def nginx_alone(nginx, tmp_path):
    """nginx with nothing behind it; who asks it for readiness is counted by the minute, however slow this machine."""
    port = free_ports()
    certificate.write(tmp_path)
    error_pages.write(tmp_path / "pages")
    serve.write_configuration(tmp_path, port, "127.0.0.1:9", hsts=serve.HSTS)
    configuration = (tmp_path / "nginx.conf").read_text()
    assert configuration.count("zone=probes:64k rate=5r/s") == 1
    (tmp_path / "nginx.conf").write_text(configuration.replace("probes:64k rate=5r/s", "probes:64k rate=1r/m"))
    with serve.child(serve.nginx_command(nginx, tmp_path)):
        deadline = time.monotonic() + 10
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield Browser(port)


def test_where_the_portal_is_away_nginx_says_so_in_our_words(nginx_alone):
    page, script = nginx_alone.get("/"), nginx_alone.get("/", headers=JSON)
    assert (page.status, title(page), page.head["retry-after"]) == (503, "系统正在维护", "30")
    assert {name: page.head.get(name) for name in HEADERS} == HEADERS
    assert (script.status, json.loads(script.content)["errors"][0]["code"]) == (503, "storage_unavailable")


def test_who_asks_for_readiness_too_often_is_told_to_wait(nginx_alone):
    answers = [nginx_alone.get("/readyz") for _ in range(20)]
    assert [answer.status for answer in answers] == [503] * 11 + [429] * 9
    assert title(answers[-1]) == "操作太频繁，请稍候"


# --- many at once


def test_slow_senders_hold_up_nobody(portal, visitor):
    head = (
        "POST /materials/identity/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/octet-stream\r\nContent-Length: 200000\r\n\r\n"
    )
    with ExitStack() as stack:
        for _ in range(20):  # ten for each process of the portal
            plain = stack.enter_context(socket.create_connection(("127.0.0.1", portal.port), 10))
            slow = stack.enter_context(ssl._create_unverified_context().wrap_socket(plain))
            slow.sendall(head.encode() + b"x" * 1000)
        began = time.monotonic()
        assert [visitor.get("/help/").status for _ in range(10)] == [200] * 10
        assert time.monotonic() - began < 10


def test_what_the_processes_count_adds_up(visitor):
    def counted():
        text = visitor.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        found = re.search(r'^nmec_requests_total\{status="2xx",view="privacy"\} (\S+)$', text, re.MULTILINE)
        return float(found[1]) if found else 0

    before = counted()
    assert [visitor.get("/privacy/").status for _ in range(12)] == [200] * 12
    assert [counted() for _ in range(3)] == [before + 12] * 3


# --- what stays


def test_the_log_names_nobody_and_is_made_of_json(portal, visitor):
    me = portal.known["people"][0]
    visitor.get("/login/")
    visitor.post("/login/", username=me["document_number"], password="wrong")
    visitor.post("/login/", username=me["mobile"], password=factories.PASSWORD)
    visitor.get(f"/units/{me['mobile']}/")
    assert visitor.get("/readyz").content == b"ok\n"
    log = portal.log.read_text()
    said = [line for line in log.splitlines() if line.startswith("{")]
    views = {json.loads(line).get("view") for line in said}
    assert {"login", "readyz"} <= views
    seeded = [value for person in portal.known["people"] for value in person.values()]
    assert [value for value in seeded if value in log] == []


def an_interrupt_ends_everything(portal):
    children = Path(f"/proc/{portal.process.pid}/task/{portal.process.pid}/children").read_text().split()
    assert len(children) == 4
    assert portal.stop() == 130
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
    assert [socket.socket().connect_ex(("127.0.0.1", port)) != 0 for port in (portal.port, portal.port + 1)] == [
        True
    ] * 2


# --- the death of a part


@pytest.fixture(scope="module")
def standing_alone(nginx, tmp_path_factory, django_db_setup, django_db_blocker):
    """`make serve` with a PostgreSQL of its own, which it looks after too."""
    folder = tmp_path_factory.mktemp("alone")
    server = folder / "data" / "postgres"
    server.mkdir(parents=True)
    kept = DATA / "served"
    kept.mkdir(exist_ok=True)
    (folder / "data" / "static").symlink_to(kept)
    with django_db_blocker.unblock(), server_like_ours(server):
        connection.close()
    running = Portal(folder, "", people="print('{}')", NMEC_ENV="development", NMEC_DEMO="0")
    try:
        running.wait()
        yield running, server
    finally:
        running.stop()
        postgres.remove(server)


def parts_of(portal):
    """Return the process id of each part by its command's name."""
    found = Path(f"/proc/{portal.process.pid}/task/{portal.process.pid}/children").read_text().split()
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in found}
    return {_part(line): int(pid) for pid, line in lines.items()}


def _part(words):
    if "gunicorn" in words:
        return "The log-ins" if "-b" in words else "gunicorn"
    return "The worker" if "worker" in words else "nginx"


@pytest.mark.parametrize("name", ["nginx", "gunicorn", "The log-ins", "The worker", "PostgreSQL"])
def test_a_part_that_is_killed_is_started_again_and_the_terminal_says_so(standing_alone, name):
    portal, server = standing_alone
    said = f"{name} is back, and the portal answers, "
    before = portal.log.read_text().count(said)
    if name == "PostgreSQL":
        pid = int((server / "data" / "postmaster.pid").read_text().split()[0])
    else:
        pid = parts_of(portal)[name]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: portal.log.read_text().count(said) > before, "nobody says that it is back", seconds=120)
    assert Browser(portal.port).get("/readyz").status == 200
