import pytest

from candidates.applications.workflow import lock
from candidates.models import Account, Application
from materials.models import MaterialImage, Submission
from review.operations import purging
from tests.asked import own_line
from tests.factories import a_further_institution, make_application, make_candidate, upload_required
from tests.races import Act, while_they_wait

pytestmark = pytest.mark.django_db


def test_what_a_purge_would_take_is_what_it_takes():
    session = make_application("point_review").session
    make_application("draft")
    foreseen = purging.counts(session)
    assert list(purging.purge(session)) == [foreseen]
    assert foreseen | {"messages": 0} == {
        "applications": 2,
        "images": 4,
        "documents": 0,
        "messages": 0,
        "accounts": 2,
    }


def test_an_application_without_a_name_has_been_purged():
    session = make_application("registered").session
    list(purging.purge(session))
    assert (purging.remaining(session).count(), Application.objects.count()) == (0, 1)
    assert list(purging.purge(session)) == []


def test_units_and_category_stay_since_numbers_are_counted_by_them():
    before = make_application("registered", further_institutions=[a_further_institution()])
    list(purging.purge(before.session))
    after = Application.objects.get()
    kept = ("number", "point_id", "exam_category_id", "residency", "status")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (after.name, after.document_number, after.mobile, after.school) == ("", "", "", "")
    assert (before.further_institutions != [], after.further_institutions) == (True, [])


def test_nobody_logs_in_by_the_email_of_who_has_been_purged():
    abroad = {"document_type": "passport", "document_number": "AB1234567", "mobile": "", "email": "ana@example.com"}
    application = make_application("registered", account=make_candidate(**abroad))
    list(purging.purge(application.session))
    account = Account.objects.get()
    assert (account.email, account.email_hash, account.is_active) == ("", None, False)
    assert make_candidate(**abroad).pk != account.pk


@pytest.mark.django_db(transaction=True)
def test_a_purge_waits_for_whoever_holds_an_application_and_takes_what_they_left():
    application = make_application("registered")
    purge = Act(lambda: list(purging.purge(application.session)))
    with while_they_wait(purge):
        lock(application.pk)
        upload_required(application)
    assert [gone["images"] for gone in purge.outcome] == [4]
    assert MaterialImage.objects.count() == 0


def test_what_was_asked_of_somebody_and_why_goes_too():
    own_line("11", conditions=["assistant"])
    session = make_application("point_review").session
    assert Submission.objects.get().asked["lines"][0]["why"] == ["因为您报考执业助理医师"]
    list(purging.purge(session))
    assert Submission.objects.get().asked is None
