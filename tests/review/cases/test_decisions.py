import threading
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import Actor
from candidates.models import Application, ExamSession, Record
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from materials.models import MaterialImage
from materials.rules import onsite
from review.cases import decisions
from review.cases.verdicts import Judgement, Round, Tick, submitted_images
from review.models import OnsiteTick, OwedReceipt, PaymentOrder, Verdict
from tests.factories import make_application, make_operator, make_session, make_units
from tests.review.casework import (
    REASON,
    actor,
    corrected_diploma,
    fresh,
    replace_picture,
    returned,
    save,
    submit,
    unjudged,
    verdicts,
)
from tests.waiting import others_wait_for_a_lock, wait_until

pytestmark = pytest.mark.django_db


def problems(refused):
    return sorted({key.split(":")[0] for key in refused.value.problems})


def pass_on(application, **words):
    words = {"actor": actor(application), "seen": application.last_record_id, **words}
    return fresh(decisions.pass_on(application.pk, **words))


# --- pass ---------------------------------------------------------------------------------------------------------


def test_a_pass_is_refused_while_a_picture_is_unjudged():
    application = make_application("point_review")
    judged = verdicts(application)
    left = judged.popitem()[0]
    with pytest.raises(Refused) as refused:
        pass_on(application, verdicts=judged)
    assert list(refused.value.problems) == [f"image:{left}"]
    assert fresh(application).status == "point_review"
    assert Verdict.objects.count() == 0


def test_a_pass_is_refused_while_a_picture_is_not_ok():
    application = make_application("point_review")
    with pytest.raises(Refused) as refused:
        pass_on(application, verdicts=verdicts(application, diploma=REASON))
    assert list(refused.value.problems.values()) == ["“毕业证书”中有图片不合格。"]


def test_not_ok_without_a_reason_is_refused():
    application = make_application("point_review")
    with pytest.raises(Refused) as refused:
        pass_on(application, verdicts=verdicts(application, diploma="  "))
    assert list(refused.value.problems.values()) == ["请填写这张图片不合格的原因。"]


def test_a_picture_of_another_application_cannot_be_judged():
    mine, other = make_application("point_review"), make_application("point_review")
    with pytest.raises(Refused) as refused:
        pass_on(mine, verdicts=verdicts(other))
    assert problems(refused) == ["image"]


def test_the_site_inherits_the_points_verdicts():
    application = pass_on(make_application("site_review"))
    assert application.status == "region_review"
    assert set(Verdict.objects.values_list("level", "is_current")) == {("point", True)}


def test_a_higher_level_may_overturn_a_verdict_and_the_earlier_one_is_kept():
    application = make_application("site_review")
    image = submitted_images(application)[0]
    decisions.return_for_correction(
        application.pk,
        actor=actor(application),
        seen=application.last_record_id,
        verdicts={image.id: Judgement("not_ok", REASON)},
    )
    kept = list(Verdict.objects.filter(image=image).values_list("level", "verdict", "is_current"))
    assert kept == [("point", "ok", False), ("site", "not_ok", True)]


def test_the_record_of_a_pass_names_the_verdict_on_every_picture():
    application = make_application("point_review")
    record = pass_on(application, verdicts=verdicts(application)).last_record
    assert record.data["verdicts"] == {str(one.id): "ok" for one in submitted_images(application)}


def test_one_picture_has_one_current_verdict_in_the_database():
    application = make_application("site_review")
    verdict = Verdict.objects.first()
    verdict.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        verdict.save(force_insert=True)
    assert Verdict.objects.filter(image__application=application, is_current=True).count() == len(
        submitted_images(application)
    )


def test_the_database_refuses_a_refusal_without_its_reason():
    make_application("site_review")
    with pytest.raises(IntegrityError, match="refusal_has_reason"), transaction.atomic():
        Verdict.objects.update(verdict="not_ok")


# --- the on-site list ---------------------------------------------------------------------------------------------


def with_onsite_list():
    region = make_units()["11"]
    region.onsite_list_required = True
    region.save()
    return make_application("point_review")


def ticks(application, **changed):
    lines = onsite.lines(application.profile, year=application.session.year)
    return {line.document: changed.get("tick", Tick(True)) for line in lines}


def test_the_point_passes_once_every_line_of_the_onsite_list_was_seen():
    application = with_onsite_list()
    with pytest.raises(Refused) as refused:
        pass_on(application, verdicts=verdicts(application))
    assert problems(refused) == ["onsite"]
    passed = pass_on(application, verdicts=verdicts(application), ticks=ticks(application))
    assert passed.status == "site_review"
    assert OnsiteTick.objects.filter(application=application, seen=True).count() == 7


