"""Lists as they are filtered, ordered, shown and saved, and the way through them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Application
from review.models import ReviewTerm, SavedList
from tests.factories import make_application
from tests.review.casework import here, log_in, posted, reviewer, said

pytestmark = pytest.mark.django_db
LIST = "/review/applications/"


def test_what_waits_has_no_deadline_and_what_was_returned_does_not_wait(client):
    case = make_application("returned")
    log_in(client, reviewer(case, "point"))
    columns = [client.get(f"{LIST}?status={status}").context["columns"] for status in ("point_review", "returned")]
    assert [("deadline" in one, "waiting" in one) for one in columns] == [(False, True), (True, False)]


def test_what_is_late_says_so_in_words(client):
    case = make_application("returned")
    Application.objects.filter(pk=case.pk).update(return_deadline=timezone.now() - timedelta(days=3, hours=1))
    page = log_in(client, reviewer(case, "point")).get(f"{LIST}?status=returned&overdue=on")
    assert "已逾期 3 天" in page.content.decode()


@pytest.mark.parametrize("action", ["pass", "return"])
def test_a_decision_without_the_next_case_leads_back_to_the_list_as_it_was_filtered(client, action):
    case = make_application("point_review")
    named = {"section-work-named": "on", "section-work-reason": "请核对。"} if action == "return" else {}
    data = posted(case, list="returned=on&order=number", **named)
    answer = log_in(client, reviewer(case)).post(here(case, action), data)
    assert answer.url == f"{LIST}?returned=on&order=number"


def test_a_case_sent_back_leads_to_the_list_as_it_was_filtered(client):
    case = make_application("site_review")
    data = {"seen": case.last_record_id, "reason": "请再看", "list": "order=number"}
    assert log_in(client, reviewer(case)).post(here(case, "send_back"), data).url == f"{LIST}?order=number"


def test_an_act_after_which_it_is_still_mine_keeps_the_list_at_hand(client):
    case = make_application("payment_due")
    data = {"seen": case.last_record_id, "reason": "请再看", "list": "status=payment_due"}
    answer = log_in(client, reviewer(case, "region")).post(here(case, "retract"), data)
    assert answer.url == f"{here(case)}?list=status%3Dpayment_due"
    assert 'name="list" value="status=payment_due"' in client.get(answer.url).content.decode()


def test_a_list_of_another_status_is_carried_along_too(client):
    case = make_application("payment_due")
    page = log_in(client, reviewer(case, "region")).get(f"{LIST}?status=payment_due").content.decode()
    assert f'href="{here(case)}?list=status%3Dpayment_due"' in page


@pytest.fixture
def waiting_long():
    """Waits at its point, which has three working days, since two weeks ago; another came today."""
    case, _ = make_application("point_review"), make_application("point_review")
    Application.objects.filter(pk=case.pk).update(status_since=timezone.now() - timedelta(days=14))
    ReviewTerm.objects.create(level="point", days=3)
    return case


def test_what_has_waited_too_long_for_a_level_is_marked_and_found(client, waiting_long):
    log_in(client, reviewer(waiting_long))
    rows = client.get(LIST).context["rows"]
    assert {row["case"].pk: row["hints"] for row in rows}[waiting_long.pk] == [("not_ok", "已逾期")]
    late = client.get(f"{LIST}?overdue=on")
    assert [row["case"].pk for row in late.context["rows"]] == [waiting_long.pk]
    assert late.context["order"] == "waiting"


def test_where_a_level_has_no_term_nothing_is_overdue(client, waiting_long):
    ReviewTerm.objects.all().delete()
    page = log_in(client, reviewer(waiting_long)).get(f"{LIST}?overdue=on")
    assert (page.context["rows"], page.context["may_be_late"]) == ([], False)


def test_the_next_case_of_what_is_overdue_is_overdue_too(client, waiting_long):
    log_in(client, reviewer(waiting_long))
    assert client.post(f"{LIST}next/", {"list": "overdue=on"}).url == f"{here(waiting_long)}?list=overdue%3Don"


def test_columns_that_were_chosen_stay_chosen(client):
    case = make_application("point_review")
    log_in(client, reviewer(case)).get(f"{LIST}?show=unit&show=held")
    assert list(client.get(LIST).context["columns"]) == ["unit", "held"]


def test_an_order_that_means_nothing_here_is_the_usual_one(client):
    case = make_application("point_review")
    page = log_in(client, reviewer(case)).get(f"{LIST}?order=deadline")
    assert (page.context["order"], [row["case"].pk for row in page.context["rows"]]) == ("submitted", [case.pk])


def test_the_next_page_keeps_every_column_that_was_asked_for(client):
    case = make_application("point_review")
    page = log_in(client, reviewer(case)).get(f"{LIST}?show=unit&show=held")
    assert page.context["query"] == "show=unit&show=held"


def test_a_pass_leads_on_through_the_list_that_the_case_was_opened_from(client):
    first, second, third = (make_application("point_review") for _ in range(3))
    log_in(client, reviewer(first))
    asked = posted(second, then="next", list="order=number")
    answer = client.post(here(second, "pass"), asked)
    assert answer.url == f"{here(third)}?list=order%3Dnumber"


def test_one_goes_on_without_deciding_and_gives_the_hold_back(client):
    first, second = (make_application("point_review") for _ in range(2))
    log_in(client, reviewer(first)).get(here(first))
    answer = client.post(f"{LIST}next/", {"after": first.number, "list": ""})
    assert answer.url == here(second)
    assert not hasattr(Application.objects.get(pk=first.pk), "hold")


def test_a_list_is_saved_shown_and_deleted(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    answer = client.post(f"{LIST}lists/", {"name": "按编号", "query": "order=number"})
    assert answer.url == f"{LIST}?order=number"
    assert ">按编号</a>" in client.get(answer.url).content.decode()
    client.post(f"{LIST}lists/{SavedList.objects.get().pk}/forget/")
    assert not SavedList.objects.exists()


def test_a_list_without_a_name_is_not_saved_and_it_is_said(client):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).post(f"{LIST}lists/", {"name": " ", "query": "order=number"})
    assert (said(answer), SavedList.objects.count()) == (["请填写名称，再保存这个列表。"], 0)
