"""Small words for the tests of payment: a fee, an application that is due, money that comes in, a cashier."""

import socket
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Application
from candidates.rules.devices import device_of
from nmec_portal import payment_settings
from review.models import Fee, Payment, PaymentOrder
from review.payments import cashier, orders
from review.payments.providers import offered
from tests.factories import make_application

NOWHERE = "http://127.0.0.1:9"  # nobody answers there
READ: dict[Path, tuple[dict[str, str], ...]] = {}
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; PFJM10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0 Mobile Safari/537.36"
)
IN_WECHAT = f"{PHONE} XWEB/1220 MMWEBSDK/2024 MicroMessenger/8.0.49 WeChat/arm64"
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


def address_of(name: str, order: PaymentOrder, user_agent: str = "") -> str:
    """Where this order is paid by this provider, on a computer or on what says so."""
    provider = offered.offered()[name]
    return provider.address(offered.bill(order), provider.way(device_of(user_agent)))


def pay(order: PaymentOrder, trade_number: str = "T1", **changes) -> Payment:
    words = {"provider": "alipay", "amount": order.amount, "at": timezone.now(), **changes}
    return orders.settle(order.number, trade_number=trade_number, **words)


def status_of(application: Application) -> str:
    return Application.objects.values_list("status", flat=True).get(pk=application.pk)


def booked() -> list[tuple[str, str]]:
    return list(Payment.objects.order_by("pk").values_list("trade_number", "state"))


def configure(settings, keys, address: str) -> None:
    """Both providers are offered, at this address."""
    settings.ALIPAY, settings.WECHAT = (
        {name: value.replace(NOWHERE, address) for name, value in read.items()} for read in _read(keys)
    )


def _read(keys) -> tuple[dict[str, str], ...]:
    """Read a folder's keys once: looking whether they are sound takes 0.1 s."""
    if keys.folder not in READ:
        environ = keys.environment(NOWHERE)
        kinds = (payment_settings.alipay, payment_settings.wechat)
        READ[keys.folder] = tuple(kind(environ, production=False, demo=True) for kind in kinds)
    return READ[keys.folder]


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