def test_a_line_that_was_not_seen_needs_a_note_why():
    application = with_onsite_list()
    with pytest.raises(Refused):
        pass_on(application, verdicts=verdicts(application), ticks=ticks(application, tick=Tick(False)))
    passed = pass_on(application, verdicts=verdicts(application), ticks=ticks(application, tick=Tick(False, "邮寄中")))
    assert passed.status == "site_review"


def test_the_site_needs_no_onsite_list():
    application = with_onsite_list()
    at_site = pass_on(application, verdicts=verdicts(application), ticks=ticks(application))
    assert pass_on(at_site).status == "region_review"


# --- return -------------------------------------------------------------------------------------------------------


def test_a_return_that_names_nothing_is_refused():
    application = make_application("point_review")
    with pytest.raises(Refused) as refused:
        returned(application)
    assert list(refused.value.problems) == ["return"]


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ({"categories": {"diploma": " "}}, "category:diploma"),
        ({"sections": {"work": ""}}, "section:work"),
        ({"categories": {"nonsense": "x"}}, "category:nonsense"),
        ({"sections": {"nonsense": "x"}}, "section:nonsense"),
    ],
)
def test_what_a_return_names_must_exist_and_have_its_reason(named, key):
    with pytest.raises(Refused) as refused:
        returned(make_application("point_review"), **named)
    assert list(refused.value.problems) == [key]


def test_a_deadline_that_is_over_is_refused():
    application = make_application("point_review")
    with pytest.raises(Refused) as refused:
        decisions.return_for_correction(
            application.pk,
            actor=actor(application),
            seen=application.last_record_id,
            sections={"work": REASON},
            until=timezone.now() - timedelta(minutes=1),
        )
    assert list(refused.value.problems) == ["until"]


def test_a_return_unlocks_what_it_names_and_nothing_else():
    application = make_application("point_review")
    diploma = application.images.get(category="diploma")
    application = returned(application, sections={"work": "请核对。"}, diploma=REASON)
    unlocking = Unlocking.of(application)
    assert (unlocking.images, unlocking.sections) == ({str(diploma.id): REASON}, {"work": "请核对。"})
    assert (application.returned_level, application.times_returned) == ("point", 1)
    assert application.return_deadline == application.session.default_return_deadline(application.last_record.at)


def test_unjudged_pictures_of_a_named_category_may_go():
    application = make_application("point_review")
    diploma = application.images.get(category="diploma")
    decisions.return_for_correction(
        application.pk,
        actor=actor(application),
        seen=application.last_record_id,
        categories={"diploma": "请补充。"},
    )
    assert Unlocking.of(fresh(application)).loose_images == [str(diploma.id)]


def passed_of(application):
    return set(Verdict.objects.filter(image__application=application, verdict="ok").values_list("image", flat=True))


def test_a_return_says_on_the_row_which_pictures_have_passed_until_it_is_submitted_again():
    application = returned(make_application("point_review"), diploma=REASON)
    assert set(application.passed_images) == passed_of(application) != set()
    replace_picture(application, "diploma", "diploma-overseas")
    assert submit(application).passed_images == []


def test_the_row_is_filled_for_those_returned_before_it_had_a_place_for_them():
    migration = import_module("review.migrations.0013_passed_images_of_the_returned")
    application = returned(make_application("point_review"), diploma=REASON)
    waiting = make_application("point_review")
    Application.objects.filter(pk=application.pk).update(passed_images=[])
    with connection.cursor() as cursor:
        cursor.execute(migration.PASSED)
    assert set(fresh(application).passed_images) == passed_of(application)
    assert fresh(waiting).passed_images == []


def test_the_reasons_of_a_return_lie_beside_the_record():
    application = returned(make_application("site_review"), categories={"diploma": "请补充认证书。"})
    record = application.last_record
    assert (record.data["categories"], record.note.data["categories"]) == (["diploma"], {"diploma": "请补充认证书。"})


# --- corrected and submitted again ----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", ["point_review", "site_review", "region_review"])
def test_a_corrected_application_starts_again_at_the_point(level):
    application = corrected_diploma(make_application(level))
    assert (application.status, application.round) == ("point_review", 2)


def test_what_was_ok_and_did_not_change_keeps_its_verdict():
    application = corrected_diploma(make_application("site_review"))
    assert [image.category for image in unjudged(application)] == ["diploma"]


def test_a_changed_field_voids_the_verdicts_of_the_pictures_that_prove_it():
    application = returned(make_application("point_review"), sections={"work": "请核对。"})
    application = submit(save(application, "work", employer_name="示例市第二示例医院"))
    assert [image.category for image in unjudged(application)] == ["institution_licence"]


def test_a_section_saved_again_without_a_change_voids_nothing():
    application = returned(make_application("point_review"), sections={"work": "请核对。"})
    application = submit(save(application, "work", employer_name=application.employer_name))
    assert unjudged(application) == []
    assert pass_on(application).status == "site_review"


