"""What the units decide: one function per act, each in one transaction that holds the application's row.

Every function takes the application's key and, as keywords, the actor and `seen`, the id of the last record that the
page was drawn with. All raise AlreadyMoved, NotAllowed, and Refused with what is missing (key -> sentence).
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.applications.notices import issue_notice
from candidates.applications.states import LEVEL_OF_STATUS, Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import RELATED, Actor, begin, moment, move, reason_for
from candidates.models import Application, Unit
from candidates.rules.levels import FIRST, LEVELS
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from candidates.rules.sections import SECTIONS
from materials.rules.catalogue import BY_CODE
from review.cases import counting, drafts, facts, undoing
from review.cases.facts import Displayed
from review.cases.verdicts import Judgement, Round, Tick, judge, tick
from review.models import OwedReceipt, PaymentOrder, SecondLook
from review.office import questions, samples

# --- deciding on a case ----------------------------------------------------------------------------------------------


@transaction.atomic
def pass_on(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    verdicts: Mapping[uuid.UUID, Judgement] | None = None,
    ticks: Mapping[str, Tick] | None = None,
    displayed: Displayed = None,
    batch: int = 0,
    now: datetime | None = None,
) -> Application:
    """审核通过: hand the case on. Every picture must be 合格, and the on-site list done where the region asks.

    `displayed`: the pictures that the page has shown legibly, None where it did not say; `batch`: of how many.
    """
    now = now or timezone.now()
    application = begin(pk, "pass", actor, seen=seen, related=(*RELATED, *samples.OFFICES))
    look = samples.turn_of(application, actor)
    judged = _judged(application, actor, verdicts or {}, ticks or {}, now)
    if look and look.awaits_second:
        samples.require_every_verdict(judged, verdicts or {})
    if found := judged.obstacles:
        raise Refused(found)

    data = {"verdicts": judged.in_words, **undoing.kept_of(judged), **facts.of(judged, displayed, batch)}
    questions.close(application, now)
    action = samples.pass_means(application, look, actor)
    _decided(application, look, action, actor, data=data, note=undoing.words_kept(judged), now=now)
    return application


def _decided(
    application: Application,
    look: SecondLook | None,
    action: str,
    actor: Actor,
    *,
    data: Mapping[str, Any],
    now: datetime,
    reason: str = "",
    note: Mapping[str, Any] | None = None,
) -> None:
    """Move by the act, with what it makes of an open second look; count it, and drop everybody's drafts."""
    data = {**data, **samples.data_of(look)}
    record = move(application, action, actor, reason=reason, data=data, note=note, now=now)
    samples.follow(application, look, record)
    counting.count(application, record)
    drafts.drop(application)


def _judged(
    application: Application,
    actor: Actor,
    verdicts: Mapping[uuid.UUID, Judgement],
    ticks: Mapping[str, Tick],
    now: datetime,
) -> Round:
    """Read the round, once, and write what the page says of it."""
    judged = Round.of(application)
    judge(judged, verdicts, actor, now)
    tick(judged, ticks, actor, now)
    return judged


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
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """退回补正: unlock until then the pictures judged 不合格 and the categories and sections named, with reasons."""
    now = now or timezone.now()
    application = begin(pk, "return", actor, seen=seen)
    look = samples.turn_of(application, actor)
    judged = _judged(application, actor, verdicts or {}, ticks or {}, now)
    named = Named(dict(categories or {}), dict(sections or {}))
    kept, words = undoing.kept_of(judged), undoing.words_kept(judged)
    action = "return"
    if look and look.awaits_second:  # an opinion: nothing is unlocked yet
        action = samples.difference_means(look, actor)
        _require_named(judged, named, until, now)
    else:
        _unlock(judged, named, actor.level, until, now)

    data = {"verdicts": judged.in_words, **named.codes, **kept, **facts.of(judged, displayed)}
    questions.close(application, now)
    _decided(application, look, action, actor, data=data, note={**asdict(named), **words}, now=now)
    return application


