"""Registering, logging in and out."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.accounts.own_account import PRIVACY_VERSION
from candidates.models import Account
from tests.candidates.posting import a_registration, sends
from tests.factories import (
    PASSWORD,
    a_resident_id,
    make_candidate,
    make_operator,
    make_reviewer,
    make_session,
    make_units,
)

pytestmark = pytest.mark.django_db

WRONG = "账号或密码不正确：请核对后重新输入。多次输错请稍后再试或找回密码。"


def log_in(client, username, password=PASSWORD, **more):
    return sends(client, "/login/", {"username": username, "password": password, **more})


def test_registering_logs_in_and_keeps_what_was_agreed_to(client):
    answer = sends(client, "/register/", a_registration(name="𠮷𬀩㛃", mobile="+86 138 0000 7777"))
    account = Account.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, "/application/")
    assert (account.name, account.mobile, account.consent_version) == ("𠮷𬀩㛃", "13800007777", PRIVACY_VERSION)
    assert get_user(client) == account


def test_a_document_that_is_valid_for_good_has_no_last_day(client):
    sends(client, "/register/", a_registration(valid_until="long_term"))
    assert Account.objects.get().valid_until is None


@pytest.mark.parametrize(
    ("taken", "field"), [("document_number", "document_number"), ("mobile", "mobile")], ids=["number", "mobile"]
)
def test_what_another_account_has_is_said_beside_its_field(client, taken, field):
    first, second = a_registration(), a_registration()
    sends(client, "/register/", first)
    answer = sends(Client(), "/register/", second | {taken: first[taken]})
    assert list(answer.context["form"].errors) == [field]
    assert Account.objects.count() == 1


def test_a_refusal_loses_nothing_typed_but_the_passwords(client):
    sent = a_registration(document_number="123")
    answer = sends(client, "/register/", sent)
    page = answer.content.decode()
    kept = [value for name, value in sent.items() if name not in ("password1", "password2", "email", "consent")]
    assert [value for value in kept if f'value="{value}"' not in page] == []
    assert PASSWORD not in page


def test_a_refusal_logs_nobody_in(client):
    sends(client, "/register/", a_registration(consent=""))
    assert Account.objects.count() == 0
    assert get_user(client).is_authenticated is False


OVERSEAS = {"mobile": "+852 5123 4567", "document_type": "hk_id", "document_number": "A1234567"}


def test_an_overseas_mobile_registers_and_logs_in_who_may_live_abroad(client):
    sends(client, "/register/", a_registration(**OVERSEAS))
    assert Account.objects.get().mobile == "+85251234567"
    assert log_in(Client(), "00852 51234567").headers["Location"] == "/application/"


def test_an_overseas_mobile_of_a_resident_is_refused_beside_it(client):
    answer = sends(client, "/register/", a_registration(mobile="+852 5123 4567"))
    assert (list(answer.context["form"].errors), Account.objects.count()) == (["mobile"], 0)


@pytest.mark.parametrize(("changes", "says_how"), [(OVERSEAS, True), ({}, False)], ids=["Hong Kong", "resident"])
def test_how_to_write_an_overseas_mobile_is_told_to_whom_it_concerns(client, changes, says_how):
    answer = sends(client, "/register/", a_registration(**changes | {"mobile": "51234567"}))
    assert any("境外手机请写" in one for one in answer.context["form"].errors["mobile"]) is says_how


# --- logging in ---


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "{1}", "+86 {1}"], ids=["number", "spaces", "mobile", "+86"])
def test_a_candidate_logs_in_by_number_or_mobile(client, spelling):
    account = make_candidate(document_number=a_resident_id(7))
    answer = log_in(client, spelling.format(account.document_number, account.mobile))
    assert get_user(client) == account
    assert answer.headers["Location"] == "/application/"


def test_everybody_is_led_to_their_own_pages():
    unit = make_units()["1101"]
    make_reviewer(unit, username="site-1101"), make_operator("operator")
    homes = [log_in(Client(), name).headers["Location"] for name in ("site-1101", "operator")]
    assert homes == ["/review/applications/", "/admin/"]


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/materials/", "/materials/"),
        ("https://elsewhere.example/", "/application/"),
        ("//elsewhere.example/", "/application/"),
        ("/admin/", "/application/"),
        ("", "/application/"),
        ("/application/start/", "/application/"),
        ("/materials/diploma/", "/application/"),
        ("/application/edit/draft/?section=work", "/application/"),
        ("/application/edit/?section=work", "/application/edit/?section=work"),
        ("/nowhere/", "/application/"),
    ],
)
def test_next_leads_only_to_ones_own_pages_here(client, wanted, led):
    account = make_candidate()
    assert log_in(client, account.mobile, next=wanted).headers["Location"] == led


def test_of_two_log_in_pages_the_second_leads_on():
    account = make_candidate()
    browser = Client(enforce_csrf_checks=True)
    old = browser.get("/login/?next=/messages/").context["csrf_token"]
    browser.cookies["csrftoken"] = "x" * 32  # as a log-in on the other page renews it
    browser.force_login(account)
    sent = {"username": account.mobile, "password": PASSWORD, "csrfmiddlewaretoken": str(old), "next": "/messages/"}
    answer = browser.post("/login/", sent)
    assert answer.headers["Location"] == "/login/?next=%2Fmessages%2F"
    assert browser.get(answer.headers["Location"]).headers["Location"] == "/messages/"


def test_a_log_in_page_that_has_become_old_is_drawn_anew_and_says_so():
    account = make_candidate()
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/login/", {"username": account.mobile, "password": PASSWORD, "next": "/messages/"})
    page = browser.get(answer.headers["Location"])
    assert (page.context["next"], get_user(browser).is_authenticated) == ("/messages/", False)
    assert "这一页打开的时间较长，刚才没有登录：请再输入一次密码。" in page.content.decode()


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer():
    account = make_candidate()
    answers = [
        log_in(Client(), name, "not-the-password") for name in (account.mobile, "13999999999", "100101199003070000")
    ]
    assert {tuple(answer.context["form"].non_field_errors()) for answer in answers} == {
        ("账号或密码不正确：请核对后重新输入。多次输错请稍后再试或找回密码。",)
    }
    assert {answer.status_code for answer in answers} == {200}


def test_an_account_that_is_switched_off_gets_that_answer_too(client):
    account = make_candidate()
    Account.objects.update(is_active=False)
    answer = log_in(client, account.mobile)
    assert answer.context["form"].non_field_errors() == [WRONG]


# --- failed logins (more: test_login_limits.py) ---

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.7"


NEW = "heron-by-the-river"


def fail(name, times=10, address=HERE, client=None):
    """Wrong passwords; the last answer."""
    for _ in range(times):
        answer = log_in(client or Client(REMOTE_ADDR=address), name, "not-the-password")
    return answer


def is_let_in(name, address=HERE, client=None):
    return log_in(client or Client(REMOTE_ADDR=address), name).status_code == 302


def shape(answer):
    """What an answer tells: without the form's token and the name that was typed."""
    hidden = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return answer.status_code, list(answer.headers), list(answer.cookies), hidden


