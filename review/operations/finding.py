"""What operators look for: an application or an account, by number, ID number, mobile, e-mail, user name or name."""

from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from candidates.encryption import keyed_hash
from candidates.models import Account, Application
from candidates.rules import contacts
from candidates.rules.id_number import InvalidNumber, identity_keys, normalise_any_mobile
from candidates.rules.text import clean
from review.cases import search

MOST = search.MOST


@dataclass(frozen=True)
class Found:
    """`number`: exactly one application was meant. `more`: there are more than MOST of either."""

    applications: tuple[Application, ...]
    accounts: tuple[Account, ...]
    number: str = ""
    more: bool = False


def find(operator: Account, text: str) -> Found:
    """Find what fits; drafts are found by their account. Nothing personal is kept, or put into an address."""
    cases = search.find(operator, text)
    if cases.number:
        return Found((), (), cases.number)
    accounts = list(_accounts(text)[: MOST + 1])
    return Found(cases.cases, tuple(accounts[:MOST]), more=cases.more or len(accounts) > MOST)


def _accounts(text: str) -> QuerySet[Account]:
    """Select by what is unique of a candidate, and by user name or name of staff: names of candidates have no index
    here, their applications have."""
    identifier, hashes = clean(text, "identifier"), [keyed_hash(key) for key in identity_keys(text)]
    wanted = Q(identity_hash__in=hashes)
    with suppress(InvalidNumber):
        wanted |= Q(mobile_hash=keyed_hash(normalise_any_mobile(text)))
    if contacts.is_email(identifier):
        wanted |= Q(email_hash=keyed_hash(contacts.folded_email(identifier)))
    if identifier:
        wanted |= Q(username=identifier)
    if name := clean(text, "name"):
        wanted |= Q(kind__in=["reviewer", "operator"], name=name)
    return Account.objects.filter(wanted).select_related("unit").order_by("pk")
