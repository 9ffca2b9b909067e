"""Lines of statements that settled nothing because no order is known: kept, until an operator says whose they are."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.models import Account
from candidates.reference.outcomes import Report
from candidates.rules.refusals import NotAllowed, Refused
from candidates.rules.text import clean
from candidates.trail import audit
from review.models import Payment, PaymentOrder, StatementLine
from review.payments import orders
from review.payments.statement import RECEIVED, Entry

DONE = "这一行已经办理，请刷新页面。"


def keep(found: Iterable[Entry], provider: str, report: Report, *, now: datetime | None = None) -> int:
    """Keep the lines of a statement that was taken in and that no payment came of; return how many are new."""
    now = now or timezone.now()
    said = {one.line: "".join(one.said) for one in report.outcomes if one.kind == "left"}
    left = [one for one in found if one.line in said and one.kind in RECEIVED]
    trades = [one.trade_number for one in left]
    booked = set(
        Payment.objects.filter(provider=provider, trade_number__in=trades).values_list("trade_number", flat=True)
    )
    there = set(
        StatementLine.objects.filter(provider=provider, trade_number__in=trades).values_list("trade_number", flat=True)
    )
    rows = {
        one.trade_number: StatementLine(
            provider=provider,
            trade_number=one.trade_number,
            order_number=one.order,
            amount=one.amount,
            at=one.at,
            found_at=now,
            why=said[one.line][:200],
        )
        for one in left
        if one.trade_number not in booked | there
    }
    StatementLine.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def match(pk: int, *, number: str, account: Account, now: datetime | None = None) -> Payment:
    """Book the money for an order, named by its number or its application's. Raise NotAllowed; Refused under `number`.

    What does not fit the order (its amount, its state) is booked as money to go back, as it is for every other payment.
    """
    line = _held(pk)
    order = _order_of(clean(number, "identifier"))
    if order is None:
        raise Refused({"number": "没有这个订单，或这份报名还没有生成过订单：请核对号码。"})
    payment = orders.settle(
        order.number, provider=line.provider, trade_number=line.trade_number, amount=line.amount, at=line.at
    )
    line.state, line.payment = "matched", payment
    line.settled_by, line.settled_at = account, now or timezone.now()
    line.save(update_fields=["state", "payment", "settled_by", "settled_at"])
    audit.note("match_payment", account, {"line": line.pk, "order": order.number, "payment": payment.pk})
    return payment


@transaction.atomic
def leave(pk: int, *, reason: str, account: Account, now: datetime | None = None) -> StatementLine:
    """Leave it: other people's money. Raise NotAllowed; Refused without a reason."""
    line, reason = _held(pk), clean(reason, "words")
    if not reason:
        raise Refused({"reason": "请写明不入账的原因。"})
    line.state, line.reason = "left", reason
    line.settled_by, line.settled_at = account, now or timezone.now()
    line.save(update_fields=["state", "reason", "settled_by", "settled_at"])
    audit.note("leave_payment", account, {"line": line.pk})
    return line


def _held(pk: int) -> StatementLine:
    line = StatementLine.objects.select_for_update(of=("self",)).get(pk=pk)
    if line.state != "open":
        raise NotAllowed(DONE)
    return line


def _order_of(number: str) -> PaymentOrder | None:
    """Return the order of this number, or of the application of this number the open one, else the newest."""
    found = PaymentOrder.objects.filter(number=number.upper()).first()
    if found or not number:
        return found
    mine = PaymentOrder.objects.filter(application__number=number).order_by("-pk")
    return mine.filter(state="created").first() or mine.first()
