"""撤回操作: a pass or a return taken back by who has done it, within the unit's minutes."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from candidates.applications import form_drafts
from candidates.applications.workflow import Actor, broken_link
from candidates.messages import outbox
from candidates.models import HandledCount, Message, Record, Unit
from candidates.rules.refusals import AlreadyMoved, NotAllowed
from materials import uploads
from materials.models import MaterialImage
from review.cases import decisions, drafts, holds, undoing
from review.cases.case import Case
from review.cases.verdicts import Round, Tick, submitted_images
from review.models import Hold, OnsiteTick, Verdict
from review.office import questions
from tests.factories import a_picture, make_application, make_reviewer
from tests.review.casework import REASON, actor, fresh, replace_picture, returned, reviewer, save, verdicts
from tests.review.payments.case import make_due, make_order

pytestmark = pytest.mark.django_db

KEPT = ("status", "status_since", "unlocked", "passed_images", "return_deadline", "returned_level", "times_returned")


def state(application):
    return {name: getattr(fresh(application), name) for name in KEPT}


def passed(application, **words):
    words = {"verdicts": verdicts(application), **words}
    who = actor(application)
    return fresh(decisions.pass_on(application.pk, actor=who, seen=application.last_record_id, **words))


def undone(application, level="point", **words):
    words = {"actor": actor(application, level), "seen": application.last_record_id, **words}
    return fresh(undoing.undo(application.pk, **words))


def refused(application, level="point", **words):
    with pytest.raises(NotAllowed) as refusal:
        undone(application, level, **words)
    return str(refusal.value)


def late(minutes=5):
    return {"now": timezone.now() + timedelta(minutes=minutes)}


@pytest.mark.parametrize("level", ["point", "site", "region"])
def test_a_pass_taken_back_leaves_the_application_as_it_was(level):
    application = make_application(f"{level}_review")
    before = state(application)
    assert undone(passed(application), level).last_record.action == "undo"
    assert state(application) == before


def test_a_return_taken_back_leaves_the_application_as_it_was():
    application = make_application("site_review")
    before = state(application)
    undone(returned(application, diploma=REASON, sections={"work": REASON}), "site")
    assert state(application) == before


def test_its_record_names_the_decision_and_the_chain_holds():
    decided = passed(make_application("point_review"))
    undone(decided)
    records = list(Record.objects.filter(application=decided).order_by("pk"))
    assert records[-1].data == {"record": decided.last_record_id}
    assert broken_link(records) is None


def test_verdicts_are_the_reviewers_draft_again_and_count_no_more():
    application = make_application("point_review")
    undone(returned(application, diploma="图片不清晰，文字或印章无法辨认。请重新拍摄或扫描后上传。请换一张。"))
    draft = drafts.kept(fresh(application), reviewer(application))
    diploma = next(one for one in submitted_images(application) if one.category == "diploma")
    assert draft.judged[str(diploma.id)]["verdict"] == "not_ok"
    assert len(draft.judged) == len(submitted_images(application))
    assert Round.of(fresh(application)).standing == {}


def test_what_an_earlier_level_had_judged_counts_again():
    application = make_application("site_review")
    before = set(Verdict.objects.filter(is_current=True).values_list("pk", flat=True))
    undone(returned(application, diploma=REASON), "site")
    again = passed(fresh(application), verdicts=None)
    assert set(Verdict.objects.filter(is_current=True).values_list("pk", flat=True)) == before
    assert again.status == "region_review"


def test_what_is_undone_twice_brings_no_undone_verdict_back():
    application = make_application("point_review")
    undone(passed(application))
    undone(passed(fresh(application)))
    assert Verdict.objects.filter(is_current=True).count() == 0


def test_ticks_are_the_draft_again_and_a_colleagues_earlier_one_is_his_again():
    application = make_application("point_review")
    line = Case.of(application).onsite_lines[0][0].document
    decided = passed(application, ticks={line: Tick(True)})
    colleague = make_reviewer(application.point, username="colleague")
    decided = decisions.send_back(decided.pk, actor=actor(decided), seen=decided.last_record_id, reason=REASON)
    seen = decided.last_record_id
    decisions.pass_on(decided.pk, actor=Actor.of(colleague), seen=seen, ticks={line: Tick(False, "没有带来")})
    undone(fresh(decided), actor=Actor.of(colleague))
    assert drafts.kept(fresh(decided), colleague).rest["ticks"] == {line: {"seen": False, "note": "没有带来"}}
    assert OnsiteTick.objects.values_list("seen", "account__username").get() == (True, "point-1101001")


def test_what_a_return_named_and_its_day_are_the_draft_again():
    application = make_application("site_review")
    decided = returned(application, categories={"degree": REASON}, sections={"work": "请更正"}, diploma=REASON)
    undone(decided, "site")
    rest = drafts.kept(fresh(application), reviewer(application)).rest
    assert rest["categories"] == {"degree": {"named": True, "reason": REASON}}
    assert rest["sections"] == {"work": {"named": True, "reason": "请更正"}}
    last_day = timezone.localdate(decided.return_deadline - timedelta(seconds=1))
    assert rest["until"] == last_day.isoformat()


# --- the candidate ---------------------------------------------------------------------------------------------------


def test_its_message_waits_in_the_portal_and_outside_and_is_dropped():
    decided = passed(make_application("point_review"))
    message = Message.objects.get(record=decided.last_record)
    now = timezone.now()
    assert message not in Message.objects.told(decided.account, now)
    assert message not in outbox.due(now + timedelta(minutes=4))
    undone(decided)
    assert not Message.objects.filter(pk=message.pk).exists()


def test_a_decision_that_stands_is_told_after_the_minutes():
    decided = passed(make_application("point_review"))
    message = Message.objects.get(record=decided.last_record)
    then = timezone.now() + timedelta(minutes=5)
    assert message in Message.objects.told(decided.account, then)
    assert message in outbox.due(then)


def test_other_acts_are_told_at_once():
    decided = make_application("rejected")
    assert Message.objects.get(record=decided.last_record).held_until is None


def test_a_picture_that_the_candidate_has_replaced_ends_it():
    decided = returned(make_application("point_review"), diploma=REASON)
    replace_picture(decided, "diploma", "diploma-overseas")
    assert refused(fresh(decided)) == "考生已经开始补正，这次退回不能再撤回。请等考生再次提交以后处理。"


def test_a_picture_that_the_candidate_has_deleted_ends_it():
    decided = returned(make_application("point_review"), diploma=REASON)
    picture = decided.images.filter(category="diploma", removed_at=None).first()
    uploads.remove_image(picture.id, actor=Actor.of(decided.account))
    assert "考生已经开始补正" in refused(fresh(decided))


def test_a_section_saved_again_without_a_change_ends_it():
    decided = returned(make_application("point_review"), sections={"work": REASON})
    save(decided, "work")
    assert "考生已经开始补正" in refused(fresh(decided))


def test_what_is_typed_into_a_section_and_not_saved_ends_it():
    decided = returned(make_application("point_review"), sections={"work": REASON})
    form_drafts.keep(decided.pk, "work", QueryDict("post=医师"), actor=Actor.of(decided.account))
    assert "考生已经开始补正" in refused(fresh(decided))


@pytest.mark.parametrize(
    "gone", [{"claimed_at": timezone.now(), "next_try_at": None}, {"tries": 1}, {"read_at": timezone.now()}]
)
def test_a_message_that_has_gone_out_ends_it(gone):
    decided = passed(make_application("point_review"))
    Message.objects.filter(record=decided.last_record).update(**gone)
    assert "考生已经收到通知" in refused(decided)
    assert Message.objects.filter(record=decided.last_record).exists()


def test_a_picture_outside_the_set_that_came_long_before_does_not_end_it():
    application = make_application("point_review")
    question = questions.ask(
        application.pk, actor=actor(application), seen=application.last_record_id, words="请补拍。", category="degree"
    )
    questions.answer(question.pk, actor=Actor.of(application.account), words="好", picture=a_picture("degree"))
    earlier = timezone.now() - timedelta(hours=1)
    MaterialImage.objects.filter(application=application, is_answer=True).update(uploaded_at=earlier)
    assert undone(passed(fresh(application))).status == "point_review"


def test_who_has_begun_to_read_it_meanwhile_holds_it_no_more():
    decided = passed(make_application("point_review"))
    holds.hold(decided, reviewer(decided))
    undone(decided)
    assert not Hold.objects.exists()


def test_what_had_been_displayed_is_the_drafts_where_it_was_all_of_it():
    application = make_application("point_review")
    images = [image.id for image in submitted_images(application)]
    for displayed, kept in ((images[:1], None), (images, [str(one) for one in images])):
        undone(passed(fresh(application), displayed=displayed))
        assert drafts.kept(fresh(application), reviewer(application)).rest.get("displayed") == kept


def test_a_closed_order_does_not_end_it():
    """Only one that is open or paid says that the candidate has begun to pay."""
    decided = make_due()
    order = make_order(decided)
    type(order).objects.filter(pk=order.pk).update(state="closed", closed_at=timezone.now())
    assert undone(fresh(decided), "region").status == "region_review"


def test_an_order_made_ends_it():
    decided = make_due()
    make_order(decided)
    assert "考生已经开始缴费" in refused(fresh(decided), "region")


# --- who and when ----------------------------------------------------------------------------------------------------


def test_after_its_minutes_it_stands():
    decided = passed(make_application("point_review"))
    assert refused(decided, **late()).startswith("可以撤回的时间已经过了。")
    assert fresh(decided).status == "site_review"


def test_the_minutes_are_the_units_and_none_is_never():
    application = make_application("point_review")
    Unit.objects.filter(pk=application.point_id).update(undo_minutes=0)
    decided = passed(application)
    assert Message.objects.get(record=decided.last_record).held_until is None
    assert refused(decided).startswith("可以撤回的时间已经过了。")


def test_a_colleague_of_the_same_unit_may_not():
    decided = passed(make_application("point_review"))
    colleague = make_reviewer(decided.point, username="colleague")
    assert "不能由您进行“撤回操作”" in refused(decided, actor=Actor.of(colleague))
    assert undoing.open_until(decided, colleague, timezone.now()) is None


def test_a_later_record_ends_it():
    decided = passed(make_application("point_review"))
    seen = decided.last_record_id
    passed(decided, verdicts=None)
    with pytest.raises(AlreadyMoved):
        undone(decided, seen=seen)
    assert fresh(decided).status == "region_review"


def test_twice_is_refused():
    decided = passed(make_application("point_review"))
    undone(decided)
    assert "不能由您进行“撤回操作”" in refused(fresh(decided))


def test_what_was_undone_was_handled_by_nobody():
    application = make_application("point_review")
    handled = lambda: sum(HandledCount.objects.values_list("number", flat=True))  # noqa: E731
    before = handled()
    decided = passed(application)
    assert handled() == before + 1
    undone(decided)
    assert handled() == before


def test_who_reads_it_next_is_told_of_what_stands_only():
    application = make_application("site_review")
    back = decisions.send_back(
        application.pk, actor=actor(application), seen=application.last_record_id, reason="请再看"
    )
    undone(passed(fresh(back), verdicts=None))
    case = Case.of(fresh(application))
    assert case.came_back.reason == "请再看"
    assert [event.what for event in case.history if event.is_undone] == ["审核通过"]
