from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm with hardly any work: tests make hundreds of accounts."""

    time_cost, memory_cost, parallelism = 1, 8, 1
