"""The list of medical institutions: loaded whole or not at all, and looked up by the beginning of a name or number."""

import io

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from candidates.models import MedicalInstitution
from candidates.reference import institutions
from candidates.reference.institutions import by_key, find, load_institutions
from candidates.reference.outcomes import TRY, BadFile, How
from candidates.trail import history

pytestmark = pytest.mark.django_db
HEAD = ["registration_number", "name", "address", "postcode", "legal_representative", "telephone", "region", "active"]
ROWS = [
    ["PDY00001", "示例市第一医院", "示例路1号", "100001", "张某某", "010-12345678", "11", "1"],
    ["PDY00002", "示例市第二医院", "示例路2号", "", "李某某", "", "", "1"],
    ["PDY10003", "另一医院", "", "", "", "", "", ""],
]


@pytest.fixture
def csv(tmp_path):
    def write(rows, head=HEAD, encoding="utf-8"):
        path = tmp_path / "data.csv"
        path.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n", encoding=encoding)
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(rows, **options):
        path = tmp_path / "data.xlsx"
        with xlsxwriter.Workbook(path, options) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate([HEAD, *rows]):
                sheet.write_row(at, 0, row)
        return path

    return write


def numbers(found):
    return [one.registration_number for one in found]


def changed(at, cell, value):
    row = list(ROWS[at])
    row[HEAD.index(cell)] = value
    return row


# --- loaded ---


def test_a_file_is_loaded_twice_and_changes_what_has_changed(csv):
    assert load_institutions(csv(ROWS)).sums == (3, 0, 0, 0)
    assert load_institutions(csv(ROWS)).sums == (0, 0, 0, 3)
    assert load_institutions(csv([changed(0, "telephone", "010-87654321"), ROWS[1]])).sums == (0, 1, 0, 1)
    first = MedicalInstitution.objects.get(registration_number="PDY00001")
    assert (first.telephone, first.address, MedicalInstitution.objects.count()) == ("010-87654321", "示例路1号", 3)


def test_columns_that_a_file_lacks_stay_as_they_are(csv):
    load_institutions(csv([changed(0, "active", "0")]))
    load_institutions(csv([["PDY00001", "示例市中心医院"]], HEAD[:2]))
    kept = MedicalInstitution.objects.get()
    assert (kept.name, kept.postcode, kept.region, kept.is_active) == ("示例市中心医院", "100001", "11", False)


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}])  # texts apart, texts in their cells
def test_a_workbook_is_loaded_as_a_csv_is(workbook, options):
    rows = [changed(0, "postcode", 100001), *ROWS[1:]]
    assert load_institutions(workbook(rows, **options)).sums == (3, 0, 0, 0)
    values = MedicalInstitution.objects.values_list(*HEAD[:-1], "is_active")
    assert list(values) == [(*row[:-1], True) for row in ROWS]


def test_a_workbooks_bad_row_is_named_as_excel_counts_it(workbook):
    with pytest.raises(BadFile) as refused:
        load_institutions(workbook([[], ROWS[0], changed(1, "name", "")]))
    assert refused.value.problems == ["第 4 行：缺少名称（name）。"]


def test_every_bad_line_is_named_and_nothing_is_loaded(csv):
    bad = [
        *ROWS[:1],
        changed(0, "name", "又一个"),
        changed(1, "registration_number", ""),
        changed(1, "registration_number", "1.23E+17"),
        changed(2, "postcode", "12345"),
        ["PDY20001", "名", "", "", "", "123", "北京", "也许"],
    ]
    with pytest.raises(BadFile) as refused:
        load_institutions(csv(bad))
    assert refused.value.problems == [
        "第 3 行：登记号 PDY00001 与第 2 行重复。",
        "第 4 行：缺少登记号（registration_number）。",
        "第 5 行：登记号（registration_number）的值“1.23E+17”已被 Excel 改写，后面的数字丢失了："
        "请用原始文件，或在 Excel 中先把这一列设为“文本”再粘贴。",
        "第 6 行：邮编（postcode）的值“12345”有误。邮政编码应为 6 位数字：请核对。",
        "第 7 行：电话（telephone）的值“123”有误。电话至少要有 7 位数字：请连同区号填写，例如 010-12345678。",
        "第 7 行：考区代码（region）的值“北京”应为 2 位数字。",
        "第 7 行：active 的值“也许”无法识别，请填写 1 或 0。",
    ]
    assert MedicalInstitution.objects.count() == 0


def test_a_complete_list_ends_what_it_leaves_out_in_the_regions_that_it_speaks_of(csv):
    others = [[f"PDY9{at:04}", f"诊所{at:02}", "", "", "", "", "11", "1"] for at in range(20)]
    load_institutions(csv([*ROWS, *others]))
    shorter = csv([*others[1:], ROWS[0]])
    assert load_institutions(shorter).sums == (0, 0, 0, 20)
    assert load_institutions(shorter, How(complete=True)).sums == (0, 0, 1, 20)
    assert set(MedicalInstitution.objects.filter(is_active=False).values_list("registration_number", flat=True)) == {
        "PDY90000"
    }


def test_a_bad_line_behind_what_was_written_already_takes_that_back(csv, monkeypatch):
    monkeypatch.setattr(institutions, "BATCH", 1)
    with pytest.raises(BadFile):
        load_institutions(csv([*ROWS, changed(0, "name", "又一个")]))
    assert MedicalInstitution.objects.count() == 0


