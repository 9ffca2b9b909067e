"""The operators' back office."""

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils import timezone

from candidates import jobs
from candidates.admin_kinds import Offered
from candidates.models import Account, Announcement, ExamSession, Job, MedicalInstitution, Record, Unit
from candidates.trail import looks
from tests.factories import (
    end_session,
    make_application,
    make_candidate,
    make_category,
    make_operator,
    make_reviewer,
    make_units,
)

pytestmark = pytest.mark.django_db
LISTS = ["unit", "examsession", "examcategory", "account", "application", "record", "job", "message"]


@pytest.fixture
def case(client):
    case = make_application("point_review")
    client.force_login(make_operator())
    return case


@pytest.mark.parametrize("name", LISTS)
def test_no_list_shows_a_number_or_a_whole_name(client, case, name):
    page = client.get(f"/admin/candidates/{name}/").content.decode()
    assert [value for value in (case.document_number, case.mobile, case.name) if value in page] == []


def test_a_number_leads_to_its_case(client, case):
    for name in ("application", "record"):
        page = client.get(f"/admin/candidates/{name}/").content.decode()
        assert f'href="/review/applications/{case.number}/"' in page


def test_records_are_read_in_words_and_found_by_number(client, case):
    page = client.get(f"/admin/candidates/record/?q={case.number}").content.decode()
    assert "报名成功，待上传材料 → 待报名点审核" in page
    assert page.count('<tr><td class="field-done_at') == 2
    assert "提交审核" in page
    assert client.get("/admin/candidates/record/?q=2027999999999999").content.decode().count("field-done_at") == 0


def test_an_account_is_read_masked_and_cannot_be_changed(client, case):
    path = f"/admin/candidates/account/{case.account_id}/change/"
    page = client.get(path).content.decode()
    assert case.document_number not in page
    assert f"{case.document_number[:6]}********" in page
    assert client.post(path, {"name": "别人"}).status_code == 403


def test_messages_show_what_became_of_them_and_can_be_chosen_by_it(client, case):
    lost = case.messages.first()
    lost.next_try_at, lost.unreachable_at = None, lost.at
    lost.save()
    page = client.get("/admin/candidates/message/").content.decode()
    assert page.count('class="field-sending"') == case.messages.count()
    assert '<td class="field-sending">没有通知到</td>' in page
    chosen = client.get("/admin/candidates/message/?state=unreachable").content.decode()
    assert chosen.count('class="field-sending"') == 1
    assert lost.subject in chosen


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_deleted_there(client, case, name):
    row = {"unit": Unit, "examsession": ExamSession, "account": Account, "record": Record}.get(name)
    pk = row.objects.first().pk if row else case.pk if name == "application" else case.exam_category_id
    assert client.post(f"/admin/candidates/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_unit_keeps_its_code_and_its_place(client, case):
    point = make_units()["1101001"]
    sent = {"code": "1101009", "name": "新名称", "address": "", "telephone": "", "hours": "", "undo_minutes": "5"}
    sent["is_active"] = "on"
    client.post(f"/admin/candidates/unit/{point.pk}/change/", sent)
    point.refresh_from_db()
    assert (point.code, point.name) == ("1101001", "新名称")


def test_nobody_but_operators_finds_it(client):
    for account in (make_candidate(), make_reviewer(make_units()["11"])):
        client.force_login(account)
        assert client.get("/admin/candidates/unit/").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("application/?status__exact=point_review&session__id__exact=1", 200),
        ("account/?kind__exact=candidate&is_active__exact=1", 200),
        ("operatoract/?command=stats", 200),
        ("account/?identity_hash=a", 400),
        ("account/?name__startswith=a", 400),
        ("unit/?parent__code=11", 400),
    ],
)
def test_a_list_is_filtered_by_what_it_offers_only(client, case, address, status):
    assert client.get(f"/admin/candidates/{address}").status_code == status


def test_that_holds_for_every_list():
    assert [type(one).__name__ for one in admin.site._registry.values() if not isinstance(one, Offered)] == []


def test_every_filter_that_a_list_offers_leads_somewhere(client, case):
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        links = set(re.findall(r'href="(\?[^"]+)"', client.get(address).content.decode()))
        assert {client.get(address + link.replace("&amp;", "&")).status_code for link in links} <= {200}


