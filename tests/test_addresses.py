"""Every address of the portal against everybody who might open it, by GET and by POST, taken from the URL resolver.

What is expected stands in addresses.txt, two lines an address: its name, the method, an example of it, and what each of
PEOPLE gets in their order: the answer's status, or where it leads (LEADS). POSTs are sent empty, and all is undone.
A new address fails until its lines are there: the failure says which, and what was answered. Add them only if that is
right.
"""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from candidates.accounts import second_factor
from candidates.applications.workflow import Actor
from candidates.models import Account
from materials import duplicates
from materials.printing import pdf
from review.appointments import board, bookings
from review.models import AppointmentSetting
from review.office import notes, presence, questions
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_units
from tests.review.onsite_days import make_slot

TABLE = Path(__file__).parent / "addresses.txt"
METHODS = ("GET", "POST")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS")
REFUSED = ("405", "404", "403", "L")
PEOPLE = (
    *("stranger", "disabled", "owner", "candidate", "point", "site", "region"),
    *("beside_point", "beside_site", "beside_region", "head", "password_alone", "one_time_password", "operator"),
)
# to the log-in, to the second factor (of who has given the password alone), to a new password (of who was given one)
LEADS = {"/login/": "L", "/admin/login/": "L", "/second-factor/": "F", "/password/change/": "P"}
BESIDE = {"beside_point": "1101002", "beside_site": "1102", "beside_region": "12"}  # where the case does not lie
BACK_OFFICE = "L 404 404"  # below /admin/, for a stranger, a candidate and a reviewer
FILLED = {"content_type_id": "1", "object_id": "1", "app_label": "candidates", "url": "nothing"}


def read():
    """Return (name, method, address) -> what each of PEOPLE gets."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {(name, method, address): " ".join(answers) for name, method, address, *answers in lines}


EXPECTED = read()
# name -> the method that it is there for, an example, what everybody gets
ADDRESSES = {name: (method, address, got) for (name, method, address), got in reversed(EXPECTED.items())}


def patterns(resolver=None, namespace="", route=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        where = route + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", where
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, inner, where)


def test_every_address_has_its_lines():
    ours = {name: route for name, route in patterns() if not name.startswith("admin:")}
    named = {(name, method) for name, method, _ in EXPECTED}
    missing = [line(name, way, f"/{ours[name]}", "?") for name in ours for way in METHODS if (name, way) not in named]
    gone = sorted({name for name, _ in named} - set(ours))
    said = "Add to tests/addresses.txt, the example filled in; run again to be told what is answered:"
    assert not missing and not gone, "\n".join([said, *missing, *(f"Take out: {name}" for name in gone)])


def line(name, method, address, answers):
    return f"{name:24} {method:4} {address:52} {answers}"


@pytest.fixture
def case():
    return make_application("point_review")


@pytest.fixture
def people(case):
    """Return logged-in browsers by PEOPLE's names."""
    units = make_units()
    accounts = {level: make_reviewer(getattr(case, level)) for level in ("point", "site", "region")}
    accounts |= {"owner": case.account, "candidate": make_candidate("李某某"), "operator": make_operator()}
    accounts |= {name: make_reviewer(units[code]) for name, code in BESIDE.items()}
    for name in ("head", "disabled", "password_alone", "one_time_password"):
        accounts[name] = make_reviewer(case.point, username=name)
    enrol(accounts["password_alone"])
    browsers = {name: browser(account) for name, account in accounts.items()}
    Account.objects.filter(username="head").update(is_head=True)
    Account.objects.filter(username="disabled").update(is_active=False)
    Account.objects.filter(username="one_time_password").update(must_change_password=True)
    return {"stranger": Client(), **browsers}


def on_site(case, author):
    """Switch appointments on at the case's point, and book a place: what its addresses need."""
    AppointmentSetting.objects.create(point=case.point, is_on=True)
    slot = make_slot(case.point, timezone.now() + timedelta(days=2))
    visit = bookings.book(case.pk, slot=slot.pk, actor=Actor.of(case.account)).pk
    return {"visit": visit, "token": board.renew(case.point, by=author).token, "slots": slot.day}


def enrol(account):
    secret = second_factor.new_secret()
    second_factor.enrol(account, secret, f"{second_factor.totp(secret, timezone.now()).token():06}")


def browser(account):
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def answer(client, method, address):
    session = client.cookies.get("sessionid")
    kept = session.value if session else ""
    with transaction.atomic():
        got = client.generic(method, address)
        if got.streaming:
            b"".join(got.streaming_content)
        transaction.set_rollback(True)
    client.cookies.clear()  # who has just logged out is logged in again
    client.cookies["sessionid"] = kept
    leads = [short for start, short in LEADS.items() if got.status_code == 302 and got.url.startswith(start)]
    return leads[0] if leads else str(got.status_code)


@pytest.fixture
def words(case, people):
    """Return what the addresses are filled in with: a case at its registration point, and all that hangs on it."""
    code = case.notice_versions.get().code
    words = {"number": case.number, "image": case.images.first().pk, "pk": case.pk, "code": code}
    author = Account.objects.get(username="point-1101001")
    seen = case.last_record_id
    words["question"] = questions.ask(case.pk, actor=Actor.of(author), seen=seen, words="问题").pk
    twin = make_application("point_review", session=case.session, point=make_units()["1101002"])
    duplicates.mark(case.pk)
    words["twin"] = twin.number
    words["note"] = notes.write(case.pk, actor=Actor.of(author), words="备注").pk
    today = timezone.localdate()
    words["absence"] = presence.mark(author, by=author, first=today, last=today).pk
    words |= on_site(case, author)
    return words


@pytest.mark.django_db
def test_everybody_gets_what_is_theirs(words, people, monkeypatch, settings):
    monkeypatch.setattr(pdf, "render", cache(pdf.render))  # the same page is the same bytes: drawn once for all
    got = {}
    for asked in (False, True):  # a second factor: of the one who has not given it
        settings.SECOND_FACTOR = asked
        for person in (one for one in PEOPLE if asked == (one == "password_alone")):
            for one in EXPECTED:
                _, method, address = one
                got[one, person] = answer(people[person], method, address.format(**words))

    wrong = []
    for one, expected in EXPECTED.items():
        answered = " ".join(got[one, person] for person in PEOPLE)
        if answered != expected:
            wrong += ["", f"expected {expected}", line(*one, answered)]
    if wrong:
        pytest.fail("\n".join([f"Of {', '.join(PEOPLE)}:", *wrong]), pytrace=False)


@pytest.mark.django_db
def test_no_address_answers_by_a_method_that_it_is_not_there_for(words, people):
    addresses = {address: name for name, _, address in EXPECTED}
    got = {
        f"{method} {name} {person}": answer(people[person], method, address.format(**words))
        for address, name in addresses.items()
        for method in OTHER_METHODS
        for person in ("stranger", "owner", "point", "operator")
    }
    assert {asked: answered for asked, answered in got.items() if answered not in REFUSED} == {}


@pytest.mark.django_db
def test_the_back_office_is_the_operators_alone(people):
    got = {}
    for name, route in patterns():
        if name.startswith("admin:") and name not in ("admin:logout", "admin:password_change"):
            route = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route)
            address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: FILLED.get(part[1], "1"), route)
            asking = (people[name] for name in ("stranger", "owner", "region"))
            got[name] = " ".join(answer(client, "GET", address) for client in asking)
    assert {name: one for name, one in got.items() if one != BACK_OFFICE} == {}
