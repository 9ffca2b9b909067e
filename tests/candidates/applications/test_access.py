"""The gate: who finds which application, and how often it asks (which of two years is meant: test_years)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.http import Http404
from django.test import RequestFactory

from candidates.applications import access, registration
from candidates.applications.workflow import Actor
from candidates.models import Application, ExamSession
from candidates.models.session import WINDOWS
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_session

pytestmark = pytest.mark.django_db


def a_request(user, method="get", **sent):
    request = getattr(RequestFactory(), method)("/", sent)
    request.user, request.session = user, {}
    return request


def found(ask, *arguments):
    """Whether it is there for who asks."""
    try:
        return bool(ask(*arguments))
    except Http404:
        return False


def test_a_candidate_finds_the_own_application_and_nobody_else_does():
    application = make_application("point_review")
    others = (make_candidate(), make_reviewer(application.point), make_operator(), AnonymousUser())
    assert access.get_my_application(a_request(application.account)) == application
    assert [access.find_my_application(a_request(one)) for one in others] == [None] * 4
    assert [found(access.get_my_application, a_request(one)) for one in others] == [False] * 4


def test_a_locked_account_finds_nothing():
    account = make_application("draft").account
    account.is_active = False
    assert access.my_applications(a_request(account)) == []


def test_a_request_asks_once_however_often_it_is_asked(django_assert_num_queries):
    application = make_application("draft")
    request = a_request(application.account)
    with django_assert_num_queries(1):
        assert access.my_applications(request) == [application]
        assert access.find_my_application(request) is access.get_my_application(request)
        assert access.my_session(request) == application.session


def test_no_application_is_asked_for_once_too(django_assert_num_queries):
    request = a_request(make_candidate())
    with django_assert_num_queries(1):
        assert [access.find_my_application(request) for _ in range(3)] == [None] * 3


def test_after_a_refusal_it_is_read_anew_for_the_whole_request():
    application = make_application("registered")
    request = a_request(application.account)
    before = access.get_my_application(request)
    registration.withdraw(application.pk, actor=Actor.of(application.account))
    assert access.get_my_application(request).status == "registered"
    anew = access.get_my_application_anew(request)
    assert before.status == "registered"
    assert anew.status == "withdrawn"
    assert access.get_my_application(request) == anew


def test_some_of_its_fields_are_read_for_nobody_else():
    application = make_application("draft")
    request = a_request(application.account)
    part = access.get_my_application_with(request, ("session",), ("account", "session", "status"))
    whole = access.get_my_application(request)
    assert part == whole
    assert "name" in part.get_deferred_fields()
    assert whole.get_deferred_fields() == set()


def test_a_posted_form_is_about_the_application_that_it_names():
    account, session = make_candidate(), make_session()
    first = make_application("point_review", account=account, session=session)
    second = make_application("draft", account=account, session=make_session(session.year + 1))
    for named in (first, second):
        assert access.find_my_application(a_request(account, "post", application=named.pk)) == named
    assert access.find_my_application(a_request(account, "post", application=0)) is None


def test_my_session_is_that_of_the_running_application_else_the_current_one():
    session = make_session()
    later = make_session(session.year + 1)
    account = make_application("draft", session=later).account
    assert [access.my_session(a_request(one)) for one in (account, make_candidate(), AnonymousUser())] == [
        later,
        session,
        session,
    ]


def test_an_application_that_has_ended_keeps_nobody_in_its_session():
    session = make_session()
    account = make_application("withdrawn", session=make_session(session.year + 1)).account
    assert access.my_session(a_request(account)) == session


def test_a_reviewer_reads_the_units_cases_and_lists_what_was_not_submitted():
    case, listed = make_application("point_review"), make_application("registered")
    reviewer = a_request(make_reviewer(case.point))
    stranger = a_request(make_reviewer(Application.objects.get(pk=case.pk).region.children.get(code="1102")))
    seen = [(found(access.get_case, who, case.number), found(access.get_case, who, listed.number))
            for who in (reviewer, stranger)]  # fmt: skip
    lists = [(found(access.get_listed, who, case.number), found(access.get_listed, who, listed.number))
             for who in (reviewer, stranger)]  # fmt: skip
    assert seen == [(True, False), (False, False)]
    assert lists == [(False, True), (False, False)]


def test_an_address_of_a_candidates_is_none_for_staff():
    view = access.candidates_only(lambda request: "answered")
    assert view(a_request(make_candidate())) == view(a_request(AnonymousUser())) == "answered"
    with pytest.raises(Http404):
        view(a_request(make_operator()))


def test_of_sessions_that_are_over_the_newest_one_that_was_not_withdrawn_is_meant():
    older = make_application("registered", session=make_session(2027))
    actor = Actor.of(older.account)
    newer = make_session(2028)
    for _ in range(2):
        withdrawn = registration.start(older.account, session=newer, actor=actor)
        registration.withdraw(withdrawn.pk, actor=actor)
    again = registration.start(older.account, session=newer, actor=actor)
    for year in (2027, 2028):
        over(year)
    assert access.find_my_application(a_request(older.account)) == again
    registration.withdraw(again.pk, actor=actor)
    assert access.find_my_application(a_request(older.account)) == again


def over(year):
    """That session becomes one of ten years ago."""
    dates = [f"{name}_{end}" for name in WINDOWS for end in ("opens", "closes")]
    ExamSession.objects.filter(year=year).update(
        year=year - 10, **{name: F(name) - timedelta(days=3653) for name in dates}
    )
