"""Setting a new password by a code, and changing it."""

import contextlib
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.accounts import passwords
from candidates.accounts.login_limits import Place
from candidates.models import Account, OneTimeCode
from candidates.rules.refusals import NotAllowed, Refused
from tests.factories import PASSWORD, a_resident_id, make_candidate, make_reviewer, make_units

pytestmark = pytest.mark.django_db

NEW = "heron-by-the-river"
HERE, ELSEWHERE = Place("here"), Place("elsewhere")
BROWSER = Place("browser", is_known=True)
SENT: list[tuple[Account, str]] = []


def keep(account, subject, text):
    SENT.append((account, re.search(r"\d{6}", text)[0]))


@pytest.fixture(autouse=True)
def outbox(settings, monkeypatch):
    """What would have been sent, at once."""
    SENT.clear()
    settings.SENDER = f"{__name__}.keep"
    monkeypatch.setattr("candidates.messages.sending.Thread", _AtOnce)
    return SENT


class _AtOnce:
    def __init__(self, target, args, daemon):
        self.run = lambda: target(*args)

    def start(self):
        self.run()


@pytest.fixture
def ask(django_capture_on_commit_callbacks):
    def asking(name, now=None, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return passwords.ask_for_code(name, now=now, **more)

    return asking


def test_a_code_sets_a_new_password_once(ask, outbox):
    account = make_candidate()
    token = ask(account.mobile)
    code = outbox[0][1]
    assert passwords.reset(token, code, NEW) == account
    assert Account.objects.get().check_password(NEW) is True
    with pytest.raises(Refused):
        passwords.reset(token, code, "another-one-again")


def test_a_code_lasts_ten_minutes(ask, outbox):
    now = timezone.now()
    token = ask(make_candidate().mobile, now)
    with pytest.raises(Refused) as refused:
        passwords.reset(token, outbox[0][1], NEW, now=now + timedelta(minutes=10))
    assert refused.value.problems == {"code": "验证码不正确或已失效：请核对，或重新获取。"}


def test_five_wrong_tries_use_a_code_up(ask, outbox):
    token = ask(make_candidate().mobile)
    wrong = f"{(int(outbox[0][1]) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(Refused):
            passwords.reset(token, wrong, NEW)
    with pytest.raises(Refused):
        passwords.reset(token, outbox[0][1], NEW)
    assert OneTimeCode.objects.get().tries == 5


def test_one_code_a_minute_whether_or_not_the_account_exists(ask, outbox):
    now = timezone.now()
    for name in (make_candidate().mobile, "13999999999"):
        ask(name, now)
        with pytest.raises(NotAllowed):
            ask(name, now + timedelta(seconds=59))
        ask(name, now + timedelta(seconds=61))
    assert len(outbox) == 2


def test_the_same_work_is_done_whether_or_not_the_account_exists(outbox, django_capture_on_commit_callbacks):
    work = []
    for name in (make_candidate().mobile, "13999999999"):
        with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks() as after:
            passwords.ask_for_code(name, place=HERE)
        shapes = [
            re.sub(r"'[^']*'|\bs\d+_x\d+|\b\d+\b|NULL", "?", query["sql"]).replace("(?, ?)", "(?)") for query in asked
        ]
        work.append((shapes, len(after)))
    assert work[0] == work[1]


# --- how often (nobody uses up a name's minute or day from elsewhere) ---


@pytest.fixture
def asked(ask):
    """How many of so many requests a minute apart are granted."""

    def asking(name, times=1, place=HERE, now=None):
        now, granted = now or timezone.now(), 0
        for number in range(times):
            with contextlib.suppress(NotAllowed):
                ask(name, now + timedelta(minutes=number, seconds=number), place=place)
                granted += 1
        return granted

    return asking


def test_a_strangers_request_leaves_the_owners_minute(asked, outbox):
    mobile = make_candidate().mobile
    assert [asked(mobile, place=one) for one in (ELSEWHERE, ELSEWHERE, HERE, BROWSER)] == [1, 0, 1, 1]
    assert len(outbox) == 3


def test_a_strangers_requests_leave_the_owners_day(asked):
    mobile = make_candidate().mobile
    assert [asked(mobile, 25, place=one) for one in (ELSEWHERE, HERE, BROWSER)] == [20, 20, 20]


def test_the_next_day_there_are_codes_again(asked):
    now, later = timezone.now(), timezone.now() + timedelta(days=1)
    assert (asked("13999999999", 25, now=now), asked("13999999999", 1, now=later)) == (20, 1)


def test_from_all_networks_together_a_number_gets_sixty_a_day_and_its_owners_browser_goes_on(asked):
    places = [Place(f"network {number}") for number in range(4)]
    assert [asked("13999999999", 25, place=one) for one in (*places, BROWSER)] == [20, 20, 20, 0, 20]


def test_a_busy_network_goes_on_at_its_pace_and_is_never_closed(asked, settings):
    settings.CODES_PER_NETWORK = 60
    now = timezone.now()
    names = [f"139{number:08}" for number in range(63)]
    assert sum(asked(name, now=now) for name in names[:61]) == 60
    assert [asked(names[61], now=now + timedelta(seconds=one)) for one in (30, 60, 90)] == [0, 1, 0]
    assert [asked(names[62], now=now + timedelta(seconds=90), place=one) for one in (HERE, ELSEWHERE)] == [0, 1]


@pytest.mark.parametrize("spelling", [" {} ", "+86 {}", "{}\u3000"])
def test_every_spelling_of_a_number_has_the_same_minute(asked, spelling):
    mobile = make_candidate().mobile
    assert (asked(mobile), asked(spelling.format(mobile))) == (1, 0)


def test_another_name_of_the_same_account_sends_no_second_code_and_says_nothing(ask, outbox):
    account = make_candidate()
    ask(account.mobile)
    ask(account.document_number)
    assert (len(outbox), OneTimeCode.objects.count()) == (1, 2)


def test_no_answer_tells_whether_a_mobile_and_a_number_are_one_persons():
    account, other = make_candidate(), make_candidate()
    answers = []
    for address, number in (("192.0.2.1", account.document_number), ("198.51.100.1", other.document_number)):
        client = Client(REMOTE_ADDR=address)
        client.post("/password/", {"username": account.mobile})
        answer = client.post("/password/", {"username": number})
        answers.append((answer.status_code, answer.headers["Location"], OneTimeCode.objects.last().account_id))
    assert answers == [(302, "/password/code/", account.pk), (302, "/password/code/", other.pk)]


def test_no_second_request_tells_whether_a_number_has_an_account():
    answers = []
    for number in (make_candidate().document_number, a_resident_id(999)):
        for spelling in (number, f" {number[:6]} {number[6:]}"):
            answers.append(Client().post("/password/", {"username": spelling}))
    told = [(answer.status_code, answer.context and answer.context["form"].non_field_errors()) for answer in answers]
    assert told[:2] == told[2:] == [(302, None), (200, ["验证码一分钟只能获取一次：请稍候再试。"])]


def test_a_browser_that_has_logged_in_has_a_count_of_its_own():
    mobile, own = make_candidate().mobile, Client()
    own.post("/login/", {"username": mobile, "password": PASSWORD}), own.post("/logout/")
    Client().post("/password/", {"username": mobile})
    asked = [one.post("/password/", {"username": mobile}).status_code for one in (Client(), own, own)]
    assert asked == [200, 302, 200]


def test_who_has_one_account_of_a_shared_number_is_no_known_browser_of_the_other():
    make_candidate(document_type="passport", document_number="AB1234567")
    mine, own = make_candidate(document_type="officer", document_number="AB1234567"), Client()
    own.post("/login/", {"username": mine.mobile, "password": PASSWORD}), own.post("/logout/")
    own.post("/password/", {"username": "AB1234567"})
    assert set(OneTimeCode.objects.values_list("is_known", flat=True)) == {False}


def test_logging_in_anew_is_no_new_count():
    mobile = make_candidate().mobile
    asked = []
    for own in (Client(), Client()):
        own.post("/login/", {"username": mobile, "password": PASSWORD}), own.post("/logout/")
        asked.append(own.post("/password/", {"username": mobile}).status_code)
    assert asked == [302, 200]


def test_a_number_that_two_accounts_share_resets_the_one_whose_code_it_is(ask, outbox):
    first = make_candidate(document_type="passport", document_number="AB1234567")
    second = make_candidate(document_type="officer", document_number="AB1234567")
    token = ask("ab1234567")
    codes = dict(outbox)
    assert set(codes) == {first, second}
    assert passwords.reset(token, codes[second], NEW) == second
    first.refresh_from_db()
    assert first.check_password(PASSWORD) is True


def test_a_weak_password_leaves_the_code_usable(ask, outbox):
    token = ask(make_candidate().mobile)
    with pytest.raises(Refused) as refused:
        passwords.reset(token, outbox[0][1], "1234567890")
    assert list(refused.value.problems) == ["password1"]
    passwords.reset(token, outbox[0][1], NEW)


def test_no_clear_code_is_kept(ask, outbox):
    ask(make_candidate().mobile)
    row = OneTimeCode.objects.values().get()
    assert [value for value in map(str, row.values()) if outbox[0][1] in value] == []


# --- the pages ---


def test_the_pages_say_the_same_whether_or_not_the_account_exists():
    answers = []
    for name in (make_candidate().mobile, "13999999999"):
        client = Client()
        answer = client.post("/password/", {"username": name})
        page = client.get("/password/code/").content.decode()
        wrong = client.post("/password/code/", {"code": "000000", "password1": NEW, "password2": NEW})
        answers.append(
            (answer.headers["Location"], re.sub(r'value="[^"]{64}"', "", page), wrong.context["form"].errors)
        )
    assert answers[0] == answers[1]


def test_the_new_password_is_set_from_the_browser_that_asked(client, outbox, django_capture_on_commit_callbacks):
    account = make_candidate()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/", {"username": account.mobile})
    sent = {"code": outbox[0][1], "password1": NEW, "password2": NEW}
    assert Client().post("/password/code/", sent).headers["Location"] == "/password/"
    assert client.post("/password/code/", sent).headers["Location"] == "/login/"
    assert Account.objects.get().check_password(NEW) is True


def test_a_code_opens_an_account_that_somebody_in_the_same_network_guesses_at(
    client, outbox, django_capture_on_commit_callbacks
):
    mobile = make_candidate().mobile
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/", {"username": mobile})
    client.post("/password/code/", {"code": outbox[0][1], "password1": NEW, "password2": NEW})
    for _ in range(11):
        Client().post("/login/", {"username": mobile, "password": "not-the-password"})
    entered = [one.post("/login/", {"username": mobile, "password": NEW}).status_code for one in (Client(), client)]
    assert entered == [200, 302]


def test_a_new_password_ends_the_pauses(ask, outbox):
    mobile = make_candidate().mobile
    for _ in range(11):
        Client().post("/login/", {"username": mobile, "password": "not-the-password"})
    passwords.reset(ask(mobile), outbox[0][1], NEW)
    assert Client().post("/login/", {"username": mobile, "password": NEW}).status_code == 302


def test_changing_the_password_ends_the_other_sessions(client):
    account = make_candidate()
    other = Client()
    client.force_login(account), other.force_login(account)
    client.post("/password/change/", {"password": PASSWORD, "password1": NEW, "password2": NEW})
    assert [get_user(one).is_authenticated for one in (client, other)] == [True, False]


def test_a_password_that_somebody_else_has_set_is_not_just_confirmed(client):
    client.force_login(make_reviewer(make_units()["1101"], must_change_password=True))
    answer = client.post("/password/change/", {"password": PASSWORD, "password1": PASSWORD, "password2": PASSWORD})
    assert answer.context["form"].errors == {"password1": ["新密码与现在的密码相同：请换一个。"]}
    assert client.get("/review/applications/").url == "/password/change/"


def test_the_present_password_is_asked_for(client):
    client.force_login(make_candidate())
    answer = client.post("/password/change/", {"password": "wrong", "password1": NEW, "password2": NEW})
    assert answer.context["form"].errors == {"password": ["密码不正确：请重新输入。"]}
    assert Account.objects.get().check_password(PASSWORD) is True
