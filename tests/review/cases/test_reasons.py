from pathlib import Path

import pytest
from django.conf import settings

from review.cases import reasons
from review.models import Reason

pytestmark = pytest.mark.django_db


def test_the_standard_reasons_stand_in_the_order_of_the_workflow():
    reasons.add_missing()
    assert list(Reason.objects.values_list("label", flat=True)) == [
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
    assert (Reason.objects.get(code="unclear").label, Reason.objects.count()) == ("看不清", 9)


def test_the_reviewers_guide_has_the_keys_of_the_standard_reasons():
    guide = (Path(settings.BASE_DIR) / "docs" / "reviewers.md").read_text()
    told = "，".join(f"{key} {label}" for key, (_, label, _) in enumerate(reasons.STANDARD, start=1))
    assert f"这张不合格，原因：{told}（" in guide
