from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from candidates.models import Application
from review.cases import holds, listing, search
from tests.bench import crowd
from tests.factories import make_application, make_category, make_units
from tests.review.casework import corrected_diploma, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(monkeypatch):
    """Five waiting cases on pages of two; the third and fourth were submitted in the same moment."""
    monkeypatch.setattr(listing, "PAGE", 2)
    cases = [make_application("point_review") for _ in range(5)]
    Application.objects.filter(pk=cases[2].pk).update(submitted_at=cases[3].submitted_at)
    return cases


def queue_of(case, **filters):
    return listing.chosen(
        Application.objects.visible_to(reviewer(case, "point")), {"status": "point_review", **filters}
    )


def keys(cases):
    return [case.pk for case in cases]


def test_forwards_every_case_comes_once_and_the_last_page_ends(five):
    pages, after = [], ""
    for _ in range(3):
        page = listing.page(queue_of(five[0]), after=after)
        pages.append(keys(page.cases))
        after = page.next
    assert pages == [keys(five[:2]), keys(five[2:4]), keys(five[4:])]
    assert after == ""


def test_backwards_leads_over_the_same_pages_to_the_first(five):
    first = listing.page(queue_of(five[0]))
    second = listing.page(queue_of(five[0]), after=first.next)
    third = listing.page(queue_of(five[0]), after=second.next)
    back = listing.page(queue_of(five[0]), before=third.previous)
    start = listing.page(queue_of(five[0]), before=back.previous)
    assert (keys(back.cases), keys(start.cases)) == (keys(five[2:4]), keys(five[:2]))
    assert first.previous == ""
    assert start.previous == ""
    assert back.next != ""


@pytest.mark.parametrize("place", ["x", "1", "1-2-3", "1-x", "９-1", "9" * 30 + "-1"])
def test_a_place_that_is_none_is_the_start(five, place):
    assert keys(listing.page(queue_of(five[0]), after=place).cases) == keys(five[:2])


def test_a_count_stops_at_its_limit(five, monkeypatch):
    assert listing.count(queue_of(five[0])) == "5 份"
    monkeypatch.setattr(listing, "COUNTED", 3)
    assert listing.count(queue_of(five[0])) == "3 份以上"


def test_filters_choose_what_was_returned_and_what_has_warnings():
    plain, again = make_application("point_review"), corrected_diploma(make_application("point_review"))
    Application.objects.filter(pk=plain.pk).update(has_warnings=True)
    assert list(queue_of(plain, returned=True)) == [again]
    assert list(queue_of(plain, warnings=True)) == [plain]
    assert set(queue_of(plain, category=plain.exam_category)) == {plain, again}
    assert list(queue_of(plain, owed=True)) == []


def test_a_day_of_submission_is_from_its_start_to_before_its_end():
    case = make_application("point_review")
    at = case.submitted_at
    later = timezone.now()
    assert list(queue_of(case, since=at, until=later)) == [case]
    assert list(queue_of(case, until=at)) == []
    assert list(queue_of(case, since=later)) == []


@pytest.fixture
def in_a_crowd():
    """A case among so many, and analysed, that the planner chooses as it does in life."""
    case = make_application("point_review")
    crowd.make_country(sites=1, each=1)
    crowd.grow(0, 3000, pictures=1)
    return case


def test_a_page_is_read_from_its_index_in_order_without_a_sort(in_a_crowd):
    waiting = holds.waiting_for(reviewer(in_a_crowd, "region"))
    place = listing._place(listing._token(waiting[100]))
    cases = waiting.filter(listing._beyond(place, backwards=False))[:51]
    text = cases.explain()
    assert "Index Scan using queue_of_region" in text
    assert "Sort" not in text


@pytest.mark.parametrize("level", ["point", "site", "region"])
def test_a_name_is_searched_in_the_index_of_the_units_names(in_a_crowd, level):
    plan = search._by_name(reviewer(in_a_crowd, level), "欧阳").explain()
    assert f"name_keys_of_{level}" in plan
    assert "~>=~ '欧阳'" in plan


def test_each_filter_reads_an_index_of_its_own_in_the_lists_order(in_a_crowd):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    wrong = []
    for level in ("point", "site", "region"):
        seen = Application.objects.visible_to(reviewer(in_a_crowd, level))
        for wanted in ("category", "returned", "owed", "warnings"):
            value = make_category("110") if wanted == "category" else True  # as the others: of few
            cases = listing.chosen(seen, {"status": f"{level}_review", wanted: value})
            plan = cases.order_by("submitted_at", "id")[:50].explain()
            if f"{wanted}_queue_of_{level}" not in plan or "Sort" in plan:
                wrong.append((level, wanted, plan))
    assert wrong == []


ORDERED = {"waiting": "{level}_review", "number": "{level}_review", "deadline": "returned"}


def test_each_other_order_reads_an_index_of_its_own(in_a_crowd):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_incremental_sort = off")  # of the numbers, which are unique, of all units
    wrong = []
    for level in ("point", "site", "region"):
        seen = Application.objects.visible_to(reviewer(in_a_crowd, level))
        for order, status in ORDERED.items():
            cases = listing.chosen(seen, {"status": status.format(level=level)})
            plan = cases.order_by(listing.ORDERS[order], "id")[:51].explain()
            if f"{order}_queue_of_{level}" not in plan or "Sort" in plan:
                wrong.append((level, order, plan))
    assert wrong == []


def test_a_resubmitted_case_goes_to_the_end(five):
    case = corrected_diploma(five[0])
    assert list(queue_of(case).order_by("submitted_at", "id"))[-1] == case


@pytest.mark.parametrize("order", ["submitted", "waiting", "number"])
def test_each_order_shows_every_case_once_forwards_and_back(five, order):
    Application.objects.filter(pk=five[0].pk).update(status_since=timezone.now())
    first = listing.page(queue_of(five[0]), order=order)
    second = listing.page(queue_of(five[0]), after=first.next, order=order)
    third = listing.page(queue_of(five[0]), after=second.next, order=order)
    back = listing.page(queue_of(five[0]), before=third.previous, order=order)
    shown = keys([*first.cases, *second.cases, *third.cases])
    assert shown == keys(queue_of(five[0]).order_by(listing.ORDERS[order], "id"))
    assert back.cases == second.cases


def test_what_is_overdue_is_what_was_returned_until_before_now():
    late, early = make_application("returned"), make_application("returned")
    Application.objects.filter(pk=late.pk).update(return_deadline=timezone.now() - timedelta(days=2))
    found = queue_of(early, status="returned", overdue=timezone.now())
    assert list(found) == [late]


def test_a_sub_unit_leaves_the_others_out():
    case, beside = make_application("site_review"), make_application("site_review", point=make_units()["1101002"])
    seen = Application.objects.visible_to(reviewer(case, "site"))
    assert list(listing.chosen(seen, {"status": "site_review", "unit": beside.point})) == [beside]
