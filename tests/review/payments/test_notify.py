"""A provider's notification counts when it is signed by the provider, for our app, our merchant, our order.

The signatures are real, made with test keys as the provider makes them.
"""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from candidates.applications.workflow import Actor
from review.cases import decisions
from review.models import Payment
from review.payments import cashier, cashier_keys
from review.payments.cashier_sides import Trade, alipay_facts, wechat_facts
from review.payments.providers.offered import offered
from tests.factories import make_operator
from tests.review import casework
from tests.review.payments.case import FEE, booked, make_due, make_order, status_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("configured")]
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def a_trade(order, provider="alipay", **changes) -> Trade:
    values = {"order": order.number, "amount": order.amount, "number": f"{provider}-1", **changes}
    paid_at = values.pop("paid_at", datetime.now(cashier.BEIJING))
    return Trade(provider=provider, subject="缴费", notify="", back="", paid_at=paid_at, **values)


def alipay(keys, order, client=None, sign_with=None, **changes):
    """Sends a signed notification with these fields changed; gives status and body of the answer."""
    facts = alipay_facts(a_trade(order)) | changes
    body = cashier_keys.alipay_notification(sign_with or keys, {name: value for name, value in facts.items() if value})
    return post_alipay(body, client)


def post_alipay(body, client=None):
    answer = (client or Client()).post("/payment/alipay/notify/", body, content_type=FORM)
    return answer.status_code, answer.content.decode()


def wechat(keys, order, *, headers=None, body=None, event="TRANSACTION.SUCCESS", sent=None, **changes):
    facts = wechat_facts(a_trade(order, "wechat")) | changes
    signed = cashier_keys.wechat_notification(keys, facts, event=event)
    given = cashier_keys.wechat_headers(keys, signed, sent=sent) | (headers or {})
    kind = given.pop("Content-Type")
    answer = Client().post("/payment/wechat/notify/", body or signed, content_type=kind, headers=given)
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def order():
    return make_order(make_due())


def nothing_changed(order):
    order.refresh_from_db()
    return (booked(), order.state, status_of(order.application)) == ([], "created", "payment_due")


def test_a_signed_notification_of_alipay_completes_the_application(keys, order):
    assert alipay(keys, order) == (200, "success")
    payment = Payment.objects.get()
    facts = (payment.provider, payment.trade_number, payment.amount, payment.state)
    assert facts == ("alipay", "alipay-1", FEE, "settled")
    assert status_of(order.application) == "paid"


def test_a_signed_notification_of_wechat_completes_the_application(keys, order):
    assert wechat(keys, order) == (200, "SUCCESS")
    assert booked() == [("wechat-1", "settled")]
    assert status_of(order.application) == "paid"


def other_keys(tmp_path):
    return cashier_keys.keys_in(tmp_path / "others")


def test_what_somebody_else_has_signed_changes_nothing(keys, order, tmp_path, caplog):
    others = other_keys(tmp_path)
    assert alipay(keys, order, sign_with=others) == (400, "failure")
    assert wechat(others, order) == (400, "FAIL")
    assert nothing_changed(order)
    assert caplog.text.count("notification refused: signature") == 2


def test_an_altered_field_of_alipay_changes_nothing(keys, order, caplog):
    body = cashier_keys.alipay_notification(keys, alipay_facts(a_trade(order)))
    altered = {"total_amount": "0.01", "out_trade_no": "X", "trade_no": "X", "sign_type": "RSA", "sign": "签"}
    for change in altered.items():
        assert post_alipay(urlencode(dict(parse_qsl(body.decode())) | dict([change]))) == (400, "failure")
    assert nothing_changed(order)
    assert caplog.text.count("alipay notification refused: signature") == len(altered)


def test_a_notification_of_alipay_without_a_signature_changes_nothing(keys, order):
    assert post_alipay(urlencode(alipay_facts(a_trade(order)))) == (400, "failure")
    assert post_alipay("") == (400, "failure")
    assert nothing_changed(order)


def test_what_alipay_signed_for_somebody_else_changes_nothing(keys, order, caplog):
    assert alipay(keys, order, app_id="2021999999999999") == (400, "failure")
    assert alipay(keys, order, seller_id="2088999999999999") == (400, "failure")
    assert nothing_changed(order)
    told = [
        record.getMessage().partition(": ")[2] for record in caplog.records if record.name == "review.payments.notify"
    ]
    assert told == ["another app", "another seller"]


@pytest.mark.parametrize("said", ["0", "-200.00", "200.001", "1e5", "二百"])
def test_money_of_an_impossible_amount_is_kept_for_a_refund(keys, order, said):
    assert alipay(keys, order, total_amount=said) == (200, "success")
    payment = Payment.objects.get()
    assert (payment.state, payment.amount, payment.strange) == ("refund_needed", 0, f"金额 {said}")
    assert status_of(order.application) == "payment_due"


