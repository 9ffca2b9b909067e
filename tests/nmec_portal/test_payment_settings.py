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


def test_each_way_is_agreed_by_itself_and_without_a_word_only_that_of_computers(environ):
    assert [one["ways"] for one in both(environ)] == ["page,wap", "native,h5,jsapi"]
    silent = environ | {"NMEC_ALIPAY_WAYS": "", "NMEC_WECHAT_WAYS": " ", "NMEC_WECHAT_APP_SECRET_FILE": ""}
    assert [one["ways"] for one in both(silent)] == ["page", "native"]
    assert both(environ | {"NMEC_ALIPAY_WAYS": " wap , page"})[0]["ways"] == "page,wap"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"NMEC_ALIPAY_WAYS": "page,app"}, "NMEC_ALIPAY_WAYS knows no app"),
        ({"NMEC_WECHAT_WAYS": "native,jsapi", "NMEC_WECHAT_APP_SECRET_FILE": ""}, "set together or not at all"),
        ({"NMEC_WECHAT_WAYS": "native,h5"}, "set together or not at all"),
        ({"NMEC_WECHAT_APP_SECRET_FILE": "/nowhere"}, "cannot be read"),
        ({"NMEC_WECHAT_TOKEN": "ftp://api.weixin.qq.com"}, "NMEC_WECHAT_TOKEN"),
    ],
)
def test_ways_that_contradict_are_refused_at_start(environ, changes, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        both(environ | changes)


@pytest.mark.parametrize("name", ["NMEC_ALIPAY_WAYS", "NMEC_WECHAT_WAYS"])
def test_ways_of_a_provider_that_is_not_set_are_refused(name):
    with pytest.raises(ImproperlyConfigured, match=f"{name} set, but not the provider"):
        both({name: "page"})


def test_a_secret_that_is_none_is_refused(environ, tmp_path):
    (tmp_path / "secret").write_text("not one")
    with pytest.raises(ImproperlyConfigured, match="AppSecret"):
        both(environ | {"NMEC_WECHAT_APP_SECRET_FILE": str(tmp_path / "secret")})


def test_a_gateway_in_production_is_https_and_in_the_demo_on_this_machine(environ):
    with pytest.raises(ImproperlyConfigured, match="https"):
        both(environ, production=True)
    gateways = ("ALIPAY_GATEWAY", "WECHAT_GATEWAY", "WECHAT_AUTHORIZE", "WECHAT_TOKEN")
    real = environ | {f"NMEC_{name}": "" for name in gateways}
    assert [one["gateway"] for one in both(real, production=True)] == [
        "https://openapi.alipay.com/gateway.do",
        "https://api.mch.weixin.qq.com",
    ]
    for_jsapi = both(real, production=True)[1]
    assert for_jsapi["authorize"] == "https://open.weixin.qq.com/connect/oauth2/authorize"
    assert for_jsapi["token"] == "https://api.weixin.qq.com/sns/oauth2/access_token"
    with pytest.raises(ImproperlyConfigured, match="on this machine"):
        both(real, demo=True)
