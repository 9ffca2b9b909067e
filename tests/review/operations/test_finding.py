"""What operators look for: applications and accounts, by whatever identifies them."""

import pytest

from review.operations import finding
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make_operator()


def test_a_number_means_one_application(operator):
    case = make_application("registered")
    assert finding.find(operator, case.number) == finding.Found((), (), case.number)


def test_a_person_is_found_as_application_and_account(operator):
    case = make_application("registered")
    for what in (case.document_number, case.mobile):
        found = finding.find(operator, what)
        assert (found.applications, found.accounts) == ((case,), (case.account,))


def test_who_has_not_applied_is_found_by_number_and_not_by_name(operator):
    account = make_candidate("欧阳某某")
    assert finding.find(operator, account.document_number).accounts == (account,)
    assert finding.find(operator, "欧阳某某") == finding.Found((), ())


def test_staff_are_found_by_user_name_and_name(operator):
    reviewer = make_reviewer(make_units()["11"])
    assert finding.find(operator, "region-11").accounts == (reviewer,)
    assert set(finding.find(operator, "审核员").accounts) == {reviewer}


def test_more_than_the_page_shows_is_said(operator, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 1)
    units = make_units()
    make_reviewer(units["11"]), make_reviewer(units["12"])
    found = finding.find(operator, "审核员")
    assert (len(found.accounts), found.more) == (1, True)
