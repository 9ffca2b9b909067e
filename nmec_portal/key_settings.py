"""What production asks of its keys and host names: told at the start, with the variable's name."""

import base64

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 40  # characters of NMEC_SECRET_KEY; `openssl rand -base64 48` makes 64
VARIED = 12  # different bytes or characters at least: 32 random bytes have fewer once in 10^20
OWN = "Make each by `openssl rand -base64 32` of its own."


def check(secret: str, field_keys: list[bytes], index_key: bytes) -> None:
    """Refuse keys that are short, that are no random bytes, or that are used twice. Raises ImproperlyConfigured."""
    if len(secret) < SHORTEST or len(set(secret)) < VARIED:
        raise ImproperlyConfigured(f"NMEC_SECRET_KEY is weak: it needs {SHORTEST} random characters or more.")
    for name, keys in (("NMEC_FIELD_KEYS", field_keys), ("NMEC_INDEX_KEY", [index_key])):
        if any(len(set(key)) < VARIED for key in keys):
            raise ImproperlyConfigured(f"{name} holds a weak key, which is not random. {OWN}")
    if len(set(field_keys)) < len(field_keys):
        raise ImproperlyConfigured(f"NMEC_FIELD_KEYS holds the same key twice. {OWN}")
    if index_key in field_keys:
        raise ImproperlyConfigured(f"NMEC_INDEX_KEY is one of NMEC_FIELD_KEYS. {OWN}")
    if secret in [base64.b64encode(key).decode() for key in (*field_keys, index_key)]:
        raise ImproperlyConfigured(f"NMEC_SECRET_KEY is NMEC_INDEX_KEY or one of NMEC_FIELD_KEYS. {OWN}")


def check_hosts(hosts: list[str]) -> None:
    """Refuse a pattern that takes whatever a client claims. Raises ImproperlyConfigured."""
    wide = [host for host in hosts if "*" in host or (host.startswith(".") and host.count(".") < 2)]
    if wide:
        raise ImproperlyConfigured(
            f"NMEC_ALLOWED_HOSTS={','.join(hosts)!r} answers any host: name those that there are."
        )
