"""Money goes back through its provider: one operator asks, another confirms, the provider is asked until it is final.

The application's row is locked before the payment's, as everywhere; no provider is called while a row is held.
Amounts are fen.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from candidates.applications.states import Status
from candidates.applications.workflow import lock
from candidates.messages.writing import tell
from candidates.models import Account
from candidates.rules.codes import readable_code
from candidates.rules.refusals import NotAllowed, Refused
from candidates.trail import audit
from review.models import Payment, Refund
from review.models.approval import ASKED_FOR
from review.operations.approvals import why_not_by
from review.payments.money import yuan
from review.payments.plausible import cleaned
from review.payments.providers import offered, terms
from review.payments.providers.terms import Outcome, Unavailable

log = logging.getLogger(__name__)

WORDS = "医师资格考试缴费退款"  # what the payer reads at the provider; the operators' reason stays here
SENT = ("sending", "processing")
IN_USE = "这笔款项已用于缴费，考试资格取消以后才能退款。"


@dataclass(frozen=True)
class Refundable:
    """How much of a payment may still go back, or why nothing may."""

    amount: int
    why_not: str


def is_in_use(payment: Payment) -> bool:
    """Say whether it has settled an order whose application stands; one whose refund has begun stands without it."""
    order = payment.order
    if payment.state != "settled" or order is None or order.state == "refunded":
        return False
    return order.application.status != Status.CANCELLED


def _lapsed(payment: Payment, now: datetime) -> Refund | None:
    """Return what was asked for more than a day ago, and nobody can confirm any more."""
    return payment.refunds.filter(state="asked", asked_at__lt=now - ASKED_FOR).first()


def refundable(payment: Payment, now: datetime | None = None) -> Refundable:
    """Say what may go back: money that settled nothing, and that of an order whose application was cancelled."""
    lapsed = _lapsed(payment, now or timezone.now())
    left = payment.amount - payment.refunded + (lapsed.amount if lapsed else 0)
    if payment.provider not in offered.offered():
        return Refundable(0, "这个渠道不能由系统退款，请按规定办理后填写处理说明。")
    if is_in_use(payment):
        return Refundable(0, IN_USE)
    if payment.state == "refund_needed" and payment.closed_at:
        return Refundable(0, "这笔款项已经处理。")
    if payment.refunds.filter(state__in=("asked", *SENT)).exclude(pk=lapsed.pk if lapsed else 0).exists():
        return Refundable(0, "这笔款项已有一笔退款没有办结。")
    return Refundable(left, "" if left > 0 else "这笔款项没有可以退的金额。")


@transaction.atomic
def ask(pk: int, *, account: Account, amount: int, reason: str, now: datetime | None = None) -> Refund:
    """Ask for a refund of a payment, which another operator has to confirm. Raise NotAllowed, Refused."""
    payment = _held(pk)
    if lapsed := _lapsed(payment, now or timezone.now()):
        decline(lapsed.pk, account=account, now=now)
        payment.refresh_from_db(fields=["refunded"])
    allowed = refundable(payment)
    if allowed.why_not:
        raise NotAllowed(allowed.why_not)
    if not 0 < amount <= allowed.amount:
        raise Refused({"amount": f"退款金额应大于 0，最多 {yuan(allowed.amount)} 元。"})
    if not reason.strip():
        raise Refused({"reason": "请填写退款原因。"})

    Payment.objects.filter(pk=pk).update(refunded=F("refunded") + amount)
    refund = Refund.objects.create(
        payment=payment,
        number=_number(payment, amount),
        amount=amount,
        reason=reason.strip(),
        asked_by=account,
        asked_at=now or timezone.now(),
    )
    _note("ask_refund", account, refund)
    return refund


def _number(payment: Payment, amount: int) -> str:
    """Return a new number, or that of the last refund where the same has failed: it may be half done there."""
    last = payment.refunds.order_by("pk").last()
    return last.number if last and (last.state, last.amount) == ("failed", amount) else f"R{readable_code(20)}"


def confirm(pk: int, *, account: Account, now: datetime | None = None) -> Refund:
    """Confirm what another operator asked for, and hand it to the provider. Raise NotAllowed."""
    with transaction.atomic():
        refund, payment = _held_refund(pk)
        if refund.state != "asked":
            raise NotAllowed(f"这笔退款的状态是“{refund.get_state_display()}”，不能再确认。")
        if wrong := why_not_by(refund.asked_by_id, refund.asked_at, account, now or timezone.now(), "退款"):
            raise NotAllowed(wrong)
        if is_in_use(payment):  # it was reinstated since
            raise NotAllowed(IN_USE)
        refund.state, refund.confirmed_by, refund.confirmed_at = "sending", account, now or timezone.now()
        refund.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        if payment.state == "settled" and payment.order and payment.order.state == "paid":
            payment.order.state = "refunded"
            payment.order.save(update_fields=["state"])
        _note("confirm_refund", account, refund)
    follow(refund)
    return refund


@transaction.atomic
def decline(pk: int, *, account: Account, now: datetime | None = None) -> Refund:
    """Take back what nobody has confirmed: by who asked, or by another operator. Raise NotAllowed."""
    refund, _ = _held_refund(pk)
    if refund.state != "asked":
        raise NotAllowed(f"这笔退款的状态是“{refund.get_state_display()}”，不能再撤回。")
    refund.state, refund.finished_at = "declined", now or timezone.now()
    refund.save(update_fields=["state", "finished_at"])
    Payment.objects.filter(pk=refund.payment_id).update(refunded=F("refunded") - refund.amount)
    _note("decline_refund", account, refund)
    return refund


def unfinished() -> QuerySet[Refund]:
    """Select what has been confirmed and of which the provider has not said the last word."""
    return Refund.objects.filter(state__in=SENT).select_related("payment").order_by("pk")


def follow(refund: Refund) -> str:
    """Ask the provider, or tell it (again), and book what it says. Return the state; call while holding no row.

    What may not have arrived is told again under the same number, for which a provider gives the money once.
    """
    payment = refund.payment
    provider = offered.offered().get(payment.provider)
    if provider is None:
        return refund.state
    wanted = terms.Refund(refund.number, payment.trade_number, refund.amount, payment.amount, WORDS)
    try:
        outcome = provider.refunded(wanted) if refund.state == "processing" else None
        outcome = outcome or provider.refund(wanted)
    except Unavailable as silence:
        log.warning("%s does not say what became of refund %s: %s", payment.provider, refund.number, silence)
        return refund.state
    return _book(refund, outcome)


@transaction.atomic
def _book(refund: Refund, outcome: Outcome) -> str:
    held, payment = _held_refund(refund.pk)
    if held.state in SENT:  # else somebody was quicker
        _write(held, payment, outcome)
    refund.refresh_from_db()
    return refund.state


def _write(held: Refund, payment: Payment, outcome: Outcome) -> None:
    held.state, held.answer = outcome.state, cleaned(outcome.words)
    held.provider_number = cleaned(outcome.number)[:64]
    held.finished_at = timezone.now() if outcome.state in ("done", "failed") else None
    held.save(update_fields=["state", "answer", "provider_number", "finished_at"])
    if held.state == "done":
        _tell(held, payment)
    elif held.state == "failed":
        log.warning("refund %s has failed", held.number)
        Payment.objects.filter(pk=payment.pk).update(refunded=F("refunded") - held.amount)


@transaction.atomic
def told(provider: str, said: terms.Returned) -> None:
    """Book what a verified notification says of a refund, once. What does not fit ours is logged, and `follow` asks.

    One that had failed may be done after all: an operator has handled it at the provider.
    """
    number = cleaned(said.number)
    last = Refund.objects.filter(number=number, payment__provider=provider).order_by("pk").last()
    if last is None:
        log.error("%s tells of refund %s, which was not asked for here", provider, number)
        return
    held, payment = _held_refund(last.pk)
    if wrong := _unfitting(held, payment, said):
        log.error("%s tells of refund %s, with another %s", provider, number, wrong)
    elif held.state in SENT:
        _write(held, payment, said.outcome)
    elif (held.state, said.outcome.state) == ("failed", "done"):
        _take_again(held, payment)
        _write(held, payment, said.outcome)
    elif held.state != said.outcome.state:
        log.error("%s tells of refund %s as %s, which is %s here", provider, number, said.outcome.state, held.state)


def _unfitting(held: Refund, payment: Payment, said: terms.Returned) -> str:
    """Name what is not as it was asked for; empty where all fits."""
    if said.trade_number != payment.trade_number:
        return "trade"
    possible = range(held.amount, payment.amount + 1) if said.is_sum else (held.amount,)
    return "" if said.amount in possible else "amount"


def _take_again(held: Refund, payment: Payment) -> None:
    """Take the amount of a refund that had failed out of the payment's again, as far as it is there."""
    left = payment.amount - payment.refunded
    if left < held.amount:
        log.error("refund %s had failed and went back all the same: more has gone back than came", held.number)
    Payment.objects.filter(pk=payment.pk).update(refunded=F("refunded") + min(left, held.amount))