def test_another_registration_point_voids_every_verdict():
    application = returned(make_application("point_review"), sections={"exam": "请改选报名点。"})
    application = submit(save(application, "exam", point=make_units()["1101002"]))
    assert Round.of(application).standing == {}


def test_a_voided_verdict_counts_no_more_in_any_later_round():
    application = returned(make_application("point_review"), sections={"work": "请核对。"})
    application = submit(save(application, "work", employer_name="示例市第二示例医院"))
    application = decisions.return_for_correction(
        application.pk, actor=actor(application), seen=application.last_record_id, sections={"licence": "请核对。"}
    )
    application = submit(save(fresh(application), "licence"))
    assert (application.round, [one.category for one in unjudged(application)]) == (
        3,
        ["institution_licence"],
    )


def test_a_replaced_picture_and_its_file_stay_as_history():
    application = corrected_diploma(make_application("point_review"))
    old = MaterialImage.objects.get(application=application, category="diploma", removed_at__isnull=False)
    assert (old.submitted, old.verdicts.get().reason) == (True, REASON)


# --- the other acts -------------------------------------------------------------------------------------------------


def test_a_deadline_is_only_ever_extended():
    application = make_application("returned")
    words = {"actor": actor(application, "point"), "reason": "考生住院"}
    with pytest.raises(Refused) as refused:
        decisions.extend(application.pk, seen=None, until=application.return_deadline, **words)
    assert list(refused.value.problems) == ["until"]
    later = application.return_deadline + timedelta(days=3)
    decisions.extend(application.pk, seen=application.last_record_id, until=later, **words)
    assert (fresh(application).return_deadline, fresh(application).status) == (later, "returned")


def test_only_the_level_that_returned_extends():
    application = returned(make_application("site_review"), categories={"diploma": REASON})
    later = application.return_deadline + timedelta(days=3)
    for level in ("point", "region"):
        with pytest.raises(NotAllowed):
            decisions.extend(application.pk, actor=actor(application, level), seen=None, until=later, reason="原因")
    decisions.extend(application.pk, actor=actor(application, "site"), seen=None, until=later, reason="原因")
    assert fresh(application).return_deadline == later


def test_sending_back_keeps_the_verdicts():
    application = make_application("site_review")
    decisions.send_back(application.pk, actor=actor(application), seen=application.last_record_id, reason="请复核")
    application = fresh(application)
    assert (application.status, unjudged(application)) == ("point_review", [])


def test_a_returned_application_is_rejected_only_after_its_deadline():
    application = make_application("returned")
    words = {"actor": actor(application, "point"), "seen": application.last_record_id, "reason": "逾期未补正"}
    with pytest.raises(NotAllowed):
        decisions.reject(application.pk, now=application.return_deadline - timedelta(seconds=1), **words)
    decisions.reject(application.pk, now=application.return_deadline, **words)
    assert fresh(application).status == "rejected"


def test_a_rejection_after_the_deadline_is_reopened_with_a_new_one():
    application = make_application("returned")
    late = application.return_deadline
    words = {"actor": actor(application, "point"), "seen": None, "reason": "原因"}
    decisions.reject(application.pk, now=late, **words)
    with pytest.raises(Refused) as refused:
        decisions.reopen(application.pk, now=late, **words)
    assert list(refused.value.problems) == ["until"]
    decisions.reopen(application.pk, now=late, until=late + timedelta(days=2), **words)
    application = fresh(application)
    assert (application.status, application.return_deadline) == ("returned", late + timedelta(days=2))
    assert Unlocking.of(application).sections != {}


def an_order(application, state):
    now = timezone.now()
    times = {"created": {}, "paid": {"paid_at": now}, "closed": {"closed_at": now}}[state]
    return PaymentOrder.objects.create(
        application=application, number=f"T{application.pk}", amount=10000, state=state, created_at=now, **times
    )


def test_retracting_closes_the_open_order():
    application = make_application("payment_due")
    order = an_order(application, "created")
    decisions.retract(application.pk, actor=actor(application, "region"), seen=None, reason="复查")
    order.refresh_from_db()
    assert fresh(application).status == "region_review"
    assert order.state == "closed"


def test_what_is_paid_cannot_be_retracted():
    application = make_application("payment_due")
    an_order(application, "paid")
    with pytest.raises(NotAllowed):
        decisions.retract(application.pk, actor=actor(application, "region"), seen=None, reason="复查")


def a_debtor():
    year = (ExamSession.current() or make_session()).year
    return make_application(
        "payment_due", fresh_graduate=True, graduated_on=date(year - 1, 7, 1), period_to=date(year - 1, 9, 1)
    )


