"""已收到, and the acts with a page of their own, by POST as the pages send them."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.models import Application
from review.cases import decisions
from review.models import OwedReceipt
from tests.factories import make_application, make_operator, make_session
from tests.review.casework import REASON, actor, fresh, here, log_in, posted, reviewer, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def owing():
    """Passed, with the probation's certificate still to come."""
    return make_application("payment_due", fresh_graduate=True, graduated_on=date(make_session().year - 1, 7, 1))


def receive(client, case, category="probation", seen=None):
    data = {"seen": seen or case.last_record_id, "category": category}
    return client.post(here(case, "received"), data)


def test_the_site_notes_that_it_holds_an_owed_paper(client, owing):
    answer = receive(log_in(client, reviewer(owing, "site")), owing)
    assert answer.url == here(owing)
    assert said(answer) == [f"{owing.number}：已收到。"]
    assert fresh(owing).owed == []
    assert OwedReceipt.objects.values_list("application", "category").get() == (owing.pk, "probation")


def test_a_paper_is_received_once(client, owing):
    log_in(client, reviewer(owing, "site"))
    receive(client, owing)
    assert receive(client, owing).status_code == 409  # the same page again
    answer = receive(client, owing, seen=fresh(owing).last_record_id)
    assert said(answer)[-1] == "这一类材料没有待补，或已经收到。"
    assert OwedReceipt.objects.count() == 1


def test_what_is_not_owed_cannot_be_received(client, owing):
    answer = receive(log_in(client, reviewer(owing, "site")), owing, "diploma")
    assert said(answer) == ["这一类材料没有待补，或已经收到。"]
    assert answer.url == here(owing)
    assert fresh(owing).owed == ["probation"]


def test_another_level_receives_nothing(client, owing):
    assert receive(log_in(client, reviewer(owing, "point")), owing).status_code == 409
    assert fresh(owing).owed == ["probation"]


@pytest.mark.parametrize(
    ("status", "level", "action"),
    [("site_review", "site", "send_back"), ("payment_due", "region", "retract"), ("returned", "point", "extend")],
)
def test_an_act_that_judges_nothing_records_what_had_been_displayed(client, status, level, action):
    case = make_application(status)
    shown = " ".join(str(image.pk) for image in case.images.all()[:2])
    data = {"seen": case.last_record_id, "reason": "请再看", "until": "2099-03-08", "displayed": shown}
    log_in(client, reviewer(case, level)).post(here(case, action), data)
    how = fresh(case).last_record.data["how"]
    assert (how["batch"], how["pictures"], how["displayed"]) == (0, case.images.count(), 2)
    assert "清晰显示 2 张" in client.get(here(case)).content.decode()


def test_a_page_that_did_not_say_what_it_displayed_is_recorded_as_such(client):
    case = make_application("site_review")
    data = {"seen": case.last_record_id, "reason": "请再看"}
    log_in(client, reviewer(case)).post(here(case, "send_back"), data)
    assert fresh(case).last_record.data["how"]["displayed"] is None


def test_the_page_that_asks_for_the_reason_carries_what_was_displayed(client):
    case = make_application("site_review")
    page = log_in(client, reviewer(case)).post(
        here(case, "send_back"), {"seen": case.last_record_id, "displayed": "-", "list": "order=number"}
    )
    assert page.context["carried"] == [("displayed", "-"), ("list", "order=number")]


@pytest.fixture
def rejected_while_returned():
    case = make_application("returned")
    Application.objects.filter(pk=case.pk).update(return_deadline=timezone.now() - timedelta(days=1))
    decisions.reject(case.pk, actor=actor(case, "point"), seen=case.last_record_id, reason=REASON)
    return fresh(case)


@pytest.mark.parametrize("until", ["", "2020-01-01"])
def test_what_was_rejected_while_returned_is_not_reopened_without_a_time_to_come(
    client, rejected_while_returned, until
):
    case = rejected_while_returned
    data = {"seen": case.last_record_id, "reason": "复查", "until": until}
    answer = log_in(client, make_operator()).post(here(case, "reopen"), data)
    assert answer.status_code == 422
    assert "请填写新的补正期限，它必须晚于现在。" in answer.content.decode()
    assert fresh(case).status == "rejected"


def test_it_is_reopened_until_the_end_of_the_day_named(client, rejected_while_returned):
    case = rejected_while_returned
    data = {"seen": case.last_record_id, "reason": "复查", "until": "2099-03-08"}
    log_in(client, make_operator()).post(here(case, "reopen"), data)
    case = fresh(case)
    assert case.status == "returned"
    assert f"{timezone.localtime(case.return_deadline):%Y-%m-%d %H:%M}" == "2099-03-09 00:00"


def test_rejecting_without_the_words_of_a_verdict_shows_the_case_again(client):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).post(here(case, "reject"), posted(case, "not_ok", reason="伪造"))
    assert answer.status_code == 422
    assert "请选择或填写这张图片不合格的原因。" in answer.content.decode()
    assert fresh(case).status == "point_review"


@pytest.mark.parametrize(
    ("action", "verdict", "typed", "kinds"),
    [
        ("return", "not_ok", {"onsite-1-note": "x" * 301}, {"image", "onsite"}),
        ("return", "ok", {"category-diploma-named": "on", "section-work-named": "on"}, {"named"}),
        ("return", "ok", {"section-work-named": "on", "section-work-reason": "x", "until": "2020-01-01"}, {"until"}),
        ("return", "ok", {}, {"return"}),
        ("pass", "", {}, {"image"}),
    ],
)
def test_every_problem_leads_to_its_place_on_the_page(client, action, verdict, typed, kinds):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).post(here(case, action), posted(case, verdict, **typed))
    page = answer.content.decode()
    wanted = re.findall(r'href="#([^"]*)"', re.search(r"data-error-summary.*?</ul>", page, re.S)[0])
    assert {one.partition("-")[0] for one in wanted} == kinds
    assert set(wanted) - set(re.findall(r'\sid="([^"]*)"', page)) == set()
