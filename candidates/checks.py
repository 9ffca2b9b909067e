"""What sending needs to be set, told by `manage.py check --deploy`, and in production at every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from candidates.messages import sending


def mobiles_can_be_confirmed(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report an error where registering needs a code that no configured sender can bring."""
    if settings.CONFIRM_MOBILE and "mobile" not in sending.contacts():
        return [Error(settings.NO_WAY_TO_MOBILES, id="candidates.E001")]
    return []
