"""我需要哪些材料: the same rules for anybody, as a page and as JSON."""

import pytest

from candidates.models import ExamCategory
from materials.rules import onsite
from materials.rules.need import needs
from tests.asked import notice, own_line
from tests.factories import make_category, make_session, make_units
from tests.profiles import profile

pytestmark = pytest.mark.django_db
YEAR = 2027
BASE = {
    "level": "assistant",
    "route": "degree",
    "education": "associate",
    "full_time": "true",
    "graduated_on": "2018-07-01",
    "residency": "mainland",
    "employer_is_medical_institution": "true",
}


def ask(client, **changes):
    return client.get("/requirements/", {**BASE, **changes}, headers={"Accept": "application/json"})


@pytest.fixture(autouse=True)
def session():
    return make_session(YEAR)


def test_the_json_is_what_addresses_md_says(client):
    answer = ask(client)
    found = answer.json()
    assert answer.status_code == 200
    assert sorted(found) == ["categories", "conflicts", "onsite"]
    assert found["categories"][0] == {
        "code": "identity",
        "title": "本人有效身份证明",
        "status": "required",
        "documents": ["报名时所选的身份证件（居民身份证须有人像面和国徽面）"],
        "reasons": ["因为所有考生都须提交"],
    }
    assert found["onsite"][1] == {"document": "本人有效身份证明", "original": True, "copies": 1, "remark": ""}
    assert found["conflicts"] == {}


def test_the_lists_are_the_catalogues_and_the_onsite_lists(client):
    found = ask(client, serving_military="true").json()
    asked = profile(serving_military=True)
    stated = [(one.category.code, one.status) for one in needs(asked, year=YEAR)]
    assert [(one["code"], one["status"]) for one in found["categories"]] == stated
    assert [one["document"] for one in found["onsite"]] == [one.document for one in onsite.lines(asked, year=YEAR)]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"holds_assistant_licence": "true"}, ["holds_assistant_licence"]),
        ({"residency": "taiwan", "serving_military": "true"}, ["serving_military"]),
        ({"level": "expert"}, ["level"]),
        ({"residency": ""}, ["residency"]),
        ({"full_time": "yes"}, ["full_time"]),
        ({"graduated_on": "2018-02-30"}, ["graduated_on"]),
        ({"exam_category": "999"}, ["exam_category"]),
        ({"exam_category": "1\0"}, ["exam_category"]),
        ({"exam_category": "110"}, ["exam_category"]),
        ({"fresh_graduate": "true", "supplementary_test": "everything"}, ["supplementary_test"]),
    ],
)
def test_what_cannot_be_is_a_conflict_of_its_field(client, changes, fields):
    make_category("110"), make_category("210")
    answer = ask(client, **changes)
    assert (answer.status_code, list(answer.json()["conflicts"]), answer.json()["categories"]) == (422, fields, [])


def test_an_exam_category_brings_its_rules_only_when_it_is_given(client):
    make_category("210"), make_category("220")
    supplementary = {"supplementary_test": "paediatrics"}
    codes = [ask(client, **supplementary, exam_category=code).status_code for code in ("", "210", "220")]
    assert codes == [200, 200, 422]


def test_a_category_that_is_switched_off_is_refused(client):
    make_category("210")
    ExamCategory.objects.update(is_active=False)
    assert list(ask(client, exam_category="210").json()["conflicts"]) == ["exam_category"]


def test_without_parameters_there_is_the_form_or_a_refusal(client):
    page = client.get("/requirements/")
    assert (page.status_code, page.context["asked"], page.context["form"].errors) == (200, False, {})
    answer = client.get("/requirements/", headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json()["conflicts"])) == (422, ["level", "route", "residency"])


def test_the_page_shows_the_list_with_its_reasons_and_keeps_the_answers(client):
    answer = client.get("/requirements/", BASE)
    page = answer.content.decode()
    assert [need.category.code for need in answer.context["needs"]][:2] == ["identity", "diploma"]
    assert "因为所有考生都须提交" in page
    assert 'value="2018-07-01"' in page


def test_a_question_that_was_ticked_is_drawn_ticked_and_no_other(client):
    form = client.get("/requirements/", BASE).context["form"]
    ticked = ["checked" in str(form[name]) for name in ("full_time", "serving_military")]
    assert ticked == [True, False]


def test_the_page_says_a_conflict_beside_its_question(client):
    answer = client.get("/requirements/", BASE | {"holds_assistant_licence": "true"})
    assert (list(answer.context["form"].errors), answer.context["needs"]) == (["holds_assistant_licence"], ())


def test_it_costs_the_same_for_everybody(client, django_assert_num_queries):
    for code in ("110", "210"):
        make_category(code)
        with django_assert_num_queries(2):
            ask(client)


def asked_for(client, **changes):
    """The last documents of `other`, the last on-site line, and 毕业证书's words."""
    found = ask(client, **changes).json()
    categories = {one["code"]: one for one in found["categories"]}
    words = categories["diploma"].get("words")
    return categories["other"]["documents"], found["onsite"][-1]["document"], words


