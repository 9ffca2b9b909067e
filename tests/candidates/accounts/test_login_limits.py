"""Failed logins are counted for account and place together, with growing pauses."""

from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from candidates.accounts import login_limits
from candidates.accounts.login_limits import Place, may_try
from candidates.encryption import keyed_hash
from candidates.models import LoginTries
from tests.factories import make_candidate
from tests.waiting import others_wait_for_a_lock, wait_until

pytestmark = pytest.mark.django_db

ACCOUNT = keyed_hash("account:1")
HERE, ELSEWHERE = Place(keyed_hash("here")), Place(keyed_hash("elsewhere"))
BROWSER = Place(keyed_hash("browser"), is_known=True)
NOW = datetime(2026, 3, 1, 9, tzinfo=timezone.get_default_timezone())


def minutes(number):
    return NOW + timedelta(minutes=number)


def tried(times, place=HERE, account=ACCOUNT, now=NOW):
    """How many of so many tries get through."""
    return sum(may_try(account, place, now=now) for _ in range(times))


def test_ten_tries_are_free():
    assert (tried(30), tried(30, ELSEWHERE), tried(30, account=keyed_hash("account:2"))) == (10, 10, 10)


def test_each_further_failure_doubles_the_pause_up_to_the_longest():
    tried(10)
    now, pauses = NOW, []
    for _ in range(8):
        until = LoginTries.objects.get().paused_until
        pauses.append((until - now).total_seconds() / 60)
        assert (tried(1, now=until - timedelta(seconds=1)), tried(5, now=until)) == (0, 1)
        now = until
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_tries_during_a_pause_do_not_lengthen_it():
    tried(10)
    assert (tried(100, now=minutes(0.99)), tried(1, now=minutes(1))) == (0, 1)


def test_a_day_without_a_failure_is_a_new_beginning():
    tried(9)
    assert tried(30, now=NOW + timedelta(days=1)) == 10


def test_the_limits_are_settings(settings):
    settings.LOGIN_TRIES, settings.LOGIN_PAUSE, settings.LOGIN_LONGEST_PAUSE = 3, 30, 40
    assert (tried(9), tried(9, now=minutes(0.5)), tried(9, now=minutes(1)), tried(9, now=minutes(1.2))) == (3, 1, 0, 1)


def test_success_forgets_what_was_counted_there_only():
    tried(10), tried(10, ELSEWHERE)
    login_limits.succeeded(ACCOUNT, HERE)
    assert (tried(30, now=minutes(0)), tried(1, ELSEWHERE)) == (10, 0)


def test_a_new_password_forgets_it_everywhere():
    account = make_candidate()
    mine = login_limits.hash_of(account)
    tried(10, account=mine), tried(10, ELSEWHERE, account=mine), tried(10)
    login_limits.forget(account)
    later = timezone.now()
    assert (tried(1, account=mine, now=later), tried(1, ELSEWHERE, account=mine, now=later)) == (1, 1)
    assert tried(1) == 0


def test_many_networks_together_get_few_tries_each_and_none_is_refused_its_first(settings):
    networks = [Place(keyed_hash(f"network {number}")) for number in range(12)]
    assert [tried(30, one) for one in networks] == [10] * 10 + [2] * 2
    assert (tried(30, BROWSER), tried(30, networks[0], account=keyed_hash("account:2"))) == (10, 10)


def test_known_browsers_count_for_nobody_else(settings):
    settings.LOGIN_FAILURES_IN_TOTAL = 10
    tried(10, BROWSER)
    assert tried(30) == 10


def test_old_rows_go_and_pauses_stay():
    tried(1), tried(1, ELSEWHERE, now=NOW + timedelta(hours=1))
    login_limits.forget_old(NOW + timedelta(days=1, minutes=1))
    assert list(LoginTries.objects.values_list("place_hash", flat=True)) == [ELSEWHERE.hash]


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_wait_for_one_another():
    """One holds the row before its tenth try is counted: the other is refused, not let through as the tenth too."""
    tried(9)
    got = []

    def another():
        got.append(may_try(ACCOUNT, HERE, now=NOW))
        connection.close()

    with transaction.atomic():
        assert tried(1) == 1
        waiting = Thread(target=another)
        waiting.start()
        wait_until(others_wait_for_a_lock, "the other try did not wait")
        assert got == []
    waiting.join()
    assert got == [False]


def test_a_network_in_a_pause_of_logging_in_registers_all_the_same():
    tried(11)
    assert LoginTries.objects.get().paused_until > NOW
    assert login_limits.may_register(HERE, now=NOW) is True
