"""分派: whose a case shall be; a wish, not a lock."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from candidates.models import Account, Application
from candidates.rules.refusals import NotAllowed, Refused
from review.cases import decisions, drafts, holds
from review.models import Assignment, AssignmentAct, Hold
from review.office import assignments
from review.operations import accounts, purging
from tests import races
from tests.factories import make_application, make_reviewer, make_units, pass_on
from tests.review.casework import actor, fresh, returned

pytestmark = pytest.mark.django_db


@pytest.fixture
def bert(unit):
    return make_reviewer(unit, username="bert")


@pytest.fixture
def cases(unit):
    """Three that wait at the point, the oldest first."""
    return [make_application("point_review") for _ in range(3)]


def give(head, to, *cases):
    return assignments.give(head.unit, [one.pk for one in cases], by=head, to=to)


def whose(*cases):
    return [one.assigned_to.username if one.assigned_to else None for one in map(fresh, cases)]


# --- giving -----------------------------------------------------------------------------------------------------------


def test_a_head_gives_chosen_cases_and_takes_them_back(head, anna, cases):
    assert give(head, anna, *cases[:2]).numbers == {anna.pk: 2}
    assert whose(*cases) == ["anna", "anna", None]
    assert give(head, None, cases[0]).numbers == {None: 1}
    assert whose(*cases) == [None, "anna", None]


def test_chosen_cases_go_from_one_to_another_and_the_trail_says_so(head, anna, bert, cases):
    give(head, anna, cases[0])
    give(head, bert, cases[0])
    trail = assignments.trail(cases[0], anna)
    assert [(one.before, one.account, one.act.by, one.act.way) for one in trail] == [
        (anna, bert, head, "chosen"),
        (None, anna, head, "chosen"),
    ]


def test_units_below_and_beside_read_nothing_of_the_trail(head, anna, cases):
    region = make_reviewer(cases[0].region, username="head-11", is_head=True)
    give(head, anna, cases[0])
    assert [len(assignments.trail(cases[0], one)) for one in (region, make_reviewer(make_units()["1101002"]))] == [1, 0]
    case = make_application("region_review")
    give(region, region, case)
    assert [len(assignments.trail(case, one)) for one in (region, anna)] == [1, 0]


def test_giving_what_somebody_has_already_changes_nothing(head, anna, cases):
    give(head, anna, cases[0])
    again = give(head, anna, cases[0])
    assert (again.total, again.left, Assignment.objects.count()) == (0, 1, 1)


def test_a_case_that_waits_elsewhere_by_now_stays_as_it_is(head, anna, cases):
    pass_on(cases[0])
    assert give(head, anna, *cases[:2]).left == 1
    assert whose(*cases[:2]) == [None, "anna"]


@pytest.mark.parametrize("code", ["1101002", "1101", "11"])
def test_the_head_of_another_unit_gives_nothing_of_this_one(unit, anna, cases, code):
    other = make_reviewer(make_units()[code], username="other", is_head=True)
    with pytest.raises(NotAllowed):
        assignments.give(unit, [cases[0].pk], by=other, to=anna)
    assert whose(cases[0]) == [None]


def test_who_is_no_head_or_one_who_is_switched_off_gives_nothing(unit, head, anna, cases):
    accounts.disable("head")
    head.refresh_from_db()
    for somebody in (anna, head):
        with pytest.raises(NotAllowed):
            assignments.give(unit, [cases[0].pk], by=somebody, to=anna)


def test_nothing_is_given_to_somebody_of_another_unit_or_switched_off(unit, head, anna, cases):
    beside = make_reviewer(make_units()["1101002"])
    accounts.disable("anna")
    for somebody in (beside, anna):
        with pytest.raises(Refused):
            give(head, somebody, cases[0])
    assert whose(cases[0]) == [None]


def test_what_is_assigned_goes_with_the_state_and_comes_back_free(head, anna, cases):
    give(head, anna, *cases)
    pass_on(cases[0])
    returned(fresh(cases[1]), diploma="不清晰。")
    assert whose(*cases) == [None, None, "anna"]


def test_the_database_refuses_an_assignment_of_what_does_not_wait(anna):
    paid = make_application("payment_due")
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=paid.pk).update(assigned_to=anna)


def test_what_was_assigned_cannot_be_changed_in_the_trail(head, anna, bert, cases):
    give(head, anna, cases[0])
    for change in (
        lambda: Assignment.objects.update(account=bert),
        lambda: AssignmentAct.objects.update(by=bert),
        lambda: AssignmentAct.objects.update(number=0),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_moving_a_case_to_another_point_takes_it_from_who_has_it(head, anna, cases):
    give(head, anna, cases[0])
    operator = decisions.Actor(level="operator", name="root")
    decisions.move_to(cases[0].pk, actor=operator, point=make_units()["1101002"], reason="搬迁")
    assert whose(cases[0]) == [None]


def test_the_trail_goes_with_the_session(head, anna, cases):
    give(head, anna, cases[0])
    list(purging.purge(cases[0].session))
    assert Assignment.objects.count() == 0


# --- by rule ----------------------------------------------------------------------------------------------------------


def divide(head, whose, **more):
    return assignments.divide(head.unit, by=head, way="even", whose=whose, **more)


def test_by_rule_only_what_nobody_has_is_given_out(head, anna, bert, cases):
    give(head, anna, cases[0])
    given = divide(head, {one.pk: bert.pk for one in cases})
    assert (given.numbers, given.left) == ({bert.pk: 2}, 1)
    assert whose(*cases) == ["anna", "bert", "bert"]


def test_what_somebody_reads_at_this_moment_is_not_given_out_by_rule(head, anna, bert, cases):
    holds.hold(cases[0], bert)
    assert [one.pk for one in assignments.oldest(head.unit, None, 10, timezone.now())] == [cases[1].pk, cases[2].pk]
    divide(head, {one.pk: anna.pk for one in cases})
    assert whose(*cases) == [None, "anna", "anna"]


def test_the_cases_of_one_go_to_others_but_for_what_is_begun(head, anna, bert, cases):
    give(head, anna, *cases)
    drafts.keep(fresh(cases[1]), anna, {}, {})
    moved = divide(head, {one.pk: bert.pk for one in cases}, source=anna)
    assert (moved.total, moved.left) == (2, 1)
    assert whose(*cases) == ["bert", "anna", "bert"]


def test_the_oldest_come_first_and_no_more_than_asked_for(head, cases):
    assert [one.pk for one in assignments.oldest(head.unit, None, 2, timezone.now())] == [cases[0].pk, cases[1].pk]


def test_a_region_sees_the_category_and_the_site_of_a_case():
    case = make_application("region_review")
    (waiting,) = assignments.oldest(case.region, None, 10, timezone.now())
    assert (waiting.number, waiting.category, waiting.unit) == (case.number, case.exam_category.code, case.site.code)


def test_more_than_5000_at_once_are_refused(head, anna):
    with pytest.raises(Refused):
        divide(head, dict.fromkeys(range(assignments.MOST + 1), anna.pk))


def test_an_act_by_rule_counts_its_cases(head, anna, cases):
    divide(head, {one.pk: anna.pk for one in cases})
    act = AssignmentAct.objects.get()
    assert (act.by, act.way, act.number, act.cases.count()) == (head, "even", 3, 3)


def test_each_hundred_is_a_transaction_of_its_own(head, anna, cases, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(assignments, "CHUNK", 2)
    with django_assert_num_queries(2 + 2 * 6):  # people and the act; SAVEPOINT, hold, write, trail, count, RELEASE
        divide(head, {one.pk: anna.pk for one in cases})


# --- letting go -------------------------------------------------------------------------------------------------------


def test_a_head_lets_go_what_somebody_has_not_begun(head, anna, cases):
    give(head, anna, *cases)
    holds.hold(cases[0], anna)
    freed = assignments.free(head.unit, anna, by=head)
    assert (freed.total, freed.left, whose(*cases)) == (2, 1, ["anna", None, None])


def test_who_is_switched_off_has_nothing_any_more_begun_or_not(head, anna, cases):
    give(head, anna, *cases[:2])
    drafts.keep(fresh(cases[0]), anna, {}, {})
    accounts.disable("anna")
    assert whose(*cases) == [None, None, None]
    assert AssignmentAct.objects.get(way="left").number == 2


def test_who_works_elsewhere_has_nothing_here_and_is_head_no_longer(head, anna, cases):
    give(head, head, cases[0])
    head.unit = make_units()["1101002"]
    accounts.change(head, ["unit"])
    assert whose(cases[0]) == [None]
    assert AssignmentAct.objects.get(way="left").unit.code == "1101001"
    assert not Account.objects.get(pk=head.pk).is_head


# --- the next one -----------------------------------------------------------------------------------------------------


def test_the_next_one_is_mine_then_a_free_one_and_never_another_ones(head, anna, bert, cases):
    give(head, bert, cases[0])
    give(head, anna, cases[2])
    assert [holds.take_next(anna), holds.take_next(anna, after=cases[2].pk)] == [cases[2], cases[1]]
    decide(cases[1], cases[2])
    assert holds.take_next(anna) is None
    assert holds.next_free(bert) == cases[0]


def decide(*cases):
    for one in cases:
        pass_on(fresh(one))


def test_others_come_next_where_the_list_asks_for_them(head, anna, bert, cases):
    give(head, bert, *cases)
    asked = holds.Through(holds.waiting_for(anna).filter(assigned_to=bert), "submitted", whose=True)
    assert holds.take_next(anna, through=asked) == cases[0]
    assert holds.take_next(anna, through=holds.Through(holds.waiting_for(anna), "submitted")) is None


def test_anybody_of_the_unit_may_decide_what_is_anothers(head, anna, bert, cases):
    give(head, bert, cases[0])
    assert pass_on(fresh(cases[0])).status == "site_review"


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_case_that_is_decided_meanwhile_is_left_out_and_the_others_are_given(head, anna, cases):
    case = fresh(cases[0])
    dividing = races.Act(divide, head, {one.pk: anna.pk for one in cases})
    with races.while_they_wait(dividing):
        pass_on(case)
    assert (dividing.outcome.numbers, dividing.outcome.left) == ({anna.pk: 2}, 1)
    assert fresh(case).status == "site_review"
    assert whose(*cases) == [None, "anna", "anna"]


@pytest.mark.django_db(transaction=True)
def test_two_heads_at_once_give_each_case_to_one_person_only(head, anna, bert, cases):
    first = races.Act(divide, head, {one.pk: anna.pk for one in cases})
    second = races.Act(divide, head, {one.pk: bert.pk for one in cases})
    with races.while_they_wait(first, second):
        list(Application.objects.select_for_update().filter(pk=cases[0].pk))
    assert first.outcome.total + second.outcome.total == 3
    assert Assignment.objects.count() == 3
    assert len(set(whose(*cases))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_waits_for_an_assignment_under_way_and_is_not_refused(head, anna, cases):
    case, acting = fresh(cases[0]), actor(cases[0])
    passing = races.Act(pass_on, case)
    with races.while_they_wait(passing):
        give(head, anna, case)
    assert (passing.outcome.status, whose(case)) == ("site_review", [None])
    assert acting.level == "point"


def test_a_hold_that_is_over_does_not_keep_a_case_from_being_given_out(head, anna, bert, cases):
    holds.hold(cases[0], bert, now=timezone.now() - timedelta(hours=1))
    assert Hold.objects.count() == 1
    divide(head, {cases[0].pk: anna.pk})
    assert whose(cases[0]) == ["anna"]
