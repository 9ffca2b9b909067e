"""Orders and payments: two things. Every way that money comes in goes through `settle`.

Locks are taken in one order everywhere: the application's row, then the order's. Amounts are fen.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from candidates.applications.states import STATUSES, Status
from candidates.applications.windows import payment_closed
from candidates.applications.workflow import Actor, lock, move
from candidates.models import Application, ExamSession, Unit
from candidates.rules.codes import readable_code
from candidates.rules.profile import EXAM_LEVELS
from candidates.rules.refusals import NotAllowed, Refused
from review.models import Fee, Payment, PaymentOrder
from review.models.refund import UNDER_WAY

log = logging.getLogger(__name__)

LIFETIME = timedelta(hours=24)  # after which a provider takes no money for an order any more

# why there is nothing to pay, and what comes first
NOT_DUE: dict[str, str] = {
    Status.DRAFT: "报名表还没有完成。完成报名、提交材料，并通过报名点、考点、考区审核后，才需要缴费。",
    Status.REGISTERED: "材料还没有提交审核。提交材料，并通过报名点、考点、考区审核后，才需要缴费。",
    Status.POINT_REVIEW: "材料正由报名点审核，之后还有考点和考区审核。全部通过后会通知您缴费，现在请勿付款。",
    Status.SITE_REVIEW: "材料正由考点审核，之后还有考区审核。全部通过后会通知您缴费，现在请勿付款。",
    Status.REGION_REVIEW: "材料正由考区审核。通过后会通知您缴费，现在请勿付款。",
    Status.RETURNED: "报名被退回，请先补正并再次提交审核。审核全部通过后会通知您缴费，现在请勿付款。",
    Status.PAID: "缴费已完成，请勿再次付款。",
    Status.REJECTED: "审核不通过，不需要缴费。",
    Status.CANCELLED: "考试资格已取消，请勿付款。",
    Status.WITHDRAWN: "报名已撤销，不需要缴费。",
}


class NoFee(NotAllowed):
    """No fee is set for this session, region and level."""


def fee_of(application: Application) -> int | None:
    """Return what is to be paid now, in fen; None where the operator has not set it."""
    category = application.exam_category
    if category is None or application.region_id is None:
        return None
    fees = Fee.objects.filter(session=application.session_id, region=application.region_id, level=category.level)
    return fees.values_list("amount", flat=True).first()


def missing_fees(session: ExamSession | None) -> list[str]:
    """Name the regions and levels without a fee: no candidate there can pay."""
    if session is None:
        return []
    there = set(Fee.objects.filter(session=session).values_list("region", "level"))
    regions = Unit.objects.filter(level="region", is_active=True).order_by("code")
    return [
        f"{region.name}{name}"
        for region in regions
        for level, name in EXAM_LEVELS.items()
        if (region.pk, level) not in there
    ]


def open_or_paid(application: Application) -> PaymentOrder | None:
    return PaymentOrder.objects.filter(application=application, state__in=["created", "paid"]).first()


def expires_at(order: PaymentOrder) -> datetime:
    """Say until when the providers are told to take money for it: never after the last moment."""
    return min(order.created_at + LIFETIME, order.application.pays_until)


@transaction.atomic
def create(pk: int, *, actor: Actor, now: datetime | None = None) -> PaymentOrder:
    """Return the application's open order, made where there is none, for the fee of this moment.

    Raise NotAllowed outside payment_due or the payment window, NoFee where the operator has not set one.
    """
    now = now or timezone.now()
    application = lock(pk)
    if not actor.belongs_to(application):
        raise NotAllowed("只有考生本人可以缴费。")
    if application.status != Status.PAYMENT_DUE:
        raise NotAllowed(f"您的报名现在是“{STATUSES[application.status]}”。{NOT_DUE[application.status]}")
    closed = payment_closed(application, now)
    if closed:
        raise NotAllowed(closed)

    order = open_or_paid(application)
    if order:
        return order

    amount = fee_of(application)
    if amount is None:
        raise NoFee(_no_fee(application))
    return PaymentOrder.objects.create(
        application=application, number=_number(application.session), amount=amount, created_at=now
    )


def _no_fee(application: Application) -> str:
    region = application.region.code if application.region else "-"
    level = application.exam_category.level if application.exam_category else "-"
    log.error("no fee for session %s, region %s, level %s", application.session.year, region, level)
    return "您所在考区的收费标准还没有公布，暂时不能缴费。工作人员已收到提醒，请过一天再来，或联系您的考点。"


def _number(session: ExamSession) -> str:
    """Make a number of the year and 79 random bits: nobody guesses another's."""
    return f"{session.year}{readable_code(16)}"


