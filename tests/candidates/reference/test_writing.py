"""Rows written by their keys: what changes is told as people read it, and a dry run asks the database too."""

from datetime import datetime

import pytest

from candidates.models import ExamSession, Unit
from candidates.models.session import SHANGHAI
from candidates.reference.csv_lines import Line
from candidates.reference.outcomes import TRY, WRITE, Change
from candidates.reference.writing import Written, carry_out, changes_of

UNITS = Written(Unit, ("code",))


def test_values_are_told_as_people_read_them():
    before = ExamSession(year=2027, correction_days=7, registration_opens=datetime(2027, 1, 10, 9, tzinfo=SHANGHAI))
    after = {"registration_opens": datetime(2027, 1, 10, 9, 0, 1, tzinfo=SHANGHAI), "state": "closed", "year": 2027}
    assert changes_of(Written(ExamSession, ("year",)), before, after) == (
        Change("网上报名开始", "2027-01-10 09:00", "2027-01-10 09:00:01"),
        Change("状态", "开放", "已关闭"),
    )
    assert changes_of(UNITS, Unit(is_active=True), {"is_active": False}) == (Change("启用", "是", "否"),)
    assert changes_of(UNITS, None, {"is_active": False}) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(("how", "there"), [(TRY, 0), (WRITE, 1)])
def test_a_row_is_made_unless_it_is_a_trial(how, there):
    row = {"code": "11", "level": "region", "name": "北京", "parent": lambda: None}
    assert carry_out(UNITS, [(Line(2, {}), row)], how).sums == (1, 0, 0, 0)
    assert Unit.objects.count() == there
