"""撤回修改: until anybody has looked, once a day, two hours before the end; it leaves the row as it was."""

from datetime import timedelta

import pgtrigger
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from candidates.applications.workflow import Actor, broken_link, moment
from candidates.models import Application, HandledCount, Look, Message, Record
from candidates.rules.refusals import NotAllowed, Refused
from candidates.trail import looks
from materials import recalling, submitting, uploads
from materials.models import Submission
from review.cases import decisions, holds
from review.office import questions
from tests import factories
from tests.materials.uploading import DAY, a_fresh_graduate, add, code_of, kept, remove, returned, submit, submitted
from tests.review import casework

pytestmark = pytest.mark.django_db
TWO_HOURS = timedelta(hours=2)
ROW = [name for name in recalling.KEPT if name != "status_since"] + ["status", "status_since"]


def row(application):
    application.refresh_from_db()
    return {name: getattr(application, name) for name in ROW}


def recall(application, **options):
    return recalling.recall(application.pk, actor=Actor.of(application.account), **options)


def refused(application, **options):
    with pytest.raises(NotAllowed) as told:
        recall(application, **options)
    return str(told.value)


def test_a_first_submission_is_as_if_it_had_not_been():
    application = factories.make_application("registered")
    factories.upload_required(application)
    before = row(application)
    submit(application)
    recall(application)
    assert row(application) == before
    assert (before["status"], before["round"], before["first_submitted_at"]) == ("registered", 0, None)
    assert not Submission.objects.filter(application=application).exists()


def test_a_correction_goes_back_to_what_the_return_unlocked():
    application = returned(submitted(), bad=["diploma"], categories={"probation": "缺页"})
    add(application, "diploma", serial=7, replaces=kept(application, "diploma")[0].pk)
    add(application, "probation", serial=8)
    before = row(application)
    submit(application)
    recall(application)
    assert row(application) == before
    assert (before["status"], before["round"], before["returned_level"]) == ("returned", 1, "point")
    assert before["unlocked"]["categories"] == {"probation": "缺页"}


def test_its_pictures_are_new_again_those_of_an_earlier_round_are_not():
    application = returned(submitted(), bad=["diploma"])
    old = kept(application, "identity")[0]
    new = add(application, "diploma", serial=7, replaces=kept(application, "diploma")[0].pk)
    submit(application)
    application = recall(application)
    assert {image.category: image.submitted for image in uploads.Desk.of(application).images} == {
        "identity": True,
        "diploma": False,
        "probation": True,
        "institution_licence": True,
    }
    assert (code_of(remove, new, application), code_of(remove, old, application)) == (None, "locked")


def test_a_picture_removed_after_a_recall_takes_its_file_with_it(django_capture_on_commit_callbacks):
    application = submitted()
    image = kept(application, "identity")[0]
    recall(application)
    with django_capture_on_commit_callbacks(execute=True):
        remove(image, application)
    assert uploads.default_storage.exists(image.file) is False


def test_an_owed_picture_that_came_since_is_an_ordinary_one():
    application = a_fresh_graduate()
    image = add(application, "probation", serial=7)
    assert image.is_owed
    recall(application)
    image.refresh_from_db()
    assert (image.is_owed, image.submitted, image.uploaded_round) == (False, False, 0)
    submit(application)
    assert image.pk in Submission.objects.get(application=application).images


def test_it_is_recorded_and_told_and_the_next_submission_is_the_first():
    application = submitted()
    recall(application)
    record = Record.objects.latest("id")
    assert (record.action, record.from_status, record.to_status) == ("recall", "point_review", "registered")
    assert (record.data, record.level) == ({"round": 1}, "candidate")
    told = Message.objects.latest("id")
    assert told.subject == "提交已撤回，请修改后再次提交审核"
    until = moment(application.session.upload_closes)
    assert told.text == f"您已撤回这次提交，材料可以修改。请在 {until} 前再次提交审核。"
    assert submit(application).round == 1
    assert broken_link(list(Record.objects.filter(application=application).order_by("id"))) is None


def test_any_look_of_staff_ends_it():
    application = submitted()
    looks.record(factories.make_operator(), application, "picture")
    assert refused(application) == "工作人员已经查看过您的材料，不能再撤回。需要修改的，请联系您的报名点。"
    assert row(application)["status"] == "point_review"


