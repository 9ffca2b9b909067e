"""Small words for the tests of payment: a fee, an application that is due, money that comes in, a cashier."""

import socket
from contextlib import contextmanager
from functools import lru_cache
from threading import Thread

from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Application
from nmec_portal import payment_settings
from review.models import Fee, Payment, PaymentOrder
from review.payments import cashier, orders
from tests.factories import make_application

FEE = 20_000  # fen; assistant level


def make_fee(application: Application, amount: int = FEE) -> Fee:
    level = application.exam_category.level
    values = {"session": application.session, "region": application.region, "level": level}
    return Fee.objects.update_or_create(**values, defaults={"amount": amount})[0]


def make_due(**changes) -> Application:
    """An application that has passed its three levels, with a fee to pay."""
    application = make_application("payment_due", **changes)
    make_fee(application)
    return application


def make_order(application: Application, **words) -> PaymentOrder:
    return orders.create(application.pk, actor=Actor.of(application.account), **words)


def pay(order: PaymentOrder, trade_number: str = "T1", **changes) -> Payment:
    words = {"provider": "alipay", "amount": order.amount, "at": timezone.now(), **changes}
    return orders.settle(order.number, trade_number=trade_number, **words)


def status_of(application: Application) -> str:
    return Application.objects.values_list("status", flat=True).get(pk=application.pk)


def booked() -> list[tuple[str, str]]:
    return list(Payment.objects.order_by("pk").values_list("trade_number", "state"))


@lru_cache
def parsed(environment: frozenset) -> tuple[dict, dict]:
    """Read what configures the two providers once a run: OpenSSL takes 20 ms to look a private key over."""
    environ = dict(environment)
    alipay = payment_settings.alipay(environ, production=False, demo=True)
    return alipay, payment_settings.wechat(environ, production=False, demo=True)


def configure(settings, keys, address: str) -> None:
    """Both providers are offered, at this address."""
    settings.ALIPAY, settings.WECHAT = parsed(frozenset(keys.environment(address).items()))


@contextmanager
def cashier_running(settings, keys):
    """The demo cashier itself, reached over HTTP by the portal, the browser and the test."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    running = cashier.server(listening, keys)
    Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    configure(settings, keys, running.get_app().address)
    yield running.get_app()
    running.shutdown()
    running.server_close()
