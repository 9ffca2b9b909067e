"""A region's and a site's own lines: for whom, under what name, uploaded or brought."""

from materials.rules import onsite
from materials.rules.need import Notice, needs
from materials.rules.own_lines import OwnLine, applying
from tests.profiles import profile

YEAR = 2027
INSURED = OwnLine("社保证明", "北京考区", "required", copies=2, remark="近三个月", conditions=("medical_institution",))
ON_DUTY = OwnLine("在岗证明", "北京一考点", original=True)


def other(*own, **changes):
    asked = profile(**changes)
    found = needs(asked, year=YEAR, own=applying(asked, own))
    return next(need for need in found if need.category.code == "other")


def brought(*own, **changes):
    asked = profile(**changes)
    return onsite.lines(asked, year=YEAR, own=applying(asked, own))


def test_a_line_is_for_whom_its_conditions_hold():
    found = [applying(profile(employer_is_medical_institution=is_one), [INSURED, ON_DUTY]) for is_one in (True, False)]
    assert [[line.title for line in lines] for lines in found] == [["社保证明", "在岗证明"], ["在岗证明"]]


def test_a_paper_of_a_unit_is_listed_once_and_another_units_beside_it():
    lines = [OwnLine("社保证明", "北京考区", "required"), INSURED, OwnLine("社保证明", "北京一考点", copies=1)]
    assert [line.name for line in applying(profile(), lines)] == [
        "社保证明（北京考区要求）",
        "社保证明（北京一考点要求）",
    ]


def test_applying_twice_changes_nothing():
    once = applying(profile(), [INSURED, ON_DUTY])
    assert applying(profile(employer_is_medical_institution=False), once) == once


def test_what_must_be_uploaded_makes_other_required_and_says_who_asks_and_why():
    need = other(INSURED, ON_DUTY)
    assert (need.status, need.reasons, need.expected) == ("required", ("因为北京考区要求提交",), 1)
    assert need.papers == (("社保证明（北京考区要求）", "因为您的工作单位是医疗机构；近三个月"),)


def test_what_may_be_uploaded_leaves_other_optional():
    need = other(OwnLine("社保证明", "北京考区", "optional"))
    assert (need.status, need.reasons) == ("optional", ("北京考区要求，有的请上传",))
    assert need.papers == (("社保证明（北京考区要求）", "有的请上传"),)


def test_as_many_pictures_are_expected_as_papers_must_be_uploaded():
    must = [OwnLine(title, "北京考区", "required") for title in ("甲", "乙")]
    assert other(*must, OwnLine("丙", "北京考区", "optional")).expected == 2


def test_without_a_line_to_upload_other_is_as_the_catalogue_has_it():
    assert other(ON_DUTY) == other()


def test_what_is_brought_follows_attachment_3s_lines():
    last = brought(INSURED, ON_DUTY)[-2:]
    assert [(line.document, line.amount, line.remark, line.item) for line in last] == [
        ("社保证明（北京考区要求）", "复印件2份", "近三个月", None),
        ("在岗证明（北京一考点要求）", "原件", "", None),
    ]
    assert brought(INSURED, ON_DUTY)[:-2] == brought()


def test_an_uploaded_line_is_not_brought_unless_it_says_so():
    assert brought(OwnLine("社保证明", "北京考区", "required")) == brought()


def test_a_title_with_braces_is_printed_as_it_is():
    need = other(OwnLine("{year}{x}证明", "北京考区", "required"))
    assert need.documents == ("{year}{x}证明（北京考区要求）",)


def test_a_notice_never_makes_an_owed_paper_required_and_shows_no_hidden_one():
    fresh = profile(level="physician", education="bachelor", fresh_graduate=True, graduated_on=profile().graduated_on)
    notices = [Notice(code, True, "按照考区的通知要求", "北京考区") for code in ("probation", "military", "identity")]
    found = {need.category.code: need for need in needs(fresh, year=YEAR, notices=notices)}
    assert ("military" in found, found["probation"].status) == (False, "optional")
    assert found["identity"].words == ("北京考区：按照考区的通知要求",)


def test_a_notice_says_who_makes_an_optional_category_required():
    found = needs(profile(), year=YEAR, notices=[Notice("education_proof", True, "", "北京考区")])
    line = next(one for one in found if one.category.code == "education_proof")
    assert (line.status, line.reasons[-1]) == ("required", "因为北京考区的通知要求提交")
