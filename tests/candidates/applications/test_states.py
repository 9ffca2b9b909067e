"""The states, and the named sets of them: what is said twice must be said alike."""

from candidates.applications import states
from candidates.applications.states import Status
from candidates.applications.workflow import TRANSITIONS


def test_each_level_waits_in_a_state_of_its_own():
    assert {states.WAITING_AT[level]: level for level in ("point", "site", "region")} == states.LEVEL_OF_STATUS
    assert states.REVIEW == (Status.POINT_REVIEW, Status.SITE_REVIEW, Status.REGION_REVIEW)


def test_a_state_has_ended_where_no_candidate_unit_or_provider_goes_on():
    going_on = {
        status for (_, status), (_, who) in TRANSITIONS.items() if set(who) & {"candidate", "point", "provider"}
    }
    assert going_on & set(states.ENDED) == set()
    assert set(states.ENDED_BY_AN_OFFICE) == set(states.ENDED) - {Status.WITHDRAWN}


def test_pictures_are_open_exactly_where_a_candidate_can_submit():
    assert {status for action, status in TRANSITIONS if action == "submit"} == set(states.OPEN_FOR_PICTURES)


def test_what_is_before_a_submission_can_be_completed_or_submitted_for_the_first_time():
    assert set(states.NOT_SUBMITTED) == {Status.DRAFT, Status.REGISTERED}
    assert set(states.NOT_SUBMITTED) & set(states.LISTED) == set()


def test_lists_show_whatever_has_been_submitted():
    assert set(states.LISTED) == set(Status) - set(states.NOT_SUBMITTED)
    assert set(states.COUNTED) == set(states.LISTED) - {Status.WITHDRAWN}


def test_a_promise_may_be_open_in_every_submitted_state_that_has_not_ended():
    assert set(states.OWING) == set(states.LISTED) - set(states.ENDED)


def test_documents_need_a_number_and_an_application_that_goes_on():
    assert set(states.NO_DOCUMENTS) == {Status.DRAFT, *states.ENDED}
