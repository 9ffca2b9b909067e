"""The operators' back office."""

import re

import pytest
from django.contrib import admin

from candidates.admin_kinds import Offered
from candidates.models import Account, ExamSession, Record, Unit
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_units

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
    assert ("报名成功，待上传材料 → 待报名点审核" in page, page.count('<tr><td class="field-done_at')) == (True, 2)
    assert "提交审核" in page
    assert client.get("/admin/candidates/record/?q=2027999999999999").content.decode().count("field-done_at") == 0


def test_an_account_is_read_masked_and_cannot_be_changed(client, case):
    path = f"/admin/candidates/account/{case.account_id}/change/"
    page = client.get(path).content.decode()
    assert (case.document_number in page, f"{case.document_number[:6]}********" in page) == (False, True)
    assert client.post(path, {"name": "别人"}).status_code == 403


def test_messages_show_what_became_of_them_and_can_be_chosen_by_it(client, case):
    lost = case.messages.first()
    lost.next_try_at, lost.unreachable_at = None, lost.at
    lost.save()
    page = client.get("/admin/candidates/message/").content.decode()
    assert (page.count('class="field-sending"'), '<td class="field-sending">没有联系方式</td>' in page) == (
        case.messages.count(),
        True,
    )
    chosen = client.get("/admin/candidates/message/?state=unreachable").content.decode()
    assert (chosen.count('class="field-sending"'), lost.subject in chosen) == (1, True)


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_deleted_there(client, case, name):
    row = {"unit": Unit, "examsession": ExamSession, "account": Account, "record": Record}.get(name)
    pk = row.objects.first().pk if row else case.pk if name == "application" else case.exam_category_id
    assert client.post(f"/admin/candidates/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_unit_keeps_its_code_and_its_place(client, case):
    point = make_units()["1101001"]
    sent = {"code": "1101009", "name": "新名称", "address": "", "telephone": "", "hours": "", "is_active": "on"}
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