@dataclass(frozen=True)
class Named:
    """What a return names besides pictures: codes of categories and of sections, each with its reason."""

    categories: dict[str, str]
    sections: dict[str, str]

    @property
    def codes(self) -> dict[str, list[str]]:
        """What the record may keep: no words."""
        return {"categories": list(self.categories), "sections": list(self.sections)}

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong with it, by what it is about."""
        found = {
            f"category:{one}": "请填写退回这一类材料的原因。" for one, why in self.categories.items() if not why.strip()
        }
        found |= {
            f"section:{one}": "请填写退回这一部分的原因。" for one, why in self.sections.items() if not why.strip()
        }
        found |= {f"category:{one}": "没有这一类材料。" for one in self.categories if one not in BY_CODE}
        found |= {f"section:{one}": "没有这一部分。" for one in self.sections if one not in SECTIONS}
        return found


def _unlock(judged: Round, named: Named, level: str, until: datetime | None, now: datetime) -> None:
    """Write onto the row what the candidate may change until when, and which pictures have passed."""
    application = judged.application
    until = until or application.session.default_return_deadline(now)
    bad = _require_named(judged, named, until, now)

    loose = [one.id for one in judged.images if one.category in named.categories and one.id not in judged.standing]
    Unlocking(
        images=bad,
        loose_images=[str(key) for key in loose],
        categories={code: reason.strip() for code, reason in named.categories.items()},
        sections={code: reason.strip() for code, reason in named.sections.items()},
    ).write(application)
    application.passed_images = [key for key, one in judged.standing.items() if one.verdict == "ok"]
    application.return_deadline, application.returned_level = until, level
    application.times_returned += 1


def _require_named(judged: Round, named: Named, until: datetime | None, now: datetime) -> dict[str, str]:
    """Return the pictures that are 不合格, with their reasons. Raise Refused where a return names nothing, or badly."""
    bad = {str(key): one.reason for key, one in judged.standing.items() if one.verdict == "not_ok"}
    found = named.problems
    if not bad and not named.categories and not named.sections:
        found["return"] = "请至少指出一张不合格的图片，或一类材料、一部分报名信息。"
    if until and until <= now:
        found["until"] = "补正期限必须晚于现在。"
    if found:
        raise Refused(found)
    return bad


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
    """解锁, by an operator: return the case as if the level had that it is taken from."""
    now = now or timezone.now()
    application = begin(pk, "unlock", actor, seen=seen)
    named = Named(dict(categories), dict(sections))
    _unlock(Round.of(application), named, LEVEL_OF_STATUS[application.status], until, now)
    questions.close(application, now)
    move(application, "unlock", actor, reason=reason, data=named.codes, note=asdict(named), now=now)
    samples.drop(application, now)
    drafts.drop(application)
    return application


@transaction.atomic
def extend(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    until: datetime,
    reason: str,
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """延长补正期限: set a later deadline."""
    now = now or timezone.now()
    application = begin(pk, "extend", actor, seen=seen)
    if until <= max(now, application.return_deadline or now):
        raise Refused({"until": f"新的期限必须晚于现在，也晚于原来的 {moment(application.return_deadline or now)}。"})
    application.return_deadline = until
    move(application, "extend", actor, reason=reason, data=facts.of_act(application, displayed), now=now)
    return application


@transaction.atomic
def send_back(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """退回下级复核: let the level below look again; verdicts stay."""
    now = now or timezone.now()
    application = begin(pk, "send_back", actor, seen=seen)
    reason = reason_for("send_back", reason)  # also where it becomes a second person's opinion
    look = samples.turn_of(application, actor)
    questions.close(application, now)
    action = samples.difference_means(look, actor) if look and look.awaits_second else "send_back"
    data = facts.of(Round.of(application), displayed)
    _decided(application, look, action, actor, data=data, reason=reason, now=now)
    return application


@transaction.atomic
def reject(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    verdicts: Mapping[uuid.UUID, Judgement] | None = None,
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """审核不通过: end it; a returned application only after its deadline."""
    now = now or timezone.now()
    application = begin(pk, "reject", actor, seen=seen)
    reason = reason_for("reject", reason)  # also where it becomes a second person's opinion
    if application.status == Status.RETURNED and application.return_deadline and now < application.return_deadline:
        raise NotAllowed(f"补正期限是 {moment(application.return_deadline)}，期满以后才能审核不通过。")

    look = samples.turn_of(application, actor)
    data: dict[str, object] = {"verdicts": {}}
    if application.status != Status.RETURNED:
        judged = _judged(application, actor, verdicts or {}, {}, now)
        data = {"verdicts": judged.in_words, **facts.of(judged, displayed)}
    questions.close(application, now)
    action = samples.difference_means(look, actor) if look and look.awaits_second else "reject"
    _decided(application, look, action, actor, data=data, reason=reason, now=now)
    return application


@transaction.atomic
def reopen(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    until: datetime | None = None,
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """恢复审核: put it back where it was rejected from; to 退回补正 with a new deadline."""
    now = now or timezone.now()
    application = begin(pk, "reopen", actor, seen=seen)
    if application.last_record and application.last_record.from_status == Status.RETURNED:
        if until is None or until <= now:
            raise Refused({"until": "请填写新的补正期限，它必须晚于现在。"})
        application.return_deadline = until
    move(application, "reopen", actor, reason=reason, data=facts.of_act(application, displayed), now=now)
    return application


# --- after the region has passed -------------------------------------------------------------------------------------


@transaction.atomic
def retract(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """撤回至考区审核: take it back, but not once an order is paid; close open orders."""
    application = begin(pk, "retract", actor, seen=seen)
    if application.payment_orders.filter(state="paid").exists():
        raise NotAllowed("考生已经缴费，不能撤回。")
    _close_orders(application, now)
    move(application, "retract", actor, reason=reason, data=facts.of_act(application, displayed), now=now)
    return application


def _close_orders(application: Application, now: datetime | None) -> None:
    PaymentOrder.objects.filter(application=application, state="created").update(
        state="closed", closed_at=now or timezone.now()
    )


@transaction.atomic
def cancel(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """取消资格: end it for an owed paper that did not come by 31 August (Attachment 7); close open orders."""
    now = now or timezone.now()
    application = begin(pk, "cancel", actor, seen=seen)
    if not application.owed:
        raise NotAllowed("该考生没有待补的材料，不能以此取消资格。")
    if now < application.session.owed_until:
        raise NotAllowed(f"待补材料的期限是 {moment(application.session.owed_until)}，期满以后才能取消资格。")

    _close_orders(application, now)
    move(application, "cancel", actor, reason=reason, data=facts.of_act(application, displayed), now=now)
    return application


@transaction.atomic
def reinstate(
    pk: int,
    *,
    actor: Actor,
    seen: int | None,
    reason: str,
    until: datetime | None = None,
    displayed: Displayed = None,
    now: datetime | None = None,
) -> Application:
    """恢复资格: put it back into the status before, once a refund has begun to 待缴费; a closed order stays closed.

    To 待缴费 it goes with `until`, a payment deadline of its own: everybody's is over by the day of 取消资格.
    """
    now = now or timezone.now()
    application = begin(pk, "reinstate", actor, seen=seen)
    unpaid = _is_refunded(application)
    if pays_again(application):
        application.payment_deadline = _new_payment_deadline(application, until, now)
    data = facts.of_act(application, displayed)
    move(application, "reinstate", actor, reason=reason, data=data, now=now, unpaid=unpaid)
    return application


def pays_again(application: Application) -> bool:
    """Say whether 恢复资格 would lead to 待缴费: it was there before, or its money goes back."""
    before = application.last_record.from_status if application.last_record else ""
    return before == Status.PAYMENT_DUE or _is_refunded(application)


def _is_refunded(application: Application) -> bool:
    return bool(application.payment_orders.filter(state="refunded").exists())


def _new_payment_deadline(application: Application, until: datetime | None, now: datetime) -> datetime:
    earliest = max(now, application.session.payment_closes)
    if until is None or until <= earliest:
        general = f"，也晚于本年度的 {moment(earliest)}" if earliest > now else ""
        raise Refused({"until": f"恢复后要重新缴费，请填写新的缴费截止时间，它必须晚于现在{general}。"})
    return until


@transaction.atomic
def received(pk: int, *, actor: Actor, seen: int | None, category: str, now: datetime | None = None) -> Application:
    """已收到: note that the site holds the owed paper, which alone settles the debt."""
    application = begin(pk, "received", actor, seen=seen)
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
    """调整报名点, by an operator: change the units, and with them who may see it; its number and history stay."""
    now = now or timezone.now()
    application = begin(pk, "move", actor, seen=seen)
    if point.level != FIRST or point.pk == application.point_id:
        raise Refused({"point": "请选择另一个报名点。"})

    before = application.point
    application.place_at(point)
    application.assigned_to = None
    questions.close_where_gone(application, now)
    data = {"from": before.code if before else "", "to": point.code}
    move(application, "move", actor, reason=reason, data=data, now=now)
    samples.drop(application, now)
    if application.number:
        issue_notice(application, now)
    return application


# --- many at once ----------------------------------------------------------------------------------------------------

IN_BATCHES = LEVELS[1:]  # the first level compares originals, one case at a time


def pass_many(
    cases: Iterable[tuple[int, int]], *, actor: Actor, now: datetime | None = None
) -> tuple[list[Application], dict[int, str]]:
    """Pass each (key, seen) in its own transaction, one record each. Return those passed, and key -> why not.

    A case with an open question or second look is left out: what begins from now on is told by `seen`.
    """
    chosen = list(cases)
    keys = [pk for pk, _ in chosen]
    left = dict.fromkeys(samples.open_among(keys), samples.ONE_BY_ONE)
    left |= dict.fromkeys(questions.open_among(keys), questions.OPEN)
    passed = []
    cases = [(pk, seen) for pk, seen in chosen if pk not in left]
    for pk, seen in cases:
        try:
            passed.append(pass_on(pk, actor=actor, seen=seen, displayed=(), batch=len(cases), now=now))
        except AlreadyMoved:
            left[pk] = "该申请已由他人处理。"
        except (NotAllowed, Refused) as refusal:
            left[pk] = str(refusal)
    return passed, left
