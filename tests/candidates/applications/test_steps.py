"""The stepper, the deadline of the step, and the one thing to do next, for every state."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from candidates.applications import steps
from candidates.applications.states import STATUSES, Status
from candidates.applications.workflow import beginning, moment
from candidates.models import Application
from tests import factories
from tests.factories import make_application, make_session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def in_words(application, now=None):
    """The stepper in one line: what stands where, and what is written under the current step."""
    drawn = steps.steps(application, now or timezone.now())
    signs = {"done": "+", "current": ">", "problem": "!", "todo": "-"}
    return "".join(signs[one["state"]] for one in drawn), next((one["detail"] for one in drawn if one["detail"]), "")


def current(application, now, **more):
    """The step that is marked: its state, word and date."""
    drawn = steps.steps(application, now, **more)
    return next((one["state"], one["word"], one["detail"]) for one in drawn if one["state"] in ("current", "problem"))


def next_of(application, now=None, *, conflicts=False):
    found = steps.next_step(application, now or timezone.now(), conflicts=conflicts)
    return found.words, found.label, found.address, found.until


def of(status, **windows):
    """An application in a session with these windows; `windows` are days from now: (opens, closes)."""
    now = timezone.now()
    session = make_session(
        **{name: (now + opens * DAY, now + closes * DAY) for name, (opens, closes) in windows.items()}
    )
    return Application(status=status, session=session)


@pytest.mark.parametrize(
    ("status", "signs"),
    [
        (Status.DRAFT, ">-------"),
        (Status.REGISTERED, "+>------"),
        (Status.RETURNED, "+!------"),
        (Status.POINT_REVIEW, "+++>----"),
        (Status.SITE_REVIEW, "++++>---"),
        (Status.REGION_REVIEW, "+++++>--"),
        (Status.PAYMENT_DUE, "++++++>-"),
        (Status.PAID, "++++++++"),
        (Status.CANCELLED, "+++++++!"),
        (Status.WITHDRAWN, ""),
    ],
)
def test_every_state_has_its_step(status, signs):
    assert in_words(of(status))[0] == signs


def test_before_there_is_an_application_the_first_step_is_ahead():
    assert in_words(None) == (">-------", "")


def test_a_rejection_stands_at_the_level_that_rejected():
    application = make_application("rejected")
    assert in_words(application) == ("+++!----", "审核不通过")
    assert [one["word"] for one in steps.steps(application, timezone.now())] == ["已结束"] * 8
    application.last_record.level = "region"
    assert in_words(application)[0] == "+++++!--"


@pytest.mark.parametrize(
    ("status", "window"),
    [(Status.DRAFT, "registration"), (Status.REGISTERED, "upload"), (Status.PAYMENT_DUE, "payment")],
)
def test_the_step_ends_with_its_window_and_then_has_no_end(status, window):
    application = of(status, **{window: (-1, 9)})
    closes = getattr(application.session, f"{window}_closes")
    assert steps.deadline(application, closes - timedelta(seconds=1)) == closes
    assert in_words(application)[1] == f"{moment(closes)} 前"
    assert steps.deadline(application, closes) is None
    assert current(application, closes) == ("problem", "已截止", moment(closes))


@pytest.mark.parametrize(
    ("status", "window"),
    [(Status.DRAFT, "registration"), (Status.REGISTERED, "upload"), (Status.PAYMENT_DUE, "payment")],
)
def test_a_step_whose_window_is_still_closed_is_not_under_way(status, window):
    application = of(status, **{window: (1, 9)})
    opens = getattr(application.session, f"{window}_opens")
    assert current(application, opens - timedelta(seconds=1)) == ("current", "未开始", f"{beginning(opens)} 开始")
    assert current(application, opens)[1] == ""


@pytest.mark.parametrize(
    ("days", "told"), [((1, 9), ("current", "未开始")), ((-1, 9), ("current", "")), ((-9, -1), ("problem", "已截止"))]
)
def test_who_has_not_begun_reads_whether_registration_is_open(days, told):
    session = of(Status.DRAFT, registration=days).session
    assert current(None, timezone.now(), session=session)[:2] == told


def test_a_correction_ends_with_the_returns_deadline():
    application = make_application("returned")
    until = application.return_deadline
    assert steps.deadline(application, timezone.now()) == until
    assert current(application, until - DAY) == ("problem", "", f"{moment(until)} 前")
    assert current(application, until) == ("problem", "已截止", moment(until))


def test_a_review_goes_on_after_the_day_of_its_question():
    application = of(Status.POINT_REVIEW)
    application.question_until = until = timezone.now() + DAY
    assert current(application, until - DAY) == ("current", "", f"{moment(until)} 前")
    assert current(application, until) == ("current", "", "")


@pytest.mark.parametrize("status", [Status.POINT_REVIEW, Status.SITE_REVIEW, Status.REGION_REVIEW, Status.PAID])
def test_where_the_candidate_waits_there_is_no_deadline_and_no_button(status):
    application = of(status)
    assert steps.deadline(application, timezone.now()) is None
    assert next_of(application)[1:] == ("", "", None)


def test_every_state_says_what_is_next():
    assert [status for status in STATUSES if not next_of(of(status))[0]] == []


def test_a_draft_is_filled_in_then_checked():
    application = of(Status.DRAFT)
    closes = application.session.registration_closes
    assert next_of(application, conflicts=True)[1:] == ("继续填写报名表", "/application/edit/", closes)
    assert next_of(application)[1:] == ("核对并完成报名", "/application/check/", closes)


def test_a_draft_is_late_once_registration_has_closed():
    application = of(Status.DRAFT, registration=(-9, -1))
    closed = moment(application.session.registration_closes)
    assert next_of(application) == (
        f"网上报名已于 {closed} 截止。报名表没有完成，本年度不能再提交。",
        "",
        "",
        None,
    )


def test_a_registered_one_uploads_or_mends_its_form_first():
    application = of(Status.REGISTERED)
    closes = application.session.upload_closes
    assert next_of(application)[1:] == ("上传相关材料", "/materials/", closes)
    assert next_of(application, conflicts=True)[1:] == ("修改报名表", "/application/edit/", closes)


def test_before_uploading_opens_there_is_something_to_print():
    application = of(Status.REGISTERED, upload=(5, 9))
    opens = beginning(application.session.upload_opens)
    words = f"报名成功。上传材料将于 {opens} 开始。"
    assert next_of(application) == (words, "打印报名材料", "/application/documents/", None)


@pytest.mark.parametrize(
    ("named", "label", "address"),
    [
        ({"sections": {"work": "请核对"}}, "修改报名表", "/application/edit/"),
        ({"categories": {"diploma": "请重传"}}, "补正材料并提交", "/materials/"),
    ],
)
def test_a_returned_one_is_mended_where_the_return_names_it(named, label, address):
    application = make_application("returned", named=named)
    assert next_of(application)[1:] == (label, address, application.return_deadline)


def test_a_returned_one_is_late_after_its_deadline():
    application = make_application("returned")
    until = application.return_deadline
    words = f"补正期限已于 {moment(until)} 截止。如需延长，请联系退回您报名的单位。"
    assert next_of(application, until) == (words, "", "", None)


def test_payment_is_asked_for_while_it_can_be_paid():
    application = of(Status.PAYMENT_DUE)
    closes = application.session.payment_closes
    assert next_of(application) == ("审核已通过，请缴费。", "去缴费", "/payment/", closes)
    assert next_of(application, closes)[0] == f"未按期缴费：缴费已于 {moment(closes)} 截止。"
    opens = application.session.payment_opens
    early = opens - timedelta(days=1)
    assert next_of(application, early)[0] == f"审核已通过。缴费将于 {beginning(opens)} 开始。"


def test_who_withdrew_may_begin_anew_while_registration_is_open():
    application = of(Status.WITHDRAWN)
    closes = application.session.registration_closes
    assert next_of(application)[0] == "您已撤销本次报名。报名期间可以重新报名。"
    assert next_of(application, closes)[0] == f"您已撤销本次报名。网上报名已于 {moment(closes)} 截止。"


def test_midnight_is_said_as_the_end_of_the_day():
    closes = datetime(2027, 3, 9, tzinfo=timezone.get_default_timezone())
    application = Application(status=Status.DRAFT, session=make_session(2027, registration=(closes - 9 * DAY, closes)))
    assert in_words(application, closes - DAY)[1] == "2027 年 3 月 8 日 24:00 前"


@pytest.mark.parametrize("status", [Status.SITE_REVIEW, Status.REGION_REVIEW, Status.PAID])
def test_who_owes_nothing_reads_that_nothing_is_to_be_done(status):
    assert next_of(of(status))[0].endswith("现在不需要您做什么。")


@pytest.mark.parametrize("status", [Status.SITE_REVIEW, Status.REGION_REVIEW, Status.PAID])
def test_who_owes_a_paper_reads_until_when_and_never_that_nothing_is_to_be_done(status):
    application = of(status)
    application.owed = ["probation"]
    until = application.session.owed_until
    before, after = next_of(application, until - DAY)[0], next_of(application, until)[0]
    assert before.endswith(f"请在 {moment(until)} 前补交待补材料。")
    assert after.endswith("待补材料的期限已过，请联系您的考点。")
    assert "不需要您做什么" not in before + after


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.RETURNED])
def test_with_all_in_its_place_the_third_step_is_the_one_that_is_left(status):
    application = of(status)
    application.return_deadline = application.session.upload_closes
    now, until = timezone.now(), moment(application.session.upload_closes)
    drawn = steps.steps(application, now, is_ready=True)
    assert [one["state"] for one in drawn[:4]] == ["done", "done", "current", "todo"]
    assert (drawn[2]["word"], drawn[2]["detail"]) == ("还差一步", f"{until} 前")
    found = steps.next_step(application, now, conflicts=False, is_ready=True)
    assert found.words.startswith("还差一步：提交审核。")
    assert (found.label, found.address) == ("核对并提交", "/materials/submit/")


def test_with_all_in_its_place_the_overview_does_not_say_that_pictures_are_to_come(client):
    application = make_application("registered")
    factories.upload_required(application)
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    page = client.get("/application/").content.decode()
    assert ["还差一步" in page, "报名成功" in page, "待上传材料" in page] == [True, True, False]
    now = timezone.now()
    named = [steps.state_words(of(one), now, is_ready=True) for one in ("registered", "returned")]
    assert named == ["报名成功", "退回补正"]
    assert steps.state_words(of("registered"), now) == STATUSES["registered"]


@pytest.mark.parametrize(
    ("status", "window", "words"),
    [
        (Status.DRAFT, "registration", "没有完成报名"),
        (Status.REGISTERED, "upload", "没有提交审核"),
        (Status.PAYMENT_DUE, "payment", "没有按期缴费"),
    ],
)
def test_after_its_window_a_state_is_not_named_as_if_something_could_still_come(status, window, words):
    application = of(status, **{window: (-1, 9)})
    closes = getattr(application.session, f"{window}_closes")
    assert steps.state_words(application, closes - timedelta(seconds=1)) == STATUSES[status]
    assert steps.state_words(application, closes) == words


def test_a_return_that_was_not_mended_in_time_is_named_so():
    application = make_application("returned")
    assert steps.state_words(application, application.return_deadline) == "没有按期补正"