@transaction.atomic
def close(order: PaymentOrder, *, now: datetime | None = None) -> bool:
    """Close an open order: money for it needs a refund from now on. False where it was paid or closed meanwhile."""
    lock(order.application_id)
    return bool(
        PaymentOrder.objects.filter(pk=order.pk, state="created").update(
            state="closed", closed_at=now or timezone.now()
        )
    )


def overdue(now: datetime) -> QuerySet[PaymentOrder]:
    """Select open orders of whom the time to pay is over."""
    until = Greatest("application__payment_deadline", "application__session__payment_closes")
    open_orders = PaymentOrder.objects.alias(until=until).filter(state="created", until__lte=now)
    return open_orders.select_related("application__session").order_by("pk")


@transaction.atomic
def close_refund(pk: int, *, reason: str, now: datetime | None = None) -> Payment:
    """Close a refund: the money went back, or `reason` says why not. Raise Refused without one, or the second time."""
    payment = Payment.objects.select_for_update().get(pk=pk)
    if payment.state != "refund_needed" or payment.closed_at:
        raise Refused({"payment": "这笔款项不需要退款，或已经处理。"})
    if payment.refunded and payment.refunds.filter(state__in=UNDER_WAY).exists():
        raise Refused({"payment": "这笔款项正在通过支付平台退款，请等它办结。"})
    if not reason.strip():
        raise Refused({"reason": "请填写处理说明。"})
    payment.closed_reason, payment.closed_at = reason.strip(), now or timezone.now()
    payment.save(update_fields=["closed_reason", "closed_at"])
    return payment


@transaction.atomic
def settle(
    number: str,
    *,
    provider: str,
    trade_number: str,
    amount: int,
    at: datetime,
    strange: str = "",
    now: datetime | None = None,
) -> Payment:
    """Book money that was received, once for each (provider, trade number). Return the payment, old or new.

    `amount` in fen, `at` when it was paid. The first payment of an open order for exactly its amount settles it and
    moves the application to paid, whenever it arrives; any other becomes refund_needed, and so does one of which
    something is impossible (`strange` says what).
    """
    order, application = _held(number)
    why = "impossible facts" if strange else _why_refund(order, application, amount)
    state = "refund_needed" if why else "settled"
    new = {"order": order, "amount": amount, "state": state, "received_at": at, "strange": strange}
    payment, is_new = Payment.objects.get_or_create(provider=provider, trade_number=trade_number, defaults=new)

    facts = f"{provider} trade {trade_number}, order {number}, {amount} fen"
    if not is_new:
        same = (payment.order_id, payment.amount) == (order.pk if order else None, amount)
        log.warning("%s: %s", "booked already" if same else "booked already, with other facts", facts)
    elif why or order is None or application is None:
        log.warning("refund needed (%s): %s", why, facts)
    else:
        _complete(order, application, payment, now)
    return payment


def _held(number: str) -> tuple[PaymentOrder | None, Application | None]:
    """Hold the application's row, then the order's; return neither where the number is nobody's."""
    order = PaymentOrder.objects.filter(number=number).first()
    if order is None:
        return None, None
    application = lock(order.application_id)
    return PaymentOrder.objects.select_for_update().get(pk=order.pk), application


def _complete(order: PaymentOrder, application: Application, payment: Payment, now: datetime | None) -> None:
    order.state, order.paid_at = "paid", payment.received_at
    order.save(update_fields=["state", "paid_at"])
    data = {"order": order.number, "payment": payment.pk}
    move(application, "pay", Actor(level="provider", name=payment.provider), data=data, now=now or timezone.now())


def _why_refund(order: PaymentOrder | None, application: Application | None, amount: int) -> str:
    """Say why this money cannot settle this order; nothing where it can."""
    if order is None or application is None:
        return "unknown order"
    if order.state != "created":
        return f"order is {order.state}"
    if amount != order.amount:
        return f"order is for {order.amount} fen"
    return "" if application.status == Status.PAYMENT_DUE else f"application is {application.status}"
