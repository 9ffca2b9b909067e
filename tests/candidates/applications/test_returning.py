import pytest

from candidates.applications.registration import start, withdraw
from candidates.applications.returning import OF_ITS_YEAR, last_application, offered_values
from candidates.applications.workflow import Actor
from candidates.models import Unit
from tests.factories import a_further_institution, make_application, make_session, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier():
    return make_application("point_review", session=make_session(2027), school="示例医学院", fresh_graduate=False)


@pytest.fixture
def draft(earlier):
    session = make_session(2028)
    return start(earlier.account, session=session, actor=Actor.of(earlier.account))


def test_nothing_is_copied_silently(draft):
    assert (draft.school, draft.ethnicity, draft.point) == ("", "", None)


def test_the_newest_earlier_application_with_a_number_is_offered(earlier, draft):
    assert last_application(draft) == earlier
    assert last_application(earlier) is None


def test_a_withdrawn_application_of_this_session_is_offered_to_the_next():
    withdrawn = make_application("withdrawn", school="示例医学院")
    actor = Actor.of(withdrawn.account)
    again = start(withdrawn.account, session=withdrawn.session, actor=actor)
    assert last_application(again) == withdrawn
    withdraw(again.pk, actor=actor)  # nothing was saved in it
    assert last_application(start(withdrawn.account, session=withdrawn.session, actor=actor)) == withdrawn


def test_a_section_offers_what_was_filled_in_but_not_what_is_judged_anew_every_year(earlier):
    offered = offered_values(earlier, "education")
    assert (offered["school"], offered["graduated_on"]) == ("示例医学院", earlier.graduated_on)
    assert {"fresh_graduate", "graduating_postgraduate"} & set(offered) == set()


def test_name_document_and_contacts_follow_the_account(earlier):
    follow = {"name", "document_type", "document_number", "valid_until", "mobile", "email"}
    assert follow & set(offered_values(earlier, "basic")) == set()


def test_a_point_that_is_closed_is_not_offered(earlier):
    assert offered_values(earlier, "exam")["point"] == make_units()["1101001"]
    Unit.objects.filter(code="1101001").update(is_active=False)
    earlier.point.refresh_from_db()
    assert set(offered_values(earlier, "exam")) == {"exam_category", "supplementary_test"} - OF_ITS_YEAR


def test_a_category_that_was_switched_off_is_not_offered_again(earlier):
    assert offered_values(earlier, "exam")["exam_category"] == earlier.exam_category
    earlier.exam_category.is_active = False
    assert "exam_category" not in offered_values(earlier, "exam")


def test_further_institutions_are_offered_with_the_work_they_belong_to():
    row = a_further_institution()
    earlier = make_application("registered", further_institutions=[row])
    assert offered_values(earlier, "work")["further_institutions"] == [row]
