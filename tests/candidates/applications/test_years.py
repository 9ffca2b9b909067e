"""A session's states: which may follow, what has to be confirmed, and what goes on in a closed one."""

from copy import copy
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from candidates.applications import years
from candidates.applications.registration import start
from candidates.applications.workflow import Actor
from candidates.models import ExamSession
from candidates.models.session import WINDOWS
from candidates.rules.refusals import NotAllowed
from materials import recalling
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def put(session, state):
    ExamSession.objects.filter(pk=session.pk).update(state=state)
    session.refresh_from_db()
    return session


@pytest.mark.parametrize(
    ("was", "to", "may"),
    [
        ("draft", "open", True),
        ("draft", "closed", False),
        ("open", "draft", True),
        ("open", "closed", True),
        ("closed", "open", True),
        ("closed", "draft", False),
        ("open", "purged", False),
        ("purged", "open", False),
        ("closed", "closed", True),
    ],
)
def test_which_state_may_follow(was, to, may):
    session = put(factories.make_session(), was)
    assert (years.wrong_state(session, to) == "") is may


def test_a_session_with_content_is_no_draft_any_more():
    session = factories.make_application("draft").session
    assert years.wrong_state(session, "draft").startswith(f"{session}不能改为草稿，已经有：报名 1。")


def test_the_database_knows_four_states():
    session = factories.make_session()
    with pytest.raises(IntegrityError, match="session_has_a_known_state"), transaction.atomic():
        put(session, "asleep")


# --- what has to be confirmed ---


def moved(session, **changes):
    after = copy(session)
    for name, value in changes.items():
        setattr(after, name, value)
    return years.asks(session, after, timezone.now())


def test_a_window_that_closes_now_says_how_many_it_concerns():
    session = factories.make_application("registered").session
    [told] = moved(session, upload_closes=timezone.now() - DAY)
    assert told == f"{session}的上传材料将立即关闭，现在有 1 人正办到这一步。"


def test_one_that_is_moved_into_the_past_and_one_that_opens_at_once_are_asked_about():
    now = timezone.now()
    session = factories.make_session(payment=(now + DAY, now + 2 * DAY), review=(now + DAY, now + 3 * DAY))
    [past] = moved(session, payment_opens=now - 3 * DAY, payment_closes=now - 2 * DAY)
    assert "缴费将移到过去" in past
    [opens] = moved(session, review_opens=now - DAY)
    assert opens.startswith(f"{session}的审核开始时间是")
    assert moved(session, review_closes=now + 9 * DAY) == []


def test_nothing_is_asked_of_a_draft_and_its_opening_is():
    session = put(factories.make_session(), "draft")
    assert moved(session, upload_closes=timezone.now() - DAY) == []
    assert len(moved(session, state="open")) == len(WINDOWS)


def run(*words):
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def test_the_commands_change_nothing_unconfirmed():
    session = factories.make_session()
    year = session.year
    with pytest.raises(CommandError, match="没有更改：核对以后加 --yes 再运行一次"):
        run("session_state", "closed", "--session", year)
    with pytest.raises(CommandError, match="没有更改：核对以后加 --yes 再运行一次"):
        run("set_window", year, "upload", "--closes", f"{timezone.localtime() - DAY / 2:%Y-%m-%d %H:%M}")
    assert ExamSession.objects.get().state == "open"
    assert run("session_state", "closed", "--session", year, "--dry-run").splitlines()[-1] == (
        f"检查通过（未写入）：{session}，已关闭。"
    )
    assert run("session_state", "closed", "--session", year, "--yes").splitlines()[-1] == f"已更改：{session}，已关闭。"
    assert ExamSession.objects.get().state == "closed"


# --- what a state allows ---


@pytest.mark.parametrize("state", ["draft", "closed", "purged"])
def test_nobody_starts_in_a_session_that_is_not_open(state):
    session, account = put(factories.make_session(), state), factories.make_candidate()
    with pytest.raises(NotAllowed, match=f"{session}已停止网上报名。"):
        start(account, session=session, actor=Actor.of(account))


def test_a_draft_is_the_session_of_no_page():
    session = put(factories.make_session(), "draft")
    page = Client().get("/").content.decode()
    assert (ExamSession.current(), f"{session.year} 年度" in page) == (None, False)


@pytest.mark.parametrize(
    ("status", "runs"),
    [
        *[("draft", False), ("registered", False), ("paid", False), ("rejected", False)],
        *[("point_review", True), ("returned", True), ("payment_due", True)],
    ],
)
def test_in_a_closed_session_what_is_pending_goes_on(status, runs):
    application = factories.make_application(status)
    put(application.session, "closed")
    application.session.refresh_from_db()
    assert application.is_running(timezone.now()) is runs


def test_a_return_of_a_closed_session_is_corrected_and_a_new_picture_of_a_registered_one_is_refused():
    returned, registered = factories.make_application("returned"), factories.make_application("registered")
    put(returned.session, "closed")
    for application, words in ((returned, "补正"), (registered, "已停止上传材料")):
        client = Client()
        client.force_login(application.account)
        assert words in client.get("/application/").content.decode()


def test_what_is_submitted_in_a_closed_session_is_not_taken_back():
    application = factories.make_application("point_review")
    assert recalling.open_until(application, timezone.now()) is not None
    put(application.session, "closed")
    assert recalling.open_until(application, timezone.now()) is None
