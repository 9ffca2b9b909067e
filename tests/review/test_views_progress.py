"""Whose figures an address shows: one's own unit's, or one below it; an operator's are everybody's."""

import pytest

from tests.factories import make_application, make_operator, make_reviewer, make_session, make_units
from tests.review.casework import log_in

pytestmark = pytest.mark.django_db
PROGRESS = "/review/progress/"


@pytest.fixture
def operator(client):
    make_application("point_review")
    return log_in(client, make_operator())


@pytest.mark.parametrize(
    ("asked", "unit", "below"),
    [
        ("", None, ["北京考区", "天津考区"]),
        ("?unit=11", "北京考区", ["北京第一考点", "北京第二考点"]),
        ("?unit=1101", "北京第一考点", ["北京第一考点第一报名点", "北京第一考点第二报名点"]),
    ],
)
def test_an_operator_looks_into_any_unit(operator, asked, unit, below):
    shown = operator.get(PROGRESS + asked).context
    assert (shown["unit"] and shown["unit"].name) == unit
    assert [line.unit.name for line in shown["lines"]] == below


@pytest.mark.parametrize(("code", "above"), [("1101", "11"), ("11", None)])
def test_an_operator_is_led_back_up(operator, code, above):
    shown = operator.get(f"{PROGRESS}?unit={code}").context["above"]
    assert (shown and shown.code) == above


@pytest.mark.parametrize("code", ["99", "x", "１１"])
def test_a_unit_that_is_none_is_not_found(operator, code):
    assert operator.get(f"{PROGRESS}?unit={code}").status_code == 404


@pytest.mark.parametrize(("asked", "name"), [("", "all"), ("?unit=1101", "1101")])
def test_the_workbook_is_named_by_the_unit_that_was_asked_for(operator, asked, name):
    year = make_session().year
    answer = operator.get(f"{PROGRESS}progress.xlsx{asked}")
    assert f'filename="progress-{year}-{name}-' in answer["Content-Disposition"]


def test_a_reviewers_own_unit_has_nothing_above_it(client):
    make_session()
    shown = log_in(client, make_reviewer(make_units()["1101"])).get(f"{PROGRESS}?unit=1101").context
    assert shown["unit"].code == "1101"
    assert shown["above"] is None


@pytest.mark.parametrize("year", ["1999", "x", "２０２７"])
def test_a_year_without_a_session_is_not_found(operator, year):
    assert operator.get(f"{PROGRESS}?year={year}").status_code == 404
