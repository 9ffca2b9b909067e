"""What is typed into the form and not saved: kept section by section as it was typed, also where it is wrong.

A draft counts for nothing: no rule, no notice, no submission looks at it. It goes when its section is saved, when the
form closes (workflow.move) and with the application's data.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from candidates.applications.access import FORM
from candidates.applications.form import Saved, editable_fields, print_of, save_section
from candidates.applications.states import OPEN_FOR_THE_FORM
from candidates.applications.workflow import Actor, lock
from candidates.models import Account, Application, FormDraft
from candidates.models.form_draft import LONGEST
from candidates.prepared import EVER, Prepared
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.sections import SECTIONS

OFFERED = timedelta(hours=1)  # for so long what is posted after the log-in has ended
PAGE, SHOWN = "page", "draft"  # form fields: the page's random name, and the stamp of the draft that it shows
ANOTHER = "another"  # the key of a refusal: this section is being filled in on another page too
# what a form carries beside its answers
_CARRIED = frozenset(
    {"csrfmiddlewaretoken", "form_of", FORM, "section", "seen", "drawn", PAGE, SHOWN, "choose", "drop", "over"}
)
TOO_LONG = "填写的内容太长，没有暂存：请缩短后再保存。"


_OF = Prepared(lambda: FormDraft.objects.filter(_offered(EVER)).filter(application=0))  # every form asks


def of(application: Application, now: datetime) -> dict[str, FormDraft]:
    """Return section -> what was typed into it and is not saved."""
    return {draft.section: draft for draft in _OF(now, application.pk)}


def answers_in(draft: FormDraft) -> dict[str, list[str]]:
    """Return field -> what was typed, once or several times."""
    return dict(json.loads(draft.typed))


def typed_in(draft: FormDraft, application: Application) -> QueryDict:
    """Return the draft as the form reads what is posted, drawn with what is saved now."""
    typed = QueryDict(mutable=True)
    for name, values in answers_in(draft).items():
        typed.setlist(name, values)
    typed["drawn"] = print_of(application, draft.section)
    return typed


@transaction.atomic
def keep(
    pk: int, section: str, sent: QueryDict, *, actor: Actor, over: bool = False, now: datetime | None = None
) -> FormDraft:
    """Keep what was sent of this section's form, in place of what its page kept before.

    Raises NotAllowed where the section cannot be filled in now, Refused under ANOTHER where another page has kept
    something since this one was drawn (unless `over`), under "" where it is too long.
    """
    now = now or timezone.now()
    application = lock(pk)
    if not actor.belongs_to(application):
        raise NotAllowed("这不是您的报名。")
    _require_open(application, section, now)

    before = FormDraft.objects.filter(_offered(now), application=application, section=section).first()
    if before and not over and not _knows(sent, before):
        raise Refused({ANOTHER: "这一部分在另一个页面也填写了内容，还没有保存。"})
    return _write(application, section, sent, now, offered_until=None)


@transaction.atomic
def keep_late(account: Account, sent: QueryDict, now: datetime | None = None) -> FormDraft | None:
    """Keep for an hour what this account's form sent after the log-in had ended; None where it is not to be kept.

    It is the last that was typed, and takes the place of what was kept before.
    """
    section, now = sent.get("section", ""), now or timezone.now()
    mine = Application.objects.visible_to(account).filter(status__in=OPEN_FOR_THE_FORM).order_by("-session__year")
    named = sent.get(FORM, "")
    found = next((pk for pk in mine.values_list("pk", flat=True) if not named or str(pk) == named), None)
    if found is None or section not in SECTIONS:
        return None

    application = lock(found)
    before = FormDraft.objects.filter(_offered(now), application=application, section=section).first()
    until = before.offered_until if before else now + OFFERED
    try:
        _require_open(application, section, now)
        return _write(application, section, sent, now, offered_until=until)
    except (NotAllowed, Refused):
        return None


def drop(application: Application, section: str, sent: Mapping[str, str]) -> None:
    """Forget what this page kept or showed: its candidate does not want it."""
    draft = FormDraft.objects.filter(application=application, section=section).first()
    if draft and _knows(sent, draft):
        draft.delete()


@transaction.atomic
def save(
    pk: int, section: str, values: Mapping[str, Any], *, sent: Mapping[str, str], actor: Actor, seen: int | None
) -> Saved:
    """Save the section (form.save_section), and forget the draft that its page kept or showed; another page's stays."""
    saved = save_section(pk, section, values, actor=actor, seen=seen, drawn=sent.get("drawn", ""))
    drop(saved.application, section, sent)
    return saved


def forget_expired(now: datetime) -> None:
    FormDraft.objects.filter(offered_until__lte=now).delete()


def _require_open(application: Application, section: str, now: datetime) -> None:
    if not editable_fields(application, now) & set(SECTIONS[section].fields):
        raise NotAllowed("本次退回没有要求修改这一部分。")


def _offered(now: datetime) -> Q:
    return Q(offered_until=None) | Q(offered_until__gt=now)


def _knows(sent: Mapping[str, str], draft: FormDraft) -> bool:
    return sent.get(PAGE, "") == draft.page or sent.get(SHOWN, "") == draft.stamp


def _write(
    application: Application, section: str, sent: QueryDict, now: datetime, *, offered_until: datetime | None
) -> FormDraft:
    """Write the draft. Raises Refused where it is too long."""
    typed = json.dumps({name: values for name, values in sent.lists() if name not in _CARRIED}, ensure_ascii=False)
    if len(typed.encode()) > LONGEST:
        raise Refused({"": TOO_LONG})

    return FormDraft.objects.update_or_create(
        application=application,
        section=section,
        defaults={
            "typed": typed,
            "kept_at": now,
            "page": _plain(sent.get(PAGE, ""), 32),
            "drawn": _plain(sent.get("drawn", ""), 64),
            "offered_until": offered_until,
        },
    )[0]


def _plain(text: str, longest: int) -> str:
    """Return a name or a print that a page of ours carries; empty for all else that may be sent in its place."""
    return text if text.isascii() and text.isalnum() and len(text) <= longest else ""
