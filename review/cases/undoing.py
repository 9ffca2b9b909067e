"""撤回操作: for a few minutes, who has passed or returned a case takes it back. Decided under the application's row.

What the candidate does meanwhile is not held back: it ends the undo. The decision's message has waited, and is dropped.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.applications.states import Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import Actor, actions_for, begin, move, undo_until
from candidates.models import Account, Application, FormDraft, Message, Record
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from materials.models import MaterialImage, Submission
from review.cases import counting, drafts, facts
from review.cases.verdicts import Round
from review.models import Hold, OnsiteTick, PaymentOrder, Reason, Verdict

MARGIN = timedelta(minutes=1)  # a clock beside ours, a request that had waited for the row


def open_until(application: Application, account: Account, now: datetime) -> datetime | None:
    """Return until when this account can take back the last decision; None where it cannot."""
    if "undo" not in actions_for(application, account) or not application.last_record:
        return None
    return None if refusal(application, application.last_record, now) else undo_until(application.last_record)


def refusal(application: Application, decision: Record, now: datetime) -> str:
    """Say why this decision, the last record, cannot be taken back any more, and what to do; empty where it can."""
    until = undo_until(decision)
    if until is None or now >= until:
        return "可以撤回的时间已经过了。需要更改的，请按“其他决定”办理，例如请上级退回下级复核。"
    if _candidate_has_acted(application, decision):
        return "考生已经开始补正，这次退回不能再撤回。请等考生再次提交以后处理。"
    orders = PaymentOrder.objects.filter(application=application)
    if orders.filter(state__in=["created", "paid"]).exists():
        return "考生已经开始缴费，这次通过不能再撤回。确有需要的，请由考区“撤回至考区审核”。"
    return ""


def _candidate_has_acted(application: Application, decision: Record) -> bool:
    submission = Submission.objects.filter(application=application, round=application.round).first()
    submitted = submission.images if submission else []
    images = MaterialImage.objects.filter(application=application)
    came = images.exclude(pk__in=submitted).filter(uploaded_at__gte=decision.at - MARGIN)
    if came.exists() or images.filter(pk__in=submitted, removed_at__isnull=False).exists():
        return True
    if application.status != Status.RETURNED:
        return False
    return bool(Unlocking.of(application).saved) or FormDraft.objects.filter(application=application).exists()


@transaction.atomic
def undo(pk: int, *, actor: Actor, seen: int | None, now: datetime | None = None) -> Application:
    """Put the application back to where it was before this person's pass or return, the last record.

    Its verdicts and ticks become the person's draft again. Raise AlreadyMoved, NotAllowed with what to do instead.
    """
    now = now or timezone.now()
    application = begin(pk, "undo", actor, seen=seen)
    decision, account = application.last_record, actor.account
    if decision is None or account is None:  # the table has asked for both
        raise AlreadyMoved(decision)
    if why := refusal(application, decision, now):
        raise NotAllowed(why)
    _drop_message(decision)

    judged, rest = _take_back_verdicts(application, decision, now), _rest_of(application, decision)
    rest["ticks"] = _take_back_ticks(application, decision)
    if decision.action == "return":
        application.times_returned -= 1
    Hold.objects.filter(application=application).delete()
    since = datetime.fromisoformat(decision.data["since"])
    move(application, "undo", actor, data={"record": decision.pk}, since=since, now=now)
    counting.count(application, decision, by=-1)  # after the move, as everywhere: counters are held in one order
    drafts.keep(application, account, judged, rest, now)
    return application


def _drop_message(decision: Record) -> None:
    message = Message.objects.select_for_update().filter(record=decision).first()
    if message is None:
        return
    if message.claimed_at or message.tries or message.read_at:
        raise NotAllowed("考生已经收到通知，不能再撤回。需要更改的，请按“其他决定”办理。")
    message.delete()


# --- what a decision keeps of what it changes ------------------------------------------------------------------------


def kept_of(judged: Round) -> dict[str, Any]:
    """Return what the record has to keep so that it can be undone: since when the case had waited."""
    since = judged.application.status_since or judged.application.submitted_at
    return {"since": since.isoformat()} if since else {}


def words_kept(judged: Round) -> dict[str, Any]:
    """Return what the record's note has to keep: the lines of the on-site list that this decision has changed."""
    ticks = [
        {"document": one.document, "seen": one.seen, "note": one.note, "account": one.account_id, "at": str(one.at)}
        for one in judged.ticks_before
    ]
    return {"ticks_before": ticks} if ticks else {}


# --- taking it back --------------------------------------------------------------------------------------------------


def _take_back_verdicts(application: Application, decision: Record, now: datetime) -> dict[str, dict[str, str]]:
    """Void the decision's verdicts, let those before them count again, and return them as a draft has them."""
    mine = Verdict.objects.filter(
        image__application=application, round=decision.round, account=decision.account_id, at=decision.at
    )
    taken = list(mine.filter(undone_at=None))
    Verdict.objects.filter(pk__in=[one.pk for one in taken]).update(is_current=False, undone_at=now)

    before = Verdict.objects.filter(image__in=[one.image_id for one in taken], undone_at=None)
    newest = before.order_by("image_id", "-pk").distinct("image_id").values_list("pk", flat=True)
    Verdict.objects.filter(pk__in=list(newest)).update(is_current=True)
    reasons = list(Reason.objects.filter(is_active=True))
    return {str(one.image_id): drafts.judged_as(one.verdict, one.reason, reasons) for one in taken}


def _take_back_ticks(application: Application, decision: Record) -> dict[str, dict[str, Any]]:
    """Delete the decision's ticks, put back those before them, and return the whole list as the page had it."""
    mine = OnsiteTick.objects.filter(application=application, round=decision.round)
    page = {one.document: {"seen": one.seen, "note": one.note} for one in mine}
    mine.filter(account=decision.account_id, at=decision.at).delete()

    note = getattr(decision, "note", None)
    for one in note.data.get("ticks_before", []) if note else []:
        values = {"seen": one["seen"], "note": one["note"], "account_id": one["account"], "at": one["at"]}
        mine.update_or_create(application=application, round=decision.round, document=one["document"], defaults=values)
    return page


def _rest_of(application: Application, decision: Record) -> dict[str, Any]:
    """Return what else stood on the page: what a return named, its deadline, and what had been displayed."""
    rest: dict[str, Any] = {}
    note = getattr(decision, "note", None)
    for kind in ("categories", "sections"):
        named = note.data.get(kind, {}) if note else {}
        rest[kind] = {code: {"named": True, "reason": reason} for code, reason in named.items()}
    if application.return_deadline:
        last_moment = application.return_deadline - timedelta(microseconds=1)  # 24:00 ends the day that is meant
        rest["until"] = timezone.localdate(last_moment).isoformat()

    how = facts.how_of(decision)
    if how and how.displayed == how.pictures:  # else it is not known which
        rest["displayed"] = [str(image.id) for image in Round.of(application).images]
    return rest
