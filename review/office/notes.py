"""备注: what reviewers remark on a case among themselves. It is no act: nothing of the case changes, no record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Account, Application
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.text import clean
from materials.models import MaterialImage
from review.models import LONGEST_NOTE, Note


def of_case(application: Application, account: Account) -> list[Note]:
    """List what this account may read of the notes on a case, oldest first, those withdrawn too."""
    found = Note.objects.visible_to(account).filter(application=application)
    return list(found.select_related("account", "unit", "image"))


def noted(cases: QuerySet[Application], account: Account) -> QuerySet[Application]:
    """Select the cases with a note that this account may read: of the few with any, which `has_notes` finds."""
    return cases.filter(Exists(_read_by(account).filter(application=OuterRef("pk"))))


def noted_among(cases: Iterable[Any], account: Account) -> set[int]:
    """Return those of these applications with a note that this account may read; of most rows there is none to ask.

    `cases`: as a list has them, with pk and has_notes.
    """
    keys = [case.pk for case in cases if case.has_notes]
    return set(_read_by(account).filter(application__in=keys).values_list("application", flat=True)) if keys else set()


def _read_by(account: Account) -> QuerySet[Note]:
    return Note.objects.visible_to(account).standing()


@transaction.atomic
def write(
    pk: int,
    *,
    actor: Actor,
    words: str,
    image: MaterialImage | None = None,
    for_below: bool = False,
    now: datetime | None = None,
) -> Note:
    """Keep a note on a case, or on one of its pictures. Raise NotAllowed, Refused under `words`."""
    application = Application.objects.select_for_update().get(pk=pk)
    if actor.unit is None or not actor.belongs_to(application):
        raise NotAllowed("备注由这份申请的报名点、考点、考区填写，您可以查看。")
    words = clean(words, "lines")
    if not words:
        raise Refused({"words": "请填写备注的内容。"})
    if len(words) > LONGEST_NOTE:
        raise Refused({"words": f"备注最多 {LONGEST_NOTE} 个字，现在有 {len(words)} 个。"})
    if image and image.application_id != pk:
        raise Refused({"image": "这张图片不属于这份申请，请刷新页面。"})

    note = Note.objects.create(
        application=application,
        image=image,
        account=actor.account,
        unit=actor.unit,
        words=words,
        for_below=for_below,
        at=now or timezone.now(),
    )
    Application.objects.filter(pk=pk).update(has_notes=True)
    return note


@transaction.atomic
def withdraw(key: int, *, actor: Actor, now: datetime | None = None) -> Note:
    """Take a note back, as only its author can; a second time is no mistake. Raise NotAllowed."""
    pk = Note.objects.values_list("application", flat=True).get(pk=key)
    Application.objects.select_for_update().only("pk").get(pk=pk)
    note = Note.objects.get(pk=key)
    if actor.account is None or note.account_id != actor.account.pk:
        raise NotAllowed("备注只能由写的人撤回。")

    if note.withdrawn_at is None:
        note.withdrawn_at = now or timezone.now()
        note.save(update_fields=["withdrawn_at"])
        Application.objects.filter(pk=pk).update(has_notes=Note.objects.standing().filter(application=pk).exists())
    return note
