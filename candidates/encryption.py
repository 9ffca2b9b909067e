"""What is kept sealed, and how it is found again: AEAD for the value, a keyed hash beside it for looking it up.

A sealed value opens only where it was put: what it is bound to (table, column and row; a picture's key; a purpose) is
authenticated with it, so that nobody who can write to the database can carry it into a row of his own and read it
there. It says how it is opened: a byte of format, one of cipher, four that name the key; then nonce, ciphertext, tag.
What was sealed before had no such head and was bound to nothing: it opens until it has been sealed anew
(review/operations/resealing.py), and under a key that is newer than this nothing of that kind exists.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher as Ciphers
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

FORMAT = b"\x02"
NONCE, TAG, NAME = 12, 16, 4  # bytes
HEAD = len(FORMAT) + 1 + NAME  # bytes
OVERHEAD = HEAD + NONCE + TAG  # bytes that sealing adds


class Undecryptable(Exception):
    """No key in NMEC_FIELD_KEYS opens this value, or it lies where it was not put."""


class Cipher(Protocol):
    """An AEAD: `bound` is authenticated, not kept. `open` raises InvalidTag. The key has 32 bytes."""

    def seal(self, key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes: ...

    def open(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes: ...


class Aes:
    """AES-256-GCM (NIST SP 800-38D)."""

    def seal(self, key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, content, bound)

    def open(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        return AESGCM(key).decrypt(nonce, sealed, bound)


class Sm4:
    """SM4-GCM (GB/T 32907, RFC 8998), with 16 bytes derived from the key."""

    def seal(self, key: bytes, nonce: bytes, content: bytes, bound: bytes) -> bytes:
        work = Ciphers(algorithms.SM4(sm4_key(key)), modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(bound)
        return work.update(content) + work.finalize() + work.tag

    def open(self, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        work = Ciphers(algorithms.SM4(sm4_key(key)), modes.GCM(nonce, sealed[-TAG:])).decryptor()
        work.authenticate_additional_data(bound)
        return work.update(sealed[:-TAG]) + work.finalize()


CIPHERS: dict[bytes, Cipher] = {b"A": Aes(), b"S": Sm4()}
CHOSEN = {"aes": b"A", "sm4": b"S"}  # NMEC_CIPHER -> what seals from now on


def seal(content: bytes, bound_to: str, key: bytes | None = None) -> bytes:
    """Return the content sealed by the first field key, or by a key of its own; it opens only for `bound_to`."""
    key = key or settings.FIELD_KEYS[0]
    code, nonce = CHOSEN[settings.CIPHER], os.urandom(NONCE)
    return FORMAT + code + name_of(key) + nonce + CIPHERS[code].seal(key, nonce, content, bound_to.encode())


def unseal(sealed: bytes, bound_to: str, keys: Sequence[bytes] | None = None) -> bytes:
    """Return what was sealed for `bound_to` by one of the field keys, or of `keys`. Raises Undecryptable."""
    keys = settings.FIELD_KEYS if keys is None else keys
    head, nonce, content = sealed[:HEAD], sealed[HEAD : HEAD + NONCE], sealed[HEAD + NONCE :]
    cipher = CIPHERS.get(head[1:2]) if head[:1] == FORMAT else None
    key = next((one for one in keys if name_of(one) == head[2:]), None)
    if cipher is None or key is None:
        return _unseal_bound_to_nothing(sealed, keys)

    try:
        return cipher.open(key, nonce, content, bound_to.encode())
    except (InvalidTag, ValueError):
        raise Undecryptable("It was not sealed for this place.") from None


def _unseal_bound_to_nothing(sealed: bytes, keys: Sequence[bytes]) -> bytes:
    for key in keys:
        try:
            return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], None)
        except (InvalidTag, ValueError):
            continue
    raise Undecryptable("No key in NMEC_FIELD_KEYS opens this value.")


def head_now() -> bytes:
    """Return what a value begins with that was sealed by the cipher and the key that seal now."""
    return FORMAT + CHOSEN[settings.CIPHER] + name_of(settings.FIELD_KEYS[0])


def is_bound(sealed: bytes) -> bool:
    """Tell whether one of the field keys has sealed it for a place, by its head."""
    return sealed[:1] == FORMAT and sealed[2:HEAD] in {name_of(key) for key in settings.FIELD_KEYS}


def encrypt(text: str, purpose: str) -> bytes:
    """Return a text sealed for a purpose: what is handed out and comes back, or lies in a session."""
    return seal(text.encode(), f"for {purpose}")


def decrypt(sealed: bytes, purpose: str) -> str:
    """Return the text that encrypt() has sealed for this purpose. Raises Undecryptable."""
    return unseal(bytes(sealed), f"for {purpose}").decode()


def keyed_hash(text: str) -> str:
    """Return 64 hex characters, equal for equal texts; without NMEC_INDEX_KEY nobody can try texts."""
    if settings.INDEX_HASH == "sm3":
        return _sm3(settings.INDEX_KEY, text.encode()).hex()
    return hmac.new(settings.INDEX_KEY, text.encode(), hashlib.sha256).hexdigest()


def _sm3(key: bytes, content: bytes) -> bytes:
    """HMAC with SM3 (GB/T 32905)."""
    work = HMAC(key, hashes.SM3())
    work.update(content)
    return work.finalize()


@lru_cache(maxsize=64)
def sm4_key(key: bytes) -> bytes:
    return _sm3(key, b"SM4-GCM")[:16]


@lru_cache(maxsize=1024)
def name_of(key: bytes) -> bytes:
    """Return four bytes that tell a key from others, and nothing about it."""
    return hashlib.sha256(b"name of a key" + key).digest()[:NAME]
