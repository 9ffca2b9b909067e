"""What sending needs to be set, told by `manage.py check --deploy`, and in production at every start; and whether the
keys are those of the data: by `check --database default`, and before every `migrate`.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError, transaction

from candidates.encryption import Undecryptable, keyed_hash
from candidates.messages import sending
from candidates.messages.kinds import KINDS
from candidates.models import Account
from candidates.rules.id_number import identity_key

OTHER_FIELD_KEYS = (
    "No key in NMEC_FIELD_KEYS opens what this database holds. Put back the key that sealed it; a new one goes in "
    "front of it, until `reseal --dry-run` says 0."
)
OTHER_INDEX_KEY = (
    "NMEC_INDEX_KEY or NMEC_INDEX_HASH is not the one that this database was filled with: nobody could log in, and "
    "everybody could register a second time. Put the former one back."
)


def mobiles_can_be_confirmed(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report an error where registering needs a code that no configured sender can bring."""
    if settings.CONFIRM_MOBILE and "mobile" not in sending.contacts():
        return [Error(settings.NO_WAY_TO_MOBILES, id="candidates.E001")]
    return []


def phones_are_reached(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where nobody is told by SMS: who has no e-mail reads in the portal that their papers were returned."""
    if _by_sms():
        return []
    return [Warning(settings.NO_PHONES, id="candidates.W001")]


def codes_reach_somebody(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report an error where a code goes to nobody, and a warning where it goes to no phone though SMS are sent."""
    reached = sending.contacts()
    if not reached:
        return [Error(settings.NO_CODES, id="candidates.E003")]
    if "mobile" in reached or settings.CONFIRM_MOBILE or not _by_sms():
        return []
    return [Warning(settings.NO_CODES_TO_PHONES, id="candidates.W002")]


def all_that_is_configured_is_asked(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a provider or a mail server that is configured, and never asked."""
    there = {
        "aliyun": ("NMEC_ALIYUN_SMS_…", settings.ALIYUN_SMS),
        "tencent": ("NMEC_TENCENT_SMS_…", settings.TENCENT_SMS),
        "mail": ("NMEC_SMTP", settings.EMAIL_BACKEND.endswith(".smtp.EmailBackend")),
    }
    asked = [one.name for one in sending.chain()]
    return [
        Warning(
            f"{setting} is set, and {name} is not in NMEC_SENDER={settings.SENDER}: nobody is told by it. "
            f"Add {name} there, or take {setting} away.",
            id="candidates.W003",
        )
        for name, (setting, configured) in there.items()
        if configured and name not in asked
    ]


def every_sms_has_a_template(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of kinds that an SMS tells, and no provider that is asked has a template for: they go by mail or not."""
    kinds = [name for name, kind in KINDS.items() if kind.sms and name not in ("code", "test")]
    untold = [name for name in kinds if not sending.chain_of("sms", name)] if _by_sms() else []
    if not untold:
        return []
    words = (
        f"No provider in NMEC_SENDER={settings.SENDER} has a template for {', '.join(untold)}: no SMS tells of it. "
        "Have it approved (docs/operators.md), and add it to NMEC_ALIYUN_SMS_TEMPLATES or NMEC_TENCENT_SMS_TEMPLATES."
    )
    return [Warning(words, id="candidates.W004")]


def keys_are_of_this_data(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Report an error where the keys do not open, or the hash does not find, what the database holds."""
    if not databases:
        return []
    try:
        with transaction.atomic():
            known = Account.objects.exclude(identity_hash=None).order_by("-pk")
            account = known.only("document_type", "document_number", "identity_hash").first()
    except DatabaseError:  # no tables yet
        return []

    try:
        if account is None or not account.document_number:
            return []
        expected = keyed_hash(identity_key(account.document_type, account.document_number))
    except Undecryptable:
        return [Error(OTHER_FIELD_KEYS, id="candidates.E004")]
    return [] if expected == account.identity_hash else [Error(OTHER_INDEX_KEY, id="candidates.E005")]


def _by_sms() -> bool:
    return any("mobile" in one.reaches for one in sending.chain())


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
