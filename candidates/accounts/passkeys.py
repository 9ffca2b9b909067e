"""Passkeys (WebAuthn) of reviewers and operators: added beside an authenticator, then as good as its codes.

They are bound to the portal's own address (NMEC_BASE_URL): no page elsewhere can have them used.
"""

import ipaddress
import json
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from candidates.accounts import second_factor
from candidates.encryption import keyed_hash
from candidates.models import Account, Passkey
from candidates.rules.refusals import Refused
from candidates.rules.text import clean
from candidates.trail import audit

MOST = 10
LONGEST = 20_000  # characters of a device's answer; those that there are have a tenth of it
UNREADABLE = "没有收到通行密钥的回应：请再试一次，或改用验证码。"
NOT_THIS = "这个通行密钥不属于这个账号，或已经移除。"


def is_offered() -> bool:
    """Tell whether a browser makes passkeys for the portal's address: it must have a name."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def of(account: Account) -> list[Passkey]:
    return list(Passkey.objects.filter(account=account))


def question_to_add(account: Account, challenge: bytes) -> str:
    """Return, as JSON, what the browser asks a device to make a passkey with."""
    from webauthn import generate_registration_options, options_to_json

    options = generate_registration_options(
        rp_id=_host(),
        rp_name=second_factor.ISSUER,
        user_name=str(account.username),
        user_id=bytes.fromhex(keyed_hash(f"passkeys:{account.pk}")),  # names nobody to the device's maker
        challenge=challenge,
        exclude_credentials=_descriptors(account),
    )
    return options_to_json(options)


def question_to_prove(account: Account, challenge: bytes) -> str:
    """Return, as JSON, what the browser asks a device to sign."""
    from webauthn import generate_authentication_options, options_to_json

    options = generate_authentication_options(
        rp_id=_host(), challenge=challenge, allow_credentials=_descriptors(account)
    )
    return options_to_json(options)


def add(account: Account, challenge: bytes, answer: str, label: str, *, now: datetime | None = None) -> Passkey:
    """Keep the passkey that a device has made. Raises Refused under `label`."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    label = clean(label, "words")
    if not 1 <= len(label) <= 30:
        raise Refused({"label": "请给这个通行密钥起个名称，30 个字以内，如“办公室电脑”。"})
    try:
        made = verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=settings.BASE_URL,
        )
    except (WebAuthnException, ValueError):
        raise Refused({"label": UNREADABLE}) from None
    return _keep(account, label, made.credential_id, made.credential_public_key, made.sign_count, now or timezone.now())


@transaction.atomic
def _keep(account: Account, label: str, credential: bytes, public_key: bytes, uses: int, now: datetime) -> Passkey:
    Account.objects.select_for_update().get(pk=account.pk)
    if Passkey.objects.filter(account=account).count() >= MOST:
        raise Refused({"label": f"最多 {MOST} 个通行密钥：请先移除不用的。"})
    if Passkey.objects.filter(credential=credential).exists():
        raise Refused({"label": "这个通行密钥已经添加过。"})
    audit.note("add_passkey", account)
    return Passkey.objects.create(
        account=account, label=label, credential=credential, public_key=public_key, uses=uses, added_at=now
    )


def prove(account: Account, challenge: bytes, answer: str, *, now: datetime | None = None) -> None:
    """Accept what a passkey of this account has signed. Raises Refused under `code`, with how long to wait."""
    at = now or timezone.now()
    second_factor.attempt(account, lambda factor: _is_signed(account, challenge, answer, at), NOT_THIS)


def _is_signed(account: Account, challenge: bytes, answer: str, now: datetime) -> bool:
    """Tell whether one of the account's passkeys has signed the challenge; note its use."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        given = _read(answer)
        mine = Passkey.objects.filter(account=account, credential=base64url_to_bytes(str(given.get("id", "")))).first()
        if mine is None:
            return False
        signed = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=settings.BASE_URL,
            credential_public_key=bytes(mine.public_key),
            credential_current_sign_count=mine.uses,
        )
    except (WebAuthnException, ValueError):
        return False
    mine.uses, mine.used_at = signed.new_sign_count, now
    mine.save(update_fields=["uses", "used_at"])
    return True


@transaction.atomic
def remove(account: Account, pk: int) -> bool:
    """Remove one of one's own. False where it is gone already."""
    gone, _ = Passkey.objects.filter(account=account, pk=pk).delete()
    if gone:
        audit.note("remove_passkey", account)
    return bool(gone)


def _read(answer: str) -> dict[str, object]:
    """Return what the browser has sent. Raises ValueError."""
    given = json.loads(answer) if len(answer) <= LONGEST else None
    if not isinstance(given, dict):
        raise ValueError("no answer of a device")
    return given


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or ""


def _descriptors(account: Account) -> list:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=bytes(one.credential)) for one in of(account)]
