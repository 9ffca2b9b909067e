import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from review.cases import holds
from review.models import Hold
from tests.factories import make_application, make_operator, make_reviewer, make_units
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db


def waiting(account):
    return list(holds.waiting_for(account))


def test_each_level_sees_what_waits_for_it_in_its_own_unit():
    cases = {level: make_application(f"{level}_review") for level in ("point", "site", "region")}
    beside = make_application("point_review", point=make_units()["1101002"])
    assert {level: waiting(reviewer(case)) for level, case in cases.items()} == {
        level: [case] for level, case in cases.items()
    }
    assert waiting(reviewer(beside)) == [beside]


def test_the_oldest_comes_first():
    first, second = make_application("point_review"), make_application("point_review")
    assert waiting(reviewer(first)) == [first, second]


def test_the_next_case_is_the_oldest_and_is_held():
    first, second = make_application("point_review"), make_application("point_review")
    account = reviewer(first)
    assert holds.take_next(account) == first
    assert Hold.objects.get().account == account
    assert holds.take_next(account, after=first.pk) == second


def test_what_somebody_else_reads_is_not_offered_until_the_hold_expires():
    first, second = make_application("point_review"), make_application("point_review")
    mine, other = reviewer(first), make_reviewer(first.point, username="colleague")
    now = timezone.now()
    holds.take_next(other, now=now)
    assert holds.take_next(mine, now=now) == second
    assert holds.take_next(mine, now=now + holds.HOLD) == first


def test_nothing_is_offered_where_all_is_held():
    case = make_application("point_review")
    mine, other = reviewer(case), make_reviewer(case.point, username="colleague")
    assert (holds.take_next(other), holds.take_next(mine)) == (case, None)


def test_a_hold_is_renewed_by_its_holder_and_shown_to_others():
    case = make_application("point_review")
    mine, other = reviewer(case), make_reviewer(case.point, username="colleague")
    now = timezone.now()
    assert holds.hold(case, mine, now=now) is None
    assert holds.hold(case, mine, now=now + timedelta(minutes=10)) is None
    assert holds.hold(case, other, now=now + timedelta(minutes=20)).account == mine
    assert holds.hold(case, other, now=now + timedelta(minutes=25)) is None


def test_releasing_leaves_somebody_elses_hold_alone():
    case = make_application("point_review")
    mine, other = reviewer(case), make_reviewer(case.point, username="colleague")
    holds.hold(case, mine)
    holds.release(case, other)
    assert Hold.objects.get().account == mine


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_two_cases_and_nobody_waits():
    first, second = make_application("point_review"), make_application("point_review")
    mine, other = reviewer(first), make_reviewer(first.point, username="colleague")
    taken = []

    def ask():
        taken.append(holds.take_next(other))
        connection.close()

    with transaction.atomic():
        assert holds.take_next(mine) == first
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(10)
    assert taken == [second]


def test_an_operator_has_nothing_waiting():
    make_application("point_review")
    assert waiting(make_operator()) == []


def test_a_list_is_gone_through_in_its_order_and_from_its_start_again():
    cases = [make_application("point_review") for _ in range(3)]
    account = reviewer(cases[0])
    through = holds.Through(holds.waiting_for(account).exclude(pk=cases[1].pk), "number")
    first = holds.take_next(account, through=through)
    second = holds.take_next(account, after=first.pk, through=through)
    third = holds.take_next(account, after=second.pk, through=through)
    assert [first, second, third] == [cases[0], cases[2], cases[0]]
