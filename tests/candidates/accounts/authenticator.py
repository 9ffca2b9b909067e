"""A device that makes passkeys and signs with them, as a browser hands its answers on (WebAuthn, attestation none)."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, NEW = 0x01, 0x04, 0x40  # flags


def words(data):
    return urlsafe_b64encode(data).decode().rstrip("=")


class Device:
    def __init__(self, origin="https://portal.example", host="portal.example"):
        self.origin, self.host, self.uses = origin, host, 0
        self.key, self.credential = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)

    def _said(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": words(challenge), "origin": self.origin}).encode()

    def _data(self, flags, more=b""):
        self.uses += 1
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.uses) + more

    def _answer(self, **response):
        name = words(self.credential)
        said = {"id": name, "rawId": name, "type": "public-key", "response": {}}
        said["response"] = {one: words(data) for one, data in response.items()}
        return json.dumps(said)

    def make(self, challenge):
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        more = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(public)
        made = {"fmt": "none", "attStmt": {}, "authData": self._data(PRESENT | VERIFIED | NEW, more)}
        return self._answer(
            clientDataJSON=self._said("webauthn.create", challenge), attestationObject=cbor2.dumps(made)
        )

    def sign(self, challenge):
        said, data = self._said("webauthn.get", challenge), self._data(PRESENT | VERIFIED)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature)
