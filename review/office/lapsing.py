"""What becomes of second looks that nobody can go on with: asked each hour by settle_second_looks."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from candidates.applications.workflow import Actor, lock, move
from candidates.models import Account
from candidates.rules.levels import above
from review.cases import drafts, overdue
from review.models import SecondLook
from review.office import heads, presence, questions, samples

ACTS = {"second_missed": "没有第二人复核，继续办理", "second_up": "没有可以裁定的负责人，转上级审核"}


def means(look: SecondLook, now: datetime) -> str:
    """Return the act that is due for it, empty while somebody can go on with it.

    One working day after the day of the first pass a look moves on that nobody else of the unit is there to take.
    """
    if look.awaits_head:
        return "second_up" if above(look.level) and not heads.free_for(look) else ""
    today = timezone.localdate(now)
    yesterday = today - timedelta(days=1)
    if look.at >= overdue.came_before(yesterday, 1, overdue.calendar(yesterday)) or has_others(look, today):
        return ""
    return "second_missed"


def has_others(look: SecondLook, today: date) -> bool:
    """Say whether anybody of the unit but the first is there on this day."""
    people = Account.objects.filter(kind="reviewer", unit=look.unit_id, is_active=True).exclude(pk=look.first_id)
    keys = list(people.values_list("pk", flat=True))
    return len(presence.absent(keys, today)) < len(keys)


def due(now: datetime) -> Iterator[tuple[SecondLook, str]]:
    """Give what is due, oldest first, each with its act."""
    for look in (
        samples.open_ones().order_by("at", "pk").select_related("application__session").iterator(chunk_size=500)
    ):
        if action := means(look, now):
            yield look, action


@transaction.atomic
def lapse(look: SecondLook, *, actor: Actor, now: datetime) -> str:
    """Do what is due for it once its case is held; return the act, empty where somebody was faster."""
    application = lock(look.application_id)
    held = samples.open_look(application)
    action = means(held, now) if held and held.pk == look.pk else ""
    if not held or not action:
        return ""
    questions.close(application, now)
    record = move(application, action, actor, data=samples.data_of(held), now=now)
    samples.follow(application, held, record)
    drafts.drop(application)
    return action
