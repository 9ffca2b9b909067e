"""Codes that people read from paper or a screen, say on the telephone, and type."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another: no 0 O, no 1 I L


def readable_code(length: int) -> str:
    """Return a random code of capitals and digits; each character holds just under five bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
