"""Three levels are three people: who has decided on a case at one level decides at no other, under whatever account."""

from candidates.applications.acts import JUDGING
from candidates.models import Account, Application
from candidates.rules.levels import LEVELS


def remember(application: Application, action: str, level: str, account: Account | None) -> None:
    """Write onto the row, which the caller saves, who has decided at which level."""
    if action in JUDGING and level in LEVELS and account and [level, account.pk] not in application.deciders:
        application.deciders = [*application.deciders, [level, account.pk]]


def level_elsewhere(application: Application, account: Account | None, level: str) -> str:
    """Return at which other level than this one the person has decided on the case; empty where at none."""
    elsewhere = {pk: one for one, pk in application.deciders if one != level}
    if account is None or level not in LEVELS or not elsewhere:
        return ""
    return next((elsewhere[pk] for pk in sorted(accounts_of(account)) if pk in elsewhere), "")


def accounts_of(account: Account) -> set[int]:
    """Return the keys of all reviewers' accounts of this person: those with the same e-mail (a mobile is unique)."""
    if not account.email:
        return {account.pk}
    same = Account.objects.exclude(email="").filter(kind="reviewer", email__iexact=account.email)
    return {account.pk, *same.values_list("pk", flat=True)}
