"""The back office of materials."""

import re

import pytest

from materials.models import MaterialImage, MaterialNotice, Submission, UnitLine
from tests import factories
from tests.asked import notice, own_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    client.force_login(factories.make_operator(), backend="candidates.accounts.auth.LoginNameBackend")
    return client


def test_pictures_and_submissions_are_read_and_never_changed(operator):
    factories.make_application("point_review")
    image, submission = MaterialImage.objects.first(), Submission.objects.get()
    addresses = [f"/admin/materials/materialimage/{image.pk}/", f"/admin/materials/submission/{submission.pk}/"]
    for address in addresses:
        assert operator.get(f"{address}change/").status_code == 200
        assert operator.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert operator.get("/admin/materials/materialimage/add/").status_code == 403


def test_what_was_submitted_shows_no_personal_data(operator):
    application = factories.make_application("point_review")
    submission = Submission.objects.get()
    text = operator.get(f"/admin/materials/submission/{submission.pk}/change/").content.decode()
    assert [value for value in (application.document_number, application.school) if value in text] == []


def test_a_region_or_a_site_asks_for_materials_and_a_point_does_not(operator):
    units = factories.make_units()
    address = "/admin/materials/materialnotice/add/"
    for code in ("1101", "1101001"):
        operator.post(address, {"unit": units[code].pk, "category": "diploma", "words": "按照考区的通知要求"})
    assert [notice.unit.code for notice in MaterialNotice.objects.all()] == ["1101"]


LINE = "/admin/materials/unitline"
PREVIEW = "/admin/materials/preview/"
PROFILE = {
    **{"level": "assistant", "route": "degree", "education": "associate", "graduated_on": "2018-07-01"},
    **{"residency": "mainland", "employer_is_medical_institution": "true", "region": "11"},
}


def write(operator, **changed):
    sent = {
        "unit": factories.make_units()["11"].pk,
        "title": "社保证明",
        "upload": "required",
        "copies": 0,
        "position": 1,
    }
    return operator.post(f"{LINE}/add/", {**sent, **changed})


def wrong(answer):
    """The sentences beside the form's fields, and above it."""
    return [str(one) for found in answer.context["adminform"].form.errors.values() for one in found]


def test_a_line_is_written_and_is_not_switched_on_by_itself(operator):
    answer = write(operator, conditions=["military", "mainland"], remark=" 近\u200b三个月 ")
    [line] = UnitLine.objects.all()
    assert (answer.status_code, line.is_active, line.remark) == (302, False, "近三个月")
    assert sorted(line.conditions) == ["mainland", "military"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": " \u3000"}, "必须填写"),
        ({"title": "社" * 51}, "50"),
        ({"remark": "社" * 201}, "200"),
        ({"upload": ""}, "请至少选一项：网上上传、现场带原件、现场交复印件。"),
        ({"copies": "10"}, "复印件最多 9 份。"),
        ({"copies": "-1"}, "0"),
        ({"upload": "maybe"}, "maybe"),
        ({"conditions": ["gone"]}, "gone"),
        ({"conditions": ["mainland", "foreign"]}, "“大陆考生”和“外籍考生”说的是同一件事"),
    ],
)
def test_what_cannot_be_a_line_is_refused_in_a_sentence(operator, changed, sentence):
    told = wrong(write(operator, **changed))
    assert (len(told), sentence in told[0], UnitLine.objects.count()) == (1, True, 0)


def test_what_cannot_be_seen_does_not_come_into_a_title(operator):
    write(operator, title="社保\x07证明")
    assert [line.title for line in UnitLine.objects.all()] == ["社保证明"]


def test_a_nul_is_refused(operator):
    told = wrong(write(operator, title="社保\0证明"))
    assert (len(told), UnitLine.objects.count()) == (1, 0)


def test_other_is_made_required_by_lines_not_by_a_notice(operator):
    unit = factories.make_units()["11"].pk
    sent = {"unit": unit, "category": "other", "required": "on", "words": "社保证明", "is_active": "on"}
    told = wrong(operator.post("/admin/materials/materialnotice/add/", sent))
    assert told == ["考点规定的其他材料，请在“考区、考点自定的材料”中逐项列出，并选“必须上传”。"]


def test_a_notice_says_something(operator):
    sent = {"unit": factories.make_units()["11"].pk, "category": "diploma", "words": " "}
    told = wrong(operator.post("/admin/materials/materialnotice/add/", sent))
    assert told == ["请填写说明，或勾选“必须上传”。"]


def test_the_preview_shows_the_candidates_list_before_it_is_switched_on(operator):
    own_line("11", upload="required", is_active=False)
    notice("11", "diploma", words="内页也要", is_active=False)
    page = operator.get(PREVIEW, PROFILE).content.decode()
    assert "社保证明（北京考区要求）" in page
    assert "已把没有启用的算在内：北京考区：社保证明；北京考区：毕业证书的要求。考生现在还看不到这些。" in page
    assert "社保证明" not in operator.get("/requirements/", PROFILE).content.decode()


def test_the_preview_asks_for_a_profile_first(operator):
    own_line("1101")
    listed = operator.get(f"{LINE}/").content.decode()
    address = re.search(r'href="(/admin/materials/preview/\?[^"]+)"', listed)[1].replace("&amp;", "&")
    answer = operator.get(address)
    assert (answer.status_code, answer.context["form"].initial["site"]) == (200, "1101")


@pytest.mark.parametrize("who", ["candidate", "reviewer"])
def test_the_preview_is_the_operators(client, who):
    account = factories.make_candidate() if who == "candidate" else factories.make_reviewer(factories.the_point())
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    assert client.get(PREVIEW).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_line_and_for_three(operator, django_assert_num_queries, count):
    for serial in range(count):
        own_line("1101", f"材料{serial}")
    with django_assert_num_queries(4):
        operator.get(f"{LINE}/")


def test_the_history_of_a_line_names_its_conditions(operator):
    write(operator, conditions=["military"])
    page = operator.get(f"{LINE}/{UnitLine.objects.get().pk}/history/").content.decode()
    assert "军队现役人员" in page
