"""Codes that are sent to a person: what is kept of them, and how long each is good for."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from candidates.accounts import one_time_codes
from candidates.accounts.login_limits import Place
from candidates.models import OneTimeCode
from candidates.rules.refusals import NotAllowed
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = Place("here"), Place("elsewhere")
NOW = datetime(2026, 3, 1, 9, tzinfo=timezone.get_default_timezone())
TOKEN = uuid.UUID(int=1)
NAME = "name"  # keyed, of a login name


def make(purpose="mobile", account=None, place=HERE, now=NOW):
    return one_time_codes.make(TOKEN, purpose, NAME, place, account, now)


def match(code, purpose="mobile", now=NOW):
    return one_time_codes.match(TOKEN, code, purpose, now)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_of_six_digits_a_hash_is_kept():
    code, row = make(), OneTimeCode.objects.get()
    assert re.fullmatch(r"\d{6}", code)
    assert row.sent_at == NOW
    assert code not in row.code_hash
    assert len(row.code_hash) == 64


def test_the_code_finds_its_row_for_ten_minutes():
    code = make()
    assert match(code, now=NOW + timedelta(minutes=10) - timedelta(seconds=1)) == OneTimeCode.objects.get()
    assert match(code, now=NOW + timedelta(minutes=10)) is None


def test_a_code_is_good_for_its_purpose_only():
    code = make("mobile")
    assert match(code, "password") is None


def test_a_code_that_was_used_is_used_up():
    code = make()
    OneTimeCode.objects.update(used_at=NOW)
    assert match(code) is None


def test_the_fifth_wrong_try_uses_the_code_up():
    code = make()
    tries = [match(wrong(code)) for _ in range(5)]
    assert tries == [None] * 5
    assert match(code) is None
    assert OneTimeCode.objects.get().tries == 5


def test_a_sixth_try_is_refused_by_the_database_too():
    make()
    with pytest.raises(IntegrityError, match="code_has_at_most_five_tries"):
        OneTimeCode.objects.update(tries=6)


def test_a_right_guess_at_nobodys_password_opens_nothing():
    assert match(make("password"), "password") is None
    assert match(make("password", make_candidate()), "password") is not None


def test_the_next_code_has_to_wait_a_minute_from_the_same_place():
    make()
    one_time_codes.require_pause(NAME, ELSEWHERE, NOW)
    one_time_codes.require_pause(NAME, HERE, NOW + timedelta(minutes=1))
    with pytest.raises(NotAllowed, match="验证码一分钟只能获取一次"):
        one_time_codes.require_pause(NAME, HERE, NOW + timedelta(seconds=59))


def test_another_name_need_not_wait():
    make()
    one_time_codes.require_pause("another name", HERE, NOW)


def test_a_network_that_has_had_its_codes_of_an_hour_goes_on_at_that_pace(settings):
    settings.CODES_PER_NETWORK = 2  # an hour: one every thirty minutes
    for token in (1, 2):
        one_time_codes.make(uuid.UUID(int=token), "mobile", f"name {token}", HERE, None, NOW)
    one_time_codes.require_pause("another name", ELSEWHERE, NOW)
    one_time_codes.require_pause("another name", HERE, NOW + timedelta(minutes=30))
    with pytest.raises(NotAllowed, match="您所在的网络正在大量获取验证码"):
        one_time_codes.require_pause("another name", HERE, NOW + timedelta(minutes=29))


def test_processes_of_the_version_before_go_on_by_the_tables_old_name():
    """The view of migration 0010: remove both together."""

    def by_the_old_name(execute, sql, values, many, context):
        return execute(sql.replace("candidates_onetimecode", "candidates_passwordreset"), values, many, context)

    with connection.execute_wrapper(by_the_old_name):
        code = make("password", make_candidate())
        right = match(code, "password")
        right.used_at = NOW
        right.save(update_fields=["used_at"])
    assert OneTimeCode.objects.get().used_at == NOW


def test_codes_of_the_day_before_yesterday_are_purged():
    make()
    make(now=NOW + timedelta(hours=1))
    one_time_codes.forget_old(NOW + timedelta(days=2, minutes=1))
    assert [one.sent_at for one in OneTimeCode.objects.all()] == [NOW + timedelta(hours=1)]


def test_a_name_has_its_codes_of_a_day_from_one_place(settings):
    settings.CODES_A_DAY = 2
    for number in range(2):
        now = NOW + timedelta(minutes=2 * number)
        one_time_codes.require_pause(NAME, HERE, now)
        one_time_codes.make(uuid.UUID(int=number), "mobile", NAME, HERE, None, now)
    with pytest.raises(NotAllowed, match="明天再试，或换一个网络"):
        one_time_codes.require_pause(NAME, HERE, NOW + timedelta(minutes=4))
    one_time_codes.require_pause(NAME, ELSEWHERE, NOW + timedelta(minutes=4))
