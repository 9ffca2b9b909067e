"""询问: one question at a time, an answer in words, and nothing unlocked."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.applications import steps
from candidates.applications.workflow import Actor, broken_link, moment
from candidates.models import Message, Record
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from materials.desk import Desk
from materials.models import MaterialImage
from materials.rules.catalogue import BY_CODE
from review.cases import decisions, holds
from review.cases.facts import how_of
from review.cases.verdicts import Round, submitted_images
from review.models import Question
from review.office import questions
from review.operations import purging
from tests import factories, races
from tests.factories import make_application, make_operator, make_units, pass_on
from tests.review.casework import (
    REASON,
    actor,
    fresh,
    log_in,
    replace_picture,
    returned,
    reviewer,
    save,
    submit,
    verdicts,
)

pytestmark = pytest.mark.django_db

ASKED, SAID = "毕业证书上的姓名与身份证不同，请说明原因。", "2015 年改过名，户口本可以证明。"
DAY = timedelta(days=1)


@pytest.fixture
def case():
    return make_application("point_review")


def ask(case, **more):
    words = {"actor": actor(case), "seen": fresh(case).last_record_id, "words": ASKED, **more}
    return questions.ask(case.pk, **words)


def answer(question, **more):
    mine = Actor.of(question.application.account)
    return questions.answer(question.pk, **{"actor": mine, "words": SAID, **more})


# --- asking -----------------------------------------------------------------------------------------------------------


def test_a_question_keeps_the_state_and_takes_the_case_out_of_what_waits_until_its_day(case):
    question = ask(case)
    assert fresh(case).status == "point_review"
    assert question.until == questions.default_until(question.at)
    waiting = [list(holds.waiting_for(reviewer(case), at)) for at in (timezone.now(), question.until)]
    assert waiting == [[], [case]]


def test_a_question_is_recorded_and_the_chain_stays_whole(case):
    answer(ask(case))
    records = list(Record.objects.filter(application=case).order_by("id"))
    assert [(one.action, one.from_status, one.to_status) for one in records[-2:]] == [
        ("ask", "point_review", "point_review"),
        ("answer", "point_review", "point_review"),
    ]
    assert (broken_link(records), ASKED in str([one.data for one in records])) == (None, False)


def test_the_record_says_how_many_pictures_had_been_shown_when_it_was_asked(case):
    shown = [image.pk for image in submitted_images(case)][:2]
    ask(case, displayed=shown)
    how = how_of(Record.objects.filter(application=case).latest("id"))
    assert (how.displayed, how.pictures) == (2, len(submitted_images(case)))


def test_the_pages_own_words_of_what_it_has_shown_reach_the_record(client, case):
    log_in(client, reviewer(case))
    shown = str(submitted_images(case)[0].pk)
    page = client.post(
        f"/review/applications/{case.number}/ask/",
        {"seen": case.last_record_id, "ask-words": ASKED, "displayed": shown},
    )
    assert page.status_code == 302
    assert how_of(Record.objects.filter(application=case).latest("id")).displayed == 1


def test_a_refused_question_keeps_what_the_page_has_shown(client, case):
    log_in(client, reviewer(case))
    shown = str(submitted_images(case)[0].pk)
    page = client.post(
        f"/review/applications/{case.number}/ask/", {"seen": case.last_record_id, "ask-words": "", "displayed": shown}
    )
    assert (page.status_code, f'name="displayed" value="{shown}"' in page.text) == (422, True)


def test_the_candidate_is_told_and_sees_it_as_the_next_step(case):
    question = ask(case)
    told = Message.objects.filter(application=case).latest("id")
    assert (told.kind, told.subject) == ("question", "报名点有一个问题，请答复")
    assert [word in told.text for word in (ASKED, moment(question.until))] == [True, True]
    step = steps.next_step(fresh(case), timezone.now(), conflicts=False)
    assert (step.label, step.address, step.until) == ("查看并答复", f"/question/{question.pk}/", question.until)


def test_only_the_level_that_has_the_case_asks(case):
    for level in ("site", "region"):
        with pytest.raises(NotAllowed):
            ask(case, actor=actor(case, level))
    with pytest.raises(NotAllowed):
        ask(case, actor=Actor.of(make_operator()))


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"words": " "}, "words"),
        ({"words": "长" * 501}, "words"),
        ({"until": timezone.now() - DAY}, "until"),
        ({"until": timezone.now() + 40 * DAY}, "until"),
        ({"category": "nothing"}, "category"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_beside_it(case, wrong, key):
    with pytest.raises(Refused) as refused:
        ask(case, **wrong)
    assert list(refused.value.problems) == [key]


def test_one_question_at_a_time_until_its_day_is_over(case):
    first = ask(case)
    with pytest.raises(NotAllowed, match="已经询问过考生"):
        ask(case)
    second = ask(case, now=first.until + DAY, until=first.until + 3 * DAY)
    first.refresh_from_db()
    assert (first.closed_at, fresh(case).question) == (first.until + DAY, second.pk)


def test_the_database_refuses_a_second_open_question(case):
    question = ask(case)
    with pytest.raises(IntegrityError, match="one_open_question_at_a_time"), transaction.atomic():
        Question.objects.create(
            application=case, level="point", unit=case.point, words=ASKED, at=question.at, until=question.until
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_questions_at_once_the_second_is_refused():
    case = make_application("point_review")
    second = races.Act(ask, case, actor=actor(case), seen=case.last_record_id)
    with races.while_they_wait(second):
        ask(case)
    assert isinstance(second.outcome, AlreadyMoved)
    assert Question.objects.count() == 1


# --- answering --------------------------------------------------------------------------------------------------------


def test_an_answer_brings_the_case_back_into_the_queue_marked(client, case):
    answer(ask(case))
    page = log_in(client, reviewer(case)).get("/review/applications/")
    assert [row["case"].pk for row in page.context["rows"]] == [case.pk]
    assert "已答复" in page.content.decode()
    answered = client.get("/review/applications/?answered=on")
    assert [row["case"].pk for row in answered.context["rows"]] == [case.pk]


def test_an_answer_after_the_day_is_taken_while_nobody_has_decided(case):
    question = ask(case)
    answered = answer(question, now=question.until + DAY)
    assert (answered.answer, answered.is_late, fresh(case).question_answered) == (SAID, False, True)


def test_a_second_answer_is_refused(case):
    question = ask(case)
    answer(question)
    with pytest.raises(NotAllowed, match="现在没有等待您答复的问题"):
        answer(question, words="又想起来一点。")


def test_deciding_closes_the_question_and_the_words_of_a_late_answer_are_kept(case):
    question = ask(case)
    pass_on(fresh(case))
    moved = fresh(case)
    assert (moved.status, moved.question, moved.question_until) == ("site_review", None, None)
    late = answer(question)
    assert (late.answer, late.is_late) == (SAID, True)
    after = fresh(case)
    assert (after.last_record_id, after.question_answered) == (moved.last_record_id, False)


def test_a_case_moved_to_another_point_waits_no_longer_for_what_the_first_asked(case):
    question = ask(case)
    point = make_units()["1101002"]
    decisions.move_to(case.pk, actor=Actor.of(make_operator()), point=point, reason=REASON)
    question.refresh_from_db()
    assert (question.is_open, fresh(case).question) == (False, None)


def test_a_case_moved_below_the_same_site_still_waits_for_what_the_site_asked():
    case = make_application("site_review")
    question = ask(case)
    decisions.move_to(case.pk, actor=Actor.of(make_operator()), point=make_units()["1101002"], reason=REASON)
    question.refresh_from_db()
    assert (question.is_open, fresh(case).question) == (True, question.pk)


def test_another_candidate_answers_nothing(case):
    other = Actor.of(factories.make_candidate("李某某"))
    with pytest.raises(NotAllowed):
        answer(ask(case), actor=other)


def test_another_candidate_adds_no_words_to_a_question_that_a_decision_has_closed(case):
    question = ask(case)
    pass_on(fresh(case))
    with pytest.raises(NotAllowed, match="这不是您的报名"):
        answer(question, actor=Actor.of(factories.make_candidate("李某某")))
    question.refresh_from_db()
    assert question.answer == ""


# --- the picture ------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_picture(case):
    """Answered with a picture into a category that is locked."""
    answer(ask(case, category="diploma"), picture=factories.a_picture("diploma-overseas"))
    return fresh(case)


def test_the_picture_lies_outside_the_set_and_unlocks_nothing(with_picture):
    image = Question.objects.get().image
    desk = Desk.of(with_picture)
    assert (image.is_answer, image.submitted, image in submitted_images(with_picture)) == (True, False, False)
    assert (image in desk.images, desk.refusal_to_add("diploma").code) == (False, "locked")
    assert desk.refusal_to_remove(image).code == "locked"


def test_nothing_but_the_answer_is_open_while_a_picture_is_asked_for(case):
    def closed():
        desk = Desk.of(fresh(case))
        refused = {code: getattr(desk.refusal_to_add(code), "code", "") for code in BY_CODE}
        return refused, {getattr(desk.refusal_to_remove(one), "code", "") for one in desk.images}

    before = closed()
    ask(case, category="diploma")
    assert closed() == before
    assert (before[0]["diploma"], before[1], fresh(case).unlocked) == ("locked", {"locked"}, {})
    with pytest.raises(NotAllowed):
        save(fresh(case), "work", employer_name="示例市另一家医院")


def test_a_picture_that_comes_after_the_decision_is_not_kept(case):
    question = ask(case, category="diploma")
    moved = returned(fresh(case), diploma=REASON)
    late = answer(question, picture=factories.a_picture("diploma-overseas"))
    assert (late.answer, late.image, MaterialImage.objects.filter(is_answer=True).count()) == (SAID, None, 0)
    assert (fresh(case).status, fresh(case).last_record_id) == ("returned", moved.last_record_id)


def test_the_picture_is_judged_by_nobody_and_blocks_no_pass(with_picture):
    judged = verdicts(with_picture)
    done = decisions.pass_on(
        with_picture.pk, actor=actor(with_picture), seen=with_picture.last_record_id, verdicts=judged
    )
    assert (done.status, Question.objects.get().image_id in judged, Round.of(done).obstacles) == (
        "site_review",
        False,
        {},
    )


def test_the_same_bytes_may_be_put_into_the_set_once_the_category_is_unlocked(with_picture):
    again = returned(with_picture, diploma=REASON)
    replace_picture(again, "diploma", "diploma-overseas")
    assert submit(again).status == "point_review"


def test_a_picture_where_none_was_asked_for_is_not_kept(case):
    answer(ask(case), picture=factories.a_picture("diploma-overseas"))
    assert (Question.objects.get().image, MaterialImage.objects.filter(is_answer=True).count()) == (None, 0)


def test_the_case_shows_answer_and_picture_apart(client, with_picture):
    page = log_in(client, reviewer(with_picture)).get(f"/review/applications/{with_picture.number}/").content.decode()
    image = Question.objects.get().image
    assert [word in page for word in (ASKED, SAID, f'id="larger-{image.pk}"', f'id="image-{image.pk}"')] == [
        True,
        True,
        True,
        False,
    ]


# --- a batch, the end -------------------------------------------------------------------------------------------------


def test_a_batch_leaves_out_what_is_asked_and_says_so(client):
    asked, plain = make_application("site_review"), make_application("site_review")
    ask(asked)
    log_in(client, reviewer(plain))
    chosen = {"case": [f"{one.number}:{fresh(one).last_record_id}" for one in (asked, plain)]}
    page = client.post("/review/applications/pass/", chosen)
    assert [(case.pk, why) for case, why in page.context["left"]] == [(asked.pk, questions.OPEN)]
    done = client.post("/review/applications/pass/", {**chosen, "confirmed": "1"})
    assert [(case.pk, why) for case, why in done.context["left"]] == [(asked.pk, questions.OPEN)]
    assert (fresh(asked).status, fresh(plain).status) == ("site_review", "region_review")


def test_the_queue_says_how_many_wait_for_their_candidates(client, case):
    other = make_application("point_review", session=case.session)
    ask(case)
    page = log_in(client, reviewer(case)).get("/review/applications/")
    assert ([row["case"].pk for row in page.context["rows"]], page.context["count"]) == ([other.pk], "1 份")
    assert page.context["away"] == 1
    asked = client.get("/review/applications/?asked=on")
    assert [row["case"].pk for row in asked.context["rows"]] == [case.pk]


def test_the_purge_of_a_session_takes_questions_and_answers(with_picture):
    list(purging.purge(with_picture.session))
    assert (Question.objects.count(), fresh(with_picture).question_answered) == (0, False)
