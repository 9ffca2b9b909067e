from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl

import pytest

from candidates.rules.devices import device_of
from review.models import PROVIDERS
from review.payments.cashier_sides import BEIJING, SIDES, Trade
from review.payments.providers import offered
from review.payments.providers.terms import Unavailable
from tests.review.payments.case import PHONE, make_due, make_order


@pytest.mark.usefixtures("configured")
def test_the_cashier_has_a_side_for_every_provider_that_can_be_offered():
    assert {side.name: side.label for side in SIDES.values()} == {
        name: provider.label for name, provider in offered.offered().items()
    }
    assert SIDES.keys() <= PROVIDERS.keys()


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("name", SIDES)
def test_a_providers_own_library_takes_the_notification_for_genuine(keys, name):
    paid_at = datetime.now(BEIJING).replace(microsecond=0)
    trade = Trade(name, "2027ABC", 26_000, "缴费", "", "http://127.0.0.1/payment/", paid_at=paid_at)
    body, headers = SIDES[name].notification(keys, trade)
    paid = offered.offered()[name].notified(headers, body, dict(parse_qsl(body.decode())))
    assert (paid.order, paid.trade_number, paid.amount, paid.at) == ("2027ABC", trade.number, 26_000, paid_at)


def test_whoever_scanned_a_code_stays_where_it_was_scanned(keys):
    trade = Trade("wechat", "2027ABC", 26_000, "缴费", "", "http://127.0.0.1/payment/")
    assert SIDES["wechat"].after_payment(keys, trade) is None
    status, headers, _ = SIDES["alipay"].after_payment(keys, trade)
    assert status == "302 Found"
    assert dict(headers)["Location"].startswith("http://127.0.0.1/payment/?")


def test_whoever_paid_on_a_phone_is_led_back(keys):
    trade = Trade("wechat", "2027ABC", 26_000, "缴费", "", "http://127.0.0.1/payment/?returned=1", kind="MWEB")
    _, headers, _ = SIDES["wechat"].after_payment(keys, trade)
    assert dict(headers)["Location"] == "http://127.0.0.1/payment/?returned=1"


@pytest.mark.django_db
def test_wechat_takes_no_order_of_a_phone_without_the_payers_address(running_cashier):
    wechat = offered.offered()["wechat"]
    bill = replace(offered.bill(make_order(make_due())), payer_address="")
    with pytest.raises(Unavailable, match="PARAM_ERROR"):
        wechat.address(bill, wechat.way(device_of(PHONE)))
    assert running_cashier.trades == {}
