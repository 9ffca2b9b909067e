"""撤回操作 and what else happens at that moment: whoever holds the row first is followed by the other."""

import pytest

from candidates.models import Application, Record
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from review.cases import decisions, undoing
from tests.factories import make_application
from tests.races import Act, while_they_wait
from tests.review.casework import REASON, actor, fresh, replace_picture, returned, verdicts

pytestmark = pytest.mark.django_db(transaction=True)


def undo(decided):
    return undoing.undo(decided.pk, actor=actor(decided, "point"), seen=decided.last_record_id)


@pytest.fixture
def passed():
    case = make_application("point_review")
    judged = verdicts(case)
    return fresh(decisions.pass_on(case.pk, actor=actor(case), seen=case.last_record_id, verdicts=judged))


def test_an_undo_waits_for_the_next_levels_pass_and_comes_too_late(passed):
    site = actor(passed)
    undoing_it = Act(undo, passed)
    with while_they_wait(undoing_it):
        decisions.pass_on(passed.pk, actor=site, seen=passed.last_record_id)
    assert isinstance(undoing_it.outcome, AlreadyMoved)
    assert fresh(passed).status == "region_review"


def test_the_next_levels_pass_waits_for_an_undo_and_is_told(passed):
    passing = Act(decisions.pass_on, passed.pk, actor=actor(passed), seen=passed.last_record_id)
    with while_they_wait(passing):
        undo(passed)
    assert isinstance(passing.outcome, AlreadyMoved)
    assert fresh(passed).status == "point_review"


def test_two_undoings_of_one_decision_undo_it_once(passed):
    second = Act(undo, passed)
    with while_they_wait(second):
        undo(passed)
    assert isinstance(second.outcome, AlreadyMoved)
    assert Record.objects.filter(action="undo").count() == 1


def test_an_undo_waits_for_the_candidates_picture_and_comes_too_late():
    decided = returned(make_application("point_review"), diploma=REASON)
    undoing_it = Act(undo, decided)
    with while_they_wait(undoing_it):
        Application.objects.select_for_update().get(pk=decided.pk)
        replace_picture(decided, "diploma", "diploma-overseas")
    assert isinstance(undoing_it.outcome, NotAllowed)
    assert fresh(decided).status == "returned"
