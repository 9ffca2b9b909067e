"""Commands that are about one exam session: they never guess between two."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from candidates.models import ExamSession
from tests import factories

pytestmark = pytest.mark.django_db
# what never guesses
COMMANDS = [
    ("stats",),
    ("owed", "--dry-run"),
    ("remind", "drafts", "--dry-run"),
    ("find_duplicates", "--dry-run"),
    ("export_applications", "/tmp/none.csv", "--dry-run"),
    ("export_materials", "/tmp/none.zip", "--dry-run"),
    ("render_notices", "11", "--dry-run", "--processes", "1"),
    ("session_state", "open", "--dry-run"),
]
# what a timer runs, in every year
TIMERS = [
    ("close_orders",),
    ("follow_refunds",),
    ("send_digests",),
    ("settle_second_looks",),
    ("remind", "--by-date", "--yes"),
    ("remind", "visits", "--yes"),
]
EACH = pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
BY_A_TIMER = pytest.mark.parametrize("words", TIMERS, ids=" ".join)


def run(*words) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def session():
    factories.make_units()
    return factories.make_session()


@EACH
def test_the_only_open_one_is_meant_and_named(session, words):
    for ahead, state in ((1, "draft"), (-1, "closed"), (-2, "purged")):
        factories.make_session(session.year + ahead, state=state)
    assert f"{session.year} 年度" in run(*words)


@EACH
@pytest.mark.parametrize("opened", [0, 600], ids=["under way", "in advance"])  # days until its registration
def test_two_open_ones_are_named_and_nothing_is_done(session, words, opened):
    windows = {} if not opened else {"registration": later(session), "payment": later(session)}
    other = factories.make_session(session.year + 1, **windows)
    with pytest.raises(CommandError) as stopped:
        run(*words)
    told = f"开放的考试年度有 {session.year}、{other.year}：请用 --session 写明年度，没有办理任何内容。"
    assert (str(stopped.value), stopped.value.returncode) == (told, 1)


def later(session):
    return session.over_at, session.over_at + timedelta(days=300)


@BY_A_TIMER
def test_what_a_timer_runs_goes_on_while_two_are_open_and_says_for_which(session, words):
    factories.make_session(session.year + 1)
    told = run(*words).splitlines()
    named = {f"{year} 年度" for year in (session.year, session.year + 1)} if words[0] == "remind" else {"各年度"}
    assert {one.partition("：")[0] for one in told if "年度" in one} == named


@BY_A_TIMER
def test_what_a_timer_runs_takes_one_year_where_it_is_named(session, words):
    other = factories.make_session(session.year + 1)
    told = run(*words, "--session", other.year)
    assert (f"{other.year} 年度" in told, f"{session.year} 年度" in told) == (True, False)


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


def test_where_none_is_open_the_only_one_is_meant_and_of_two_neither(session):
    ExamSession.objects.update(state="closed")
    assert run("owed") == f"{session}，共 0 人。\n"
    factories.make_session(session.year + 1, state="closed")
    with pytest.raises(CommandError, match="现在没有开放的考试年度"):
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
