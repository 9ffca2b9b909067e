"""The same thing twice: the papers and certificate numbers that an application shares with others of its session.

Looked for after each submission, by two index look-ups, and written as marks on every row that shares something. It
refuses nothing and no candidate hears of it. A mark is "<the other's key>:<what>:<the beginning of a hash>"; those that
a unit has settled stand on the row too, and are not set again.
"""

import hashlib
from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from candidates.models import Application
from materials.models import PERSONAL, MaterialImage
from materials.rules.certificates import NUMBERS, folded

MOST = 20  # marks that are looked for: bytes that hundreds share would be nobody's certificate
READ = ("session", "account", "round", "certificate_numbers", "duplicates", "duplicates_settled")


def numbers_of(application: Application) -> list[str]:
    """Return the certificate numbers of the form as they are looked up."""
    found = ((field, folded(getattr(application, field))) for field in NUMBERS)
    return [f"{field}:{number}" for field, number in found if number]


def other_of(mark: str) -> int:
    return int(mark.split(":")[0])


def what_of(mark: str) -> str:
    """Return what is shared: a category, or the field of a number."""
    return mark.split(":")[1]


def mark(pk: int) -> None:
    """Look for what this application shares, and mark it and the others. One row after another: nobody waits twice."""
    for other in sorted(_refresh(pk)):
        _refresh(other)


@transaction.atomic
def _refresh(pk: int) -> set[int]:
    """Write the marks of one row anew. Return the others that it shares something with, or did."""
    application = Application.objects.select_for_update().only(*READ).get(pk=pk)
    found = list(islice(dict.fromkeys(_found(application)), MOST)) if application.round else []
    left = [one for one in found if one not in application.duplicates_settled]
    if left != application.duplicates:
        Application.objects.filter(pk=pk).update(duplicates=left)
    return {other_of(one) for one in (*application.duplicates, *found)}


def _found(application: Application) -> Iterable[str]:
    others = Application.objects.filter(session=application.session_id, round__gt=0)
    others = others.exclude(account=application.account_id)
    yield from _same_bytes(application, others)
    yield from _same_numbers(application, others)


def _same_bytes(application: Application, others) -> Iterable[str]:
    papers = MaterialImage.objects.filter(submitted=True, category__in=PERSONAL)
    mine = dict(papers.filter(application=application).values_list("received_sha256", "category"))
    if not mine:
        return
    same = papers.filter(received_sha256__in=list(mine), application__in=others)
    found = same.order_by("application", "received_sha256").values_list("application", "received_sha256")
    for other, received in found[: MOST * len(mine)]:
        yield _mark(other, mine[received], received)


def _same_numbers(application: Application, others) -> Iterable[str]:
    mine = application.certificate_numbers
    if not mine:
        return
    same = others.filter(certificate_numbers__overlap=mine).order_by("pk")
    for other, numbers in same.values_list("pk", "certificate_numbers")[:MOST]:
        for number in set(mine) & set(numbers):
            yield _mark(other, number.partition(":")[0], number)


def _mark(other: int, what: str, key: str) -> str:
    return f"{other}:{what}:{hashlib.sha256(key.encode()).hexdigest()[:8]}"
