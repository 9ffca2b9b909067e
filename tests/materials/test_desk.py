"""Papers that come later (待补): when their pictures may come, go and count."""

from datetime import date, timedelta

import pytest

from candidates.applications.workflow import Actor
from candidates.rules.refusals import Refused
from materials.models import Submission
from review.cases import decisions
from tests import factories
from tests.materials.uploading import a_fresh_graduate, add, code_of, kept, remove, returned, save, submit

pytestmark = pytest.mark.django_db


def test_before_the_first_submission_nothing_is_owed_yet():
    application = a_fresh_graduate("registered")
    assert (add(application, "probation").is_owed, application.owed) == (False, [])


@pytest.mark.parametrize("status", ["point_review", "payment_due", "paid"])
def test_an_owed_picture_comes_after_the_submission_and_is_outside_every_set(status):
    application = a_fresh_graduate(status)
    image = add(application, "probation", serial=7)
    assert application.owed == ["probation"]
    assert image.is_owed is True
    assert image.pk not in Submission.objects.get(application=application).images


def test_an_owed_picture_comes_until_31_august_and_can_go_until_then():
    application = a_fresh_graduate()
    late = application.session.owed_until
    image = add(application, "probation", serial=7, now=late - timedelta(seconds=1))
    assert code_of(add, application, "probation", serial=8, now=late) == "locked"
    assert code_of(remove, image, application, now=late) == "locked"
    assert code_of(remove, image, application, now=late - timedelta(seconds=1)) is None


def test_a_settled_debt_takes_no_more_pictures_and_gives_none_back():
    application = a_fresh_graduate("payment_due")
    image = add(application, "probation", serial=7)
    site = Actor.of(factories.make_reviewer(application.site, username="site"))
    decisions.received(application.pk, actor=site, seen=application.last_record_id, category="probation")
    assert [code_of(add, application, "probation", serial=8), code_of(remove, image, application)] == ["locked"] * 2


@pytest.mark.parametrize("status", ["rejected", "cancelled"])
def test_what_has_ended_takes_no_owed_picture(status):
    assert code_of(add, a_fresh_graduate(status), "probation", serial=7) == "locked"


def test_while_returned_an_unlocked_category_takes_ordinary_pictures_and_a_locked_one_owed_ones():
    named, other = a_fresh_graduate(), a_fresh_graduate()
    named = returned(named, categories={"probation": "请补充"})
    other = returned(other, bad=["diploma"])
    assert [add(one, "probation", serial=7).is_owed for one in (named, other)] == [False, True]


def test_after_the_returns_deadline_only_what_is_owed_comes():
    application = returned(a_fresh_graduate(), categories={"probation": "请补充"})
    assert add(application, "probation", serial=7, now=application.return_deadline).is_owed is True


def test_what_is_owed_no_longer_is_ordinary_from_the_next_submission():
    application = a_fresh_graduate()
    image = add(application, "probation", serial=7)
    application = returned(application, sections={"education": "不是应届毕业生"})
    application = save(application, "education", fresh_graduate=False)
    done = submit(application)
    image.refresh_from_db()
    assert done.owed == []
    assert image.is_owed is False
    assert image.submitted is True


def test_an_owed_picture_fills_no_required_category():
    application = factories.make_application(
        "point_review",
        exam_category=factories.make_category("110"),
        education="master",
        graduating_postgraduate=True,
        graduated_on=date(factories.make_session().year, 6, 30),
    )
    add(application, "degree", serial=7)
    application = returned(application, bad=["degree"])
    remove(next(one for one in kept(application, "degree") if not one.is_owed), application)
    with pytest.raises(Refused) as refused:
        submit(application)
    assert list(refused.value.problems) == ["category:degree"]


def test_a_return_opens_no_category_that_this_candidate_is_not_asked_for():
    application = returned(factories.make_application("point_review"), categories={"diploma": "请补充"})
    assert code_of(add, application, "assistant_licence", serial=7) == "hidden_category"
