"""What is refused before the portal starts in production."""

import pytest
from django.core.checks import run_checks

from candidates import checks
from candidates.messages.kinds import KINDS

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
