"""What a log-in's hash costs, and how one of other parameters becomes one of these."""

import argon2
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from candidates.models import Account
from tests import factories

pytestmark = pytest.mark.django_db
OURS = ["candidates.accounts.hashing.PasswordHasher"]


def parameters_of(account):
    kept = Account.objects.get(pk=account.pk).password.partition("$")[2]
    read = argon2.extract_parameters(f"${kept}")
    return read.type.name, read.memory_cost, read.time_cost, read.parallelism


def test_a_hash_is_argon2id_at_owasps_least(settings):
    settings.PASSWORD_HASHERS = OURS
    assert parameters_of(factories.make_candidate()) == ("ID", 19 * 1024, 2, 1)


def test_an_older_hash_opens_and_is_made_anew_at_that_log_in(client, settings):
    account = factories.make_candidate()
    older = Argon2PasswordHasher()
    older.memory_cost, older.time_cost, older.parallelism = 1024, 1, 8
    account.password = older.encode(factories.PASSWORD, older.salt())
    account.save()
    settings.PASSWORD_HASHERS = OURS
    client.post("/login/", {"username": account.mobile, "password": factories.PASSWORD})
    assert client.session["_auth_user_id"] == str(account.pk)
    assert parameters_of(account) == ("ID", 19 * 1024, 2, 1)


def test_a_wrong_password_leaves_an_older_hash_as_it_is(client, settings):
    account = factories.make_candidate()
    before = account.password
    settings.PASSWORD_HASHERS = OURS
    client.post("/login/", {"username": account.mobile, "password": "not-this-one-at-all"})
    assert Account.objects.get(pk=account.pk).password == before
