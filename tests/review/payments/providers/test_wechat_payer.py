import pytest

from review.payments.providers import wechat_payer
from review.payments.providers.terms import Unavailable

CONFIG = {
    "app_id": "wx1",
    "app_secret": "s" * 32,
    "authorize": "https://open.example/authorize",
    "token": "http://127.0.0.1:9/t",
}


def test_who_pays_is_asked_silently_and_in_the_order_that_wechat_wants():
    assert wechat_payer.asked(CONFIG, "https://nmec.example/payment/wechat/window/", "abc") == (
        "https://open.example/authorize?appid=wx1"
        "&redirect_uri=https%3A%2F%2Fnmec.example%2Fpayment%2Fwechat%2Fwindow%2F"
        "&response_type=code&scope=snsapi_base&state=abc#wechat_redirect"
    )


def test_silence_is_said_without_the_secret():
    with pytest.raises(Unavailable) as silence:
        wechat_payer.named(CONFIG, "code")
    assert CONFIG["app_secret"] not in str(silence.value)


def test_a_code_is_good_for_one_answer_and_only_with_the_secret(running_cashier, settings):
    running_cashier.payers["c1"] = "o-who"
    with pytest.raises(Unavailable, match="40125"):
        wechat_payer.named(settings.WECHAT | {"app_secret": "x"}, "c1")
    assert wechat_payer.named(settings.WECHAT, "c1") == "o-who"
    with pytest.raises(Unavailable, match="40029"):
        wechat_payer.named(settings.WECHAT, "c1")
