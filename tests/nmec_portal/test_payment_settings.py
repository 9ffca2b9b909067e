"""The providers' settings: whole, or not there at all; what cannot be right is refused at start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from nmec_portal import payment_settings
from review.payments import cashier_keys


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    keys = cashier_keys.keys_in(tmp_path_factory.mktemp("keys"))
    return keys.environment("http://127.0.0.1:1")


def both(environ, *, production=False, demo=False):
    words = {"production": production, "demo": demo}
    return payment_settings.alipay(environ, **words), payment_settings.wechat(environ, **words)


def test_what_is_not_set_is_not_offered():
    assert both({}) == (None, None)


def test_what_is_set_whole_is_read_with_its_keys(environ):
    alipay, wechat = both(environ)
    assert (alipay["seller_id"], wechat["merchant_id"]) == (cashier_keys.SELLER_ID, cashier_keys.MERCHANT_ID)
    assert alipay["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
    assert len(wechat["api_v3_key"]) == 32


@pytest.mark.parametrize("name", ["NMEC_ALIPAY_SELLER_ID", "NMEC_WECHAT_PUBLIC_KEY_ID"])
def test_half_a_provider_is_refused_with_what_is_missing(environ, name):
    with pytest.raises(ImproperlyConfigured, match=name):
        both(environ | {name: ""})


@pytest.mark.parametrize("name", ["NMEC_ALIPAY_PRIVATE_KEY_FILE", "NMEC_WECHAT_PUBLIC_KEY_FILE"])
def test_a_file_that_is_no_key_is_refused(environ, name, tmp_path):
    (tmp_path / "key.pem").write_text("no key")
    for path in ("/nowhere/key.pem", str(tmp_path / "key.pem")):
        with pytest.raises(ImproperlyConfigured, match=name):
            both(environ | {name: path})


def test_a_secret_of_another_length_is_refused(environ, tmp_path):
    (tmp_path / "secret").write_text("x" * 31)
    with pytest.raises(ImproperlyConfigured, match="32 characters"):
        both(environ | {"NMEC_WECHAT_API_V3_KEY_FILE": str(tmp_path / "secret")})


def test_a_gateway_in_production_is_https_and_in_the_demo_on_this_machine(environ):
    with pytest.raises(ImproperlyConfigured, match="https"):
        both(environ, production=True)
    real = environ | {"NMEC_ALIPAY_GATEWAY": "", "NMEC_WECHAT_GATEWAY": ""}
    assert [one["gateway"] for one in both(real, production=True)] == [
        "https://openapi.alipay.com/gateway.do",
        "https://api.mch.weixin.qq.com",
    ]
    with pytest.raises(ImproperlyConfigured, match="on this machine"):
        both(real, demo=True)