@pytest.mark.parametrize("kind", ["candidate", "reviewer", "operator"])
def test_ten_wrong_passwords_pause_logins_from_there_and_nowhere_else(kind):
    name = {
        "candidate": lambda: make_candidate().mobile,
        "reviewer": lambda: make_reviewer(make_units()["1101"]).username,
        "operator": lambda: make_operator().username,
    }[kind]()
    fail(name)
    assert (is_let_in(name), is_let_in(name, ELSEWHERE)) == (False, True)


def test_nine_wrong_passwords_pause_nothing_and_a_login_begins_anew():
    name = make_candidate().mobile
    for _ in range(2):
        fail(name, 9)
        assert is_let_in(name) is True


def test_wrong_unknown_and_limited_get_the_same_answer():
    account = make_candidate()
    first = [shape(fail(name, 1)) for name in (account.mobile, "13999999999", account.document_number)]
    fail(account.mobile), fail("13999999999")
    limited = [shape(fail(name, 1)) for name in (account.mobile, "13999999999")]
    right = shape(log_in(Client(REMOTE_ADDR=HERE), account.mobile))
    assert {*map(str, (*first, *limited, right))} == {str(first[0])}
    assert WRONG in first[0][-1]


def wide(text):
    return text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})


SPELLINGS = {
    "number": lambda account: account.document_number,
    "spaced": lambda account: f" {account.document_number[:6]} {account.document_number[6:]} ",
    "lower case": lambda account: account.document_number.lower(),
    "wide": lambda account: wide(account.document_number),
    "mobile": lambda account: account.mobile,
    "+86": lambda account: f"+86 {account.mobile}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_an_account_has_the_same_count(spelling):
    account = make_candidate()
    fail(account.mobile)
    assert is_let_in(SPELLINGS[spelling](account)) is False


def test_a_browser_that_has_logged_in_before_keeps_its_own_count():
    name, own = make_candidate().mobile, Client(REMOTE_ADDR=HERE)
    log_in(own, name), own.post("/logout/")
    fail(name)
    assert (is_let_in(name), is_let_in(name, client=own)) == (False, True)
    own.post("/logout/")
    fail(name, client=own)
    assert (is_let_in(name, client=own), is_let_in(name, ELSEWHERE)) == (False, True)


def test_a_forged_or_foreign_cookie_is_no_known_browser():
    name, other = make_candidate().mobile, Client(REMOTE_ADDR=HERE)
    log_in(other, make_candidate().mobile), other.post("/logout/")
    forged = Client(REMOTE_ADDR=HERE)
    forged.cookies["known"] = "x" * 16 + "-" + "y" * 16
    fail(name)
    assert [is_let_in(name, client=one) for one in (other, forged)] == [False, False]


def test_setting_a_new_password_makes_the_browser_known():
    """The way out for who shares a network with somebody that guesses."""
    name, own = make_candidate().mobile, Client(REMOTE_ADDR=HERE)
    log_in(own, name)
    own.post(
        "/password/change/",
        {"password": PASSWORD, "password1": NEW, "password2": NEW},
    )
    own.post("/logout/")
    fail(name)
    assert log_in(own, name, NEW).status_code == 302


def test_a_new_password_makes_strangers_of_other_browsers():
    account, own = make_candidate(), Client(REMOTE_ADDR=HERE)
    log_in(own, account.mobile), own.post("/logout/")
    account.set_password(NEW), account.save()
    fail(account.mobile)
    assert log_in(own, account.mobile, NEW).status_code == 200


def test_a_school_that_fails_a_hundred_times_still_logs_in():
    name = make_candidate().mobile
    for other in [make_candidate().mobile for _ in range(12)]:
        fail(other)
    assert is_let_in(name) is True


def test_what_the_cookie_says_is_nobodys_data(client):
    account = make_candidate()
    kept = log_in(client, account.mobile).cookies["known"]
    assert (kept["httponly"], kept["samesite"], kept["max-age"]) == (True, "Lax", 400 * 24 * 60 * 60)
    assert re.fullmatch(r"[0-9a-f]{16}-[0-9a-f]{16}:\w+:[\w-]+", kept.value)


def test_a_familys_computer_knows_five_of_them(client):
    names = [make_candidate().mobile for _ in range(6)]
    for name in names:
        log_in(client, name), client.post("/logout/")
    for name in names:
        fail(name, client=Client(REMOTE_ADDR="127.0.0.1"))
    let_in = []
    for name in names:
        let_in.append(is_let_in(name, client=client))
        client.post("/logout/")
    assert let_in == [False] + [True] * 5


def test_the_same_is_asked_of_the_database_whether_or_not_there_is_an_account():
    asked = []
    for name in (make_candidate().mobile, "13999999999"):
        with CaptureQueriesContext(connection) as queries:
            fail(name, 1)
        asked.append([re.sub(r"'[^']*'|\bs\d+_x\d+|\b\d+\b", "?", query["sql"])[:60] for query in queries])
    assert asked[0] == asked[1]


def test_a_new_password_comes_first_where_somebody_else_has_set_it(client):
    make_operator("operator", must_change_password=True)
    assert log_in(client, "operator").headers["Location"] == "/password/change/"
    assert client.get("/admin/").headers["Location"] == "/password/change/"
    client.post(
        "/password/change/", {"password": PASSWORD, "password1": "a-new-one-of-mine", "password2": "a-new-one-of-mine"}
    )
    assert client.get("/admin/").status_code == 200


# --- logging out ---


def test_getting_the_address_asks_and_posting_logs_out(client):
    client.force_login(make_candidate())
    assert client.get("/logout/").status_code == 200
    assert get_user(client).is_authenticated is True
    assert client.post("/logout/").headers["Location"] == "/"
    assert get_user(client).is_authenticated is False


def test_who_is_logged_in_needs_no_login_page(client):
    client.force_login(make_candidate())
    assert [client.get(path).headers["Location"] for path in ("/login/", "/register/")] == ["/application/"] * 2


@pytest.mark.parametrize("path", ["/application/", "/application/edit/", "/messages/", "/account/", "/account/data/"])
def test_a_stranger_is_led_to_the_login_page_and_staff_find_nothing(client, path):
    make_session()
    assert client.get(path).headers["Location"] == f"/login/?next={path}"
    for staff in (make_operator(), make_reviewer(make_units()["1101"])):
        client.force_login(staff)
        assert client.get(path).status_code == 404


# --- an e-mail in place of a mobile -----------------------------------------------------------------------------------

ABROAD = {"document_type": "hk_id", "document_number": "A1234567", "mobile": "", "email": "Ana@example.com"}


def test_where_nothing_is_confirmed_an_email_stands_for_the_mobile_at_once(client):
    assert sends(client, "/register/", a_registration(**ABROAD)).status_code == 302
    assert (Account.objects.get().email, Account.objects.get().mobile_hash) == ("Ana@example.com", None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "请填写手机号码；没有手机的，请填写能收信的电子邮箱。"),
        ({"document_type": "resident_id", "document_number": a_resident_id(5)}, "请填写手机号码。"),
    ],
)
def test_who_needs_a_mobile_is_told(client, changes, sentence):
    answer = sends(client, "/register/", a_registration(**ABROAD | changes))
    assert answer.context["form"].errors == {"mobile": [sentence]}


