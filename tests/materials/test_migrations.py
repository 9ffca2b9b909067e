"""What migrations of materials do with rows that are there."""

from importlib import import_module

import pytest
from django.apps import apps

from materials.models import MaterialNotice, UnitLine
from tests.asked import notice

pytestmark = pytest.mark.django_db
NOTICES_ON_OTHER = import_module("materials.migrations.0008_notices_on_other_become_lines")
LONG = "请提交近三个月的社会保险缴费证明，缴费单位须与所填工作单位一致，并由单位盖章；不一致的请附劳动合同和单位说明。"


def lines():
    fields = ("unit__code", "title", "upload", "remark", "is_active")
    return list(UnitLine.objects.order_by("unit__code").values_list(*fields))


def test_what_made_other_required_becomes_a_line_with_its_words_and_the_rest_stays():
    notice("11", "other", required=True, words="社保证明")
    notice("1101", "other", required=True, words=LONG)
    notice("12", "other", required=True)
    notice("1201", "other", words="有的请上传")
    notice("11", "diploma", required=True, words="内页")
    NOTICES_ON_OTHER.to_lines(apps, None)
    assert lines() == [
        ("11", "社保证明", "required", "", True),
        ("1101", "考点规定的其他材料", "required", LONG, True),
        ("12", "考点规定的其他材料", "required", "", True),
    ]
    assert set(MaterialNotice.objects.values_list("words", flat=True)) == {"有的请上传", "内页"}


def test_and_back_again_nothing_is_lost():
    notice("11", "other", required=True, words="社保证明")
    notice("1101", "other", required=True, words=LONG)
    before = list(MaterialNotice.objects.order_by("unit").values_list("unit", "category", "required", "words"))
    NOTICES_ON_OTHER.to_lines(apps, None)
    NOTICES_ON_OTHER.to_notices(apps, None)
    assert list(MaterialNotice.objects.order_by("unit").values_list("unit", "category", "required", "words")) == before
