import io

import pytest
from django.core.management import call_command

from tests.factories import make_application
from tests.review.casework import fresh

pytestmark = pytest.mark.django_db


def run(**options):
    out = io.StringIO()
    call_command("find_duplicates", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def cases():
    first = make_application("point_review")
    return first, make_application("point_review", session=first.session)


def test_a_session_is_looked_through_again_and_twice_is_once(cases):
    assert "已查找 2 份申请，其中 2 份有没有核实的疑似重复" in run()
    marks = [fresh(one).duplicates for one in cases]
    run()
    assert ([fresh(one).duplicates for one in cases], all(marks)) == (marks, True)


def test_a_dry_run_marks_nothing(cases):
    assert "将查找 2 份申请（未查找）" in run(dry_run=True)
    assert [fresh(one).duplicates for one in cases] == [[], []]
