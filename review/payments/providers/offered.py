"""Which providers are offered, and what the portal asks of them. Never called while holding a row."""

import logging
from functools import cache

from django.conf import settings
from django.utils import timezone

from review.models import Payment, PaymentOrder
from review.payments import orders
from review.payments.plausible import sound
from review.payments.providers.alipay import Alipay
from review.payments.providers.terms import Bill, Paid, Provider, Unavailable
from review.payments.providers.wechat import WeChat

log = logging.getLogger(__name__)


def offered() -> dict[str, Provider]:
    """Return the providers that are configured, by name."""
    kinds: list[tuple[type[Provider], dict[str, str] | None]] = [(Alipay, settings.ALIPAY), (WeChat, settings.WECHAT)]
    return {kind.name: _provider(kind, tuple(config.items()), settings.BASE_URL) for kind, config in kinds if config}


@cache
def _provider(kind: type[Provider], config: tuple[tuple[str, str], ...], base: str) -> Provider:
    """Make it once: the libraries look for the primes in a key each time they read it, for 0.1 s of CPU."""
    return kind(dict(config), base)


def bill(order: PaymentOrder, payer_address: str | None = None) -> Bill:
    """Return what a provider is told of this order; `payer_address` is that of the browser."""
    subject = f"{order.application.session.year} 年度医师资格考试缴费"
    until = orders.expires_at(order)
    return Bill(order.number, order.amount, subject, until, payer_address or Bill.payer_address)


def of_wechats_window() -> WeChat | None:
    """Return the provider that is paid in WeChat's own window, where that is agreed."""
    provider = offered().get(WeChat.name)
    return provider if isinstance(provider, WeChat) and "jsapi" in provider.config["ways"].split(",") else None


def book(name: str, paid: Paid) -> Payment:
    """Book what a provider vouches for, also where some of it is impossible: it is money all the same."""
    facts = sound(paid, timezone.now())
    return orders.settle(
        facts.order,
        provider=name,
        trade_number=facts.trade_number,
        amount=facts.amount,
        at=facts.at,
        strange=facts.strange,
    )


def ask(order: PaymentOrder) -> str:
    """Ask every provider once, and book what it vouches for: "paid", "unpaid", or "unknown" where one is silent."""
    answer = "unpaid"
    for name, provider in offered().items():
        try:
            paid = provider.query(order.number)
        except Unavailable as silence:
            log.warning("%s does not say whether order %s is paid: %s", name, order.number, silence)
            answer = "unknown" if answer == "unpaid" else answer
            continue
        if paid:
            book(name, paid)
            answer = "paid"
    return answer


def retire(order: PaymentOrder) -> str:
    """Close an open order once every provider says that it is not paid: "closed", "paid", or "left" as it is."""
    answer = ask(order)
    if answer == "unpaid" and orders.close(order):
        return "closed"
    return "left" if answer == "unknown" else "paid"
