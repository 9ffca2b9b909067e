"""What is refused before the portal starts in production."""

import pytest
from django.core.checks import run_checks

from candidates import checks

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