def test_a_trade_of_alipay_that_is_not_paid_is_taken_note_of(keys, order):
    assert alipay(keys, order, trade_status="WAIT_BUYER_PAY") == (200, "success")
    assert alipay(keys, order, trade_status="TRADE_CLOSED") == (200, "success")
    assert nothing_changed(order)


def test_altered_headers_of_wechat_change_nothing(keys, order, caplog):
    altered = {
        "Signature": base64.b64encode(b"x" * 256).decode(),
        "Serial": "4F3A",
        "Signature-Type": "SM3",
        "Nonce": "other",
        "Timestamp": str(int(time.time()) - 1),
    }
    for name, value in altered.items():
        assert wechat(keys, order, headers={f"Wechatpay-{name}": value}) == (400, "FAIL")
    assert caplog.text.count("wechat notification refused: signature") == len(altered)
    assert wechat(keys, order, headers={"Wechatpay-Timestamp": "soon"}) == (400, "FAIL")
    assert wechat(keys, order, headers={"Wechatpay-Signature": "\xe7\xad\xbe"}) == (400, "FAIL")
    assert nothing_changed(order)


def test_an_altered_body_of_wechat_changes_nothing(keys, order):
    other = cashier_keys.wechat_notification(keys, wechat_facts(a_trade(order, "wechat")))
    assert [wechat(keys, order, body=body) for body in (other, "{}", "[]", "x", "\xff")] == [(400, "FAIL")] * 5
    assert nothing_changed(order)


def test_a_signed_body_of_wechat_that_says_nothing_changes_nothing(keys, order):
    for body in ("[]", "{}", '{"resource_type": "encrypt-resource", "resource": []}'):
        headers = cashier_keys.wechat_headers(keys, body)
        assert wechat(keys, order, headers=headers, body=body) == (400, "FAIL")
    assert nothing_changed(order)


def test_what_wechat_signed_but_is_not_for_us_changes_nothing(keys, order):
    amounts = ({"total": FEE}, FEE)
    wrong = [{"appid": "other"}, {"mchid": "other"}]
    for changes in (*wrong, *({"amount": amount} for amount in amounts)):
        assert wechat(keys, order, **changes) == (400, "FAIL")
    assert nothing_changed(order)


def test_wechats_money_of_an_impossible_amount_is_kept_too(keys, order):
    assert wechat(keys, order, amount={"total": FEE, "currency": "USD"}) == (200, "SUCCESS")
    payment = Payment.objects.get()
    assert (payment.state, payment.amount, payment.strange) == ("refund_needed", 0, f"金额 {FEE} USD")


def test_a_trade_of_wechat_that_is_not_paid_is_taken_note_of(keys, order):
    assert wechat(keys, order, trade_state="CLOSED") == (200, "SUCCESS")
    assert wechat(keys, order, event="COUPON.USE") == (200, "SUCCESS")
    assert nothing_changed(order)


def test_an_old_notification_of_wechat_is_a_replay(keys, order, caplog):
    assert wechat(keys, order, sent=int(time.time()) - 301) == (400, "FAIL")
    assert nothing_changed(order)
    assert "wechat notification refused: not of this moment" in caplog.text


def test_a_replay_is_answered_the_same_and_books_nothing_more(keys, order, caplog):
    assert [alipay(keys, order) for _ in range(3)] == [(200, "success")] * 3
    assert booked() == [("alipay-1", "settled")]
    assert caplog.text.count("booked already") == 2
    assert order.application.account.name not in caplog.text


def test_a_notification_is_posted(client, order, caplog):
    for provider in ("alipay", "wechat"):
        answer = client.get(f"/payment/{provider}/notify/", {"out_trade_no": order.number})
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        assert f"{provider} notification refused: GET" in caplog.text
    assert nothing_changed(order)


def test_a_notification_needs_no_session_and_no_token(keys, order):
    assert alipay(keys, order, client=Client(enforce_csrf_checks=True)) == (200, "success")


def test_a_provider_that_is_not_configured_is_not_there(client, settings):
    settings.WECHAT = None
    assert client.post("/payment/wechat/notify/").status_code == 404
    assert client.post("/payment/bank/notify/").status_code == 404


def test_the_wrong_amount_is_kept_for_a_refund(keys, order):
    assert alipay(keys, order, total_amount="199.99") == (200, "success")
    assert booked() == [("alipay-1", "refund_needed")]
    assert status_of(order.application) == "payment_due"


def test_money_for_an_order_that_is_not_ours_is_kept_for_a_refund(keys, order):
    assert alipay(keys, order, out_trade_no="2027XXXX") == (200, "success")
    assert Payment.objects.values_list("order", "state").get() == (None, "refund_needed")