def cells(client, name, column):
    """The words of one column of a list, from top to bottom."""
    page = client.get(f"/admin/candidates/{name}/").content.decode()
    found = re.findall(rf'<t[dh] class="field-{column}[^"]*">(.*?)</t[dh]>', page, re.S)
    return [re.sub("<[^>]+>", "", cell) for cell in found]


def test_a_look_is_told_with_who_what_and_when(client, case):
    looks.record(make_reviewer(case.point), case, "packet")
    told = {column: cells(client, "look", column) for column in ("who", "what", "of_application", "in_round")}
    assert told == {
        "who": ["point-1101001"],
        "what": ["材料册"],
        "of_application": [case.number],
        "in_round": ["1"],
    }


def test_a_job_is_told_with_how_far_it_is_and_what_came_of_it(client, case):
    job, _ = jobs.ask("notices", point="1101001", year=2027)
    Job.objects.filter(pk=job.pk).update(done=1, total=3, outcome={"rendered": 1})
    assert cells(client, "job", "about") == ["1101001 · 2027"]
    assert cells(client, "job", "progress") == ["1 / 3（33%）"]
    assert cells(client, "job", "counts") == [f"{jobs.KINDS['notices'].counts['rendered']} 1"]


def test_what_failed_is_asked_for_again_from_the_list(client, case):
    job, _ = jobs.ask("notices", point="1101001", year=2027)
    Job.objects.filter(pk=job.pk).update(state="failed", ended_at=job.asked_at, next_try_at=None)
    sent = {"action": "ask_again", ACTION_CHECKBOX_NAME: [job.pk]}
    page = client.post("/admin/candidates/job/", sent, follow=True).content.decode()
    assert "重新申请了 1 个后台任务。" in page
    assert Job.objects.get().state == "waiting"


def test_a_key_that_cannot_be_one_is_chosen_for_nothing(client, case):
    sent = {"action": "ask_again", ACTION_CHECKBOX_NAME: ["x"]}
    assert client.post("/admin/candidates/job/", sent).status_code == 400


def test_notices_are_not_asked_for_where_no_session_is_under_way(client, case):
    end_session(case.session)
    ExamSession.objects.update(year=case.session.year - 5)
    sent = {"action": "print_notices", ACTION_CHECKBOX_NAME: [case.point_id]}
    page = client.post("/admin/candidates/unit/", sent, follow=True).content.decode()
    assert "现在没有进行中的考试年度，没有申请任何后台任务。" in page
    assert Job.objects.count() == 0


def test_a_category_is_listed_with_its_routes_in_words(client, case):
    make_category("341")
    assert "师承、确有专长" in " ".join(cells(client, "examcategory", "by_route")).replace("学历、", "")


@pytest.mark.parametrize(
    ("starts", "ends", "words"), [(1, None, "未开始"), (-2, -1, "已停止"), (-2, 1, "显示中"), (-2, None, "显示中")]
)
def test_an_announcement_says_whether_it_is_shown(client, case, starts, ends, words):
    now = timezone.now()
    until = now + timedelta(days=ends) if ends else None
    Announcement.objects.create(title="公告", text="正文", starts_at=now + timedelta(days=starts), ends_at=until)
    assert cells(client, "announcement", "state") == [words]


def test_one_that_has_no_number_leads_nowhere(client, case):
    make_application("draft", session=case.session)
    assert cells(client, "application", "case") == ["—", case.number]


def test_the_back_office_leads_to_the_portals_own_pages_for_password_and_log_out(client, case):
    assert client.get("/admin/password_change/").url == "/password/change/"
    assert client.get("/admin/logout/").url == "/logout/"


def test_the_list_of_institutions_is_searched_and_read_only(client):
    one = MedicalInstitution.objects.create(registration_number="PDY00001", name="示例市第一医院")
    MedicalInstitution.objects.create(registration_number="PDY00002", name="另一医院")
    client.force_login(make_operator())
    listed = "/admin/candidates/medicalinstitution/"
    for words in ("第一", "00001"):
        page = client.get(f"{listed}?q={words}").content.decode()
        assert page.count('class="field-name"') == 1
    assert client.get(f"{listed}{one.pk}/history/").status_code == 200
    codes = [client.post(f"{listed}{address}", {"name": "x"}).status_code for address in ("add/", f"{one.pk}/change/")]
    assert codes == [403, 403]
