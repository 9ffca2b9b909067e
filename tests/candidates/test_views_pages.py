"""Pages around the application: units, messages, help, privacy."""

import pytest
from django.utils import timezone

from candidates.accounts.own_account import PRIVACY_VERSION
from candidates.models import Message, Unit
from tests.factories import make_candidate, make_session, make_units

pytestmark = pytest.mark.django_db


def below(client, parent):
    answer = client.get("/units/", {"parent": parent}, headers={"Accept": "application/json"})
    return [one["code"] for one in answer.json()["units"]]


def test_points_are_listed_by_region_and_site(client):
    make_units()
    page = client.get("/units/", {"region": "11"})
    listed = {site.code: [point.code for point in site.points] for site in page.context["sites"]}
    assert listed == {"1101": ["1101001", "1101002"], "1102": ["1102001"]}
    assert "010-00000000" in page.content.decode()


def test_the_units_below_one_as_json(client):
    make_units()
    assert (below(client, "11"), below(client, "1101")) == (["1101", "1102"], ["1101001", "1101002"])


@pytest.mark.parametrize("parent", ["", "99", "١١", "x" * 3000])
def test_below_nothing_is_nothing(client, parent):
    make_units()
    assert below(client, parent) == []


def test_what_is_closed_is_not_listed(client):
    make_units()
    Unit.objects.filter(code__in=["1102", "1101002"]).update(is_active=False)
    assert (below(client, "11"), below(client, "1101"), below(client, "1102")) == (["1101"], ["1101001"], [])


def test_before_there_are_units_the_page_says_so(client):
    assert "报名点还没有公布" in client.get("/units/").content.decode()


def test_the_list_of_points_costs_the_same_for_one_and_for_many(client, django_assert_num_queries):
    make_units()
    for region in ("12", "11"):
        with django_assert_num_queries(5):
            client.get("/units/", {"region": region})


@pytest.mark.parametrize("session", [True, False])
def test_guides_are_public_with_and_without_a_session(client, session):
    if session:
        make_session()
    pages = [client.get(path) for path in ("/help/", "/privacy/")]
    assert [page.status_code for page in pages] == [200, 200]
    assert PRIVACY_VERSION in pages[1].content.decode()


def test_messages_come_newest_first_a_page_at_a_time(client, django_assert_num_queries):
    account = make_candidate()
    for serial in range(25):
        Message.objects.create(account=account, at=timezone.now(), old_subject=f"消息 {serial}", old_text="内容")
    client.force_login(account)
    first, second = client.get("/messages/"), client.get("/messages/?page=2")
    assert [len(page.context["inbox"]) for page in (first, second)] == [20, 5]
    assert first.context["inbox"][0].subject == "消息 24"
    with django_assert_num_queries(6):
        client.get("/messages/")
