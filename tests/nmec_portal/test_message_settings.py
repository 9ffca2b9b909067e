"""Providers of SMS: configured whole or not at all, and asked in an order that one can name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from nmec_portal import message_settings


@pytest.fixture
def given(tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    common = {
        "KEY_ID": "id",
        "SECRET_FILE": str(tmp_path / "secret"),
        "SIGN_NAME": "考务",
        "TEMPLATES": "code=1, paid = 2",
    }
    return {
        **{f"NMEC_ALIYUN_SMS_{name}": value for name, value in common.items()},
        **{f"NMEC_TENCENT_SMS_{name}": value for name, value in {**common, "APP_ID": "1400"}.items()},
    }


def ask(environ, **changes):
    environ = {**environ, **changes}
    where = {"production": False, "demo": False}
    return message_settings.aliyun(environ, **where), message_settings.tencent(environ, **where)


def test_both_are_read_whole(given):
    aliyun, tencent = ask(given)
    assert (aliyun["secret"], aliyun["templates"]) == ("s3cret", {"code": "1", "paid": "2"})
    assert (tencent["app_id"], tencent["region"]) == ("1400", "ap-guangzhou")
    assert tencent["gateway"] == "https://sms.tencentcloudapi.com"


def test_what_is_not_there_is_not_offered():
    assert ask({}) == (None, None)


@pytest.mark.parametrize("value", ["SMS_1", "code=1,code=2", "code=", "code=1;paid=2", "Code=1"])
def test_nonsense_for_templates_is_refused(given, value):
    with pytest.raises(ImproperlyConfigured, match="NMEC_ALIYUN_SMS_TEMPLATES is not like"):
        ask(given, NMEC_ALIYUN_SMS_TEMPLATES=value)


@pytest.mark.parametrize("value", ["LTAI\n5", "密钥", "a b", "k" * 129])
def test_a_key_that_no_request_could_name_is_refused(given, value):
    for name in ("ALIYUN", "TENCENT"):
        with pytest.raises(ImproperlyConfigured, match=f"NMEC_{name}_SMS_KEY_ID=.* is no key's id"):
            ask(given, **{f"NMEC_{name}_SMS_KEY_ID": value})


def test_half_of_a_provider_is_refused(given):
    with pytest.raises(ImproperlyConfigured, match="NMEC_TENCENT_SMS_APP_ID not set"):
        ask(given, NMEC_TENCENT_SMS_APP_ID="")


def test_demo_data_reaches_no_provider(given):
    with pytest.raises(ImproperlyConfigured, match="NMEC_ALIYUN_SMS_GATEWAY must be on this machine"):
        message_settings.aliyun(given, production=False, demo=True)


def test_who_is_asked_follows_from_what_is_configured(given):
    aliyun, tencent = ask(given)
    assert message_settings.senders({"NMEC_SMTP": "smtp://x"}, aliyun, tencent) == "aliyun,tencent,mail"
    assert message_settings.senders({}, None, None) == "console"


@pytest.mark.parametrize("sender", ["aliyun", "mail,mail", "mail,candidates.messages.sending.mail", ","])
def test_a_chain_that_cannot_be_is_refused(sender):
    with pytest.raises(ImproperlyConfigured, match="NMEC_SENDER"):
        message_settings.names(sender, None, None)
