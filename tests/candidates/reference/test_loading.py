import io
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.models import ExamCategory, ExamSession, Unit
from candidates.models.session import SHANGHAI, possible_years
from candidates.reference.loading import SHIPPED_CATEGORIES, load_categories, load_sessions, load_units
from candidates.reference.outcomes import TRY, BadFile, Change, How, Outcome, Unconfirmed

pytestmark = pytest.mark.django_db

UNITS = (
    "code,name,address,telephone,hours,onsite_list_required\n"
    "11,北京,,,,1\n1101,一考点,,,,\n1101001,报名点,路1号,010,周一,\n"
)
YEAR = possible_years(timezone.now())[-1]  # nothing of it is past
SESSION = (
    "year,registration_opens,registration_closes,upload_opens,upload_closes,"
    "review_opens,review_closes,payment_opens,payment_closes\n"
    f"{YEAR},{YEAR}-01-10 09:00:00,{YEAR}-01-23 24:00,{YEAR}-01-10 09:00,{YEAR}-01-31 24:00,"
    f"{YEAR}-02-01 00:00,{YEAR}-03-31 24:00,{YEAR}-04-01 09:00:01,{YEAR}-04-15 17:30\n"
)


@pytest.fixture
def csv(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "data.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_units_are_loaded_as_a_tree_whatever_their_order(csv):
    header, *rows = UNITS.splitlines()
    assert load_units(csv("\n".join([header, *reversed(rows)]))).sums == (3, 0, 0, 0)
    point = Unit.objects.get(code="1101001")
    assert (point.level, point.parent.code, point.chain["region"].code, point.hours) == ("point", "1101", "11", "周一")
    assert point.chain["region"].onsite_list_required is True


def test_loading_twice_changes_nothing_and_a_changed_cell_is_one_change(csv):
    load_units(csv(UNITS))
    assert load_units(csv(UNITS)).sums == (0, 0, 0, 3)
    assert load_units(csv(UNITS.replace("路1号", "路2号"))).sums == (0, 1, 0, 2)
    assert Unit.objects.get(code="1101001").address == "路2号"


def test_a_column_that_is_not_there_changes_nothing(csv):
    load_units(csv(UNITS))
    assert load_units(csv("code,name\n1101001,报名点\n")).sums == (0, 0, 0, 1)
    assert Unit.objects.get(code="1101001").address == "路1号"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ('11,"北京\n12,天津\n', "第 3 行：不是有效的 CSV，请检查引号（unexpected end of data）。"),
        ('11,"北京\n天津"\n', "第 3 行：内容中有换行或其他控制字符，请检查引号。"),
        ("11,北京,路1号\n", "第 2 行：没有列名的地方有内容，或单元格比表头的列多：请检查逗号、引号和表头。"),
    ],
)
def test_a_slip_with_quotes_or_commas_loads_nothing(csv, rows, sentence):
    with pytest.raises(BadFile) as bad:
        load_units(csv("code,name\n" + rows))
    assert bad.value.problems == [sentence]
    assert Unit.objects.count() == 0


def test_a_dry_run_writes_nothing(csv):
    assert load_units(csv(UNITS), TRY).sums == (3, 0, 0, 0)
    assert Unit.objects.count() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_come_in_the_encodings_that_spreadsheets_write(csv, encoding):
    load_units(csv(UNITS, encoding))
    assert Unit.objects.get(code="11").name == "北京"


