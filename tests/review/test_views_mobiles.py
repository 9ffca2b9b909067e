"""更换手机号码 at the desk, by the page as the reviewers send it."""

import json

import pytest

from candidates.models import Account, Message, MobileChange
from tests.factories import make_application, make_reviewer
from tests.review.casework import here, log_in, reviewer, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_application("point_review")


def post(client, case, do, **typed):
    return client.post(here(case, "mobile"), {"do": do, **typed})


def asked(client, case, mobile="13899990000"):
    log_in(client, reviewer(case, "point"))
    tail = case.account.document_number[-6:]
    return post(client, case, "ask", mobile=mobile, document_tail=tail, reason="手机遗失")


def the_code():
    return json.loads(Message.objects.filter(kind="code").latest("pk").parameters)["code"]


def test_two_people_change_it_on_the_page(client, case):
    asked(client, case)
    code = the_code()
    post(client, case, "code", code=f" {code[:3]} {code[3:]} ")
    log_in(client, make_reviewer(case.point, username="second"))
    answer = post(client, case, "agree")
    assert said(answer)[-1].startswith("手机号码已更换")
    assert Account.objects.get(pk=case.account_id).mobile == "13899990000"


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, case):
    answer = asked(client, case, mobile="1380")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ('value="1380"' in page, "手机遗失" in page) == (True, True)
    assert not MobileChange.objects.exists()


def test_the_page_of_who_asked_offers_no_agreeing(client, case):
    asked(client, case)
    post(client, case, "code", code=the_code())
    page = client.get(here(case, "mobile")).content.decode()
    assert ("等待第二人确认" in page, 'value="agree"' in page) == (True, False)
    assert post(client, case, "agree").status_code == 409


def test_the_number_is_not_shown_whole(client, case):
    asked(client, case)
    assert "13899990000" not in client.get(here(case, "mobile")).content.decode()


def test_a_wrong_code_is_told_beside_the_field(client, case):
    asked(client, case)
    answer = post(client, case, "code", code="000000" if the_code() != "000000" else "000001")
    assert answer.status_code == 422
    assert "验证码不正确或已失效" in answer.content.decode()


def test_who_has_not_submitted_yet_is_helped_too(client):
    case = make_application("registered")
    assert asked(client, case).status_code == 302
    assert MobileChange.objects.get().application == case


def test_what_is_gone_is_said(client, case):
    log_in(client, reviewer(case, "point"))
    assert post(client, case, "agree").status_code == 409
    assert post(client, case, "nonsense").status_code == 409


def test_the_case_page_says_that_one_waits(client, case):
    asked(client, case)
    assert "等待录入验证码" in client.get(here(case)).content.decode()
