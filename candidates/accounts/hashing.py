"""How passwords are hashed: Argon2id, with what a log-in may cost (decision 51)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Django's, with parameters of our own; what was hashed with others is hashed anew at the next log-in."""

    memory_cost = 19 * 1024  # KiB
    time_cost = 2  # passes over it
    parallelism = 1  # one core: a log-in keeps no other from the portal's
