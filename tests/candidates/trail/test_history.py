"""Every change of reference data is kept, whatever makes it: who, when, from what to what; nobody takes it back."""

from io import StringIO

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.utils import timezone

from candidates.models import ExamSession, Unit
from candidates.trail import audit, history
from materials.models import MaterialNotice
from review.models import Fee, Reason
from tests.factories import make_category, make_operator, make_reviewer, make_session, make_units

pytestmark = pytest.mark.django_db
ME = audit.operating_system_user()


def told(row):
    """The row's changes, oldest first: who, with which command, what, and its lines."""
    return [
        (one.who, one.command, one.act, [(line.label, line.before, line.after) for line in one.lines])
        for one in reversed(history.of(row))
    ]


@pytest.fixture
def units():
    return make_units()


@pytest.fixture
def operator(client):
    account = make_operator()
    client.force_login(account)
    return account


def test_what_operators_keep_has_a_history():
    assert set(history.kinds()) == {
        *("candidates.unit", "candidates.examsession", "candidates.examcategory", "candidates.announcement"),
        *("review.reason", "review.fee", "materials.materialnotice", "materials.unitline"),
        *("candidates.medicalinstitution", "candidates.kindrule", "review.reviewterm", "review.officesetting"),
        *("review.appointmentsetting", "review.openinghours", "review.closedday"),
        "review.holiday",
    }


def test_a_change_in_the_back_office_is_kept_with_the_account(client, units, operator):
    point = units["1101001"]
    sent = {"name": "新名称", "address": "示例路 9 号", "telephone": "010-00000000", "hours": "", "undo_minutes": "5"}
    sent["is_active"] = "on"
    client.post(f"/admin/candidates/unit/{point.pk}/change/", sent)
    _, change = history.of(point)[1], history.of(point)[0]
    assert told(point)[1] == (
        "operator",
        "",
        "修改",
        [("名称", "北京第一考点第一报名点", "新名称"), ("地址", "示例路 1 号", "示例路 9 号")],
    )
    assert (change.kind, change.name) == ("考区、考点、报名点", "1101001 报名点 北京第一考点")


def test_a_command_is_kept_with_its_name_and_the_systems_user(tmp_path, units):
    make_session(2027)
    (tmp_path / "fees.csv").write_text("year,region,level,amount\n2027,11,physician,260.00\n")
    call_command("load_fees", tmp_path / "fees.csv", stdout=StringIO())
    (tmp_path / "fees.csv").write_text("year,region,level,amount\n2027,11,physician,270.00\n")
    call_command("load_fees", tmp_path / "fees.csv", "--dry-run", stdout=StringIO())
    call_command("load_fees", tmp_path / "fees.csv", stdout=StringIO())
    call_command("load_fees", tmp_path / "fees.csv", stdout=StringIO())  # nothing changes: nothing is kept
    new = [
        ("考试年度", "", "2027 年度"),
        ("考区", "", "北京考区"),
        ("级别", "", "执业医师"),
        ("金额（分）", "", "26000"),
    ]
    assert told(Fee.objects.get()) == [
        (ME, "load_fees", "新增", new),
        (ME, "load_fees", "修改", [("金额（分）", "26000", "27000")]),
    ]


def test_a_change_by_sql_alone_is_kept_too(units):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE candidates_unit SET is_active = FALSE WHERE code LIKE '1101%'")
    assert told(units["1101002"])[1:] == [("直接在数据库中", "", "修改", [("启用", "是", "否")])]
    assert len(history.of(units["1102"])) == 1


def test_a_moment_is_told_as_the_clock_shows_it():
    session, later = make_session(), timezone.now().year + 1
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE candidates_examsession SET upload_closes = '{later}-03-08 16:00:00+00'")
    (line,) = history.of(session)[0].lines
    assert (line.label, line.after) == ("上传材料截止", f"{later}-03-09 00:00")


