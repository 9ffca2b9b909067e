"""How long a log-in lasts, what puts its end off, and the list of one's own."""

from datetime import datetime, timedelta
from unittest.mock import Mock

import pytest
from django.test import Client
from django.utils import timezone

from candidates.accounts import my_logins
from candidates.models import Account, LoginSession
from tests.factories import make_application, make_candidate, make_operator, make_reviewer

pytestmark = pytest.mark.django_db
BEGINS = datetime(2027, 3, 1, 9, tzinfo=timezone.get_default_timezone())
BACKEND = "candidates.accounts.auth.LoginNameBackend"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the time to so many minutes after the log-in."""

    def at(minutes):
        monkeypatch.setattr(timezone, "now", lambda: BEGINS + timedelta(minutes=minutes))

    at(0)
    return at


def browser_of(account):
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


def is_logged_in(client):
    return client.get("/logins/").status_code == 200


@pytest.mark.parametrize(("make", "minutes"), [(make_candidate, 120), (make_operator, 30)])
def test_a_log_in_ends_when_nobody_has_used_it(clock, make, minutes):
    used, unused = browser_of(account := make()), browser_of(account)
    clock(minutes - 1)
    assert is_logged_in(used)
    clock(minutes)
    assert [is_logged_in(used), is_logged_in(unused)] == [True, False]


def test_a_log_in_ends_after_half_a_day_however_it_is_used(clock):
    client = browser_of(make_candidate())
    for hour in range(1, 12):
        clock(60 * hour)
        assert is_logged_in(client)
    clock(12 * 60 - 1)
    assert is_logged_in(client)
    clock(12 * 60)
    assert not is_logged_in(client)


def test_a_second_use_within_a_minute_writes_nothing(clock):
    client = browser_of(make_candidate())
    clock(0.9)
    is_logged_in(client)
    assert LoginSession.objects.get().last_at == BEGINS
    clock(2)
    is_logged_in(client)
    assert LoginSession.objects.get().last_at == BEGINS + timedelta(minutes=2)


def test_what_a_page_asks_by_itself_puts_the_end_not_off(clock):
    case = make_application("point_review")
    client = browser_of(make_reviewer(case.point))
    ends = LoginSession.objects.get().expire_date
    clock(20)
    asked = {
        client.post(f"/review/applications/{case.number}/hold/").status_code,
        client.get("/session/").status_code,
        client.get("/review/applications/ahead/").status_code,  # which writes into the session
        client.get("/review/applications/export/progress/").status_code,
    }
    assert (asked, LoginSession.objects.get().expire_date) == ({200, 204}, ends)


def test_a_draft_of_what_somebody_types_puts_the_end_off(clock):
    case = make_application("point_review")
    client = browser_of(make_reviewer(case.point))
    clock(20)
    kept = client.post(f"/review/applications/{case.number}/draft/", {"seen": case.last_record_id})
    assert (kept.status_code, LoginSession.objects.get().expire_date) == (204, BEGINS + timedelta(minutes=50))


def test_a_log_in_from_before_the_limit_ends_when_it_would_have(clock):
    client = browser_of(make_candidate())
    session = client.session
    del session["began"]
    row = LoginSession.objects.get()
    LoginSession.objects.update(session_data=session.encode(dict(session.items())))
    clock(119)
    assert is_logged_in(client)
    assert LoginSession.objects.get().expire_date == row.expire_date


def test_the_list_names_browsers_and_which_one_is_here():
    account = make_candidate(password="Ein-langes-Wort-7")
    for _ in range(2):
        client = Client(headers={"user-agent": CHROME})
        client.post("/login/", {"username": account.mobile, "password": "Ein-langes-Wort-7"})
    browser_of(make_candidate("李某某"))
    shown = client.get("/logins/").context["logins"]
    assert [(one.browser, one.is_here) for one in shown] == [
        ("Windows 电脑 · Chrome", True),
        ("Windows 电脑 · Chrome", False),
    ]


def test_logging_out_there_ends_that_one_alone():
    here, there, third = (browser_of(account) for account in [make_candidate()] * 3)
    [one] = [one for one in there.get("/logins/").context["logins"] if one.is_here]
    here.post("/logins/end/", {"login": one.mark})
    assert [is_logged_in(client) for client in (here, there, third)] == [True, False, True]


def test_nobody_logs_another_account_out():
    mine, theirs = browser_of(make_candidate()), browser_of(make_candidate("李某某"))
    [one] = theirs.get("/logins/").context["logins"]
    mine.post("/logins/end/", {"login": one.mark})
    assert is_logged_in(theirs)


def test_the_list_gives_nobody_a_key_to_a_session():
    client = browser_of(make_candidate())
    assert client.session.session_key not in client.get("/logins/").content.decode()


def test_everywhere_is_here_too():
    here, there = (browser_of(account) for account in [make_candidate()] * 2)
    assert here.post("/logins/end-all/").url == "/login/"
    assert [is_logged_in(client) for client in (here, there)] == [False, False]


def test_logging_out_everywhere_is_done_whole_or_not_at_all(monkeypatch):
    account = make_candidate()
    monkeypatch.setattr(my_logins, "LoginSession", Mock(objects=Mock(filter=Mock(side_effect=OSError))))
    with pytest.raises(OSError):
        my_logins.end_all(account)
    assert Account.objects.get().session_epoch == account.session_epoch
