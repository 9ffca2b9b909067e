import pytest
from django.utils import timezone

from candidates.rules.refusals import Refused
from review.cases.verdicts import Judgement, Round, Tick, judge, onsite_lines, rounds_of, submitted_images, tick
from review.models import OnsiteTick, Verdict
from tests.asked import own_line
from tests.factories import make_application
from tests.review.casework import REASON, actor, corrected_diploma, verdicts

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_a_round_holds_the_set_in_order_and_nothing_judged_at_first():
    application = make_application("point_review")
    judged = Round.of(application)
    assert judged.images == submitted_images(application) != []
    assert (judged.standing, judged.in_words) == ({}, {})


def test_what_is_judged_stands_in_the_round_as_in_the_database():
    application = make_application("point_review")
    judged = Round.of(application)
    judge(judged, verdicts(application, diploma=REASON), actor(application), NOW)
    again = Round.of(application)
    assert judged.in_words == again.in_words
    assert sorted(judged.in_words.values()) == ["not_ok", "ok", "ok", "ok"]


def test_the_same_verdict_again_writes_nothing():
    application = make_application("site_review")
    before = list(Verdict.objects.values_list("pk", flat=True))
    judge(Round.of(application), verdicts(application), actor(application), NOW)
    assert list(Verdict.objects.values_list("pk", flat=True)) == before


def test_another_verdict_takes_the_place_of_the_one_before():
    application = make_application("site_review")
    judged, image = Round.of(application), submitted_images(application)[0]
    judge(judged, {image.id: Judgement("not_ok", f" {REASON} ")}, actor(application), NOW)
    kept = Verdict.objects.filter(image=image).order_by("pk").values_list("verdict", "reason", "is_current")
    assert list(kept) == [("ok", "", False), ("not_ok", REASON, True)]
    assert judged.standing[image.id].reason == REASON


def test_a_verdict_of_which_one_is_refused_is_not_written_in_part():
    application = make_application("point_review")
    first, second, *_ = submitted_images(application)
    judgements = {first.id: Judgement("ok"), second.id: Judgement("not_ok", " ")}
    with pytest.raises(Refused):
        judge(Round.of(application), judgements, actor(application), NOW)
    assert Verdict.objects.count() == 0


def test_a_voided_verdict_is_current_and_does_not_stand():
    application = make_application("site_review")
    judged = Round.of(application)
    image = next(one for one in judged.images if one.category == "diploma")
    judged = Round(application, judged.images, judged.current, {"diploma": 2})
    assert image.id in judged.current
    assert image.id not in judged.standing
    assert judged.obstacles == {f"image:{image.id}": "“毕业证书”中有图片尚未审核。"}


def test_many_rounds_are_read_with_three_statements(django_assert_num_queries):
    cases = [make_application("site_review"), corrected_diploma(make_application("point_review"))]
    with django_assert_num_queries(3):
        found = rounds_of(cases)
    assert [len(found[case.pk].standing) for case in cases] == [4, 3]


def test_a_line_is_ticked_once_a_round_and_the_last_word_counts():
    application = make_application("point_review")
    document, who = onsite_lines(application)[0].document, actor(application)
    judged = Round.of(application)
    tick(judged, {document: Tick(False, "邮寄中"), "nonsense": Tick(True)}, who, NOW)
    tick(judged, {document: Tick(True)}, who, NOW)
    assert list(OnsiteTick.objects.values_list("document", "seen", "note")) == [(document, True, "")]


def test_a_picture_of_another_case_is_not_judged():
    application, other = make_application("point_review"), make_application("point_review")
    foreign = submitted_images(other)[0]
    with pytest.raises(Refused) as refused:
        judge(Round.of(application), {foreign.id: Judgement("ok")}, actor(application), NOW)
    assert refused.value.problems == {f"image:{foreign.id}": "这张图片不属于本次提交，请刷新页面。"}
    assert Verdict.objects.count() == 0


def test_the_onsite_list_is_the_one_that_was_submitted():
    own_line("11", "在岗证明")
    application = make_application("point_review")
    own_line("1101", "后来才要的")
    asked = [line.document for line in onsite_lines(application)]
    assert [one for one in asked if "要求" in one] == ["在岗证明（北京考区要求）"]
    judged = Round.of(application)
    tick(judged, {asked[-1]: Tick(True), "后来才要的（北京第一考点要求）": Tick(True)}, actor(application), NOW)
    assert list(OnsiteTick.objects.values_list("document", flat=True)) == ["在岗证明（北京考区要求）"]
