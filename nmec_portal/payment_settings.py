"""The payment providers' settings: whole, or not there at all. Keys are PEM files, read once at start.

`environ` is the environment; every function gives a dict, or None where the provider is not configured.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured

PREFIXES = ("NMEC_ALIPAY_", "NMEC_WECHAT_")  # of every provider's settings
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# each way to pay is agreed with its provider by itself: NMEC_ALIPAY_WAYS and NMEC_WECHAT_WAYS name those that are
ALIPAY_WAYS = ("page", "wap")
WECHAT_WAYS = ("native", "h5", "jsapi")
ALIPAY = ("APP_ID", "SELLER_ID", "PRIVATE_KEY_FILE", "PUBLIC_KEY_FILE")
WECHAT = (
    "APP_ID",
    "MERCHANT_ID",
    "CERTIFICATE_SERIAL",
    "PRIVATE_KEY_FILE",
    "API_V3_KEY_FILE",
    "PUBLIC_KEY_FILE",
    "PUBLIC_KEY_ID",
)

Settings = dict[str, str]


def alipay(environ: Mapping[str, str], *, production: bool, demo: bool) -> Settings | None:
    """支付宝: PUBLIC_KEY_FILE is 支付宝公钥, not the application's own."""
    given = whole("NMEC_ALIPAY_", ALIPAY, environ)
    if given is None:
        _refuse_alone(("NMEC_ALIPAY_WAYS",), environ)
        return None
    return {
        "app_id": given["APP_ID"],
        "seller_id": given["SELLER_ID"],
        "private_key": _private_key("NMEC_ALIPAY_PRIVATE_KEY_FILE", given["PRIVATE_KEY_FILE"]),
        "public_key": _public_key("NMEC_ALIPAY_PUBLIC_KEY_FILE", given["PUBLIC_KEY_FILE"]),
        "gateway": gateway("NMEC_ALIPAY_GATEWAY", "https://openapi.alipay.com/gateway.do", environ, production, demo),
        "ways": _ways("NMEC_ALIPAY_WAYS", ALIPAY_WAYS, environ),
    }


def wechat(environ: Mapping[str, str], *, production: bool, demo: bool) -> Settings | None:
    """微信支付, APIv3, verified with 微信支付公钥 and its id (not with platform certificates)."""
    given = whole("NMEC_WECHAT_", WECHAT, environ)
    if given is None:
        _refuse_alone(("NMEC_WECHAT_WAYS", "NMEC_WECHAT_APP_SECRET_FILE"), environ)
        return None

    secret = file_content("NMEC_WECHAT_API_V3_KEY_FILE", given["API_V3_KEY_FILE"]).decode("ascii", "replace").strip()
    if len(secret.encode()) != 32:
        raise ImproperlyConfigured("NMEC_WECHAT_API_V3_KEY_FILE does not hold a key of 32 characters.")

    return {
        "app_id": given["APP_ID"],
        "merchant_id": given["MERCHANT_ID"],
        "certificate_serial": given["CERTIFICATE_SERIAL"],
        "private_key": _private_key("NMEC_WECHAT_PRIVATE_KEY_FILE", given["PRIVATE_KEY_FILE"]),
        "api_v3_key": secret,
        "public_key": _public_key("NMEC_WECHAT_PUBLIC_KEY_FILE", given["PUBLIC_KEY_FILE"]),
        "public_key_id": given["PUBLIC_KEY_ID"],
        "gateway": gateway("NMEC_WECHAT_GATEWAY", "https://api.mch.weixin.qq.com", environ, production, demo),
        **_of_wechats_window(environ, production=production, demo=demo),
    }


def _of_wechats_window(environ: Mapping[str, str], *, production: bool, demo: bool) -> Settings:
    """Return the ways, and what JSAPI needs besides: who pays is asked of WeChat with the application's secret."""
    ways = _ways("NMEC_WECHAT_WAYS", WECHAT_WAYS, environ)
    path = environ.get("NMEC_WECHAT_APP_SECRET_FILE", "").strip()
    if bool(path) != ("jsapi" in ways):
        raise ImproperlyConfigured(
            "NMEC_WECHAT_APP_SECRET_FILE and the way jsapi of NMEC_WECHAT_WAYS are set together or not at all: "
            "payment inside WeChat asks WeChat who pays, with that secret."
        )
    secret = file_content("NMEC_WECHAT_APP_SECRET_FILE", path).decode("ascii", "replace").strip() if path else ""
    if path and not re.fullmatch("[0-9A-Za-z]{16,64}", secret):
        raise ImproperlyConfigured(
            "NMEC_WECHAT_APP_SECRET_FILE does not hold an AppSecret (16 to 64 letters and digits)."
        )

    authorize, token = (
        "https://open.weixin.qq.com/connect/oauth2/authorize",
        "https://api.weixin.qq.com/sns/oauth2/access_token",
    )
    return {
        "ways": ways,
        "app_secret": secret,
        "authorize": gateway("NMEC_WECHAT_AUTHORIZE", authorize, environ, production, demo) if path else "",
        "token": gateway("NMEC_WECHAT_TOKEN", token, environ, production, demo) if path else "",
    }


def _ways(name: str, known: tuple[str, ...], environ: Mapping[str, str]) -> str:
    """Return the agreed ways in one line; the first of those known where none is set."""
    given = [one.strip() for one in environ.get(name, "").split(",") if one.strip()] or [known[0]]
    if unknown := [one for one in given if one not in known]:
        raise ImproperlyConfigured(f"{name} knows no {', '.join(unknown)}; there are {', '.join(known)}.")
    return ",".join(one for one in known if one in given)


def _refuse_alone(names: tuple[str, ...], environ: Mapping[str, str]) -> None:
    """Refuse ways of a provider that is not set: whoever wrote them means people to pay by them."""
    if alone := [name for name in names if environ.get(name, "").strip()]:
        raise ImproperlyConfigured(f"{', '.join(alone)} set, but not the provider: its other settings are missing.")


def whole(prefix: str, names: tuple[str, ...], environ: Mapping[str, str]) -> Settings | None:
    given = {name: environ.get(prefix + name, "").strip() for name in names}
    missing = [prefix + name for name, value in given.items() if not value]
    if len(missing) == len(names):
        return None
    if missing:
        raise ImproperlyConfigured(f"{', '.join(missing)} not set; {prefix}… is set as a whole or not at all.")
    return given


def gateway(name: str, default: str, environ: Mapping[str, str], production: bool, demo: bool) -> str:
    address = (environ.get(name) or default).rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(f"{name}={address!r} is not an http or https address.")
    if production and parts.scheme != "https":
        raise ImproperlyConfigured(f"{name} must be an https address when NMEC_ENV=production.")
    if demo and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(f"{name} must be on this machine with NMEC_DEMO=1: nobody pays for demo data.")
    return address


def file_content(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}={path!r} cannot be read: {error.strerror}.") from None


def _private_key(name: str, path: str) -> str:
    """PKCS #8, PEM, whatever the file's own form is."""
    try:
        key = serialization.load_pem_private_key(file_content(name, path), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ImproperlyConfigured(f"{name}={path!r} is not an RSA private key in PEM without a password.")
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*pem).decode()


def _public_key(name: str, path: str) -> str:
    try:
        key = serialization.load_pem_public_key(file_content(name, path))
    except ValueError:
        key = None
    if not isinstance(key, rsa.RSAPublicKey):
        raise ImproperlyConfigured(f"{name}={path!r} is not an RSA public key in PEM.")
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(*pem).decode()