@pytest.mark.parametrize("said", ["0001-01-01 00:00:00", "1999-12-31 23:59:59", "2099-01-01 00:00:00", "昨天"])
def test_money_of_an_impossible_time_is_kept_for_a_refund_at_its_arrival(keys, order, said):
    before = timezone.now()
    assert alipay(keys, order, gmt_payment=said) == (200, "success")
    payment = Payment.objects.get()
    assert (payment.state, payment.strange, payment.order) == ("refund_needed", f"支付时间 {said}", order)
    assert before <= payment.received_at <= timezone.now()
    assert status_of(order.application) == "payment_due"


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+08:00", "2099-01-01T00:00:00+08:00", "2027-03-08T09:00:00", ""])
def test_wechats_money_of_an_impossible_time_is_kept_too(keys, order, said):
    assert wechat(keys, order, success_time=said) == (200, "SUCCESS")
    assert booked() == [("wechat-1", "refund_needed")]
    assert status_of(order.application) == "payment_due"


def test_numbers_that_no_database_holds_are_cleaned_and_each_booked_once(keys, order):
    long = "9" * 200
    for trade_number in ("A\0B", long, long + "1", long):
        assert alipay(keys, order, trade_no=trade_number) == (200, "success")
    assert wechat(keys, order, transaction_id="\ud800") == (200, "SUCCESS")
    assert [state for _, state in booked()] == ["refund_needed"] * 4
    assert Payment.objects.order_by("pk").first().trade_number == "A\ufffdB"
    assert max(len(number) for number, _ in booked()) <= 64


def test_an_order_number_that_no_database_holds_is_nobodys(keys, order):
    assert alipay(keys, order, out_trade_no=f"{order.number}\0") == (200, "success")
    assert Payment.objects.values_list("order", "state").get() == (None, "refund_needed")


def test_no_page_breaks_on_money_of_an_impossible_time(keys, order, client):
    alipay(keys, order, gmt_payment="0001-01-01 00:00:00", trade_no="A\0B")
    client.force_login(order.application.account)
    assert "这笔钱没有丢失" in client.get("/payment/").content.decode()
    client.force_login(make_operator())
    payment = Payment.objects.get()
    assert "支付时间 0001-01-01" in client.get(f"/admin/review/payment/{payment.pk}/change/").content.decode()
    assert client.get("/admin/review/payment/").status_code == 200


def test_two_providers_for_one_order_make_one_payment_and_one_refund(keys, order):
    assert (alipay(keys, order), wechat(keys, order)) == ((200, "success"), (200, "SUCCESS"))
    assert booked() == [("alipay-1", "settled"), ("wechat-1", "refund_needed")]


def test_a_payment_after_the_cancellation_is_kept_for_a_refund(keys, order):
    application = order.application
    application.owed = ["probation"]
    application.save()
    late = application.session.owed_until
    site = Actor.of(casework.reviewer(application, "site"))
    decisions.cancel(application.pk, actor=site, seen=application.last_record_id, reason="没有补交。", now=late)
    assert wechat(keys, order) == (200, "SUCCESS")
    assert booked() == [("wechat-1", "refund_needed")]
    assert status_of(application) == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_notifications_at_once_make_one_payment(keys):
    order = make_order(make_due())
    body = cashier_keys.alipay_notification(keys, alipay_facts(a_trade(order)))
    offered()  # each of twenty would read the keys for itself

    def send(_):
        try:
            return post_alipay(body)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert answers == [(200, "success")] * 20
    assert booked() == [("alipay-1", "settled")]
    assert list(order.application.records.filter(action="pay").values_list("to_status")) == [("paid",)]


@pytest.mark.django_db(transaction=True)
def test_two_providers_at_once_make_one_payment_and_one_refund(keys):
    order = make_order(make_due())

    def send(notify):
        try:
            return notify(keys, order)[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, [alipay, wechat])) == [200, 200]
    assert sorted(state for _, state in booked()) == ["refund_needed", "settled"]
    assert status_of(order.application) == "paid"


def test_what_alipay_signs_of_its_own_fields_is_read_as_it_came(keys, order):
    """Quotation marks, signs and spaces that something on the way spells anew: yansongda/pay issue 180."""
    funds = '[{"amount":"200.00","fundChannel":"ALIPAYACCOUNT"}]'
    strange = {
        "fund_bill_list": funds,
        "passback_params": "a%3D1+2 & <b>",
        "body": "　全角 空格 ",
        "buyer_logon_id": "a*b@c.cn",
    }
    assert alipay(keys, order, **strange) == (200, "success")
    assert status_of(order.application) == "paid"


def test_a_trade_that_is_closed_later_takes_no_payment_back(keys, order):
    """A notification that is late, or of another try, undoes nothing: mollie/WooCommerce pull 1182."""
    assert alipay(keys, order) == (200, "success")
    assert alipay(keys, order, trade_status="TRADE_CLOSED") == (200, "success")
    assert wechat(keys, order, event="TRANSACTION.CLOSED", trade_state="CLOSED") == (200, "SUCCESS")
    order.refresh_from_db()
    assert (order.state, status_of(order.application)) == ("paid", "paid")
