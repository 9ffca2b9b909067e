import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from candidates.models import Record
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from candidates.views.answers import moved_sentence, record_id, refusals_in_json, refusals_told_on, seen_in
from tests.factories import make_application


@pytest.mark.parametrize(
    ("text", "key"), [("0", 0), ("12", 12), ("", None), ("-1", None), ("１２", None), ("1" * 18, int("1" * 18))]
)
def test_a_page_names_the_record_that_it_was_drawn_with(text, key):
    assert (record_id(text), seen_in(RequestFactory().post("/", {"seen": text}))) == (key, key)


def test_a_number_that_no_record_can_have_names_none():
    assert record_id("1" * 19) is None


def asked_by(account):
    request = RequestFactory().post("/")
    request.user = account
    return request


def told(refusal):
    @refusals_in_json
    def view(request):
        raise refusal

    answer = view(asked_by(AnonymousUser()))
    return answer.status_code, json.loads(answer.content)["message"]


def test_a_script_reads_the_same_sentence_as_people():
    assert told(NotAllowed("现在不能。")) == (409, "现在不能。")
    assert told(AlreadyMoved(None)) == (409, "该申请已由他人处理：请刷新页面后再试。")


@pytest.mark.django_db
def test_a_page_says_who_was_first_in_the_words_of_its_own_template():
    record = Record.objects.select_related("unit", "note").get(pk=make_application("site_review").last_record_id)

    @refusals_told_on("review/refused.html")
    def view(request, number):
        raise AlreadyMoved(record)

    page = view(asked_by(AnonymousUser()), number="2027110100100001")
    assert page.status_code == 409
    assert "报名点 北京第一考点第一报名点 point-1101001 于" in page.content.decode()
    assert "查看 2027110100100001" in page.content.decode()


@pytest.mark.django_db
def test_what_a_candidate_did_is_told_to_each_reader_as_their_own_or_the_candidates():
    moved = AlreadyMoved(make_application("point_review").last_record)
    own, staffs = (moved_sentence(moved, to_candidate=one) for one in (True, False))
    assert (own[:3], "他人" in own, "在另一个页面更新过" in own) == ("您已于", False, True)
    assert staffs.startswith("该申请已由他人处理：考生已于 ")
