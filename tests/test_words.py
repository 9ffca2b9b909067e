"""Every page speaks Chinese: no English sentence, no None, no other time than Shanghai's.

The resolver's addresses are walked over the demo's data as nobody, candidates, reviewers and an operator; what is seen
(text, title, aria-label, placeholder, alt, a button's value) is searched for Latin words. A word that may stand there
is in ALLOWED or looks like one of CODES; what stands in <code> is a code.
"""

import io
import re
import uuid
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.core.management import call_command, get_commands
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from candidates import jobs
from candidates.encryption import keyed_hash
from candidates.models import Account, Announcement
from candidates.rules.profile import ROUTES
from materials import archive
from materials.printing import pdf
from materials.rules.catalogue import BY_CODE
from review.cases.reasons import FOR_ACTS, STANDARD
from review.models import Board, Payment, PaymentOrder
from review.views import papers
from tests.demo import loaded
from tests.review.payments.case import make_order, pay
from tests.test_addresses import ADDRESSES

pytestmark = pytest.mark.django_db

MODELS = list(admin.site._registry)
# formats; names; characters of numbers and file names, and keys to press; what is typed
FORMATS = "PDF A4 CSV Excel JPEG PNG HEIC JSON KB MB USB 200k xlsx zip jpg/jpeg/png image/jpeg TIFF"
NAMES = "UTF-8 GB U TOTP Chrome Edge Firefox Safari iOS systemd"  # U: of a code point, U+0031
KEYS = "A B C D F G J L M N O P Q R S T W X Z n Ctrl-C Esc PgDn PgUp Shift Tab"
TYPED = "yes verify name@example.com"
ALLOWED = {
    *f"{FORMATS} {NAMES} {KEYS} {TYPED}".split(),
    *("True", "False"),  # Django's alternative text of a tick and a cross: nothing there can be told otherwise
    *BY_CODE,  # codes that operators write into their tables, and what the portal calls its own commands
    *ROUTES,
    *(code for code, *_ in STANDARD),
    *(code for _, code, *_ in FOR_ACTS),
    *get_commands(),
    "root",
}
CODES = re.compile(  # user names, order numbers, registration numbers, keys of rows and files, hashes
    r"(point|site|region)-[0-9]+(-head|-[0-9])?|[0-9]{3}X|operator(-[0-9])?|[0-9A-Z]{15,}|DEMO[0-9A-Z]+|PDY[0-9]+|[0-9a-f]+(-[0-9a-f]+){4}|[0-9a-f]{64}"
    r"|images/[0-9a-f]{2}/\S+|T[0-9]|[AB][0-9]{3}"  # the last: numbers called at a desk
)
WORD = re.compile(r"[A-Za-z0-9]+(?:[-_.@/:]+[A-Za-z0-9]+)*")
SPOKEN = ("title", "aria-label", "placeholder", "alt", "label", "aria-description")


class Seen(HTMLParser):
    """What a page shows and what a screen reader says."""

    SILENT = ("script", "style", "code", "pre", "template", "textarea")

    def __init__(self, page):
        super().__init__()
        self.words, self.silent = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in self.SILENT
        values = dict(attrs)
        self.words += [values[name] for name in SPOKEN if values.get(name)]
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            self.words.append(values.get("value") or "")

    def handle_endtag(self, tag):
        self.silent -= tag in self.SILENT

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.words.append(data.strip())


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Load the demo's data, and what it lacks: an order, money to send back, a failed job, a command's record."""
    with django_db_blocker.unblock(), loaded(tmp_path_factory) as (_, folder):
        with override_settings(DEMO=True, MEDIA_ROOT=folder):
            due = candidate(7).applications.get()
            order = make_order(due)
            pay(order, amount=order.amount + 1)
            jobs.ask("notices", point="1101001", year=due.session.year)
            call_command("owed", stdout=io.StringIO())
            Announcement.objects.create(title="系统维护", text="今晚维护。", starts_at=timezone.now())
        yield folder


@pytest.fixture(autouse=True)
def with_the_demo(demo, settings):
    settings.DEMO, settings.MEDIA_ROOT = True, demo


@pytest.fixture(autouse=True)
def nothing_printed(monkeypatch):
    """Print nothing: only pages are read here, printing would take half of the time and has tests of its own."""
    monkeypatch.setattr(pdf, "render", lambda html, **_: b"%PDF")
    monkeypatch.setattr(papers, "render_packet", lambda *_: b"%PDF")
    monkeypatch.setattr(archive, "packet_of", lambda _: b"%PDF")


def candidate(serial):
    return Account.objects.get(mobile_hash=keyed_hash(f"138{serial:08}"))


def logged_in(account):
    client = Client()
    if account:
        client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def addresses_of(application):
    """Every address of the portal, filled in with what is this application's."""
    image = application.images.first()
    words = {
        "number": application.number or "0",
        "image": image.pk if image else uuid.UUID(int=0),
        "pk": application.pk,
        "twin": "1" * 16,
        "question": getattr(application.questions.last(), "pk", 0),
        "note": getattr(application.notes.last(), "pk", 0),
        "absence": 0,
        "visit": getattr(application.appointments.last(), "pk", 0),
        "token": getattr(Board.objects.first(), "token", "0"),
        "slots": timezone.localdate(),
        "code": getattr(application.notice_versions.first(), "code", "0"),
    }
    return [(method, address.format(**words)) for method, address, _ in ADDRESSES.values()]