def _tell(refund: Refund, payment: Payment) -> None:
    """Close what has gone back whole, and tell the candidate."""
    back = sum(payment.refunds.filter(state="done").values_list("amount", flat=True))
    if payment.state == "refund_needed" and back == payment.amount and not payment.closed_at:
        payment.closed_reason, payment.closed_at = f"已由系统退回，退款单号 {refund.number}。", refund.finished_at
        payment.save(update_fields=["closed_reason", "closed_at"])
    if payment.order:
        values = {"amount": yuan(refund.amount), "order": payment.order.number}
        tell("refunded", payment.order.application, refund.finished_at or timezone.now(), values)


def _held(pk: int) -> Payment:
    """Hold the application's row, then the payment's."""
    payment = Payment.objects.select_related("order").get(pk=pk)
    if payment.order:
        lock(payment.order.application_id)
    return Payment.objects.select_for_update(of=("self",)).select_related("order__application").get(pk=pk)


def _held_refund(pk: int) -> tuple[Refund, Payment]:
    payment = _held(Refund.objects.values_list("payment_id", flat=True).get(pk=pk))
    return Refund.objects.select_for_update(of=("self",)).get(pk=pk), payment


def _note(act: str, account: Account, refund: Refund) -> None:
    audit.note(act, account, {"refund": refund.number, "payment": refund.payment_id, "fen": refund.amount})
