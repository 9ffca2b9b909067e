"""The portal behind nginx in production's settings, on a database of its own, and a browser without scripts."""

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg2
from django.conf import settings

from nmec_portal.local import postgres
from nmec_portal.local.unprivileged import find_programs
from review.operations.backups import environment
from tests.factories import PASSWORD

TOKEN = "a-token-of-the-tests-only"
MAX_BODY = 1024 * 1024
# who is there: a candidate with one picture, and another
PEOPLE = """
import django, json; django.setup()
from candidates.applications.workflow import Actor
from django.test import override_settings
from materials import uploads
from tests import factories
mine, other = (factories.make_application("registered", name=name) for name in ("欧阳𬀩龙", "张三"))
me = Actor.of(mine.account)
image = uploads.add_image(mine.pk, "identity", factories.a_picture(), actor=me)
with override_settings(SEAL_FILES=False):
    clear = uploads.add_image(mine.pk, "other", factories.a_picture(), actor=me)
names = ("document_number", "mobile", "name")
people = [{name: getattr(one.account, name) for name in names} for one in (mine, other)]
known = {"picture": f"/materials/images/{image.pk}/", "clear": f"/materials/images/{clear.pk}/"}
print(json.dumps({"people": people, **known, "keys": [image.file, clear.file]}))
"""


def free_ports() -> int:
    """Return a port that is free, as is the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@contextmanager
def server_like_ours(folder: Path) -> Iterator[str]:
    """Yield the address of a PostgreSQL of its own in `folder`, with a copy of the database that Django is set to.

    Its WAL is whole, as in production; making the tables anew would take minutes on a busy machine.
    """
    programs = find_programs(None)
    dumped = subprocess.run([programs / "pg_dump", "--no-owner"], env=environment(), check=True, capture_output=True)
    with postgres.running(folder) as url:
        psql = [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url]
        subprocess.run(psql, input=dumped.stdout, check=True, stdout=subprocess.DEVNULL)
        yield url


@contextmanager
def database_like(name: str) -> Iterator[str]:
    """Yield the address of a copy of the database `name`, to which nobody may be connected; drop it afterwards."""
    with _database(f'TEMPLATE "{name}"') as url:
        yield url


@contextmanager
def empty_database() -> Iterator[str]:
    """Yield the address of a database without a table; dropped afterwards."""
    with _database("TEMPLATE template0") as url:
        yield url


@contextmanager
def _database(options: str) -> Iterator[str]:
    server, copy = urlsplit(os.environ["DATABASE_URL"]), f"serve_{uuid.uuid4().hex[:12]}"
    as_admin(f"CREATE DATABASE {copy} {options}")
    try:
        yield server._replace(path=f"/{copy}").geturl()
    finally:
        as_admin(f"DROP DATABASE {copy} WITH (FORCE)")


def as_admin(sql: str) -> int:
    """Carries out one statement, outside any transaction, on a connection of its own; gives the number of rows."""
    admin = psycopg2.connect(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl())
    try:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(sql)
            return cursor.rowcount
    finally:
        admin.close()


class Portal:
    """A running `make serve`: its port, what it has written, and who is known to it."""

    def __init__(self, folder: Path, database_url: str, *, people: str = PEOPLE, **more: str) -> None:
        """`more` are further variables of its environment."""
        self.port, self.log = free_ports(), folder / "log"
        kept = ("NMEC_SECRET_KEY", "NMEC_FIELD_KEYS", "NMEC_INDEX_KEY")
        environment = {
            "PATH": os.environ["PATH"],
            "NMEC_ENV": "production",
            "NMEC_BASE_URL": f"https://127.0.0.1:{self.port}",
            "NMEC_ALLOWED_HOSTS": "127.0.0.1",
            "NMEC_TRUSTED_PROXIES": "1",
            "NMEC_DATA_DIR": str(folder / "data"),
            "NMEC_MAX_BODY": str(MAX_BODY),
            "NMEC_METRICS_TOKEN": TOKEN,
            "NMEC_SENDER": "candidates.messages.sending.mail",  # nobody there has an address: no server is asked
            "NMEC_SMTP": "smtp://127.0.0.1:9",
            "NMEC_CONFIRM_MOBILE": "0",  # mail reaches no mobile
            "NMEC_WORKERS": "2",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "nmec_portal.settings",
            **{name: settings.KEYS[name] for name in kept},
            **more,
        }
        self.environment = environment
        told = subprocess.check_output([sys.executable, "-c", people], cwd=settings.BASE_DIR, env=environment)
        self.known = json.loads(told)
        with self.log.open("ab") as log:  # nginx opens it a second time, to append
            command = [sys.executable, "-m", "nmec_portal.local.serve", str(self.port), "prepared"]
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def wait(self) -> None:
        deadline = time.monotonic() + 300  # a busy machine is no fault of the portal
        while "The portal answers" not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(self.log.read_text())
            time.sleep(0.1)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


class Browser:
    """Cookies and nothing else. Certificates are the tests' own and not looked at."""

    def __init__(self, port: int, *, patience: float = 30) -> None:
        """`patience`: seconds without an answer."""
        self.port, self.cookies, self.patience = port, SimpleCookie(), patience

    def ask(self, method, path, body=None, headers=None, scheme="https"):
        """Return the answer, with its content as `content` and its headers as a dict of lower-case names, `head`."""
        if scheme == "https":
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=self.patience, context=ssl._create_unverified_context()
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port + 1, timeout=self.patience)
        cookie = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        sent = {"Cookie": cookie, "Origin": f"https://127.0.0.1:{self.port}", **(headers or {})}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(value)
        answer.content = answer.read()
        answer.head = {name.lower(): value for name, value in answer.headers.items()}
        connection.close()
        return answer

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, **fields):
        fields["csrfmiddlewaretoken"] = self.cookies["__Host-csrftoken"].value
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields), headers)

    def log_in(self, person):
        self.get("/login/")
        return self.post("/login/", username=person["mobile"], password=PASSWORD)