def pages(client, addresses):
    """Yield what is answered in HTML, asked for and posted empty; nothing stays."""
    for method, address in addresses:
        for way in dict.fromkeys((method, "POST")):
            if way == "POST" and "logout" in address:
                continue
            with transaction.atomic():
                answer = client.get(address) if way == "GET" else client.post(address, follow=True)
                html = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming
                page = answer.content.decode() if html else ""
                transaction.set_rollback(True)
            if page:
                yield f"{way} {address} {answer.status_code}", page


def english(words):
    """Return the words of these texts that are neither allowed nor codes."""
    found = {one for text in words for one in WORD.findall(text) if re.search("[A-Za-z]", one)}
    return sorted(one for one in found if one not in ALLOWED and not CODES.fullmatch(one))


def wrong(pages):
    """Return what is said in another language or at another time, by page."""
    found = {place: [*english(words := Seen(page).words), *elsewhere(words)] for place, page in pages}
    return {place: words for place, words in found.items() if words}


def elsewhere(words):
    """Return the times that are not Shanghai's."""
    return [text for text in words if re.search(r"\+00:00|[ap]\.m\.", text)]


def test_the_search_would_find_what_it_is_for():
    page = '<p title="Close">PDF 2027-03-08 09:00:00+00:00</p><input placeholder="Name"><code>stats</code> None'
    assert wrong([("", page)]) == {"": ["Close", "Name", "None", "PDF 2027-03-08 09:00:00+00:00"]}


@pytest.mark.parametrize("serial", range(12))
def test_a_candidate_reads_no_english(serial):
    who = candidate(serial) if serial else None
    application = candidate(serial or 3).applications.latest("session__year")
    assert wrong(pages(logged_in(who), addresses_of(application))) == {}


@pytest.mark.parametrize("name", ["point-1101001", "site-1101", "region-11", "site-1101-head", "operator"])
def test_a_reviewer_reads_no_english(name):
    who = logged_in(Account.objects.get(username=name))
    cases = [candidate(serial).applications.get() for serial in (3, 4, 5, 6, 7, 8, 10)]
    mine = [one for one in addresses_of(cases[0]) if "/review/" not in one[1] or "/applications/" not in one[1]]
    of_cases = [one for case in cases for one in addresses_of(case) if "/review/applications/" in one[1]]
    assert wrong(pages(who, [*mine, *of_cases])) == {}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_an_operator_reads_no_english(model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found = [("GET", reverse(f"{name}_changelist")), ("GET", reverse(f"{name}_add"))]
    for row in model._default_manager.order_by("pk")[:5]:
        found += [("GET", reverse(f"{name}_{page}", args=[row.pk])) for page in ("change", "history", "delete")]
    assert wrong(pages(logged_in(Account.objects.get(username="operator")), found)) == {}


def test_the_front_of_the_back_office_has_no_english():
    found = [("GET", "/admin/"), ("GET", "/admin/changes/"), ("GET", "/admin/nothing/")]
    assert wrong(pages(logged_in(Account.objects.get(username="operator")), found)) == {}


@pytest.mark.parametrize("model", [PaymentOrder, Payment])
def test_money_is_read_in_shanghais_time_and_nothing_is_a_dash(model):
    row = model.objects.get(**{"state": "created"} if model is PaymentOrder else {"state": "refund_needed"})
    at = timezone.localtime(row.created_at if model is PaymentOrder else row.received_at)
    words = Seen(page_of(row)).words
    assert (f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}" in words, "—" in words, "None" in words) == (
        True,
        True,
        False,
    )


def page_of(row):
    address = reverse(f"admin:review_{row._meta.model_name}_change", args=[row.pk])
    return logged_in(Account.objects.get(username="operator")).get(address).content.decode()
