"""Commands that are about one exam session: they never guess between two."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests import factories

pytestmark = pytest.mark.django_db
COMMANDS = [
    ("stats",),
    ("owed", "--dry-run"),
    ("remind", "drafts", "--dry-run"),
    ("export_applications", "/tmp/none.csv", "--dry-run"),
    ("export_materials", "/tmp/none.zip", "--dry-run"),
    ("render_notices", "11", "--dry-run", "--processes", "1"),
]
EACH = pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])


def run(*words) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def session():
    factories.make_units()
    return factories.make_session()


@EACH
def test_the_only_one_under_way_is_meant_and_named(session, words):
    factories.make_session(session.year + 1, **{"registration": later(session), "payment": later(session)})
    factories.make_session(2972)
    assert f"{session.year} 年度" in run(*words)


def later(session):
    return session.over_at, session.over_at + timedelta(days=300)


@EACH
def test_two_under_way_are_named_and_nothing_is_done(session, words):
    other = factories.make_session(session.year + (1 if session.year == timezone.localtime().year else -1))
    years = "、".join(map(str, sorted([session.year, other.year])))
    with pytest.raises(CommandError) as stopped:
        run(*words)
    assert str(stopped.value) == f"进行中的考试年度有 {years}：请用 --session 写明年度，没有办理任何内容。"
    assert stopped.value.returncode == 1


@EACH
@pytest.mark.parametrize("option", ["--session", "--year"])
def test_the_year_that_is_named_is_meant(session, words, option):
    other = factories.make_session(session.year + 1)
    assert f"{other.year} 年度" in run(*words, option, other.year)


@EACH
def test_a_year_that_is_not_there_is_told_with_those_that_are(session, words):
    with pytest.raises(CommandError) as stopped:
        run(*words, "--session", 1999)
    assert str(stopped.value) == f"没有 1999 年度（已开设 {session.year}）。"


def test_where_none_is_under_way_the_only_one_is_meant_and_of_two_neither(session):
    factories.end_session(session)
    assert run("owed") == f"{session}，共 0 人。\n"
    factories.make_session(**{"registration": later(factories.make_session())})
    with pytest.raises(CommandError, match="现在没有进行中的考试年度"):
        run("owed")


def test_without_a_session_the_way_to_one_is_told():
    with pytest.raises(CommandError, match="还没有开设考试年度，请先用 open_session。"):
        run("stats")


def test_a_window_does_not_open_before_an_earlier_one(session):
    before = session.registration_opens - timedelta(days=300)
    with pytest.raises(CommandError, match="缴费的开始时间早于审核的开始时间"):
        run("set_window", session.year, "payment", "--opens", f"{before:%Y-%m-%d %H:%M}")
    session.refresh_from_db()
    assert session.payment_opens == session.registration_opens
