"""Lists as they are filtered, ordered, shown and saved, and the way through them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Application
from review.models import SavedList
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
