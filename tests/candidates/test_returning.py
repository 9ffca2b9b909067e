import pytest

from candidates.models import Application
from candidates.registration import start
from candidates.returning import adopt_section, last_application, offered_values
from candidates.workflow import Actor, NotAllowed
from tests.factories import make_application, make_candidate, make_session, make_units

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


def test_a_section_is_taken_over_when_asked_for_and_no_other(earlier, draft):
    adopt_section(draft.pk, "education", earlier=earlier, actor=Actor.of(draft.account), seen=None)
    draft.refresh_from_db()
    assert (draft.school, draft.graduated_on) == ("示例医学院", earlier.graduated_on)
    assert (draft.fresh_graduate, draft.ethnicity, draft.saved_sections) == (None, "", ["education"])


def test_the_point_brings_its_units_and_a_closed_one_is_not_offered(earlier, draft):
    adopt_section(draft.pk, "exam", earlier=earlier, actor=Actor.of(draft.account), seen=None)
    assert Application.objects.get(pk=draft.pk).site.code == "1101"
    point = make_units()["1101001"]
    point.is_active = False
    point.save()
    assert set(offered_values(last_application(draft), "exam")) == {"exam_category"}


def test_somebody_elses_data_is_refused(earlier):
    stranger = make_candidate()
    mine = start(stranger, session=make_session(2028), actor=Actor.of(stranger))
    with pytest.raises(NotAllowed):
        adopt_section(mine.pk, "education", earlier=earlier, actor=Actor.of(stranger), seen=None)