def test_what_was_deleted_is_still_told(client, units, operator):
    notice = MaterialNotice.objects.create(unit=units["11"], category="diploma", words="请上传正反两面。")
    address = f"/admin/materials/materialnotice/{notice.pk}"
    client.post(f"{address}/delete/", {"post": "yes"})
    who, _, act, lines = told(notice)[1]
    assert who == "operator"
    assert act == "删除"
    assert ("说明", "请上传正反两面。", "") in lines
    page = client.get(f"{address}/history/").content.decode()
    assert (page.count("<del>请上传正反两面。</del>"), page.count("<td>删除</td>")) == (1, 1)


def test_nothing_of_it_can_be_changed_or_removed(units):
    event = history.kinds()["candidates.unit"]
    attempts = (
        lambda: event.objects.all().delete(),
        lambda: event.objects.update(name="x"),
    )
    for attempt in attempts:
        with pytest.raises(InternalError), transaction.atomic():
            attempt()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%history_is_not_truncated%' AND tgtype & 32 = 32"
        )  # the tests themselves have switched them off
        assert cursor.fetchone() == (len(history.kinds()),)
    assert event.objects.count() == len(units)


@pytest.mark.django_db(transaction=True)  # what is said of who lasts as long as a transaction
def test_who_changed_something_is_forgotten_after_the_request(client, units, operator):
    client.post("/admin/review/reason/add/", {"code": "faded", "label": "褪色", "sentence": "请换。", "position": "9"})
    Reason.objects.filter(code="faded").update(position=8)
    assert [(who, act) for who, _, act, _ in told(Reason.objects.get(code="faded"))] == [
        ("operator", "新增"),
        ("直接在数据库中", "修改"),
    ]


def test_rows_of_before_the_history_begin_it_as_they_are():
    with pgtrigger.ignore("candidates.Unit:insert_insert"):
        region = make_units()["11"]
    assert told(region) == []
    fields = {field.attname: getattr(region, field.attname) for field in Unit._meta.concrete_fields}
    apps.get_model("candidates", "UnitEvent").objects.create(pgh_label="baseline", pgh_obj=region, **fields)
    Unit.objects.filter(code="11").update(name="北京")
    assert [(act, lines[:1]) for _, _, act, lines in told(region)] == [
        ("开始记录", [("代码", "", "11")]),
        ("修改", [("名称", "北京考区", "北京")]),
    ]


def test_all_changes_are_listed_newest_first_or_those_of_one_kind(client, units, operator):
    make_category("210")
    Unit.objects.filter(code="12").update(name="天津")
    older, changes = history.page()
    assert (older, len(changes)) == ("", 11)
    newest = next(one for one in changes if one.model == "candidates.unit")  # all of this is of one moment
    assert newest.name == "12 考区 天津"
    assert newest.kind == "考区、考点、报名点"
    found = client.get("/admin/history/?kind=candidates.examcategory").content.decode()
    assert found.count("<tr><td>") == 1
    assert "210 临床执业助理医师" in found
    assert client.get("/admin/history/?kind=candidates.account").status_code == 404
    assert client.get("/admin/candidates/unit/999999/history/").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(units, django_assert_num_queries):
    Unit.objects.update(hours="工作日 9:00-11:30")
    for size, queries in ((1, 4), (3, 4)):  # page, changes, those before, their parents
        with django_assert_num_queries(queries):
            assert len(history.page(size=size)[1]) == size


def test_pages_follow_one_another_without_a_gap(units):
    make_category("210")
    Unit.objects.filter(code="12").update(name="天津")
    whole, after, pages = history.page()[1], "", []
    for _ in range(20):
        after, changes = history.page(after, size=3)
        pages += changes
        if not after:
            break
    assert pages == whole
    assert history.page("x-1")[1] == history.page("1")[1] == whole


def test_the_history_of_a_unit_is_the_operators_alone(client, units):
    client.force_login(make_reviewer(units["11"]))
    address = f"/admin/candidates/unit/{units['11'].pk}/history/"
    assert [client.get(one).status_code for one in (address, "/admin/history/")] == [404, 404]


def test_no_history_holds_anybodys_data():
    columns = {field.name for event in history.kinds().values() for field in event._meta.fields}
    assert columns & {"account", "document_number", "mobile", "email", "identity_hash"} == set()
    assert ExamSession._meta.get_field("history").related_model.__name__ == "ExamSessionEvent"
