"""The demo cashier's keys, and the providers' signatures as the provider makes and checks them.

Written against the providers' descriptions, with `cryptography` alone: the portal uses other libraries, so that each
side checks the other. The test keys are made at first start and kept in the data folder.
"""

import base64
import binascii
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

APP_ID, SELLER_ID = "2021000000000000", "2088000000000000"
MERCHANT_ID, CERTIFICATE_SERIAL, PUBLIC_KEY_ID = "1900000000", "DE300000", "PUB_KEY_ID_DEMO"
FILES = (
    *("merchant.pem", "merchant_public.pem", "provider.pem", "provider_public.pem"),
    *("api_v3_key.txt", "app_secret.txt"),
)


@dataclass(frozen=True)
class Keys:
    """The merchant's (the portal's) pair, the provider's pair, and two secrets of 32 characters: of the notifications,
    and of the application that may ask who pays.
    """

    folder: Path
    merchant: rsa.RSAPublicKey
    provider: rsa.RSAPrivateKey
    secret: str
    app_secret: str

    def environment(self, address: str) -> dict[str, str]:
        """Return what configures the portal for the cashier at this address: the settings that a real provider has."""
        keys = {name: str(self.folder / name) for name in FILES}
        alipay = {
            "APP_ID": APP_ID,
            "SELLER_ID": SELLER_ID,
            "PRIVATE_KEY_FILE": keys["merchant.pem"],
            "PUBLIC_KEY_FILE": keys["provider_public.pem"],
            "GATEWAY": f"{address}/gateway.do",
            "WAYS": "page,wap",
        }
        wechat = {
            "APP_ID": APP_ID,
            "MERCHANT_ID": MERCHANT_ID,
            "CERTIFICATE_SERIAL": CERTIFICATE_SERIAL,
            "PRIVATE_KEY_FILE": keys["merchant.pem"],
            "API_V3_KEY_FILE": keys["api_v3_key.txt"],
            "PUBLIC_KEY_FILE": keys["provider_public.pem"],
            "PUBLIC_KEY_ID": PUBLIC_KEY_ID,
            "GATEWAY": address,
            "WAYS": "native,h5,jsapi",
            "APP_SECRET_FILE": keys["app_secret.txt"],
            "AUTHORIZE": f"{address}/connect/oauth2/authorize",
            "TOKEN": f"{address}/sns/oauth2/access_token",
        }
        return {f"NMEC_ALIPAY_{name}": value for name, value in alipay.items()} | {
            f"NMEC_WECHAT_{name}": value for name, value in wechat.items()
        }


def keys_in(folder: Path) -> Keys:
    """Read the keys of this folder, made where one is missing."""
    if not all((folder / name).exists() for name in FILES):
        _make(folder)
    public = serialization.load_pem_public_key((folder / "merchant_public.pem").read_bytes())
    private = serialization.load_pem_private_key((folder / "provider.pem").read_bytes(), password=None)
    if not isinstance(public, rsa.RSAPublicKey) or not isinstance(private, rsa.RSAPrivateKey):
        raise ValueError(f"{folder} holds keys that are not RSA")
    secret, app_secret = ((folder / f"{name}.txt").read_text() for name in ("api_v3_key", "app_secret"))
    return Keys(folder, public, private, secret, app_secret)


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("merchant", "provider"):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        _write(folder / f"{name}.pem", private)
        _write(folder / f"{name}_public.pem", public)
    for name in ("api_v3_key", "app_secret"):
        _write(folder / f"{name}.txt", secrets.token_hex(16).encode())


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


def signature(key: rsa.RSAPrivateKey, text: str) -> str:
    """Sign with RSA, PKCS #1 v1.5, SHA-256, in base64, as both providers do."""
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(key: rsa.RSAPublicKey, text: str, given: str) -> bool:
    try:
        key.verify(base64.b64decode(given), text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


# --- 支付宝 ----------------------------------------


def alipay_text(fields: Mapping[str, str], *, without: tuple[str, ...]) -> str:
    """Join what is signed: the fields in order of their names, as name=value with &."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in without)


def alipay_notification(keys: Keys, fields: Mapping[str, str]) -> bytes:
    """Make the body of a notification, form-encoded, signed with RSA2."""
    signed = signature(keys.provider, alipay_text(fields, without=("sign", "sign_type")))
    return urlencode({**fields, "sign": signed, "sign_type": "RSA2"}).encode()


def alipay_answer(keys: Keys, method: str, facts: Mapping[str, str]) -> bytes:
    """Sign an answer to a question: the signature is over the inner JSON, letter by letter."""
    inner = json.dumps(facts, separators=(",", ":"))
    name = method.replace(".", "_") + "_response"
    return f'{{"{name}":{inner},"sign":"{signature(keys.provider, inner)}"}}'.encode()


# --- 微信支付 ----------------------------------------


def wechat_headers(keys: Keys, body: str, *, sent: int | None = None) -> dict[str, str]:
    """Make the headers of an answer or a notification with this body; `sent` in seconds since 1970."""
    when, nonce = str(sent or int(time.time())), secrets.token_hex(16)
    return {
        "Content-Type": "application/json",
        "Wechatpay-Timestamp": when,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": signature(keys.provider, f"{when}\n{nonce}\n{body}\n"),
        "Wechatpay-Serial": PUBLIC_KEY_ID,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def wechat_notification(keys: Keys, transaction: Mapping[str, Any], *, event: str = "TRANSACTION.SUCCESS") -> str:
    """Make the body of a notification: the transaction, or the refund, sealed with AES-256-GCM."""
    nonce, associated = secrets.token_hex(6), event.partition(".")[0].lower()
    plain = json.dumps(transaction).encode()
    sealed = AESGCM(keys.secret.encode()).encrypt(nonce.encode(), plain, associated.encode())

    resource = {
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(sealed).decode(),
        "nonce": nonce,
        "associated_data": associated,
        "original_type": associated,
    }
    told = {"id": secrets.token_hex(16), "event_type": event, "resource_type": "encrypt-resource", "resource": resource}
    return json.dumps(told)


def wechat_window_is_signed(keys: Keys, fields: Mapping[str, str]) -> bool:
    """Say whether the merchant has signed what WeChat's own window is opened with (paySign)."""
    text = "".join(f"{fields.get(name, '')}\n" for name in ("appId", "timeStamp", "nonceStr", "package"))
    return fields.get("signType") == "RSA" and is_signed(keys.merchant, text, fields.get("paySign", ""))


def wechat_request_is_signed(keys: Keys, authorization: str, method: str, path: str, body: str) -> bool:
    """Say whether the merchant has signed a request: `path` with its query."""
    _, _, rest = authorization.partition(" ")
    given = dict(part.split("=", 1) for part in rest.split(",") if "=" in part)
    words = {name: value.strip('"') for name, value in given.items()}
    if words.get("mchid") != MERCHANT_ID or words.get("serial_no") != CERTIFICATE_SERIAL:
        return False
    text = f"{method}\n{path}\n{words.get('timestamp')}\n{words.get('nonce_str')}\n{body}\n"
    return is_signed(keys.merchant, text, words.get("signature", ""))
