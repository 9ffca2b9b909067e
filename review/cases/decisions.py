"""What the units decide: one function per act, each in one transaction that holds the application's row.

Every function takes the application's key and, as keywords, the actor and `seen`, the id of the last record that the
page was drawn with. All raise AlreadyMoved, NotAllowed, and Refused with what is missing (key -> sentence).
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.applications.notices import issue_notice
from candidates.applications.states import Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import Actor, lock, moment, move, require
from candidates.models import Application, Unit
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from candidates.rules.sections import SECTIONS
from materials.rules.catalogue import BY_CODE
from review.cases import drafts
from review.cases.verdicts import Judgement, Tick, judge, obstacles_to_pass, standing_verdicts, submitted_images, tick
from review.models import OwedReceipt, PaymentOrder

# --- deciding on a case ----------------------------------------------------------------------------------------------


@transaction.atomic
def pass_on(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    verdicts: Mapping[uuid.UUID, Judgement] | None = None,
    ticks: Mapping[str, Tick] | None = None,
    now: datetime | None = None,
) -> Application:
    """审核通过. Needs every picture of the set judged 合格, and at the point the on-site list where the region asks."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("pass", application, actor)
    judged = judge(application, verdicts or {}, actor, now)
    tick(application, ticks or {}, actor, now)
    found = obstacles_to_pass(application)
    if found:
        raise Refused(found)
    move(application, "pass", actor, data={"verdicts": judged}, now=now)
    drafts.drop(application)
    return application


@transaction.atomic
def return_for_correction(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    verdicts: Mapping[uuid.UUID, Judgement] | None = None,
    categories: Mapping[str, str] | None = None,
    sections: Mapping[str, str] | None = None,
    until: datetime | None = None,
    ticks: Mapping[str, Tick] | None = None,
    now: datetime | None = None,
) -> Application:
    """退回补正. Unlocks pictures judged 不合格 and the categories and sections named, each with its reason, `until`."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("return", application, actor)
    judged = judge(application, verdicts or {}, actor, now)
    tick(application, ticks or {}, actor, now)
    _unlock(application, actor.level, categories or {}, sections or {}, until, now)
    data = {"verdicts": judged, "categories": list(categories or {}), "sections": list(sections or {})}
    note = {"categories": dict(categories or {}), "sections": dict(sections or {})}
    move(application, "return", actor, data=data, note=note, now=now)
    drafts.drop(application)
    return application


def _unlock(
    application: Application,
    level: str,
    categories: Mapping[str, str],
    sections: Mapping[str, str],
    until: datetime | None,
    now: datetime,
) -> None:
    until = until or application.session.default_return_deadline(now)
    standing = standing_verdicts(application)
    images = submitted_images(application)
    bad = {str(key): one.reason for key, one in standing.items() if one.verdict == "not_ok"}
    found = {
        f"category:{code}": "请填写退回这一类材料的原因。" for code, reason in categories.items() if not reason.strip()
    }
    found |= {
        f"section:{code}": "请填写退回这一部分的原因。" for code, reason in sections.items() if not reason.strip()
    }
    found |= {f"category:{code}": "没有这一类材料。" for code in categories if code not in BY_CODE}
    found |= {f"section:{code}": "没有这一部分。" for code in sections if code not in SECTIONS}
    if not bad and not categories and not sections:
        found["return"] = "请至少指出一张不合格的图片，或一类材料、一部分报名信息。"
    if until <= now:
        found["until"] = "补正期限必须晚于现在。"
    if found:
        raise Refused(found)
    Unlocking(
        images=bad,
        loose_images=[str(one.id) for one in images if one.category in categories and one.id not in standing],
        categories={code: reason.strip() for code, reason in categories.items()},
        sections={code: reason.strip() for code, reason in sections.items()},
    ).write(application)
    application.passed_images = [key for key, one in standing.items() if one.verdict == "ok"]
    application.return_deadline = until
    application.returned_level = level
    application.times_returned += 1


@transaction.atomic
def unlock(
    pk: int,
    *,
    actor: Actor,
    categories: Mapping[str, str],
    sections: Mapping[str, str],
    until: datetime,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Application:
    """解锁, by an operator: counts as returned by the level that it was taken from."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("unlock", application, actor)
    _unlock(application, application.status.removesuffix("_review"), categories, sections, until, now)
    data = {"categories": list(categories), "sections": list(sections)}
    note = {"categories": dict(categories), "sections": dict(sections)}
    move(application, "unlock", actor, reason=reason, data=data, note=note, now=now)
    drafts.drop(application)
    return application


