"""What is refused before the portal starts in production."""

import pytest
from django.core.checks import run_checks

from candidates import checks
from candidates.messages.kinds import KINDS
from tests import factories

MAIL = "candidates.messages.sending.mail"
UNDECLARED = f"{__name__}.undeclared"


def undeclared(account, subject, text):
    """A sender that does not say what it reaches is taken to reach all."""


@pytest.mark.parametrize(
    ("confirm", "sender", "found"),
    [
        (True, MAIL, ["candidates.E001", "candidates.W001"]),
        (False, MAIL, ["candidates.W001"]),
        (True, "candidates.messages.sending.console", []),
        (True, UNDECLARED, []),
    ],
)
def test_the_check_for_production_finds_mobiles_that_cannot_be_confirmed(settings, confirm, sender, found):
    settings.CONFIRM_MOBILE, settings.SENDER = confirm, sender
    assert [one.id for one in (*checks.mobiles_can_be_confirmed(), *checks.phones_are_reached())] == found
    ours = [one.id for one in run_checks(include_deployment_checks=True) if one.id and one.id.startswith("candidates.")]
    assert sorted(ours) == found


TEMPLATES = {name: "SMS_1" for name, kind in KINDS.items() if kind.sms}
WHOLE = {"templates": TEMPLATES}
NO_CODE = {"templates": {name: code for name, code in TEMPLATES.items() if name != "code"}}
CODE_ALONE = {"templates": {"code": "SMS_1"}}
SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"


@pytest.mark.parametrize(
    ("sender", "aliyun", "tencent", "server", "found"),
    [
        ("aliyun,mail", WHOLE, None, SMTP, {}),
        ("aliyun,tencent,mail", CODE_ALONE, WHOLE, SMTP, {}),
        ("aliyun,mail", NO_CODE, None, SMTP, {"W002": "no code by SMS"}),
        ("aliyun", NO_CODE, None, CONSOLE, {"E003": "brings no code to anybody"}),
        ("aliyun,mail", CODE_ALONE, None, SMTP, {"W004": "has a template for staff_password, passed"}),
        ("aliyun", WHOLE, WHOLE, CONSOLE, {"W003": "NMEC_TENCENT_SMS_… is set, and tencent is not in NMEC_SENDER"}),
        ("aliyun", WHOLE, None, SMTP, {"W003": "NMEC_SMTP is set, and mail is not in NMEC_SENDER"}),
        ("mail", WHOLE, None, SMTP, {"W001": "reaches no phone", "W003": "aliyun is not in NMEC_SENDER"}),
    ],
)
def test_each_wrong_combination_has_its_sentence(settings, sender, aliyun, tencent, server, found):
    settings.CONFIRM_MOBILE, settings.EMAIL_BACKEND = False, server
    settings.SENDER, settings.ALIYUN_SMS, settings.TENCENT_SMS = sender, aliyun, tencent
    told = run_checks(include_deployment_checks=True)
    ours = {one.id.removeprefix("candidates."): one.msg for one in told if str(one.id).startswith("candidates.")}
    assert sorted(ours) == sorted(found)
    assert [code for code, words in found.items() if words not in ours[code]] == []


# --- the keys are those of the data ----------------------------------------------------------------------------------


def of_the_data():
    return [one.id for one in run_checks(tags=["database"], databases=["default"]) if one.id.startswith("candidates")]


@pytest.mark.django_db
def test_keys_of_an_empty_database_are_as_good_as_any():
    assert of_the_data() == []


@pytest.mark.django_db
def test_keys_that_open_and_find_what_is_there_are_good(settings):
    factories.make_candidate()
    settings.FIELD_KEYS = [b"\x01" * 32, *settings.FIELD_KEYS]
    assert of_the_data() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("FIELD_KEYS", [b"\x01" * 32], "candidates.E004"),
        ("INDEX_KEY", b"\x01" * 32, "candidates.E005"),
        ("INDEX_HASH", "sm3", "candidates.E005"),
    ],
)
def test_keys_of_another_database_are_told_before_anybody_can_register_twice(settings, name, value, found):
    factories.make_candidate()
    setattr(settings, name, value)
    assert of_the_data() == [found]


@pytest.mark.django_db
def test_the_newest_account_that_has_a_number_is_asked(settings):
    factories.make_candidate()
    factories.make_operator()
    settings.INDEX_KEY = b"\x01" * 32
    assert of_the_data() == ["candidates.E005"]
