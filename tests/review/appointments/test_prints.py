"""What a desk prints: the day's list, sign-in sheet and labels; folders handed over once, as they were."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.rules.refusals import NotAllowed
from review.appointments import desk, lines, prints
from review.cases import decisions, undoing
from tests.factories import make_application, make_reviewer, pass_on
from tests.review.casework import fresh
from tests.review.onsite_days import MONDAY, NINE, book

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=10)  # nothing can be undone any more


def rows(kind, point):
    return prints.page_of(kind, point, MONDAY.date())["rows"]


def numbers(handover):
    return [one["number"] for one in prints.handover_page(handover)["folders"]]


def hand_over(point, clerk, after=LATER):
    return prints.hand_over(point, by=clerk, now=timezone.now() + after)


def test_the_list_has_everybody_of_the_day_in_order(case, slots, point, clerk):
    late = make_application("point_review")
    book(late, slots[1])
    book(case, slots[0])
    desk.do(book_row(case).pk, "arrive", actor=Actor.of(clerk), now=NINE)
    found = [(one["time"], one["number"], one["called_as"], one["state"]) for one in rows("list", point)]
    assert found == [("09:00", case.number, "A001", "已到"), ("09:30", late.number, "", "未到")]


def book_row(case):
    return case.appointments.latest("pk")


def test_labels_are_for_cases_alone(case, slot, point, clerk):
    book(case, slot)
    desk.walk_in(point, actor=Actor.of(clerk), now=NINE)
    sheets = prints.page_of("labels", point, MONDAY.date())["sheets"]
    assert [[one["number"] for one in sheet] for sheet in sheets] == [[case.number]]


@pytest.mark.parametrize("kind", list(prints.KINDS))
def test_each_is_one_pdf_also_of_a_day_on_which_nobody_comes(kind, case, slot, point):
    empty = prints.render(kind, point, MONDAY.date() + timedelta(days=1))
    book(case, slot)
    one = prints.render(kind, point, MONDAY.date())
    assert [len(pikepdf.open(BytesIO(content)).pages) for content in (empty, one)] == [1, 1]


# --- handing over -----------------------------------------------------------------------------------------------------


def test_what_was_passed_since_the_last_goes_once(case, point, clerk):
    pass_on(case)
    first = hand_over(point, clerk)
    second_case = make_application("site_review")
    second = hand_over(point, clerk)
    assert (numbers(first), numbers(second)) == ([case.number], [second_case.number])
    assert [first.serial, second.serial] == [1, 2]


def test_where_there_is_nothing_there_is_no_handover(point, clerk):
    with pytest.raises(NotAllowed, match="没有可以交接的"):
        hand_over(point, clerk)


def test_what_can_still_be_undone_waits(case, point, clerk):
    pass_on(case)
    with pytest.raises(NotAllowed, match="没有可以交接的"):
        hand_over(point, clerk, after=timedelta(minutes=4))


def test_an_undone_pass_is_not_handed_over(case, point, clerk):
    passed = pass_on(case)
    undoing.undo(case.pk, actor=Actor.of(passed.last_record.account), seen=passed.last_record_id)
    with pytest.raises(NotAllowed):
        hand_over(point, clerk)


def test_one_that_came_back_goes_again_with_its_last_pass(case, point, clerk):
    pass_on(case)
    hand_over(point, clerk)
    site = fresh(case)
    decisions.send_back(case.pk, actor=Actor.of(make_reviewer(site.site)), seen=site.last_record_id, reason="再核对。")
    pass_on(fresh(case))
    assert numbers(hand_over(point, clerk)) == [case.number]


def test_a_folder_says_what_the_desk_has_seen(case, point, clerk):
    papers = [one.line.document for one in lines.of_case(case)]
    marks = {papers[0]: ("seen", ""), papers[1]: ("seen", ""), papers[2]: ("missing", "忘带")}
    lines.mark(case.pk, marks, actor=Actor.of(clerk), now=NINE)
    pass_on(fresh(case))
    (folder,) = prints.handover_page(hand_over(point, clerk))["folders"]
    assert folder["papers"] == [
        "《医师资格考试网上报名成功通知单》 1份",
        "本人有效身份证明 复印件1份",
        f"{papers[2]}：未交（忘带）",
    ]


def test_it_prints_and_reads_the_same_the_day_after(case, point, clerk):
    pass_on(case)
    made = hand_over(point, clerk)
    before = prints.handover_page(made)
    make_application("site_review")
    assert prints.handover_page(made) == before
    assert prints.render_handover(made).startswith(b"%PDF")
