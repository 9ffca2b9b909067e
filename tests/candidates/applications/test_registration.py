"""Starting an application, completing and withdrawing it."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.applications.form import save_section
from candidates.applications.registration import complete, start, withdraw
from candidates.applications.workflow import Actor
from candidates.models import Application, NumberCounter
from candidates.models.session import SHANGHAI
from candidates.rules.refusals import NotAllowed, Refused
from tests.factories import make_application, make_candidate, make_session

pytestmark = pytest.mark.django_db


def save(application, section, **values):
    actor = Actor.of(application.account)
    return save_section(application.pk, section, values, actor=actor, seen=application.last_record_id)


def test_starting_twice_gives_the_same_draft():
    account, session = make_candidate(), make_session()
    first = start(account, session=session, actor=Actor.of(account))
    assert start(account, session=session, actor=Actor.of(account)) == first


def test_the_database_refuses_a_second_application_in_a_session():
    application = make_application("draft")
    twin = Application.objects.get(pk=application.pk)
    twin.pk = None
    with pytest.raises(IntegrityError, match="one_application_per_candidate_and_session"), transaction.atomic():
        twin.save(force_insert=True)


def test_the_registration_window_opens_and_closes_to_the_second():
    opens = datetime(2027, 1, 10, 9, 0, 0, tzinfo=SHANGHAI)
    closes = datetime(2027, 1, 24, 0, 0, 0, tzinfo=SHANGHAI)
    session = make_session(2027, registration=(opens, closes))
    account = make_candidate()
    for moment, sentence in (
        (opens - timedelta(seconds=1), "网上报名将于 2027 年 1 月 10 日 09:00 开始"),
        (closes, "网上报名已于 2027 年 1 月 23 日 24:00 截止"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            start(account, session=session, actor=Actor.of(account), now=moment)
    assert start(account, session=session, actor=Actor.of(account), now=opens).status == "draft"


def test_an_unfinished_form_is_refused_with_every_problem_at_its_field():
    application = make_application("draft", school="", graduated_on=None, ethnicity="")
    with pytest.raises(Refused) as refused:
        complete(application.pk, actor=Actor.of(application.account))
    assert list(refused.value.problems) == ["ethnicity", "school", "graduated_on"]
    application.refresh_from_db()
    assert (application.status, application.number) == ("draft", None)


def test_completing_twice_is_refused_and_takes_no_second_number():
    application = make_application("registered")
    with pytest.raises(NotAllowed):
        complete(application.pk, actor=Actor.of(application.account))
    assert NumberCounter.objects.get().last == 1


def test_after_withdrawing_one_may_apply_anew():
    application = make_application("registered")
    withdraw(application.pk, actor=Actor.of(application.account))
    again = start(application.account, session=application.session, actor=Actor.of(application.account))
    assert again.pk != application.pk
    assert again.status == "draft"
    assert application.notice_versions.filter(replaced_at=None).count() == 0
