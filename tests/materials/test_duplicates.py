"""What two candidates share is found after a submission, by two look-ups, and marks both."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Application
from materials import duplicates, recalling
from tests.factories import make_application, make_candidate, make_session, make_units
from tests.review.casework import fresh

pytestmark = pytest.mark.django_db

NUMBERS = {"diploma_number": "999992018050000001"}


def shared(case):
    """Who shares what with it, by its marks."""
    return [(duplicates.other_of(one), duplicates.what_of(one)) for one in fresh(case).duplicates]


def of_numbers_alone(case):
    return [one for one in shared(case) if one[1].endswith("_number")]


def make(number, **more):
    return make_application("point_review", diploma_number=number, **more)


def test_the_same_number_and_the_same_bytes_mark_both():
    first, second = make("99999 2018-05"), make("9999 9201805")
    duplicates.mark(second.pk)
    assert shared(second) == [(first.pk, "diploma"), (first.pk, "identity"), (first.pk, "diploma_number")]
    assert {other for other, _ in shared(first)} == {second.pk}


def test_another_number_is_no_mark():
    first, second = make("999992018050000001"), make("999992018050000002")
    duplicates.mark(second.pk)
    assert (of_numbers_alone(first), of_numbers_alone(second)) == ([], [])


def test_another_session_is_looked_at_by_itself():
    this = make_session()
    first = make("999992018050000001", session=this)
    second = make("999992018050000001", session=make_session(this.year + 1))
    duplicates.mark(second.pk)
    assert (shared(first), shared(second)) == ([], [])


def test_ones_own_earlier_application_is_no_other_candidate():
    account = make_candidate()
    make_application("withdrawn", account=account)
    again = make("999992018050000001", account=account)
    duplicates.mark(again.pk)
    assert shared(again) == []


def test_what_was_not_submitted_is_not_looked_at():
    first = make("999992018050000001")
    make_application("registered", diploma_number="999992018050000001")
    duplicates.mark(first.pk)
    assert shared(first) == []


def test_a_licence_of_an_institution_is_shared_by_colleagues_and_no_mark():
    first, second = make("999992018050000001"), make("999992018050000002")
    duplicates.mark(second.pk)
    assert "institution_licence" not in {what for _, what in shared(first)}
    assert first.images.filter(category="institution_licence").exists()


def test_two_index_look_ups_find_it():
    case = make("999992018050000001")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        duplicates.mark(case.pk)
    reads = [one["sql"] for one in asked if one["sql"].startswith("SELECT") and "FOR UPDATE" not in one["sql"]]
    assert len(reads) == 3  # its own papers, then the two look-ups


def test_a_submission_looks_for_it_once_it_is_committed(django_capture_on_commit_callbacks):
    first = make("999992018050000001")
    with django_capture_on_commit_callbacks(execute=True):
        second = make("999992018050000001")
    assert (first.pk, "diploma_number") in shared(second)
    assert (second.pk, "diploma_number") in shared(first)


def test_what_is_recalled_counts_no_more(django_capture_on_commit_callbacks):
    first, second = make("999992018050000001"), make("999992018050000001")
    duplicates.mark(second.pk)
    with django_capture_on_commit_callbacks(execute=True):
        recalling.recall(second.pk, actor=Actor.of(second.account), now=timezone.now() + timedelta(minutes=1))
    assert (shared(first), shared(second)) == ([], [])


def test_nothing_is_refused_and_no_candidate_hears_of_it(client):
    first, second = make("999992018050000001"), make("999992018050000001", point=make_units()["1101002"])
    duplicates.mark(second.pk)
    client.force_login(first.account, backend="candidates.accounts.auth.LoginNameBackend")
    pages = [
        client.get(one).content.decode() for one in ("/application/", "/materials/", "/messages/", "/account/data/")
    ]
    assert [word in page for page in pages for word in ("重复", second.number)] == [False] * 8
    assert Application.objects.filter(status="point_review").count() == 2
