"""The on-site list at the desk: 原件已核对, 缺, 下午补看; written at once, and what a decision asks for."""

import pytest

from candidates.applications.workflow import Actor
from candidates.rules.refusals import NotAllowed, Refused
from review.appointments import desk, lines
from review.cases import drafts
from review.models import OnsiteTick, ParkedLine
from tests.factories import make_reviewer, pass_on
from tests.review.casework import fresh
from tests.review.onsite_days import NINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers(case):
    return [one.line.document for one in lines.of_case(case)]


def mark(case, clerk, **marks):
    said = {document: (one, "") if isinstance(one, str) else one for document, one in marks.items()}
    return lines.mark(case.pk, said, actor=Actor.of(clerk), now=NINE)


def marks_of(case):
    return {one.line.document: one.mark for one in lines.of_case(case) if one.mark}


def test_nothing_is_marked_before(case):
    assert marks_of(case) == {}


def test_seen_and_missing_are_the_ticks_that_a_decision_asks_for(case, clerk, papers):
    mark(case, clerk, **{papers[0]: "seen", papers[1]: ("missing", "忘带"), papers[2]: "missing"})
    ticks = OnsiteTick.objects.filter(application=case).order_by("pk").values_list("seen", "note")
    assert list(ticks) == [(True, ""), (False, "忘带"), (False, "缺")]
    assert marks_of(case) == {papers[0]: "seen", papers[1]: "missing", papers[2]: "missing"}


def test_parked_it_is_on_the_afternoons_list_until_it_was_seen(case, clerk, papers, point):
    mark(case, clerk, **{papers[0]: "later"})
    assert list(desk.parked_at(point)) == [case]
    assert desk.parked_of([case.pk]) == {case.pk: [papers[0]]}
    mark(case, clerk, **{papers[0]: "seen"})
    assert list(desk.parked_at(point)) == []
    assert ParkedLine.objects.get().settled_at == NINE


def test_what_was_settled_can_be_parked_again(case, clerk, papers, point):
    for said in ("later", "seen", "later"):
        mark(case, clerk, **{papers[0]: said})
    assert list(desk.parked_at(point)) == [case]
    assert ParkedLine.objects.count() == 2


def test_parking_takes_a_tick_back(case, clerk, papers):
    mark(case, clerk, **{papers[0]: "seen"})
    mark(case, clerk, **{papers[0]: "later"})
    assert (OnsiteTick.objects.count(), marks_of(case)) == (0, {papers[0]: "later"})


def test_a_mark_can_be_taken_away(case, clerk, papers):
    mark(case, clerk, **{papers[0]: "seen"})
    mark(case, clerk, **{papers[0]: ""})
    assert marks_of(case) == {}


def test_saved_unchanged_it_stays_whose_it_was(case, clerk, papers, point):
    mark(case, clerk, **{papers[0]: "seen"})
    mark(case, make_reviewer(point, username="other"), **{papers[0]: "seen"})
    assert OnsiteTick.objects.get().account == clerk


def test_a_draft_of_the_case_page_does_not_take_the_ticks_back(case, clerk, papers):
    drafts.keep(case, clerk, {}, {"ticks": {papers[0]: {"seen": False, "note": ""}}, "until": "2027-03-15"})
    mark(case, clerk, **{papers[0]: "seen"})
    assert drafts.kept(case, clerk).rest == {"until": "2027-03-15"}


@pytest.mark.parametrize(
    ("said", "words"),
    [(("seen", "忘带"), "请选“缺”"), (("perhaps", ""), "请选择"), (("missing", "长" * 121), "最多 120 个字")],
)
def test_what_makes_no_sense_is_said_at_its_line(case, clerk, papers, said, words):
    with pytest.raises(Refused, match=words) as refusal:
        mark(case, clerk, **{papers[0]: said})
    assert list(refusal.value.problems) == [f"line:{papers[0]}"]


def test_a_document_that_is_not_on_the_list_is_left_alone(case, clerk):
    mark(case, clerk, 驾驶证="seen")
    assert OnsiteTick.objects.count() == 0


def test_only_the_point_that_has_it_marks(case, clerk, papers):
    with pytest.raises(NotAllowed):
        mark(case, make_reviewer(case.site), **{papers[0]: "seen"})
    pass_on(case)
    with pytest.raises(NotAllowed):
        mark(fresh(case), clerk, **{papers[0]: "seen"})


def test_a_case_that_has_gone_on_is_on_no_afternoons_list(case, clerk, papers, point):
    mark(case, clerk, **{papers[0]: "later"})
    pass_on(case)
    assert list(desk.parked_at(point)) == []
