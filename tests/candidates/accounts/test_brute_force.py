"""Guessing gets nobody in: addresses that are claimed count for nothing, and tries at the same moment are one after
the other.
"""

import uuid
from datetime import datetime, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from candidates.accounts import mobiles, one_time_codes, passwords, second_factor
from candidates.accounts.auth import client_address
from candidates.accounts.login_limits import Place
from candidates.models import OneTimeCode, RecoveryCode, SecondFactor
from candidates.rules.refusals import NotAllowed, Refused
from tests.factories import make_candidate, make_operator
from tests.races import Act, while_they_wait

NOW = datetime(2026, 3, 1, 9, tzinfo=timezone.get_default_timezone())
HERE, ELSEWHERE = Place("here"), Place("elsewhere")
BROWSER = Place("browser", is_known=True)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238's own
CODE = "287082"  # what it gives 59 seconds after 1970 began
THEN = datetime.fromtimestamp(59, tz=timezone.get_current_timezone())
CLAIMED, CLIENT, OURS = "198.51.100.1", "203.0.113.7", "10.0.0.2"

# --- where from ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, f"{CLAIMED}", OURS),  # nobody in front of us: the header is the client's own invention
        (1, f"{CLAIMED}, {CLIENT}", CLIENT),
        (1, f"{CLAIMED},{CLAIMED},{CLIENT}", CLIENT),
        (2, f"{CLAIMED}, {CLIENT}, 10.0.0.3", CLIENT),
        (1, CLIENT, CLIENT),
        (2, CLAIMED, OURS),  # fewer than our proxies write: it has not come through them
    ],
)
def test_only_what_our_own_proxies_saw_is_the_clients_address(settings, proxies, forwarded, counted):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=OURS)
    assert client_address(request) == counted


# --- one-time codes: how many, and how often -------------------------------------------------------------------------


def asked(times, place, *, name="name", first=NOW):
    """How many of so many requests are let through, two minutes apart."""
    let_through = 0
    for number in range(times):
        now = first + timedelta(minutes=2 * number)
        try:
            one_time_codes.require_pause(name, place, now)
        except NotAllowed:
            continue
        one_time_codes.make(uuid.uuid4(), "password", name, place, None, now)
        let_through += 1
    return let_through


@pytest.mark.django_db
def test_from_one_place_a_name_has_its_codes_of_a_day_and_no_more(settings):
    settings.CODES_A_DAY = 3
    assert asked(6, HERE) == 3
    assert asked(6, ELSEWHERE) == 3
    assert asked(6, HERE, name="another") == 3
    assert asked(1, HERE, first=NOW + timedelta(days=1)) == 1


@pytest.mark.django_db
def test_from_all_places_together_a_name_has_so_many_and_its_own_browser_goes_on(settings):
    settings.CODES_IN_TOTAL, settings.CODES_PER_NETWORK = 4, 100
    places = [Place(f"network {number}") for number in range(8)]
    assert sum(asked(1, place) for place in places) == 4
    assert asked(1, BROWSER) == 1


@pytest.mark.django_db
def test_a_second_request_within_the_minute_is_refused():
    one_time_codes.make(uuid.uuid4(), "password", "name", HERE, None, NOW)
    with pytest.raises(NotAllowed, match="验证码一分钟只能获取一次"):
        one_time_codes.require_pause("name", HERE, NOW + timedelta(seconds=59))
    one_time_codes.require_pause("name", HERE, NOW + timedelta(seconds=60))


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_for_a_name_the_second_waits_and_is_refused():
    second = Act(passwords.ask_for_code, "13800007777", place=HERE, now=NOW)
    with while_they_wait(second):
        passwords.ask_for_code("13800007777", place=HERE, now=NOW)
    assert str(second.outcome) == "验证码一分钟只能获取一次：请稍候再试。"
    assert OneTimeCode.objects.count() == 1


# --- one-time codes: once, and five tries ----------------------------------------------------------------------------


def a_code(account=None, purpose="password"):
    token = uuid.uuid4()
    return token, one_time_codes.make(token, purpose, "name", HERE, account, NOW)


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.django_db
def test_a_code_is_looked_for_five_times_and_then_no_more():
    token, code = a_code(make_candidate())
    for _ in range(5):
        assert one_time_codes.match(token, another(code), "password", NOW) is None
    assert one_time_codes.match(token, code, "password", NOW) is None


@pytest.mark.django_db
def test_the_fifth_try_may_be_the_right_one():
    token, code = a_code(make_candidate())
    for _ in range(4):
        one_time_codes.match(token, another(code), "password", NOW)
    assert one_time_codes.match(token, code, "password", NOW) == OneTimeCode.objects.get()


