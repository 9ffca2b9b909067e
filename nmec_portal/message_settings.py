"""The settings of the providers of SMS: each whole, or not there at all; and who is asked in which order."""

import re
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

from nmec_portal.payment_settings import file_content, gateway, whole

PREFIXES = ("NMEC_ALIYUN_SMS_", "NMEC_TENCENT_SMS_")
ALIYUN = ("KEY_ID", "SECRET_FILE", "SIGN_NAME", "TEMPLATES")
TENCENT = ("KEY_ID", "SECRET_FILE", "APP_ID", "SIGN_NAME", "TEMPLATES")
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
TEMPLATE = re.compile(r"\s*([a-z_]+)\s*=\s*([A-Za-z0-9_]+)\s*")
SHIPPED = "candidates.messages.sending."

Settings = dict[str, str | dict[str, str]]


def _key_id(name: str, value: str) -> str:
    """Refuse what could not stand in a request's header: every SMS would fail there."""
    if not KEY_ID.fullmatch(value):
        raise ImproperlyConfigured(f"{name}={value!r} is no key's id: letters, digits, - and _ alone.")
    return value


def aliyun(environ: Mapping[str, str], *, production: bool, demo: bool) -> Settings | None:
    given = whole("NMEC_ALIYUN_SMS_", ALIYUN, environ)
    if given is None:
        return None
    at = gateway("NMEC_ALIYUN_SMS_GATEWAY", "https://dysmsapi.aliyuncs.com", environ, production, demo)
    return {
        "key_id": _key_id("NMEC_ALIYUN_SMS_KEY_ID", given["KEY_ID"]),
        "secret": _secret("NMEC_ALIYUN_SMS_SECRET_FILE", given["SECRET_FILE"]),
        "sign_name": given["SIGN_NAME"],
        "templates": _templates("NMEC_ALIYUN_SMS_TEMPLATES", given["TEMPLATES"]),
        "gateway": at,
    }


def tencent(environ: Mapping[str, str], *, production: bool, demo: bool) -> Settings | None:
    given = whole("NMEC_TENCENT_SMS_", TENCENT, environ)
    if given is None:
        return None
    at = gateway("NMEC_TENCENT_SMS_GATEWAY", "https://sms.tencentcloudapi.com", environ, production, demo)
    return {
        "key_id": _key_id("NMEC_TENCENT_SMS_KEY_ID", given["KEY_ID"]),
        "secret": _secret("NMEC_TENCENT_SMS_SECRET_FILE", given["SECRET_FILE"]),
        "app_id": given["APP_ID"],
        "sign_name": given["SIGN_NAME"],
        "region": environ.get("NMEC_TENCENT_SMS_REGION") or "ap-guangzhou",
        "templates": _templates("NMEC_TENCENT_SMS_TEMPLATES", given["TEMPLATES"]),
        "gateway": at,
    }


def _secret(name: str, path: str) -> str:
    secret = file_content(name, path).decode("ascii", "replace").strip()
    if not secret:
        raise ImproperlyConfigured(f"{name}={path!r} is empty.")
    return secret


def _templates(name: str, text: str) -> dict[str, str]:
    """Read kind=template,kind=template."""
    found = [TEMPLATE.fullmatch(one) for one in text.split(",") if one.strip()]
    pairs = [(one[1], one[2]) for one in found if one]
    if not pairs or len(pairs) < len(found) or len(dict(pairs)) < len(pairs):
        raise ImproperlyConfigured(f"{name} is not like code=SMS_100000001,returned=SMS_100000002, each kind once.")
    return dict(pairs)


def senders(environ: Mapping[str, str], aliyun: Settings | None, tencent: Settings | None) -> str:
    """Return who is asked where nobody says: what is configured, SMS before mail; else it is printed."""
    there = {"aliyun": aliyun, "tencent": tencent, "mail": environ.get("NMEC_SMTP")}
    return ",".join(name for name, configured in there.items() if configured) or "console"


def names(sender: str, aliyun: Settings | None, tencent: Settings | None) -> list[str]:
    """Return the names in NMEC_SENDER, those of the shipped ones in short. Refuse one that is not configured."""
    found = [one.strip().removeprefix(SHIPPED) for one in sender.split(",") if one.strip()]
    for name, configured in (("aliyun", aliyun), ("tencent", tencent)):
        if name in found and not configured:
            raise ImproperlyConfigured(f"NMEC_SENDER names {name}, and NMEC_{name.upper()}_SMS_… is not set.")
    if not found or len(set(found)) < len(found):
        raise ImproperlyConfigured(f"NMEC_SENDER={sender!r} is not a list of different senders, separated by commas.")
    return found