def test_a_look_at_the_round_before_does_not_end_it():
    application = submitted()
    looks.record(factories.make_reviewer(application.point), application, "case")
    application = returned(application, bad=["diploma"])
    add(application, "diploma", serial=7, replaces=kept(application, "diploma")[0].pk)
    submit(application)
    assert recall(application).status == "returned"


def test_it_is_open_once_a_day():
    now = timezone.now()
    application = submitted()
    recall(application, now=now)
    submit(application, now=now)
    assert refused(application, now=now) == "今天已经撤回过一次，每天只能撤回一次。需要修改的，请联系您的报名点。"
    assert recall(application, now=now + DAY).status == "registered"


def test_it_is_open_until_two_hours_before_the_upload_window_ends():
    application = submitted()
    closes = application.session.upload_closes
    assert refused(application, now=closes - TWO_HOURS).startswith("撤回已于 ")
    assert recall(application, now=closes - TWO_HOURS - timedelta(seconds=1)).status == "registered"


def test_of_a_correction_the_returns_deadline_counts():
    application = returned(submitted(), bad=["diploma"], until=timezone.now() + DAY)
    add(application, "diploma", serial=7, replaces=kept(application, "diploma")[0].pk)
    deadline = application.return_deadline
    submit(application)
    assert refused(application, now=deadline - TWO_HOURS).startswith("撤回已于 ")
    assert recall(application, now=deadline - TWO_HOURS - timedelta(seconds=1)).return_deadline == deadline


def test_what_the_point_has_passed_is_not_recalled():
    application = factories.make_application("site_review")
    assert refused(application).startswith("该申请的状态是“待考点审核”")


def test_a_submission_from_before_this_was_kept_is_not_recalled():
    application = submitted()
    with pgtrigger.ignore("materials.Submission:submissions_are_append_only"):
        Submission.objects.update(before=None)
    assert refused(application) == "这次提交不能撤回。需要修改的，请联系您的报名点。"


def test_after_the_operator_has_moved_it_to_another_point_it_goes_back_all_the_same():
    application = submitted()
    point = factories.make_units()["1101002"]
    operator = Actor(level="operator", name="operator")
    decisions.move_to(application.pk, actor=operator, point=point, reason="报名点调整")
    done = recall(application)
    assert (done.status, done.point) == ("registered", point)


def test_what_was_recalled_waits_for_nobody_and_was_handled_by_nobody():
    application = submitted()
    reviewer = factories.make_reviewer(application.point)
    assert holds.next_free(reviewer) == application
    recall(application)
    assert holds.next_free(reviewer) is None
    assert not Application.objects.visible_to(reviewer).exists()
    assert HandledCount.objects.count() == 0


def test_the_promise_is_kept_with_the_submission():
    application = factories.make_application("registered")
    factories.upload_required(application)
    with pytest.raises(Refused) as told:
        submitting.submit(application.pk, actor=Actor.of(application.account), declared=False)
    assert told.value.problems == {"declaration": "请先阅读并勾选这项承诺，再提交审核。"}
    submit(application)
    submission = Submission.objects.get(application=application)
    assert submission.declared_at == submission.at


@pytest.mark.parametrize("change", [{"images": []}, {"recalled_at": timezone.now(), "round": 2}])
def test_the_database_refuses_any_other_change_of_a_submission(change):
    submitted()
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.update(**change)


def test_the_database_refuses_to_recall_twice_or_to_take_a_recall_back():
    recall(submitted())
    for at in (None, timezone.now()):
        with pytest.raises(DatabaseError), transaction.atomic():
            Submission.every.update(recalled_at=at)
    assert Look.objects.count() == 0


@pytest.mark.parametrize("is_answered", [False, True])
def test_what_has_been_asked_about_is_not_taken_back(is_answered):
    application = submitted()
    seen, asks = application.last_record_id, casework.actor(application)
    question = questions.ask(application.pk, actor=asks, seen=seen, words="电话打不通。")
    if is_answered:
        questions.answer(question.pk, actor=Actor.of(application.account), words="已经改了。")
    application.refresh_from_db()
    assert recalling.open_until(application, timezone.now()) is None
    assert refused(application) == f"工作人员已经查看过您的材料，不能再撤回。{recalling.HELP}"
