"""The candidate's page of a question, and the reviewer's page that asks."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from review.models import Question
from review.office import questions
from tests import factories
from tests.factories import make_application, make_candidate, pass_on
from tests.review.casework import actor, fresh, here, log_in, reviewer, said

pytestmark = pytest.mark.django_db

ASKED, SAID = "请说明改名的情况。", "2015 年改过名。"


@pytest.fixture
def case():
    return make_application("point_review")


def ask(case, **more):
    return questions.ask(case.pk, actor=actor(case), seen=case.last_record_id, words=ASKED, **more)


def address(question):
    return f"/question/{question.pk}/"


def test_the_overview_leads_to_the_question_and_the_answer_back_to_the_overview(client, case):
    question = ask(case)
    log_in(client, case.account)
    assert f'href="{address(question)}"' in client.get("/application/").content.decode()
    assert ASKED in client.get(address(question)).content.decode()
    answer = client.post(address(question), {"words": SAID})
    assert (answer.url, said(answer)) == ("/application/", ["答复已提交，审核单位会看到。"])
    assert SAID in client.get(address(question)).content.decode()


def test_an_answer_where_nothing_is_asked_any_more_is_409(client, case):
    question = ask(case)
    log_in(client, case.account)
    assert [client.post(address(question), {"words": SAID}).status_code for _ in range(2)] == [302, 409]


def test_words_that_come_after_the_decision_are_kept_and_said_so(client, case):
    question = ask(case)
    pass_on(fresh(case))
    log_in(client, case.account)
    assert said(client.post(address(question), {"words": SAID}))[0].startswith("审核单位已经不再等待")
    assert Question.objects.get().answer == SAID
    assert client.post(address(question), {"words": SAID}).status_code == 409


def test_an_empty_answer_is_asked_for_again(client, case):
    question = ask(case)
    answer = log_in(client, case.account).post(address(question), {"words": " "})
    assert answer.url == address(question)
    again = [client.get(answer.url).content.decode() for _ in range(2)]  # a reload asks for nothing
    assert ["请写出您的答复。" in page for page in again] == [True, True]


def test_a_picture_that_cannot_be_taken_is_told_and_the_words_stay(client, case):
    question = ask(case, category="diploma")
    log_in(client, case.account)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    page = client.post(address(question), {"words": SAID, "image": file}, follow=True)
    assert page.redirect_chain == [(address(question), 302)]
    assert (SAID in page.content.decode(), "重新选择图片" in page.content.decode()) == (True, True)
    assert Question.objects.get().answered_at is None
    image = SimpleUploadedFile("a.jpg", factories.a_picture("diploma-overseas").content)
    assert client.post(address(question), {"words": SAID, "image": image}).status_code == 302
    assert Question.objects.get().image.category == "diploma"


def test_nobody_elses_question_exists(client, case):
    question = ask(case)
    for account in (make_candidate("李某某"), reviewer(case)):
        assert log_in(client, account).get(address(question)).status_code == 404


def test_a_reviewer_asks_on_the_case_page(client, case):
    log_in(client, reviewer(case))
    assert 'data-key="q"' in client.get(here(case)).content.decode()
    answer = client.post(
        here(case, "ask"), {"seen": case.last_record_id, "ask-words": ASKED, "ask-category": "diploma"}
    )
    assert answer.url == "/review/applications/"
    assert (Question.objects.get().words, Question.objects.get().category) == (ASKED, "diploma")
    page = client.get(here(case)).content.decode()
    assert [word in page for word in ("等待答复", "在答复或期满以前不能再问", 'data-key="q"')] == [True, True, False]


def test_what_is_wrong_with_a_question_is_said_and_what_was_typed_stays(client, case):
    log_in(client, reviewer(case))
    page = client.post(here(case, "ask"), {"seen": case.last_record_id, "ask-words": ASKED, "ask-until": "2020-01-01"})
    assert (page.status_code, ASKED in page.content.decode()) == (422, True)
    assert "答复期限应在今天以后" in page.content.decode()


def test_a_question_to_a_case_that_somebody_has_moved_is_409(client, case):
    seen = case.last_record_id
    pass_on(case)
    answer = log_in(client, reviewer(case, "point")).post(here(case, "ask"), {"seen": seen, "ask-words": ASKED})
    assert (answer.status_code, Question.objects.count()) == (409, 0)


@pytest.mark.parametrize("action", ["ask", "notes", "notes/1/withdraw", f"duplicates/{'1' * 16}"])
def test_staff_without_a_second_factor_reach_none_of_it(client, case, settings, action):
    settings.SECOND_FACTOR = True
    answer = log_in(client, reviewer(case)).post(here(case, action))
    assert answer.url.startswith("/second-factor/enrol/")
