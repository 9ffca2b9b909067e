"""What people wait for: pages against a static floor, their bytes over the wire, and visits over a slow line.

NMEC_BENCH_ROUNDS=5 takes fewer rounds. The visits need chromium-headless-shell and nginx.
"""

import gzip
import logging
import os
import re
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
from django.conf import settings
from django.core.management import call_command
from django.template.autoreload import reset_loaders
from django.test import Client, override_settings
from django.urls import reverse

from candidates.applications.workflow import Actor
from candidates.models import Application, Unit
from materials import submitting
from materials.models import MaterialImage
from nmec_portal.handler import Handler
from tests.bench import visits
from tests.bench.floor import BROWSER, above, asking, standing
from tests.bench.measure import Row
from tests.factories import make_application, make_reviewer, make_session, make_units, upload_required

ROUNDS = int(os.environ.get("NMEC_BENCH_ROUNDS", "25"))
QUEUED, PICTURES, IN_A_CASE = 50, 18, 15
MOST_QUERIES = 12  # of a case of 15 pictures
# what an answer may cost above its own bytes handed out as they are
MOST = {
    "form": 9,
    "case": 9,
    "queue": 6,
    "materials": 4,
    "requirements": 4,
    "progress": 4,
    "overview": 4,
    "check": 4,
}
WIRE = 0.2  # of the raw bytes
FIRST = 25_000  # bytes of styles and scripts


def run() -> Iterator[Row]:
    visited = list(visits.rows())  # first: it copies the database, which is empty yet
    logging.disable(logging.INFO)  # a line for each request, into a terminal
    with standing() as application:
        pages = people()
        for what, (client, address) in pages.items():
            yield above(application, client, what, address, MOST[what], rounds=ROUNDS)
        for what in ("form", "materials", "case", "queue"):
            yield wire(application, what, *pages[what])
        with collected():
            yield first_visit(application, "the login page", Client(), "/login/")
            for what in ("form", "materials"):
                yield first_visit(application, what, *pages[what])
            # a reviewer's first page of the day; what lays pictures on the stage is needed there at once
            yield first_visit(application, "case", *pages["case"], target="")
    logging.disable(logging.NOTSET)
    yield from visited


def wire(application: Handler, what: str, client: Client, address: str) -> Row:
    """Return what of a page's bytes goes over the wire to a browser that takes gzip."""
    raw = asking(application, client, address)()
    sent = asking(application, client, address, **BROWSER)()
    note = f"{len(sent) / 1000:.1f} of {len(raw) / 1000:.1f} KB"
    return Row(f"{what}, over the wire", "its bytes", len(sent) / len(raw), f"≤ {WIRE}", note)


@contextmanager
def collected() -> Iterator[None]:
    """Have the static files as production has them, and the pages link to those."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "nmec_portal.static_files.SmallStorage"}}
    with tempfile.TemporaryDirectory() as root, override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        reset_loaders()  # the templates keep addresses
        yield
    reset_loaders()


def first_visit(application: Handler, what: str, client: Client, address: str, target: str = "≤ 1") -> Row:
    """Return what styles and scripts a first visit fetches, compressed as they lie for nginx."""
    page = asking(application, client, address)().decode()
    links = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"|<script src="/static/([^"]+)"', page)
    files = {style or script: Path(settings.STATIC_ROOT, style or script).read_bytes() for style, script in links}
    sent = {name: len(brotli.compress(content)) for name, content in files.items()}
    small, others = sum(sent.values()), sum(size for name, size in sent.items() if name.startswith("vendor/"))
    gzipped = sum(len(gzip.compress(content, 9)) for content in files.values())
    library = f" ({others / 1000:.1f} of it a library)" if others else ""
    note = f"{small / 1000:.1f} KB as .br{library}, {gzipped / 1000:.1f} as .gz, {len(files)} files"
    return Row(f"{what}, styles and scripts", "25 KB", small / FIRST, target, note)


def people() -> dict[str, tuple[Client, str]]:
    """Return who asks for which page: a form filled in, 18 pictures, a case of 15 of them, a queue of 50."""
    session = make_session()
    make_units()
    draft = make_application("draft", session=session)
    owner, submitted = (make_application("registered", session=session) for _ in range(2))
    fill_up(owner, PICTURES)
    fill_up(submitted, IN_A_CASE)
    submitted = submitting.submit(submitted.pk, actor=Actor.of(submitted.account), declared=True)
    for _ in range(QUEUED - 1):
        make_application("point_review", session=session)
    Application.objects.update(duplicates=[])  # the factory's people share their pictures and numbers, others do not
    filling, uploading, reviewing = logged_in(draft.account), logged_in(owner.account), reviewer_at("1101001")
    return {
        "form": (filling, reverse("edit")),
        "check": (filling, reverse("check")),
        "materials": (uploading, reverse("materials:desk")),
        "overview": (uploading, reverse("application")),
        "requirements": (uploading, reverse("requirements")),
        "queue": (reviewing, reverse("review:queue")),
        "case": (reviewing, reverse("review:case", args=[submitted.number])),
        "progress": (reviewing, reverse("review:progress")),
    }


def fill_up(application: Application, number: int) -> None:
    """Upload pictures, first what is required, then more of the same, until there are so many."""
    upload_required(application)
    there = list(application.images.all())
    for serial in range(number - len(there)):
        like = there[serial % len(there)]
        like.pk, like.position, like.received_sha256 = uuid.uuid4(), 2 + serial, f"another {serial}"
        MaterialImage.objects.bulk_create([like])


def logged_in(account) -> Client:
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def reviewer_at(code: str) -> Client:
    return logged_in(make_reviewer(Unit.objects.get(code=code)))
