"""The notices of a unit: which there are, and what becomes of each when they are printed ahead."""

import pytest

from candidates.models import Application, ExamSession
from materials import notices
from materials.printing import pdf, rendered
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def applications():
    return [factories.make_application("registered") for _ in range(2)]


def keys(code):
    return notices.of_unit(factories.make_units()[code], ExamSession.current())


def test_a_units_notices_are_those_below_it_in_the_order_of_their_numbers(applications):
    in_order = [one.pk for one in sorted(applications, key=lambda one: one.number)]
    assert [keys("11"), keys("1101"), keys("1101001"), keys("12")] == [in_order, in_order, in_order, []]


@pytest.mark.parametrize("status", ["draft", "withdrawn", "rejected", "cancelled"])
def test_what_has_no_documents_has_no_notice(applications, status):
    without = factories.make_application(status, session=ExamSession.current())
    assert without.pk not in keys("11")
    assert len(keys("11")) == len(applications)


def test_each_is_due_then_rendered_then_kept(applications):
    of_all = keys("11")
    assert notices.render(of_all, dry_run=True) == [("due", "")] * 2
    assert notices.render(of_all) == [("rendered", "")] * 2
    assert notices.render(of_all) == [("kept", "")] * 2


def test_one_that_cannot_be_printed_says_its_number_and_why(applications, monkeypatch):
    def busy(slug, application):
        raise pdf.Busy(pdf.BUSY)

    monkeypatch.setattr(rendered, "fetch", busy)
    number = applications[0].number
    assert notices.render([applications[0].pk]) == [("failed", f"{number}：打印的人较多，请稍后再试。")]


def test_one_with_a_character_that_no_font_has_is_printed_as_well(applications):
    Application.objects.filter(pk=applications[0].pk).update(school="示例\U00031353学院")
    assert notices.render([applications[0].pk]) == [("rendered", "")]
