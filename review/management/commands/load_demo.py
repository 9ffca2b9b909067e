from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pghistory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from candidates.accounts import own_account
from candidates.models import Account, Application, ExamSession, Message, Unit
from candidates.models.session import SHANGHAI, SessionState
from candidates.reference.institutions import load_institutions
from candidates.reference.loading import load_categories
from candidates.rules.levels import code_above, level_of
from candidates.trail import audit
from materials.models import MaterialNotice, UnitLine
from review.cases import reasons
from review.demo import load as demo
from review.demo import onsite, story, talk
from review.models import Fee, ReviewTerm

INSTITUTIONS = Path(demo.__file__).with_name("institutions.csv")
MANY = 5  # acts
NOTICE_DAYS = 60  # at least so many before 31 August, when owed papers are due


class Command(BaseCommand):
    help = "Loads the demo data (units, accounts, applications in every state), once; only with NMEC_DEMO=1."

    def handle(self, **options):
        if settings.PRODUCTION or not settings.DEMO:
            raise CommandError("Demo data is loaded only with NMEC_DEMO=1, and never when NMEC_ENV=production.")
        if not Account.objects.filter(username="operator").exists():
            who = pghistory.context(who=audit.operating_system_user(), command="load_demo")
            with transaction.atomic(), who:  # whole or not at all: what is there is then never half of it
                load(timezone.now())
        self.stdout.write(logins())


def load(now: datetime) -> None:
    """Make units, exam categories, reasons, fees, two sessions, and everybody of review/demo/load.py."""
    load_categories()
    load_institutions(INSTITUTIONS)
    reasons.add_missing()
    ReviewTerm.objects.bulk_create(ReviewTerm(level=level, days=days) for level, days in demo.TERMS.items())
    units = _units()
    _asked_by(units)

    password = make_password(demo.OPENS_EVERY_ACCOUNT)  # one hash for all: seventy take a quarter of a minute
    reviewers = _staff(units, password)
    others, earlier = demo.others()

    session, before = _sessions(now, units)
    returning = [replace(one, path=demo.RETURNING[one.serial]) for one in demo.NAMED if one.serial in demo.RETURNING]
    accounts = {
        person.serial: _tell(person, before, _last_spring(person, before), reviewers, password).account
        for person in (*returning, *earlier)
    }
    told = {
        person.serial: _tell(
            person, session, _recently(person, now), reviewers, password, account=accounts.get(person.serial)
        )
        for person in (*demo.NAMED, *others)
    }
    ExamSession.objects.filter(pk=before.pk).update(state=SessionState.CLOSED)
    talk.tell(told, reviewers, now)
    onsite.tell(told, reviewers, now)
    Message.objects.update(next_try_at=None)  # it all happened before: there is nobody to send anything to


def _tell(person, session, moments, reviewers, password, *, account=None) -> Application:
    signed_up = next(moments)
    return story.Story(
        person,
        session=session,
        account=account or _sign_up(person, password, signed_up),
        moments=moments,
        reviewers=reviewers,
        own_pictures=person in demo.NAMED,
    ).tell()


def _sign_up(person: demo.Person, password: str, now: datetime) -> Account:
    account = own_account.sign_up(
        name=person.name,
        document_type=demo.KINDS[person.kind].document_type,
        document_number=person.document_number,
        valid_until=date(2040, 1, 1),
        mobile=person.mobile,
        email="",
        password=None,
        now=now,
    )
    Account.objects.filter(pk=account.pk).update(password=password)
    return account


def _recently(person: demo.Person, now: datetime) -> Iterator[datetime]:
    """Yield moments of the last two to twelve days, one for each act; of who is overdue, of the window's first days."""
    if person.serial == demo.OVERDUE:
        return _spread(now - timedelta(days=29), now - timedelta(days=24), person)
    return _spread(now - timedelta(days=2 + person.serial * 7 % 11, hours=person.serial % 8), now, person)


def _last_spring(person: demo.Person, session: ExamSession) -> Iterator[datetime]:
    begins = session.registration_opens + timedelta(days=person.serial % 5, hours=10)
    early = len(demo.PATHS[person.path]) < MANY  # in few steps each would be too long for the windows
    return _spread(begins, session.registration_closes if early else session.review_closes, person)


def _spread(begins: datetime, ends: datetime, person: demo.Person) -> Iterator[datetime]:
    count = len(demo.PATHS[person.path]) + 2  # signing up and the form come first
    return (begins + (ends - begins) * step / count for step in range(count))