def test_every_bad_line_is_named_and_nothing_is_loaded(csv):
    bad = "code,name,onsite_list_required\n11,北京,1\n11,又一个,0\n123,三位,0\n1201,无上级,0\n1101,,1\n1102,名,也许\n"
    with pytest.raises(BadFile) as refused:
        load_units(csv(bad))
    assert refused.value.problems == [
        "第 3 行：代码 11 与第 2 行重复。",
        "第 4 行：代码“123”应为 2 位（考区）、4 位（考点）或 7 位（报名点）数字。",
        "第 5 行：代码 1201 的上级 12 不存在，请一并写入文件。",
        "第 6 行：缺少名称（name）。",
        "第 6 行：onsite_list_required 只能用于考区。",
        "第 7 行：onsite_list_required 的值“也许”无法识别，请填写 1 或 0。",
    ]
    assert Unit.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "第 1 行：表头缺少列 code（代码）、name（名称）。"),
        ("code\n11\n", "第 1 行：表头缺少列 name（名称）。"),
        ("code,name\n", "文件中没有数据行。"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(csv, text, sentence):
    with pytest.raises(BadFile) as refused:
        load_units(csv(text))
    assert refused.value.problems == [sentence]


def test_a_binary_file_is_told_so(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(b"\xff\xfe\x00\x81\xff" * 10)
    with pytest.raises(BadFile):
        load_units(path)


def test_a_missing_file_is_told_so(tmp_path):
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("load_units", tmp_path / "none.csv")


ONE_CATEGORY = "code,level,route,name\n110,physician,degree,临床执业医师\n"


def test_what_a_table_leaves_out_stays_unless_it_is_said_to_be_complete(csv):
    assert load_categories().sums == (24, 0, 0, 0)
    assert load_categories(csv(ONE_CATEGORY)).sums == (0, 0, 0, 1)
    report = load_categories(csv(ONE_CATEGORY), How(complete=True, confirmed=True))
    assert (report.sums, str(report.outcomes[1])) == ((0, 0, 23, 1), "表中没有 停用：120 口腔执业医师：启用 是 → 否")
    assert list(ExamCategory.objects.filter(is_active=True).values_list("code", flat=True)) == ["110"]


def test_ending_more_than_a_tenth_is_asked_about_and_ends_nothing_unasked(csv):
    load_categories()
    with pytest.raises(Unconfirmed) as asked:
        load_categories(csv(ONE_CATEGORY), How(complete=True))
    assert str(asked.value) == "将停用 23 项，超过现有 24 项的十分之一：请确认这张表是完整的。"
    assert ExamCategory.objects.filter(is_active=True).count() == 24
    head, *rows = (SHIPPED_CATEGORIES.read_text(encoding="utf-8-sig")).splitlines()
    shorter = "\n".join([head, *rows[2:]])
    assert load_categories(csv(shorter), How(complete=True)).sums == (0, 0, 2, 22)


def test_a_dry_run_tells_of_every_line_what_it_would_do_and_why_one_cannot_be(csv):
    load_units(csv(UNITS))
    text = UNITS.replace("路1号,010", "路2号,010-1").replace("1101,一考点", "1109,") + "1101002,新点,,,,\n"
    with pytest.raises(BadFile) as refused:
        load_units(csv(text), TRY)
    assert refused.value.report.outcomes == [
        Outcome("same", 2, "11 北京"),
        Outcome("refused", 3, "1109", said=("缺少名称（name）。",)),
        Outcome("changed", 4, "1101001 报名点", (Change("地址", "路1号", "路2号"), Change("电话", "010", "010-1"))),
        Outcome("new", 5, "1101002 新点"),
    ]
    assert Unit.objects.get(code="1101001").address == "路1号"


def test_headings_may_be_chinese(csv):
    assert load_units(csv("代码,单位名称（name）,联系电话\n11,北京,010\n")).sums == (1, 0, 0, 0)
    assert Unit.objects.get().telephone == "010"


def test_an_unknown_heading_is_refused_with_the_nearest_known_one(csv):
    with pytest.raises(BadFile) as refused:
        load_units(csv("code,name,adress\n11,北京,路\n"))
    assert refused.value.problems[0].startswith("第 1 行：表头有无法识别的列 adress（是不是 address？）：请改正列名")


def test_a_category_of_an_unknown_level_or_route_is_named(csv):
    with pytest.raises(BadFile) as refused:
        load_categories(csv("code,level,route,name\n11,doctor,degree|x,名\n"))
    assert refused.value.problems == [
        "第 2 行：代码“11”应为 3 位数字。",
        "第 2 行：级别“doctor”无法识别，可选 physician、assistant。",
        "第 2 行：报考途径“degree|x”无法识别，可选 degree、apprentice、expertise，多个以 | 分隔。",
    ]


def test_a_sessions_windows_are_exact_to_the_second_in_shanghai(csv):
    load_sessions(csv(SESSION))
    session = ExamSession.objects.get(year=YEAR)
    assert session.registration_opens == datetime(YEAR, 1, 10, 9, tzinfo=SHANGHAI)
    assert session.registration_closes == datetime(YEAR, 1, 24, tzinfo=SHANGHAI)
    assert session.payment_opens == datetime(YEAR, 4, 1, 9, 0, 1, tzinfo=SHANGHAI)
    assert load_sessions(csv(SESSION)).sums == (0, 0, 0, 1)


def test_a_window_that_closes_before_it_opens_and_a_day_that_is_not_are_named(csv):
    bad = SESSION.replace("-01-23 24:00", "-01-09 24:00").replace("-04-15 17:30", "-02-30 17:30")
    with pytest.raises(BadFile) as refused:
        load_sessions(csv(bad))
    assert refused.value.problems == [
        "第 2 行：网上报名的截止时间不晚于开始时间。",
        f"第 2 行：缴费截止时间（payment_closes）的值“{YEAR}-02-30 17:30”不是时间，请写成 2027-01-10 09:00:00。",
    ]


def test_the_command_reports_what_it_did_and_what_is_wrong(csv):
    out = io.StringIO()
    call_command("load_units", csv(UNITS), stdout=out)
    call_command("load_units", csv(UNITS), dry_run=True, stdout=out)
    assert out.getvalue().splitlines() == [
        "载入完成：新增 3，更改 0，未变 0。",
        "第 2 行 未变：11 北京",
        "第 3 行 未变：1101 一考点",
        "第 4 行 未变：1101001 报名点",
        "检查通过（未写入）：新增 0，更改 0，未变 3。",
    ]
    with pytest.raises(CommandError, match="共 1 处错误，没有载入任何数据"):
        call_command("load_units", csv("code,name\n1,x\n"))


def test_a_session_that_cannot_be_is_named_with_every_reason(csv):
    head, row = SESSION.splitlines()
    rows = [f"{row.replace(f'{YEAR},', f'{year},', 1)},{days}" for year, days in (("27", "0"), ("2999", "a"))]
    bad = "\n".join([f"{head},correction_days", *rows])
    years = possible_years(timezone.now())
    with pytest.raises(BadFile) as refused:
        load_sessions(csv(bad))
    assert refused.value.problems == [
        "第 2 行：年度“27”应为四位年份。",
        "第 2 行：退回补正期限（correction_days）“0”应为 1 至 90 的整数（天）。",
        f"第 3 行：年度应在 {years[0]} 至 {years[-1]} 之间（去年至后年）：请核对“2999”。",
        "第 3 行：退回补正期限（correction_days）“a”应为 1 至 90 的整数（天）。",
    ]
    assert ExamSession.objects.count() == 0


@pytest.mark.parametrize("days", ["1", "90"])
def test_days_for_a_correction_are_read(csv, days):
    head, row = SESSION.splitlines()
    load_sessions(csv(f"{head},correction_days\n{row},{days}\n"))
    assert ExamSession.objects.get().correction_days == int(days)


def test_a_unit_is_switched_off_by_its_line(csv):
    load_units(csv("code,name,active\n11,北京,0\n"))
    assert Unit.objects.get().is_active is False


def test_the_command_says_how_many_were_told_of_a_changed_address(csv, monkeypatch):
    load_units(csv(UNITS))
    monkeypatch.setattr("candidates.reference.loading.tell_of_contact", lambda unit: 3)
    out = io.StringIO()
    call_command("load_units", csv(UNITS.replace("路1号", "路2号")), stdout=out)
    assert out.getvalue().splitlines()[-1] == "已通知 3 位打印过通知单的考生。"


def test_a_file_that_is_too_large_is_told_so(csv, monkeypatch):
    monkeypatch.setattr("candidates.reference.long_tables.LARGEST", 2**20)
    with pytest.raises(BadFile) as refused:
        load_units(csv("x" * (2**20 + 1)))
    assert refused.value.problems[0].endswith("data.csv 超过 1 MB。")
