"""What sending needs to be set, told by `manage.py check --deploy`, and in production at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from candidates.messages import sending
from candidates.messages.kinds import KINDS


def mobiles_can_be_confirmed(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report an error where registering needs a code that no configured sender can bring."""
    if settings.CONFIRM_MOBILE and "mobile" not in sending.contacts():
        return [Error(settings.NO_WAY_TO_MOBILES, id="candidates.E001")]
    return []


def phones_are_reached(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where nobody is told by SMS: who has no e-mail reads in the portal that their papers were returned."""
    if any("mobile" in one.reaches for one in sending.chain()):
        return []
    return [Warning(settings.NO_PHONES, id="candidates.W001")]


def templates_are_of_kinds() -> list[CheckMessage]:
    """Report an error where a template is given for a kind that there is none of, or that no SMS tells."""
    given = {
        "NMEC_ALIYUN_SMS_TEMPLATES": settings.ALIYUN_SMS,
        "NMEC_TENCENT_SMS_TEMPLATES": settings.TENCENT_SMS,
    }
    known = [name for name, kind in KINDS.items() if kind.sms]
    return [
        Error(f"{setting} names {name!r}; an SMS is sent for {', '.join(known)}.", id="candidates.E002")
        for setting, config in given.items()
        for name in (config or {}).get("templates", {})
        if name not in known
    ]