def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for code, name, address, telephone in demo.UNITS:
        parent = units.get(code_above(code))
        values = {"level": level_of(code), "parent": parent, "name": name, "address": address, "telephone": telephone}
        values["onsite_list_required"] = code == demo.REGION_WITH_ONSITE_LIST
        units[code], _ = Unit.objects.get_or_create(code=code, defaults={**values, "hours": demo.HOURS})
    return units


def _asked_by(units: dict[str, Unit]) -> None:
    """Make what a region and a site ask for of their own."""
    for code, lines in demo.OWN_LINES.items():
        for position, line in enumerate(lines, 1):
            UnitLine.objects.create(unit=units[code], position=position, is_active=True, **line)
    for code, category, words in demo.OWN_WORDS:
        MaterialNotice.objects.create(unit=units[code], category=category, words=words)


def _staff(units: dict[str, Unit], password: str) -> dict[int, Account]:
    """Make two operators, as a refund needs, a head and a reviewer of every unit, and one more where cases are looked
    at twice. Return the reviewers by the unit's key.
    """
    for username, name in (("operator", "示例操作员"), ("operator-2", "示例操作员二")):
        Account.objects.create(kind="operator", username=username, name=name, password=password)
    for code, unit in units.items():
        values = {"kind": "reviewer", "unit": unit, "password": password}
        head = {"username": f"{unit.level}-{code}-head", "name": f"示例负责人{code}", "is_head": True}
        Account.objects.create(**values, **head)
        if code == demo.LOOKS_TWICE:
            Account.objects.create(**values, username=f"{unit.level}-{code}-2", name=f"示例审核员{code}乙")
    return {
        unit.pk: Account.objects.create(
            kind="reviewer", username=f"{unit.level}-{code}", name=f"示例审核员{code}", unit=unit, password=password
        )
        for code, unit in units.items()
    }


def _sessions(now: datetime, units: dict[str, Unit]) -> tuple[ExamSession, ExamSession]:
    """Make this year's, every window open, and the latest whose owed papers are past their date."""
    today = now.astimezone(SHANGHAI).date()
    year = today.year if date(today.year, 8, 31) >= today + timedelta(days=NOTICE_DAYS) else today.year + 1
    midnight = datetime(today.year, today.month, today.day, tzinfo=SHANGHAI)
    opens, closes = midnight - timedelta(days=30), {"registration": 30, "upload": 45, "review": 75, "payment": 90}
    session = _session(year, {window: (opens, midnight + timedelta(days=days)) for window, days in closes.items()})

    before = today.year if today > date(today.year, 8, 31) else today.year - 1
    spring = datetime(before, 1, 10, tzinfo=SHANGHAI)
    closes = {"registration": 30, "upload": 60, "review": 90, "payment": 120}
    earlier = _session(before, {window: (spring, spring + timedelta(days=days)) for window, days in closes.items()})

    for one in (session, earlier):
        for code in ("11", "12"):
            for level, amount in demo.FEES.items():
                Fee.objects.get_or_create(session=one, region=units[code], level=level, defaults={"amount": amount})
    return session, earlier


def _session(year: int, windows: dict[str, tuple[datetime, datetime]]) -> ExamSession:
    values = {f"{window}_opens": opens for window, (opens, _) in windows.items()}
    values |= {f"{window}_closes": closes for window, (_, closes) in windows.items()}
    return ExamSession.objects.get_or_create(year=year, defaults=values)[0]


def _path_of(person: demo.Person) -> str:
    before = demo.RETURNING.get(person.serial)
    return person.path.replace("_", " ") + (f", and {before} last year" if before else "")


def logins() -> str:
    """Return the table of demo logins, without an address."""
    lines = [f"Demo logins, all with the password {demo.OPENS_EVERY_ACCOUNT}:"]
    lines += [f"  {person.mobile}  candidate: {_path_of(person)}" for person in demo.NAMED]
    lines += [f"  {person.mobile}  candidate of last year: {person.path}" for person in demo.others()[1]]
    lines += [
        "  point-1101001, site-1101, region-11    reviewers of a registration point, its site, its region",
        "  point-1101001-head, site-1101-head, region-11-head    the heads of these units",
        "  point-1101002, site-1102, region-12    reviewers beside them",
        "  operator     the back office; operator-2 confirms its refunds",
    ]
    return "\n".join(lines)
