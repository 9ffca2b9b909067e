"""The pages that set a new password by a code, and change it."""

import re

import pytest
from django.contrib.auth import get_user
from django.test import Client

from candidates.accounts import passwords
from candidates.models import Account, OneTimeCode
from tests.candidates.posting import sends
from tests.factories import PASSWORD, a_resident_id, make_candidate, make_reviewer, make_units

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outbox")]

NEW = "heron-by-the-river"


def test_no_answer_tells_whether_a_mobile_and_a_number_are_one_persons():
    account, other = make_candidate(), make_candidate()
    answers = []
    for address, number in (("192.0.2.1", account.document_number), ("198.51.100.1", other.document_number)):
        client = Client(REMOTE_ADDR=address)
        sends(client, "/password/", {"username": account.mobile})
        answer = sends(client, "/password/", {"username": number})
        answers.append((answer.status_code, answer.headers["Location"], OneTimeCode.objects.last().account_id))
    assert answers == [(302, "/password/code/", account.pk), (302, "/password/code/", other.pk)]


def test_no_second_request_tells_whether_a_number_has_an_account():
    answers = []
    for number in (make_candidate().document_number, a_resident_id(999)):
        for spelling in (number, f" {number[:6]} {number[6:]}"):
            answers.append(sends(Client(), "/password/", {"username": spelling}))
    told = [(answer.status_code, answer.context and answer.context["form"].non_field_errors()) for answer in answers]
    assert told[:2] == told[2:] == [(302, None), (200, ["验证码一分钟只能获取一次：请稍候再试。"])]


def test_a_browser_that_has_logged_in_has_a_count_of_its_own():
    mobile, own = make_candidate().mobile, Client()
    sends(own, "/login/", {"username": mobile, "password": PASSWORD}), own.post("/logout/")
    sends(Client(), "/password/", {"username": mobile})
    asked = [sends(one, "/password/", {"username": mobile}).status_code for one in (Client(), own, own)]
    assert asked == [200, 302, 200]


def test_who_has_one_account_of_a_shared_number_is_no_known_browser_of_the_other():
    make_candidate(document_type="passport", document_number="AB1234567")
    mine, own = make_candidate(document_type="officer", document_number="AB1234567"), Client()
    sends(own, "/login/", {"username": mine.mobile, "password": PASSWORD}), own.post("/logout/")
    sends(own, "/password/", {"username": "AB1234567"})
    assert set(OneTimeCode.objects.values_list("is_known", flat=True)) == {False}


def test_logging_in_anew_is_no_new_count():
    mobile = make_candidate().mobile
    asked = []
    for own in (Client(), Client()):
        sends(own, "/login/", {"username": mobile, "password": PASSWORD}), own.post("/logout/")
        asked.append(sends(own, "/password/", {"username": mobile}).status_code)
    assert asked == [302, 200]


def test_the_pages_say_the_same_whether_or_not_the_account_exists():
    answers = []
    for name in (make_candidate().mobile, "13999999999"):
        client = Client()
        answer = sends(client, "/password/", {"username": name})
        page = client.get("/password/code/").content.decode()
        wrong = sends(client, "/password/code/", {"code": "000000", "password1": NEW, "password2": NEW})
        answers.append(
            (answer.headers["Location"], re.sub(r'value="[^"]{64}"', "", page), wrong.context["form"].errors)
        )
    assert answers[0] == answers[1]


def test_the_new_password_is_set_from_the_browser_that_asked(client, outbox, django_capture_on_commit_callbacks):
    account = make_candidate()
    with django_capture_on_commit_callbacks(execute=True):
        sends(client, "/password/", {"username": account.mobile})
    sent = {"code": outbox[0][1], "password1": NEW, "password2": NEW}
    assert sends(Client(), "/password/code/", sent).headers["Location"] == "/password/"
    assert sends(client, "/password/code/", sent).headers["Location"] == "/login/"
    assert Account.objects.get().check_password(NEW) is True


def test_a_code_opens_an_account_that_somebody_in_the_same_network_guesses_at(
    client, outbox, django_capture_on_commit_callbacks
):
    mobile = make_candidate().mobile
    with django_capture_on_commit_callbacks(execute=True):
        sends(client, "/password/", {"username": mobile})
    sends(client, "/password/code/", {"code": outbox[0][1], "password1": NEW, "password2": NEW})
    for _ in range(11):
        sends(Client(), "/login/", {"username": mobile, "password": "not-the-password"})
    entered = [sends(one, "/login/", {"username": mobile, "password": NEW}).status_code for one in (Client(), client)]
    assert entered == [200, 302]


def test_a_new_password_ends_the_pauses(ask, outbox):
    mobile = make_candidate().mobile
    for _ in range(11):
        sends(Client(), "/login/", {"username": mobile, "password": "not-the-password"})
    passwords.reset(ask(mobile), outbox[0][1], NEW)
    assert sends(Client(), "/login/", {"username": mobile, "password": NEW}).status_code == 302


def test_changing_the_password_ends_the_other_sessions(client):
    account = make_candidate()
    other = Client()
    client.force_login(account), other.force_login(account)
    sends(client, "/password/change/", {"password": PASSWORD, "password1": NEW, "password2": NEW})
    assert [get_user(one).is_authenticated for one in (client, other)] == [True, False]


def test_a_password_that_somebody_else_has_set_is_not_just_confirmed(client):
    client.force_login(make_reviewer(make_units()["1101"], must_change_password=True))
    answer = sends(client, "/password/change/", {"password": PASSWORD, "password1": PASSWORD, "password2": PASSWORD})
    assert answer.context["form"].errors == {"password1": ["新密码与现在的密码相同：请换一个。"]}
    assert client.get("/review/applications/").url == "/password/change/"


def test_the_present_password_is_asked_for(client):
    client.force_login(make_candidate())
    answer = sends(client, "/password/change/", {"password": "wrong", "password1": NEW, "password2": NEW})
    assert answer.context["form"].errors == {"password": ["密码不正确：请重新输入。多次输错请稍后再试。"]}
    assert Account.objects.get().check_password(PASSWORD) is True