@transaction.atomic
def extend(
    pk: int, *, actor: Actor, seen: int | None, until: datetime, reason: str, now: datetime | None = None
) -> Application:
    """延长补正期限: a later deadline."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("extend", application, actor)
    if until <= max(now, application.return_deadline or now):
        raise Refused({"until": f"新的期限必须晚于现在，也晚于原来的 {moment(application.return_deadline or now)}。"})
    application.return_deadline = until
    move(application, "extend", actor, reason=reason, now=now)
    return application


@transaction.atomic
def send_back(pk: int, *, actor: Actor, seen: int | None, reason: str, now: datetime | None = None) -> Application:
    """退回下级复核: the level below looks again; verdicts stay."""
    application = lock(pk, seen=seen)
    move(application, "send_back", actor, reason=reason, now=now)
    drafts.drop(application)
    return application


@transaction.atomic
def reject(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    verdicts: Mapping[uuid.UUID, Judgement] | None = None,
    now: datetime | None = None,
) -> Application:
    """审核不通过. A returned application only after its deadline."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("reject", application, actor)
    if application.status == Status.RETURNED and application.return_deadline and now < application.return_deadline:
        raise NotAllowed(f"补正期限是 {moment(application.return_deadline)}，期满以后才能审核不通过。")
    judged = judge(application, verdicts or {}, actor, now) if application.status != Status.RETURNED else {}
    move(application, "reject", actor, reason=reason, data={"verdicts": judged}, now=now)
    drafts.drop(application)
    return application


@transaction.atomic
def reopen(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    until: datetime | None = None,
    now: datetime | None = None,
) -> Application:
    """恢复审核: back to where it was rejected from; to 退回补正 with a new deadline."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("reopen", application, actor)
    if application.last_record and application.last_record.from_status == Status.RETURNED:
        if until is None or until <= now:
            raise Refused({"until": "请填写新的补正期限，它必须晚于现在。"})
        application.return_deadline = until
    move(application, "reopen", actor, reason=reason, now=now)
    return application


# --- after the region has passed -------------------------------------------------------------------------------------


@transaction.atomic
def retract(pk: int, *, actor: Actor, seen: int | None, reason: str, now: datetime | None = None) -> Application:
    """撤回至考区审核: not once an order is paid; open orders are closed."""
    application = lock(pk, seen=seen)
    require("retract", application, actor)
    if application.payment_orders.filter(state="paid").exists():
        raise NotAllowed("考生已经缴费，不能撤回。")
    _close_orders(application, now)
    move(application, "retract", actor, reason=reason, now=now)
    return application


def _close_orders(application: Application, now: datetime | None) -> None:
    PaymentOrder.objects.filter(application=application, state="created").update(
        state="closed", closed_at=now or timezone.now()
    )


@transaction.atomic
def cancel(pk: int, *, actor: Actor, seen: int | None, reason: str, now: datetime | None = None) -> Application:
    """取消资格: an owed paper was not received by 31 August (Attachment 7); open orders are closed."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("cancel", application, actor)
    if not application.owed:
        raise NotAllowed("该考生没有待补的材料，不能以此取消资格。")
    if now < application.session.owed_until:
        raise NotAllowed(f"待补材料的期限是 {moment(application.session.owed_until)}，期满以后才能取消资格。")
    _close_orders(application, now)
    move(application, "cancel", actor, reason=reason, now=now)
    return application


@transaction.atomic
def reinstate(pk: int, *, actor: Actor, seen: int | None, reason: str, now: datetime | None = None) -> Application:
    """恢复资格: to the status before; a closed order stays closed."""
    application = lock(pk, seen=seen)
    move(application, "reinstate", actor, reason=reason, now=now)
    return application


@transaction.atomic
def received(pk: int, *, actor: Actor, seen: int | None, category: str, now: datetime | None = None) -> Application:
    """已收到: the site holds the owed paper; the only thing that settles the debt."""
    application = lock(pk, seen=seen)
    require("received", application, actor)
    if category not in application.owed:
        raise Refused({"category": "这一类材料没有待补，或已经收到。"})
    application.owed = [code for code in application.owed if code != category]
    application.owed_received = [*application.owed_received, category]
    record = move(application, "received", actor, data={"category": category}, now=now)
    OwedReceipt.objects.create(application=application, category=category, record=record)
    return application


@transaction.atomic
def move_to(
    pk: int, *, actor: Actor, point: Unit, reason: str, seen: int | None = None, now: datetime | None = None
) -> Application:
    """调整报名点, by an operator: who may see it follows at once; its number and history stay."""
    now = now or timezone.now()
    application = lock(pk, seen=seen)
    require("move", application, actor)
    if point.level != "point" or point.parent is None or point.pk == application.point_id:
        raise Refused({"point": "请选择另一个报名点。"})
    before = application.point
    application.point, application.site, application.region = point, point.parent, point.parent.parent
    data = {"from": before.code if before else "", "to": point.code}
    move(application, "move", actor, reason=reason, data=data, now=now)
    if application.number:
        issue_notice(application, now)
    return application


# --- many at once ----------------------------------------------------------------------------------------------------


def pass_many(
    cases: Iterable[tuple[int, int]], *, actor: Actor, now: datetime | None = None
) -> tuple[list[Application], dict[int, str]]:
    """Passes each (key, seen) in its own transaction, one record each; gives those passed, and key -> why not."""
    passed, left = [], {}
    for pk, seen in cases:
        try:
            passed.append(pass_on(pk, actor=actor, seen=seen, now=now))
        except AlreadyMoved:
            left[pk] = "该申请已由他人处理。"
        except (NotAllowed, Refused) as refusal:
            left[pk] = str(refusal)
    return passed, left
