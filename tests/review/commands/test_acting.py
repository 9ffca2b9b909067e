"""The commands that act on applications by their numbers: by the table, one by one, every bad number named."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.applications.workflow import moment
from candidates.models import Application, OperatorAct, Record, RecordNote, Unit
from tests import factories
from tests.review import casework

pytestmark = pytest.mark.django_db
REASON = "考生来电申请，已核实身份。"


def run(command: str, *words: str) -> str:
    out = StringIO()
    call_command(command, *words, "--reason", REASON, stdout=out)
    return out.getvalue()


def refusal(command: str, *words: str) -> str:
    with pytest.raises(CommandError) as refused:
        run(command, *words)
    return str(refused.value)


def state(application: Application) -> tuple[str, int]:
    application.refresh_from_db()
    return application.status, Record.objects.filter(application=application).count()


def soon(days: int = 20) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%d} 24:00"


def last_july() -> date:
    return date(factories.make_session().year - 1, 7, 1)


def test_unlock_returns_what_is_named_and_a_second_run_changes_nothing(tmp_path):
    application = factories.make_application("site_review")
    file, year = tmp_path / "numbers.txt", application.session.year
    file.write_text(f"{application.number}\n\n")
    words = ("--file", str(file), "--section", "work", "--category", "diploma")
    status, records = state(application)
    assert run("unlock_application", *words, "--dry-run") == (
        f"{application.number}：已解锁（未写入）\n{year} 年度，共 1 份：已解锁（未写入） 1，未变 0，未办理 0。\n"
    )
    assert state(application) == (status, records)
    run("unlock_application", *words)
    assert state(application) == ("returned", records + 1)
    assert (application.returned_level, application.unlocked["sections"]) == ("site", {"work": REASON})
    assert run("unlock_application", *words) == (
        f"{application.number}：未变\n{year} 年度，共 1 份：已解锁 0，未变 1，未办理 0。\n"
    )
    assert state(application) == ("returned", records + 1)


def test_the_act_is_recorded_with_the_user_and_the_audit_keeps_no_words():
    application = factories.make_application("point_review")
    run("unlock_application", application.number, "--section", "work")
    note = RecordNote.objects.get(record=application.records.last())
    done = OperatorAct.objects.get(phase="done")
    assert (note.actor_name, note.reason) == (done.who, REASON)
    assert done.arguments == {"numbers": [application.number], "section": ["work"]}
    assert done.outcome == {"done": 1, "same": 0, "refused": 0}


def test_every_bad_line_is_named_and_nothing_is_done(tmp_path):
    application = factories.make_application("point_review")
    before = state(application)
    file = tmp_path / "numbers.txt"
    file.write_text(f"{application.number}\n2027\n9999999999999999\n")
    assert refusal("unlock_application", "--file", str(file), "--section", "work") == (
        "第 2 行“2027”：报名编号是 16 位数字。\n"
        "第 3 行“9999999999999999”：没有这个报名编号。\n"
        "共 2 处错误，没有办理任何一份。"
    )
    assert state(application) == before


def test_what_the_table_refuses_is_named_and_the_others_are_done():
    first, second = factories.make_application("point_review"), factories.make_application("registered")
    assert refusal("unlock_application", second.number, first.number, "--section", "exam") == (
        f"{first.session.year} 年度，共 2 份：已解锁 1，未变 0，未办理 1。"
    )
    assert (state(first)[0], state(second)[0]) == ("returned", "registered")
    assert OperatorAct.objects.get(phase="failed").outcome == {"done": 1, "same": 0, "refused": 1}


def test_extend_return_sets_a_later_deadline_once():
    application = factories.make_application("returned")
    run("extend_return", application.number, "--until", soon())
    status, records = state(application)
    assert moment(application.return_deadline).endswith("24:00")
    run("extend_return", application.number, "--until", soon())
    assert state(application) == (status, records)
    assert "未办理 1" in refusal("extend_return", application.number, "--until", soon(10))


def test_reopen_brings_a_rejected_one_back():
    application = factories.make_application("rejected")
    _, records = state(application)
    for _ in range(2):
        run("reopen_application", application.number)
        assert state(application) == ("point_review", records + 1)


def test_retract_takes_it_back_to_the_region():
    application = factories.make_application("payment_due")
    _, records = state(application)
    for _ in range(2):
        run("retract_application", application.number)
        assert state(application) == ("region_review", records + 1)


def test_cancel_waits_for_the_date_and_reinstate_undoes_it():
    application = factories.make_application("payment_due", fresh_graduate=True, graduated_on=last_july())
    assert "未办理 1" in refusal("cancel_application", application.number)
    past = timezone.localtime().year - 1
    application.refresh_from_db()  # opens what is sealed for this year's row
    application.session = factories.make_session(past)
    application.save()
    _, records = state(application)
    for _ in range(2):
        run("cancel_application", application.number)
        assert state(application) == ("cancelled", records + 1)
    assert "未办理 1" in refusal("reinstate_application", application.number)  # without a new payment deadline
    for _ in range(2):
        run("reinstate_application", application.number, "--until", f"{past + 2}-01-31 24:00")
        assert state(application) == ("payment_due", records + 2)


def test_move_follows_to_the_new_point_and_who_may_see_it_with_it():
    application = factories.make_application("point_review")
    old = casework.reviewer(application)
    _, records = state(application)
    for _ in range(2):
        run("move_application", application.number, "--to", "1102001")
        assert state(application) == ("point_review", records + 1)
    assert (application.point.code, application.site.code, application.region.code) == ("1102001", "1102", "11")
    assert not Application.objects.visible_to(old).exists()
    assert refusal("move_application", application.number, "--to", "1102") == "没有代码为 1102 的报名点。"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--section", "wrok", "--category", "diplom"], "没有代码 diplom、wrok，全部代码见 --help。"),
        ([], "请用 --category 或 --section 指出要解锁什么。"),
    ],
)
def test_what_to_unlock_is_named_by_codes_that_exist(words, sentence):
    application = factories.make_application("point_review")
    before = state(application)
    assert refusal("unlock_application", application.number, *words) == sentence
    assert state(application) == before


def test_a_time_that_is_none_is_told_in_words():
    application = factories.make_application("returned")
    assert "“bald”不是时间，请写成 2027-03-08 24:00" in refusal("extend_return", application.number, "--until", "bald")


def test_nobody_is_moved_to_a_point_that_is_switched_off():
    application = factories.make_application("point_review")
    Unit.objects.filter(code="1102001").update(is_active=False)
    assert refusal("move_application", application.number, "--to", "1102001") == "报名点 1102001 已停用。"
    assert state(application)[0] == "point_review"
    assert application.point.code == "1101001"
