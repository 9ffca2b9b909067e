"""What there is beside a case is asked in one query, and nothing that is there is overlooked."""

import pytest
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Delivery, Message
from review.cases import beside
from review.models import DraftVerdicts, OnsiteTick
from review.office import assignments, notes, questions
from tests.factories import make_application, make_reviewer

pytestmark = pytest.mark.django_db
NOTHING = beside.Beside(*[False] * 10)


@pytest.fixture
def case():
    return make_application("point_review")


@pytest.fixture
def reader(case):
    return make_reviewer(case.point)


def test_beside_most_cases_there_is_nothing_and_one_query_says_so(case, reader, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert beside.of(case, reader) == NOTHING


def test_a_question_and_a_note_are_seen(case, reader):
    questions.ask(case.pk, actor=Actor.of(reader), seen=case.last_record_id, words="请补充说明。")
    notes.write(case.pk, actor=Actor.of(reader), words="备注")
    there = beside.of(case, reader)
    assert (there.questions, there.notes) == (True, True)


def test_what_was_put_in_is_this_readers_and_of_this_round(case, reader):
    other = make_reviewer(case.site)
    DraftVerdicts.objects.create(application=case, account=reader, round=case.round, at=timezone.now())
    OnsiteTick.objects.create(
        application=case, round=case.round + 1, document="x", seen=True, account=reader, at=timezone.now()
    )
    assert [beside.of(case, one).drafts for one in (reader, other)] == [True, False]
    assert beside.of(case, reader).ticks is False


def test_who_was_given_it_is_seen(case, reader):
    head = make_reviewer(case.point, username="head", is_head=True)
    assignments.give(case.point, [case.pk], by=head, to=reader)
    assert beside.of(case, reader).assignments is True


def test_a_message_that_did_not_arrive_is_seen(case, reader):
    message = Message.objects.filter(application=case).first()
    Delivery.objects.create(message=message, channel="sms", outcome="sent", at=timezone.now())
    assert beside.of(case, reader).failures is False
    Delivery.objects.create(message=message, channel="sms", outcome="unreachable", at=timezone.now())
    assert beside.of(case, reader).failures is True
