"""What the session's windows and a return's deadline let a candidate do (the sentences: test_openings)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.applications.windows import require_correction_time, require_window
from candidates.applications.workflow import moment, window_closed
from candidates.rules.refusals import NotAllowed
from tests.factories import make_application, make_session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_one_open_window_of_several_is_enough():
    now = timezone.now()
    session = make_session(registration=(now - 2 * DAY, now - DAY), upload=(now - DAY, now + DAY))
    require_window(session, "registration", "upload", now=now)
    with pytest.raises(NotAllowed):
        require_window(session, "registration", now=now)


def test_where_all_are_closed_the_first_is_named():
    now = timezone.now()
    closed = (now - 2 * DAY, now - DAY)
    session = make_session(registration=closed, upload=(now + DAY, now + 2 * DAY))
    with pytest.raises(NotAllowed) as refused:
        require_window(session, "registration", "upload", now=now)
    assert str(refused.value) == f"网上报名已于 {moment(closed[1])} 截止。"


def test_in_a_closed_session_nobody_applies_and_what_is_under_way_goes_on():
    now = timezone.now()
    session = make_session()
    session.state = "closed"
    assert window_closed(session, "registration", now) == f"{session}已停止网上报名。"
    assert window_closed(session, "review", now) == ""


def test_corrections_end_with_the_deadline_to_the_second():
    application = make_application("returned")
    until = application.return_deadline
    require_correction_time(application, until - timedelta(seconds=1))
    with pytest.raises(NotAllowed) as refused:
        require_correction_time(application, until)
    assert str(refused.value) == f"补正期限已于 {moment(until)} 截止。如需延长，请联系退回您报名的单位。"


def test_what_was_never_returned_has_no_deadline():
    require_correction_time(make_application("registered"), timezone.now() + 1000 * DAY)