def test_an_email_that_an_account_logs_in_by_is_refused_beside_it(client):
    make_candidate(**ABROAD)
    answer = sends(client, "/register/", a_registration(**ABROAD | {"document_number": "B7654321"}))
    assert list(answer.context["form"].errors) == ["email"]


def test_an_email_in_place_of_a_mobile_is_a_login_name_in_any_spelling(client):
    account = make_candidate(**ABROAD)
    sends(client, "/login/", {"username": " ana@EXAMPLE.com", "password": PASSWORD})
    assert get_user(client) == account


def test_an_email_beside_a_mobile_is_no_login_name(client):
    make_candidate(email="ana@example.com")
    answer = sends(client, "/login/", {"username": "ana@example.com", "password": PASSWORD})
    assert answer.context["form"].non_field_errors() == [WRONG]


def test_the_login_email_is_no_password(client):
    sent = a_registration(**ABROAD, password1="ana@example.com", password2="ana@example.com")
    answer = sends(client, "/register/", sent)
    assert list(answer.context["form"].errors) == ["password1"]


def test_what_a_browser_keeps_as_the_name_of_a_new_account_logs_in(client):
    sent = a_registration(email="zhang@example.com")
    page = client.get("/register/").content.decode()
    [name] = re.findall(r'<input[^>]*name="(\w+)"[^>]*autocomplete="username"', page)
    client.post("/register/", sent)
    assert log_in(Client(), sent[name]).headers["Location"] == "/application/"


