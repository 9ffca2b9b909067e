"""Who pays inside WeChat: asked silently (snsapi_base), for the one payment at hand, and kept nowhere."""

import json
import re
from collections.abc import Mapping
from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import urlopen

from review.payments.providers.terms import TIMEOUT, Unavailable

LARGEST = 64 * 1024  # bytes of an answer
OPENID = re.compile("[0-9A-Za-z_-]{1,128}")


def asked(config: Mapping[str, str], back: str, state: str) -> str:
    """Return the address that leads back with a code for who pays; WeChat wants these fields in this order."""
    fields = {"appid": config["app_id"], "redirect_uri": back, "response_type": "code", "scope": "snsapi_base"}
    return f"{config['authorize']}?{urlencode({**fields, 'state': state})}#wechat_redirect"


def named(config: Mapping[str, str], code: str) -> str:
    """Return the openid behind a code, which can be asked for once. Raise Unavailable, without the secret in it."""
    fields = {"appid": config["app_id"], "secret": config["app_secret"], "code": code}
    address = f"{config['token']}?{urlencode({**fields, 'grant_type': 'authorization_code'})}"
    try:
        with urlopen(address, timeout=TIMEOUT) as answer:  # noqa: S310 - the settings take http and https alone
            facts = json.loads(answer.read(LARGEST))
    except (OSError, HTTPException, ValueError) as error:
        raise Unavailable(f"who pays: {type(error).__name__}") from None

    openid = facts.get("openid") if isinstance(facts, dict) else None
    if not isinstance(openid, str) or not OPENID.fullmatch(openid):
        raise Unavailable(f"who pays: {facts.get('errcode') if isinstance(facts, dict) else 'no object'}")
    return openid
