from pathlib import Path

import pytest
from django.conf import settings

from review.cases import reasons
from review.models import Reason
from tests.factories import make_application, make_units

pytestmark = pytest.mark.django_db


def test_the_standard_reasons_stand_in_the_order_of_the_workflow():
    reasons.add_missing()
    assert list(Reason.objects.filter(use="").values_list("label", flat=True)) == [
        "不清晰",
        "缺页",
        "未加盖公章",
        "与填报信息不一致",
        "已过有效期",
        "方向不正",
        "放错类别",
        "非原件",
        "其他",
    ]


def test_what_an_operator_has_changed_stays():
    reasons.add_missing()
    Reason.objects.filter(code="unclear").update(label="看不清")
    reasons.add_missing()
    assert (Reason.objects.get(code="unclear").label, Reason.objects.count()) == ("看不清", 15)


def test_the_reviewers_guide_has_the_keys_of_the_standard_reasons():
    guide = (Path(settings.BASE_DIR) / "docs" / "reviewers.md").read_text()
    told = "，".join(f"{key} {label}" for key, (_, label, _) in enumerate(reasons.STANDARD, start=1))
    assert f"这张不合格，原因：{told}（" in guide


def a_reason_of(unit, use=""):
    return Reason.objects.create(
        code=f"of_{unit.code}", label="本地", sentence="按本地通知。", position=1, use=use, unit=unit
    )


def test_a_units_reasons_are_offered_to_it_and_below_after_everybodys():
    reasons.add_missing()
    case = make_application("point_review")
    mine, elsewhere = a_reason_of(case.region), a_reason_of(make_units()["1102001"])
    found = reasons.offered(case)
    assert (found[-1], len(found), elsewhere in found) == (mine, 10, False)


def test_a_points_reasons_are_not_offered_to_the_levels_above():
    case = make_application("region_review")
    a_reason_of(case.point)
    assert reasons.offered(case) == []


def test_an_act_has_reasons_of_its_own():
    reasons.add_missing()
    case = make_application("site_review")
    assert [one.code for one in reasons.offered(case, "send_back")] == ["overlooked", "originals", "eligibility"]
