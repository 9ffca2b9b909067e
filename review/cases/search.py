"""Finding an application by what a reviewer types or scans. Nothing personal is kept or put into an address."""

import re
from dataclasses import dataclass

from candidates.encryption import keyed_hash
from candidates.models import Account, Application, NoticeVersion, Unit
from candidates.models.name_keys import NameKey
from candidates.rules.id_number import InvalidNumber, identity_keys, normalise_any_mobile
from candidates.rules.numbers import is_number
from candidates.rules.text import clean, name_key

MOST = 50
NOTICE = re.compile(r"/verify/([0-9A-Z]{8,20})/?$", re.IGNORECASE)  # caps lock turns a scanner's letters round
SHOWN = ("exam_category", "point", "session")  # what a list of results says besides


@dataclass(frozen=True)
class Found:
    """`number`: exactly one was meant, by its number or a scanned code. `more`: there are more than MOST."""

    cases: tuple[Application, ...]
    number: str = ""
    more: bool = False


def find(account: Account, text: str) -> Found:
    """Find by application number, notice's code, ID number, mobile, name or its beginning, what may be seen."""
    # an input method makes 、 of every /, and 。 of every full stop
    number = _number_in(clean(text, "identifier").replace("、", "/"))
    if number:
        known = Application.objects.filter(number=number)
        mine = known & Application.objects.visible_to(account) | known & Application.objects.listed_to(account)
        return Found((), number) if mine.exists() else Found(())

    cases = list(_by_identity(account, text)[:MOST]) or list(_by_name(account, text)[: MOST + 1])
    # the index finds names in no order worth telling, and sorting all that begin alike would read them all
    shown = sorted(cases[:MOST], key=lambda case: (-case.session.year, case.name, case.number))
    return Found(tuple(shown), more=len(cases) > MOST)


def _number_in(text: str) -> str:
    if is_number(text):
        return text
    scanned = NOTICE.search(text)
    if not scanned:
        return ""
    version = NoticeVersion.objects.filter(code=scanned[1].upper()).select_related("application").first()
    return (version.application.number or "") if version else ""


def anywhere(text: str) -> Application | None:
    """Find the newest application with exactly this number, notice's code or ID number, whosever it is.

    For who stands at the wrong desk with his paper: nothing but the registration point may be told of it.
    """
    cases = Application.objects.select_related("point").exclude(number=None).order_by("-session__year", "-id")
    number = _number_in(clean(text, "identifier").replace("、", "/"))
    if number:
        return cases.filter(number=number).first()
    try:
        return cases.filter(identity_hash__in=[keyed_hash(key) for key in identity_keys(text)]).first()
    except InvalidNumber:
        return None


def _by_identity(account: Account, text: str):
    cases = Application.objects.visible_to(account).select_related(*SHOWN).order_by("-session__year", "id")
    try:
        return cases.filter(mobile_hash=keyed_hash(normalise_any_mobile(text)))
    except InvalidNumber:
        return cases.filter(identity_hash__in=[keyed_hash(key) for key in identity_keys(text)])


def _by_name(account: Account, text: str):
    key = name_key(text)
    if not key or "\0" in key:
        return Application.objects.none()
    cases = Application.objects.visible_to(account).select_related(*SHOWN).alias(key=NameKey("name"))
    cases = cases.filter(key__startswith=key)
    if account.is_operator:  # each region's names are one index range
        cases = cases.filter(region__in=list(Unit.objects.filter(level="region").values_list("pk", flat=True)))
    return cases
