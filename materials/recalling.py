"""撤回修改: a candidate takes back what nobody has looked at yet. It holds the application's row.

Looking holds it too (candidates.trail.looks), so that of the two whoever comes second sees the first.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Field
from django.utils import timezone

from candidates.applications.states import WAITING_AT
from candidates.applications.workflow import Actor, lock, moment, move, require
from candidates.models import Application, Look, Record
from candidates.models.session import SessionState
from candidates.rules.levels import FIRST
from candidates.rules.refusals import NotAllowed
from materials import duplicates
from materials.models import MaterialImage, Submission
from materials.needs import last_submission

TIME_LEFT = timedelta(hours=2)  # there must be as much to submit again
# what a submission changes on the application's row, but for its status
KEPT = (
    "round",
    "submitted_at",
    "first_submitted_at",
    "status_since",
    "unlocked",
    "passed_images",
    "return_deadline",
    "returned_level",
    "owed",
    "has_warnings",
    "certificate_numbers",
)
HELP = "需要修改的，请联系您的报名点。"


def kept_of(application: Application) -> dict[str, Any]:
    """Return what KEPT names as JSON, for a row that is about to be submitted."""
    return {
        name: None if getattr(application, name) is None else field.value_to_string(application)
        for name, field in _columns().items()
    }


def _columns() -> dict[str, Field]:
    return {field.name: field for field in Application._meta.concrete_fields if field.name in KEPT}


def _restore(application: Application, kept: dict[str, Any]) -> None:
    columns = _columns()
    for name, value in kept.items():
        setattr(application, name, None if value is None else columns[name].to_python(value))


def open_until(application: Application, now: datetime) -> datetime | None:
    """Return until when the last submission can be taken back; None where it cannot."""
    if application.status != WAITING_AT[FIRST]:
        return None
    submission = last_submission(application)
    return None if submission is None or refusal(application, submission, now) else _until(application, submission)


def would_be_open(application: Application, now: datetime) -> bool:
    """Tell whether what is submitted now could be taken back, as long as nobody looks."""
    closes = application.return_deadline or application.session.upload_closes
    return now < closes - TIME_LEFT and not _recalled_today(application, now)


def _until(application: Application, submission: Submission) -> datetime:
    """Return the end of the time in which it was submitted, less what is needed to submit it again."""
    deadline = (submission.before or {})["return_deadline"]
    closes = datetime.fromisoformat(deadline) if deadline else application.session.upload_closes
    return closes - TIME_LEFT


def _recalled_today(application: Application, now: datetime) -> bool:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Record.objects.filter(application=application, action="recall", at__gte=today).exists()


def refusal(application: Application, submission: Submission, now: datetime) -> str:
    """Say why this submission cannot be taken back, and what to do instead; empty where it can."""
    if submission.before is None:
        return f"这次提交不能撤回。{HELP}"
    # who asks has looked, also where no page recorded it
    asked = application.question or application.question_answered
    if asked or Look.objects.filter(application=application, round=application.round).exists():
        return f"工作人员已经查看过您的材料，不能再撤回。{HELP}"
    first = not (submission.before or {})["return_deadline"]
    if first and application.session.state != SessionState.OPEN:
        return f"{application.session}已停止上传材料，撤回以后不能再提交。{HELP}"
    if now >= (until := _until(application, submission)):
        return f"撤回已于 {moment(until)} 截止（提交截止前 2 小时）。{HELP}"
    if _recalled_today(application, now):
        return f"今天已经撤回过一次，每天只能撤回一次。{HELP}"
    return ""


@transaction.atomic
def recall(pk: int, *, actor: Actor, seen: int | None = None, now: datetime | None = None) -> Application:
    """Put the application back to where it was before its last submission, which counts nowhere from then on.

    Raises NotAllowed with what to do instead (see refusal), AlreadyMoved.
    """
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("recall", application, actor)
    submission = last_submission(application)
    if submission is None:
        raise Application.DoesNotExist(pk)
    if why := refusal(application, submission, now):
        raise NotAllowed(why)

    Submission.objects.filter(pk=submission.pk).update(recalled_at=now)
    _restore(application, submission.before or {})
    _free_pictures(application, submission)
    move(application, "recall", actor, data={"round": submission.round}, since=application.status_since, now=now)
    transaction.on_commit(partial(duplicates.mark, pk), robust=True)
    return application


def _free_pictures(application: Application, recalled: Submission) -> None:
    """Make new again the pictures that no other submission holds, and ordinary the owed ones that came after it."""
    others = Submission.objects.filter(application=application).values_list("images", flat=True)
    held = {key for keys in others for key in keys}

    mine = MaterialImage.objects.filter(application=application)
    mine.filter(pk__in=set(recalled.images) - held).update(submitted=False)
    mine.filter(is_owed=True, uploaded_round=recalled.round).update(is_owed=False, uploaded_round=application.round)