@pytest.mark.django_db
def test_a_code_lasts_ten_minutes():
    token, code = a_code(make_candidate())
    end = NOW + timedelta(minutes=10)
    assert one_time_codes.match(token, code, "password", end - timedelta(seconds=1)) == OneTimeCode.objects.get()
    assert one_time_codes.match(token, code, "password", end) is None


@pytest.mark.django_db
def test_a_code_that_was_asked_for_nobodys_name_opens_nothing():
    token, code = a_code(account=None)
    assert one_time_codes.match(token, code, "password", NOW) is None


@pytest.mark.django_db
def test_a_code_opens_what_it_was_asked_for_only():
    token, code = a_code(make_candidate(), purpose="password")
    assert one_time_codes.match(token, code, "mobile", NOW) is None
    assert one_time_codes.match(uuid.uuid4(), code, "password", NOW) is None


@pytest.mark.django_db(transaction=True)
def test_two_right_tries_at_once_confirm_one_mobile():
    token, code = a_code(purpose="mobile")
    second = Act(mobiles.confirm, token, code, now=NOW)
    with while_they_wait(second):
        mobiles.confirm(token, code, now=NOW)
    assert second.outcome.problems == {"code": one_time_codes.WRONG}


@pytest.mark.django_db(transaction=True)
def test_two_right_tries_at_once_set_one_password():
    account = make_candidate()
    token, code = a_code(account)
    second = Act(passwords.reset, token, code, "kestrel-under-the-hill", now=NOW)
    with while_they_wait(second):
        passwords.reset(token, code, "kestrel-beside-the-hill", now=NOW)
    account.refresh_from_db()
    assert second.outcome.problems == {"code": one_time_codes.WRONG}
    assert account.check_password("kestrel-beside-the-hill")


@pytest.mark.django_db(transaction=True)
def test_two_wrong_tries_at_once_are_two_of_the_five():
    token, code = a_code(make_candidate())
    second = Act(passwords.reset, token, another(code), "kestrel-under-the-hill", now=NOW)
    with while_they_wait(second):
        assert one_time_codes.match(token, another(code), "password", NOW) is None
    assert second.outcome.problems == {"code": one_time_codes.WRONG}
    assert OneTimeCode.objects.get().tries == 2


# --- the second factor -----------------------------------------------------------------------------------------------


def enrolled(operator):
    """With a factor that has been used before THEN's code; gives its recovery codes."""
    SecondFactor.objects.create(user=operator, secret=SECRET, last_step=-1, enrolled_at=THEN)
    code = "abcdefghjk"
    RecoveryCode.objects.create(account=operator, code_hash=second_factor._hash(operator, code))
    return code


@pytest.mark.django_db(transaction=True)
def test_a_code_of_the_authenticator_opens_one_of_two_logins_at_once():
    operator = make_operator()
    enrolled(operator)
    second = Act(second_factor.check, operator, CODE, now=THEN)
    with while_they_wait(second):
        second_factor.check(operator, CODE, now=THEN)
    assert isinstance(second.outcome, Refused)
    assert second.outcome.problems["code"].startswith("验证码不正确，或已经用过。")


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_opens_one_of_two_logins_at_once():
    operator = make_operator()
    code = enrolled(operator)
    second = Act(second_factor.use_recovery_code, operator, code, now=THEN)
    with while_they_wait(second):
        assert second_factor.use_recovery_code(operator, code, now=THEN) == 0
    assert isinstance(second.outcome, Refused)
    assert second.outcome.problems["code"].startswith("恢复码不正确，或已经用过。")


@pytest.mark.django_db(transaction=True)
def test_of_wrong_codes_at_once_the_second_meets_the_pause_of_the_first():
    operator = make_operator()
    enrolled(operator)
    second = Act(second_factor.check, operator, "000000", now=THEN)
    with while_they_wait(second):
        second_factor._one_try(operator, lambda factor: False, "")
    assert second.outcome.problems["code"].startswith("连续输错的次数太多：请等 ")
    assert SecondFactor.objects.get().throttling_failure_count == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_enrolments_at_once_one_is_kept():
    operator = make_operator()
    second = Act(second_factor.enrol, operator, SECRET, CODE, now=THEN)
    with while_they_wait(second):
        second_factor.enrol(operator, SECRET, CODE, now=THEN)
    assert isinstance(second.outcome, Refused)
    assert SecondFactor.objects.count() == 1
