import pytest
from django.core.files.storage import default_storage
from django.db import connection

from candidates.applications import registration
from candidates.applications.workflow import Actor, lock
from candidates.models import Account, Application
from candidates.rules.refusals import NotAllowed
from materials.models import MaterialImage, Submission
from review.operations import purging
from tests.asked import own_line
from tests.factories import (
    PASSWORD,
    a_further_institution,
    make_application,
    make_candidate,
    make_session,
    upload_required,
)
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


@pytest.mark.parametrize("people", [1, 3])
def test_a_chunk_asks_the_same_number_of_queries_however_many_it_has(people, django_assert_num_queries):
    session = make_session()
    for _ in range(people):
        make_application("draft", session=session)
    with django_assert_num_queries(39):
        assert [gone["accounts"] for gone in purging.purge(session)] == [people]


def test_nobody_of_those_purged_is_anothers_nobody():
    session = make_application("draft").session
    make_application("draft", session=session)
    list(purging.purge(session))
    hashes = [
        *Account.objects.values_list("identity_hash", flat=True),
        *Account.objects.values_list("mobile_hash", flat=True),
    ]
    assert (len(hashes), len(set(hashes)), {one[:7] for one in hashes}) == (4, 2, {"purged "})


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


# --- at once, where nothing was ever submitted ---


def withdrawn(application):
    return registration.withdraw(application.pk, actor=Actor.of(application.account))


def test_who_has_withdrawn_before_any_submission_goes_at_once(client):
    application = make_application("registered")
    upload_required(application)
    withdrawn(application)
    client.force_login(application.account)
    assert client.post("/account/delete/", {"password": PASSWORD}).url == "/"
    files = [one for one in default_storage.listdir("")[1]]
    account = Account.objects.get()
    assert (files, MaterialImage.objects.count(), account.is_active, account.name) == ([], 0, False, "")
    assert make_candidate(document_number=application.document_number).pk != account.pk


def test_what_another_has_submitted_keeps_nobody():
    account = withdrawn(make_application("registered")).account
    make_application("point_review")
    assert purging.may_forget(account)


@pytest.mark.django_db(transaction=True)
def test_the_files_go_before_any_row_is_held(monkeypatch):
    application = make_application("registered")
    upload_required(application)
    withdrawn(application)
    in_transaction, delete = [], default_storage.delete
    monkeypatch.setattr(
        default_storage, "delete", lambda name: (in_transaction.append(connection.in_atomic_block), delete(name))
    )
    purging.forget_withdrawn(application.account_id)
    files = 2 * 4  # four pictures with their thumbnails
    assert in_transaction == [False] * files + [True] * files


@pytest.mark.parametrize("status", ["registered", "point_review", "returned"])
def test_who_has_not_withdrawn_or_has_submitted_stays(client, status):
    application = make_application(status)
    if status == "returned":
        withdrawn(application)
    client.force_login(application.account)
    client.post("/account/delete/", {"password": PASSWORD})
    with pytest.raises(NotAllowed):
        purging.forget_withdrawn(application.account_id)
    assert Account.objects.get(pk=application.account_id).name == application.account.name


def test_pictures_never_submitted_go_at_once_after_withdrawing(client):
    application = make_application("registered")
    upload_required(application)
    client.force_login(application.account)
    address = f"/application/earlier/{application.pk}/pictures/delete/"
    assert client.post(address).status_code == 409
    withdrawn(application)
    client.post(address)
    assert not MaterialImage.objects.filter(removed_at=None).exists()


def test_pictures_of_a_submission_stay_after_withdrawing(client):
    application = withdrawn(make_application("returned"))
    client.force_login(application.account)
    client.post(f"/application/earlier/{application.pk}/pictures/delete/")
    assert MaterialImage.objects.filter(removed_at=None, submitted=True).exists()