def test_a_file_of_nothing_but_mistakes_is_not_read_to_its_end(csv, monkeypatch):
    monkeypatch.setattr(institutions, "MOST_PROBLEMS", 2)
    with pytest.raises(BadFile) as refused:
        load_institutions(csv([changed(0, "name", "")] * 5))
    assert refused.value.problems[-1] == "错误太多：第 3 行以后没有检查。"


def test_one_spelling_is_kept_and_looked_up(csv):
    load_institutions(
        csv([["ｐｄｙ 00001", " 示例市\u200b第一医院　", "", "１０００ 01", "", "０１０－12345678", "", ""]])
    )
    values = MedicalInstitution.objects.values_list("registration_number", "name", "postcode", "telephone")
    assert list(values) == [("PDY00001", "示例市第一医院", "100001", "010-12345678")]
    assert numbers(find("registration_number", "ｐdy 0000")) == ["PDY00001"]


@pytest.mark.parametrize("typed", ["示例市（东区", "示例市(东区", "示例市（东区）Ａ", "示例市(东区)A"])
def test_brackets_and_full_width_letters_are_found_however_they_are_typed(csv, typed):
    load_institutions(csv([["PDY00001", "示例市(东区)Ａ座医院", "", "", "", "", "", ""]]))
    assert numbers(find("name", typed)) == ["PDY00001"]


def test_a_dry_run_writes_nothing(csv):
    assert load_institutions(csv(ROWS), TRY).sums == (3, 0, 0, 0)
    assert MedicalInstitution.objects.count() == 0


def test_the_command_reports_what_it_did_and_what_is_wrong(csv):
    out = io.StringIO()
    call_command("load_institutions", csv(ROWS), stdout=out)
    assert out.getvalue() == "载入完成：新增 3，更改 0，未变 0。\n"
    with pytest.raises(CommandError, match="共 1 处错误，没有载入任何数据"):
        call_command("load_institutions", csv([changed(0, "name", "")]))


def test_each_rows_changes_are_kept_with_the_commands_name(csv):
    call_command("load_institutions", csv(ROWS), stdout=io.StringIO())
    call_command("load_institutions", csv([changed(0, "name", "新名")]), stdout=io.StringIO())
    told = history.of(MedicalInstitution.objects.get(registration_number="PDY00001"))
    assert [(one.command, one.act) for one in told] == [("load_institutions", "修改"), ("load_institutions", "新增")]
    assert [(line.label, line.after) for line in told[0].lines] == [("名称", "新名")]


def test_rows_are_written_a_batch_at_a_time(csv, django_assert_num_queries):
    with django_assert_num_queries(4):  # a savepoint and its end, what is there, one insert
        load_institutions(csv(ROWS))


@pytest.mark.parametrize("values", [{"name": ""}, {"registration_number": ""}, {"registration_number": "PDY00001"}])
def test_the_database_refuses_one_without_a_name_or_with_anothers_number(csv, values):
    load_institutions(csv(ROWS))
    with pytest.raises(IntegrityError), transaction.atomic():
        MedicalInstitution.objects.filter(registration_number="PDY00002").update(**values)


# --- looked up ---


def test_institutions_are_found_by_the_beginning_of_name_or_number(csv):
    load_institutions(csv(ROWS))
    assert numbers(find("name", "示例市")) == ["PDY00001", "PDY00002"]
    assert numbers(find("registration_number", "pdy0")) == ["PDY00001", "PDY00002"]
    assert numbers(find("name", "第二")) == []


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        ("name", "示"),
        ("registration_number", "PDY"),
        ("name", " 示 "),
        ("name", "%%"),
        ("name", "示例\0"),
        ("id", "1000"),
    ],
)
def test_too_little_and_nonsense_find_nothing(csv, cell, typed):
    load_institutions(csv(ROWS))
    assert find(cell, typed) == []


def test_at_most_ten_are_told(csv):
    load_institutions(csv([[f"PDY{at:05}", f"示例诊所{at:02}", *[""] * 6] for at in range(12)]))
    assert [one.name for one in find("name", "示例")] == [f"示例诊所{at:02}" for at in range(10)]


def test_what_is_switched_off_is_not_found_and_not_chosen(csv):
    load_institutions(csv([changed(0, "active", "0")]))
    off = MedicalInstitution.objects.get()
    assert (find("name", "示例"), by_key(str(off.pk)), institutions.is_there()) == ([], None, False)


@pytest.mark.parametrize("key", ["", "x", "-1", "９", "9" * 30, "9" * 5000])
def test_a_key_that_can_be_none_finds_nothing(key):
    assert by_key(key) is None


@pytest.mark.parametrize(
    ("cell", "index"), [("name", "institutions_by_name"), ("registration_number", "one_institution_of_a_number")]
)
def test_the_answer_is_read_from_an_index_in_its_order(csv, cell, index):
    load_institutions(csv([[f"PDY{at:05}", f"示例诊所{at:05}", *[""] * 6] for at in range(3000)]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE candidates_medicalinstitution")
    begins = {"name": "示例诊所00", "registration_number": "PDY00"}[cell]
    rows = MedicalInstitution.objects.filter(is_active=True, **{f"{cell}__startswith": begins})
    plan = rows.order_by(cell, "id")[:10].explain()
    assert (index in plan, "Seq Scan" in plan) == (True, False)
