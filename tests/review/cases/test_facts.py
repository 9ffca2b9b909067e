"""What a decision's record says of how it came about."""

import uuid

import pytest

from candidates.applications.workflow import Actor, broken_link
from candidates.models import Record
from review.cases import decisions, facts
from review.cases.case import Case
from review.cases.verdicts import Tick, submitted_images
from tests.factories import make_application, make_reviewer
from tests.review.casework import REASON, actor, corrected_diploma, fresh, verdicts

pytestmark = pytest.mark.django_db


def passed(application, **words):
    words = {"actor": actor(application), "seen": application.last_record_id, **words}
    return fresh(decisions.pass_on(application.pk, **words))


def how(application):
    return facts.how_of(fresh(application).last_record)


def test_a_decision_says_how_many_pictures_were_displayed_and_no_other_counts():
    application = make_application("point_review")
    shown = {one.id for one in submitted_images(application)[:2]} | {uuid.uuid4()}
    said = how(passed(application, verdicts=verdicts(application), displayed=shown))
    assert (said.batch, said.displayed, said.pictures) == (0, 2, len(submitted_images(application)))


def test_verdicts_that_are_left_as_they_were_are_inherited():
    application = corrected_diploma(make_application("point_review"))
    said = how(passed(application, verdicts=verdicts(application), displayed=()))
    assert (said.inherited, said.displayed) == (said.pictures - 1, 0)


def test_a_page_that_does_not_say_is_not_taken_for_one_that_showed_nothing():
    application = make_application("point_review")
    said = how(passed(application, verdicts=verdicts(application)))
    assert said.displayed is None
    assert "没有记录图片是否显示过" in said.in_words


def test_a_batch_says_of_how_many_and_that_nothing_was_displayed():
    cases = [make_application("site_review") for _ in range(2)]
    decisions.pass_many([(one.pk, one.last_record_id) for one in cases], actor=actor(cases[0]))
    said = how(cases[1])
    assert (said.batch, said.displayed, said.inherited == said.pictures) == (2, 0, True)


def test_a_return_and_a_rejection_say_it_too():
    application = make_application("site_review")
    words = {"actor": actor(application), "seen": application.last_record_id, "displayed": ()}
    decisions.reject(application.pk, **words, reason=REASON)
    assert how(application).displayed == 0
    other = make_application("site_review")
    words = {"actor": actor(other), "seen": other.last_record_id, "displayed": ()}
    decisions.return_for_correction(other.pk, **words, sections={"work": REASON})
    assert how(other).displayed == 0


def test_ticks_are_told_by_who_has_made_them():
    application = make_application("point_review")
    first, second = [line.document for line, _ in Case.of(application).onsite_lines[:2]]
    done = passed(application, verdicts=verdicts(application), ticks={first: Tick(True)})
    back = decisions.send_back(done.pk, actor=actor(done), seen=done.last_record_id, reason=REASON)
    colleague = make_reviewer(done.point, username="colleague")
    both = {first: Tick(True), second: Tick(False, "没有带来")}
    done = passed(fresh(back), actor=Actor.of(colleague), ticks=both)
    assert dict(Case.of(done).history[0].ticked) == {"point-1101001": 1, "colleague": 1}


def test_a_line_that_is_unticked_is_ticked_no_more():
    application = make_application("point_review")
    line = Case.of(application).onsite_lines[0][0].document
    done = passed(application, verdicts=verdicts(application), ticks={line: Tick(True)})
    back = fresh(decisions.send_back(done.pk, actor=actor(done), seen=done.last_record_id, reason=REASON))
    assert how(passed(back, ticks={line: Tick(False)})).ticks == {}


def test_the_chain_covers_it():
    application = passed(make_application("site_review"))
    records = list(Record.objects.filter(application=application).order_by("pk"))
    assert broken_link(records) is None
    records[-1].data["how"]["displayed"] = 7
    assert broken_link(records) is records[-1]


def test_a_record_from_before_says_nothing():
    record = Record(action="pass", data={"verdicts": {"a": "ok"}})
    assert facts.how_of(record) is None
