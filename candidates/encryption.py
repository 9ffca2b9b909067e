"""ID numbers and mobiles at rest: AES-256-GCM for the value, HMAC-SHA256 for finding it again."""

import hashlib
import hmac
import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE = 12  # bytes


class Undecryptable(Exception):
    """No key in NMEC_FIELD_KEYS opens this value."""


def encrypt(text: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(settings.FIELD_KEYS[0]).encrypt(nonce, text.encode(), None)


def decrypt(sealed: bytes) -> str:
    sealed = bytes(sealed)
    for key in settings.FIELD_KEYS:
        try:
            return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
        except InvalidTag:
            continue
    raise Undecryptable("No key in NMEC_FIELD_KEYS opens this value.")


def keyed_hash(text: str) -> str:
    """Return 64 hex characters, equal for equal texts; without NMEC_INDEX_KEY nobody can try texts."""
    return hmac.new(settings.INDEX_KEY, text.encode(), hashlib.sha256).hexdigest()


if TYPE_CHECKING:
    _TextInBytes = models.Field[str, str]  # to the type checker, which takes a BinaryField's attribute for bytes
else:
    _TextInBytes = models.BinaryField


class EncryptedField(_TextInBytes):
    """Text in Python, sealed bytes in the database. Cannot be searched: keep a keyed hash beside it."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self):
        return []  # in Python it is text, and so is its default

    def get_prep_value(self, value):
        if value is None or isinstance(value, (bytes, memoryview)):
            return value
        return encrypt(value) if value else b""

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        return decrypt(value) if value else ""

    def get_db_prep_value(self, value, connection, prepared=False):
        if not prepared:
            value = self.get_prep_value(value)
        return super().get_db_prep_value(value, connection, prepared=True)

    def value_to_string(self, obj):
        return self.value_from_object(obj)

    def to_python(self, value):
        return value

    def get_lookup(self, name):
        if name != "isnull":
            raise TypeError("An encrypted field cannot be searched: use the keyed hash beside it.")
        return super().get_lookup(name)