def test_a_debt_cancels_only_after_its_date():
    application = a_debtor()
    words = {"actor": actor(application, "site"), "seen": application.last_record_id, "reason": "没有补交"}
    with pytest.raises(NotAllowed):
        decisions.cancel(application.pk, now=application.session.owed_until - timedelta(seconds=1), **words)
    order = an_order(application, "created")
    decisions.cancel(application.pk, now=application.session.owed_until, **words)
    order.refresh_from_db()
    assert fresh(application).status == "cancelled"
    assert order.state == "closed"


def test_who_owes_nothing_is_not_cancelled():
    application = make_application("payment_due")
    with pytest.raises(NotAllowed):
        decisions.cancel(
            application.pk,
            actor=actor(application, "site"),
            seen=None,
            reason="原因",
            now=application.session.owed_until,
        )


def test_receiving_an_owed_paper_settles_the_debt_once():
    application = a_debtor()
    words = {"actor": actor(application, "site"), "category": "probation"}
    decisions.received(application.pk, seen=application.last_record_id, **words)
    with pytest.raises(Refused):
        decisions.received(application.pk, seen=None, **words)
    settled = fresh(application)
    assert (settled.owed, settled.owed_received, settled.status) == ([], ["probation"], "payment_due")
    assert OwedReceipt.objects.filter(application=application).count() == 1


def test_an_unlocking_counts_as_a_return_of_the_level_it_was_taken_from():
    application = make_application("site_review")
    decisions.unlock(
        application.pk,
        actor=Actor.of(make_operator()),
        categories={"diploma": "请补充。"},
        sections={},
        until=timezone.now() + timedelta(days=5),
        reason="考生来电",
    )
    assert (fresh(application).status, fresh(application).returned_level) == ("returned", "site")


def test_moving_to_another_point_changes_who_may_see_it_and_keeps_the_number():
    application = make_application("point_review")
    point = make_units()["1102001"]
    decisions.move_to(application.pk, actor=Actor.of(make_operator()), point=point, reason="考生搬迁")
    moved = fresh(application)
    assert (moved.point, moved.site, moved.number) == (point, point.parent, application.number)
    assert Application.objects.visible_to(actor(moved).account).count() == 1
    assert Application.objects.visible_to(actor(application, "point").account).count() == 0


# --- stale pages, and two at once -------------------------------------------------------------------------------------


def test_who_acts_on_a_stale_page_learns_who_was_first():
    application = make_application("point_review")
    first = pass_on(application, verdicts=verdicts(application))
    with pytest.raises(AlreadyMoved) as moved:
        pass_on(application, actor=actor(application, "point"), verdicts=verdicts(application))
    assert moved.value.record == first.last_record
    assert Record.objects.filter(application=application, action="pass").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_the_second_waits_and_is_told():
    application = make_application("point_review")
    acts, outcome = actor(application), []

    def second():
        try:
            decisions.pass_on(
                application.pk, actor=acts, seen=application.last_record_id, verdicts=verdicts(application)
            )
        except AlreadyMoved as moved:
            outcome.append(moved.record.action)
        finally:
            connection.close()

    with transaction.atomic():
        decisions.reject(application.pk, actor=acts, seen=application.last_record_id, reason=REASON)
        thread = threading.Thread(target=second)
        thread.start()
        wait_until(others_wait_for_a_lock, "the second decision does not wait for the row")
        assert outcome == []
    thread.join(10)
    assert outcome == ["reject"]
    assert fresh(application).status == "rejected"
    assert Verdict.objects.count() == 0


# --- many at once -----------------------------------------------------------------------------------------------------


def test_a_batch_passes_what_it_can_and_leaves_the_rest_with_why():
    ready, stale, unjudged = (make_application("site_review") for _ in range(3))
    moved_on = corrected_diploma(unjudged)
    site = actor(ready)
    passed, left = decisions.pass_many(
        [(ready.pk, ready.last_record_id), (stale.pk, 1), (moved_on.pk, moved_on.last_record_id)], actor=site
    )
    assert [one.pk for one in passed] == [ready.pk]
    assert left[stale.pk] == "该申请已由他人处理。"
    assert left[moved_on.pk].startswith("该申请的状态是“待报名点审核”")
    assert [fresh(one).status for one in (ready, stale, moved_on)] == ["region_review", "site_review", "point_review"]


@pytest.mark.parametrize("code", ["1101001", "1102"])
def test_a_case_is_moved_to_another_point_only(code):
    application, operator = make_application("point_review"), Actor.of(make_operator())
    with pytest.raises(Refused) as refused:
        decisions.move_to(application.pk, actor=operator, point=make_units()[code], reason="搬家", seen=None)
    assert refused.value.problems == {"point": "请选择另一个报名点。"}
    assert fresh(application).point.code == "1101001"