# --- passwords that somebody else has set, and registering again and again ---


def test_a_one_time_password_lasts_for_three_days(client):
    account = make_candidate(password=PASSWORD)
    now = timezone.now()
    given = {"must_change_password": True, "password_given_at": now - timedelta(hours=72)}
    type(account).objects.filter(pk=account.pk).update(**given)
    typed = {"username": account.mobile, "password": PASSWORD}
    told = client.post("/login/", typed, follow=True).content.decode()
    wrong = client.post("/login/", {**typed, "password": "another one"}, follow=True).content.decode()
    assert ["已满 72 小时" in page for page in (told, wrong)] == [True, False]
    type(account).objects.update(password_given_at=now - timedelta(hours=71, minutes=59))
    assert client.post("/login/", typed).url == "/password/change/"


def test_a_network_that_finds_many_numbers_taken_waits(settings):
    settings.REGISTER_TRIES = 2
    taken = make_candidate()
    asking = a_registration(document_number=taken.document_number)
    for _ in range(3):
        Client().post("/register/", asking)
    said = [
        Client(REMOTE_ADDR=address).post("/register/", a_registration(), follow=True)
        for address in ("127.0.0.1", "203.0.113.9")
    ]
    assert ["您所在的网络尝试注册的次数太多" in one.content.decode() for one in said] == [True, False]
