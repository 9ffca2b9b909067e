"""The page of deputies, and the reviewers' screens while somebody acts for another unit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Account
from review.models import Deputy
from review.office import deputies
from tests.factories import make_application, make_operator, make_reviewer
from tests.review.casework import fresh, log_in, said

pytestmark = pytest.mark.django_db

PAGE, QUEUE = "/review/office/deputies/", "/review/applications/"
BANNER = "结束代理，回到"


@pytest.fixture
def case():
    return make_application("point_review")  # of the unit


@pytest.fixture
def chief(unit):
    return make_reviewer(unit.parent, username="chief", is_head=True)


@pytest.fixture
def ben(unit):
    return make_reviewer(unit.parent, username="ben")


@pytest.fixture
def loan(unit, chief, ben):
    today = timezone.localdate()
    return deputies.lend(ben, unit, by=chief, first=today, last=today)


@pytest.fixture
def deputy(client, ben, loan):
    """Ben's browser, in the unit's place."""
    log_in(client, ben).post(f"{PAGE}{loan.pk}/begin/")
    return client


def asked(unit, **more):
    today = timezone.localdate()
    return {"person": "ben", "unit": unit.code, "first": today.isoformat(), "last": today.isoformat(), **more}


def test_a_head_lends_by_the_page(client, chief, ben, unit):
    answer = log_in(client, chief).post(f"{PAGE}?unit={unit.parent.code}", asked(unit), follow=True)
    assert said(answer) == [f"已指派 ben 在 {timezone.localdate()} 至 {timezone.localdate()} 代理{unit.name}。"]
    assert Deputy.objects.get().account == ben


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(client, chief, ben, unit):
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = log_in(client, chief).post(PAGE, asked(unit, first=yesterday.isoformat()))
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"first": ["只能指派今天和以后的日子。"]}
    assert answer.context["form"]["person"].value() == "ben"


def test_an_operator_chooses_the_unit(client, ben, unit):
    operator = log_in(client, make_operator())
    assert f"?unit={unit.code[:2]}" in operator.get(PAGE).content.decode()
    assert operator.post(f"{PAGE}?unit={unit.parent.code}", asked(unit)).status_code == 302


def test_who_does_not_lead_sees_the_own_days_alone(client, ben, loan):
    page = log_in(client, ben).get(PAGE).content.decode()
    assert f"开始代理{loan.unit.name}" in page
    assert "指派代理</button>" not in page


def test_who_does_not_lead_cannot_lend(client, ben, chief, unit):
    assert log_in(client, ben).post(PAGE, asked(unit, person="chief")).status_code == 404


def test_the_queue_is_the_unit_s_then(deputy, case):
    page = deputy.get(QUEUE).content.decode()
    assert BANNER in page
    assert case.number in page


def test_the_next_case_is_the_unit_s(deputy, case):
    assert deputy.post(f"{QUEUE}next/").url.endswith(f"/{case.number}/")


def test_given_back_it_is_the_own_unit_s_again(deputy, case):
    deputy.post(f"{PAGE}give-back/")
    assert BANNER not in deputy.get(QUEUE).content.decode()


def test_outside_the_reviewers_screens_nothing_is_changed(deputy, ben):
    deputy.get("/account/")
    assert Account.objects.get(pk=ben.pk).unit == ben.unit


def test_taken_back_the_next_request_is_the_own_unit_s_and_says_so(deputy, loan, chief, case):
    deputies.take_back(loan.pk, by=chief)
    answer = deputy.post(f"{QUEUE}{case.number}/pass/", {"seen": case.last_record_id})
    assert (answer.status_code, fresh(case).status) == (409, "point_review")
    assert "代理已经结束，现在办理的是您所在单位的申请。" in answer.content.decode()


def test_nobody_begins_what_is_another_s(client, chief, loan):
    assert log_in(client, chief).post(f"{PAGE}{loan.pk}/begin/").status_code == 404


def test_a_deputy_marks_no_accounts_and_lends_nobody(deputy, unit):
    assert deputy.get("/review/office/reviewers/").status_code == 404
    assert deputy.post(PAGE, asked(unit)).status_code == 404


def test_he_himself_ends_it(client, ben, loan):
    log_in(client, ben).post(f"{PAGE}{loan.pk}/end/")
    loan.refresh_from_db()
    assert loan.ended_by == ben


def test_another_unit_s_head_does_not_end_it(client, unit, loan):
    head = make_reviewer(unit, username="below", is_head=True)
    assert log_in(client, head).post(f"{PAGE}{loan.pk}/end/").status_code == 404