def test_a_regions_lines_are_listed_where_it_is_chosen_and_its_sites_beside(client):
    own_line("11", upload="required", copies=1)
    own_line("1101", "在岗证明")
    notice("11", "diploma", words="按照考区的通知要求")
    general, photographs = ["考点规定的其他材料"], "近期（6个月内）白底免冠小二寸照片"
    insured, on_duty = "社保证明（北京考区要求）", "在岗证明（北京第一考点要求）"
    words = ["北京考区：按照考区的通知要求"]
    assert asked_for(client) == (general, photographs, None)
    assert asked_for(client, region="12") == (general, photographs, None)
    assert asked_for(client, region="11") == ([insured], insured, words)
    assert asked_for(client, region="11", site="1101") == ([insured], on_duty, words)
    assert asked_for(client, site="1101") == ([insured], on_duty, words)


@pytest.mark.parametrize(
    ("units", "field"),
    [
        ({"region": "99"}, "region"),
        ({"region": "1101"}, "region"),
        ({"region": "1\0"}, "region"),
        ({"site": "11"}, "site"),
        ({"region": "12", "site": "1101"}, "site"),
    ],
)
def test_a_unit_that_cannot_be_is_a_conflict(client, units, field):
    make_units()
    answer = ask(client, **units)
    assert (answer.status_code, list(answer.json()["conflicts"])) == (422, [field])


def test_a_unit_that_is_switched_off_is_a_conflict(client):
    units = make_units()
    units["11"].is_active = False
    units["11"].save()
    assert list(ask(client, region="11").json()["conflicts"]) == ["region"]


def test_what_is_not_switched_on_is_not_shown_to_anybody(client):
    own_line("11", upload="required", is_active=False)
    assert asked_for(client, region="11")[0] == ["考点规定的其他材料"]


def test_the_page_offers_the_regions_and_then_their_sites(client):
    make_units()
    first, second = [client.get("/requirements/", {**BASE, **more}) for more in ({}, {"region": "11"})]
    assert [name for name in first.context["form"].fields if name in ("region", "site")] == ["region"]
    assert [code for code, _ in second.context["form"].fields["site"].choices] == ["", "1101", "1102"]


def test_a_region_alone_is_chosen_and_nothing_is_wrong_yet(client):
    make_units()
    page = client.get("/requirements/", {"region": "11"})
    assert (page.context["form"].errors, "site" in page.context["form"].fields) == ({}, True)
    wrong = client.get("/requirements/", {"region": "99"})
    assert list(wrong.context["form"].errors) == ["level", "route", "residency", "region"]


def test_the_page_says_who_asks_why_and_what_for(client):
    own_line("11", upload="required", remark="近三个月", conditions=["medical_institution"])
    page = client.get("/requirements/", {**BASE, "region": "11"}).content.decode()
    assert "因为北京考区要求提交" in page
    assert '社保证明（北京考区要求）<span class="soft">：因为您的工作单位是医疗机构；近三个月</span>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_region_costs_three_more_whatever_it_asks_for(client, django_assert_num_queries, count):
    for serial in range(count):
        own_line("11", f"材料{serial}")
    with django_assert_num_queries(5):
        ask(client, region="11", site="1101")


# --- trial or practice: optional ---


def test_each_institution_asks_for_a_certificate_of_its_own(client):
    found = {one["code"]: one["documents"] for one in ask(client, institutions="2").json()["categories"]}
    assert found["probation"] == ["《医师资格考试试用期考核证明》（2 份：每个机构 1 份）"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"period_from": "2025-01", "period_to": "2025-12"}, None),
        ({"period_from": "2025-01", "period_to": "2025-11"}, ["period_to"]),
        ({"period_from": "2025-01-01", "period_to": "2025-12-31"}, None),
        (
            {"institutions": "2", "period_from": "2025-01", "period_to": "2025-06"}
            | {"period_from_2": "2026-01", "period_to_2": "2026-06"},
            None,
        ),
        ({"institutions": "2", "period_from": "2025-01", "period_to": "2025-06"}, None),
        (
            {"level": "physician", "holds_assistant_licence": "true", "first_registered_on": "2026-01-05"},
            ["first_registered_on"],
        ),
    ],
)
def test_what_may_not_meet_the_conditions_is_told_and_refuses_nothing(client, changes, fields):
    answer = ask(client, **changes)
    found = answer.json()
    assert (answer.status_code, found["conflicts"], len(found["categories"]) > 3) == (200, {}, True)
    assert (list(found["warnings"]) if "warnings" in found else None) == fields


def test_a_period_that_cannot_be_read_is_a_conflict_of_its_parameter(client):
    answer = ask(client, period_from="2025-13", institutions="1")
    assert (answer.status_code, list(answer.json()["conflicts"])) == (422, ["period_from"])


def test_the_page_asks_for_as_many_periods_as_institutions_and_keeps_them(client):
    answer = client.get("/requirements/", BASE | {"institutions": "3", "period_from_3": "2025-03-01"})
    asked = [name for name in answer.context["form"].fields if name.startswith("period_")]
    assert len(asked) == 6
    assert 'value="2025-03"' in answer.content.decode()


def test_the_page_tells_the_warning_with_a_way_to_its_question(client):
    page = client.get("/requirements/", BASE | {"period_from": "2025-01", "period_to": "2025-11"}).content.decode()
    assert '<a href="#field_period_to">按现有信息，试用期到 2027 年 8 月 31 日不满一年' in page
    assert 'id="field_period_to"' in page
