"""Where an application stands, in words: the stepper, the deadline of the current step, and what to do next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from candidates.applications.states import ENDED_BY_AN_OFFICE, LEVEL_OF_STATUS, REVIEW, STATUSES, WAITING_AT, Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.windows import correction_closed, payment_closed
from candidates.applications.workflow import beginning, moment, window_closed
from candidates.models import Application, ExamSession
from candidates.rules.levels import FIRST, LABELS, LEVELS, ROLES

REVIEW_STEPS = {level: f"{LABELS[level]}审核" for level in LEVELS}
STEPS = ("报名", "上传材料", "提交审核", *REVIEW_STEPS.values(), "缴费", "完成")
REVIEWS = {level: STEPS.index(name) for level, name in REVIEW_STEPS.items()}
CURRENT: dict[str, int] = {
    Status.DRAFT: STEPS.index("报名"),
    Status.REGISTERED: STEPS.index("上传材料"),
    Status.RETURNED: STEPS.index("上传材料"),
    **{WAITING_AT[level]: place for level, place in REVIEWS.items()},
    Status.PAYMENT_DUE: STEPS.index("缴费"),
    Status.PAID: len(STEPS),
    Status.CANCELLED: STEPS.index("完成"),
}
SUBMITTING = STEPS.index("提交审核")
PROBLEMS = (Status.RETURNED, *ENDED_BY_AN_OFFICE)
WINDOW_OF: dict[str, str] = {
    Status.DRAFT: "registration",
    Status.REGISTERED: "upload",
}
TOO_LATE: dict[str, str] = {
    Status.DRAFT: "没有完成报名",
    Status.REGISTERED: "没有提交审核",
    Status.RETURNED: "没有按期补正",
    Status.PAYMENT_DUE: "没有按期缴费",
}
NOT_YET, OVER = "未开始", "已截止"  # of a step whose window is closed


@dataclass(frozen=True)
class Next:
    """What to do now: words, and at most one button (`label` leads to `address`)."""

    words: str
    label: str = ""
    address: str = ""
    until: datetime | None = None


def steps(
    application: Application | None, now: datetime, *, session: ExamSession | None = None, is_ready: bool = False
) -> list[dict[str, str]]:
    """Return what parts/stepper.html takes; empty for a withdrawn application.

    `session`: the one that could be applied for, where there is no application yet. `is_ready`: nothing but 提交审核 is
    left to do (materials.submitting.is_ready).
    """
    if application is not None and application.status == Status.WITHDRAWN:
        return []
    current = SUBMITTING if is_ready else _current(application)
    word, detail = _said(application, session, now)
    is_late = word == OVER and not is_ready
    return [
        {
            "label": name,
            "state": _state(place, current, application, is_ready=is_ready, is_late=is_late),
            "detail": detail if place == current else "",
            "word": LAST_STEP if is_ready else word,
        }
        for place, name in enumerate(STEPS)
    ]


def _current(application: Application | None) -> int:
    if application is None:
        return 0
    if application.status == Status.REJECTED:
        record = application.last_record
        return REVIEWS.get(record.level if record else "", REVIEWS[FIRST])
    return CURRENT[application.status]


def _state(place: int, current: int, application: Application | None, *, is_ready: bool, is_late: bool) -> str:
    if place != current:
        return "done" if place < current else "todo"
    is_problem = is_late or (application is not None and application.status in PROBLEMS)
    return "problem" if is_problem and not is_ready else "current"


def _said(application: Application | None, session: ExamSession | None, now: datetime) -> tuple[str, str]:
    """Return the current step's word, empty for the usual one, and what stands under it: a date, or how it ended."""
    if application is not None and application.status in ENDED_BY_AN_OFFICE:
        return "已结束", STATUSES[application.status]
    if application is not None and application.status in REVIEW:
        until = deadline(application, now)  # of a question: the review goes on after it
        return "", f"{moment(until)} 前" if until else ""
    opens, closes = _term(application, session)
    if opens and now < opens:
        return NOT_YET, f"{beginning(opens)} 开始"
    if not closes or (application is None and now < closes):
        return "", ""
    return ("", f"{moment(closes)} 前") if now < closes else (OVER, moment(closes))


def _term(application: Application | None, session: ExamSession | None) -> tuple[datetime | None, datetime | None]:
    """Return from when and until when the candidate can do what the current step asks for."""
    if application is None:
        return (session.registration_opens, session.registration_closes) if session else (None, None)
    if application.status == Status.PAYMENT_DUE:
        session, own = application.session, application.payment_deadline
        return session.payment_opens, max(session.payment_closes, own) if own else session.payment_closes
    if application.status in WINDOW_OF:
        window = WINDOW_OF[application.status]
        return getattr(application.session, f"{window}_opens"), getattr(application.session, f"{window}_closes")
    return None, application.return_deadline if application.status == Status.RETURNED else None


def deadline(application: Application, now: datetime) -> datetime | None:
    """Return until when the candidate has to act; None where nothing waits for that, or the time is over."""
    session = application.session
    closes: dict[str, datetime | None] = {
        Status.DRAFT: session.registration_closes,
        Status.REGISTERED: session.upload_closes,
        Status.RETURNED: application.return_deadline,
        Status.PAYMENT_DUE: application.pays_until,
        **dict.fromkeys(REVIEW, application.question_until),
    }
    until = closes.get(application.status)
    return until if until and now < until else None


def next_step(application: Application, now: datetime, *, conflicts: bool, is_ready: bool = False) -> Next:
    """Return one sentence and at most one button.

    `conflicts`: the form contradicts itself or lacks something; `is_ready`: as for steps.
    """
    if is_ready:
        return Next(READY[application.status], "核对并提交", reverse("materials:submit"), deadline(application, now))
    if application.question is not None:
        return _answer(application, now)
    by_status: dict[str, Callable[[Application, datetime, bool], Next]] = {
        Status.DRAFT: _finish_form,
        Status.REGISTERED: _upload,
        Status.RETURNED: _correct,
        Status.PAYMENT_DUE: _pay,
        Status.WITHDRAWN: _again,
    }
    act = by_status.get(application.status)
    return act(application, now, conflicts) if act else Next(QUIET[application.status] + _rest(application, now))


def state_words(application: Application, now: datetime, *, is_ready: bool = False) -> str:
    """Return the state as the overview names it: never that something is to come which is there, or too late."""
    _, closes = _term(application, None)
    if not is_ready and closes and now >= closes:
        return TOO_LATE[application.status]
    words = STATUSES[application.status]
    return words.partition("，")[0] if is_ready else words


def _rest(application: Application, now: datetime) -> str:
    """Say what is left to do while an office works, or when all is done; nothing after an office's no."""
    if application.status not in RESTING:
        return ""
    if not application.owed:
        return "现在不需要您做什么。"
    until = application.session.owed_until
    if now < until:
        return f"请在 {moment(until)} 前补交待补材料。"
    return "待补材料的期限已过，请联系您的考点。"


LAST_STEP = "还差一步"
READY: dict[str, str] = {
    Status.REGISTERED: f"{LAST_STEP}：提交审核。需要的材料都已上传，提交以后审核单位才能看到。",
    Status.RETURNED: f"{LAST_STEP}：提交审核。要求补正的内容都已改好，再次提交以后审核单位才能看到。",
}
QUIET: dict[str, str] = {
    Status.POINT_REVIEW: "上报完成，内容已锁定。材料正由报名点审核，请携带通知单和原件到报名点参加现场审核。",
    Status.SITE_REVIEW: "报名点审核已通过，材料正由考点审核。",
    Status.REGION_REVIEW: "考点审核已通过，材料正由考区审核。",
    Status.PAID: "报名已完成。",
    Status.REJECTED: "您的报名没有通过审核，原因见下。如有疑问，请联系作出决定的单位。",
    Status.CANCELLED: "您的考试资格已取消，原因见下。如有疑问，请联系您的考点。",
}
RESTING = (Status.SITE_REVIEW, Status.REGION_REVIEW, Status.PAID)


def _finish_form(application: Application, now: datetime, conflicts: bool) -> Next:
    closed = window_closed(application.session, "registration", now)
    if closed:
        return Next(f"{closed}报名表没有完成，本年度不能再提交。")
    until = application.session.registration_closes
    if conflicts:
        return Next("报名表还没有填完，请继续填写。", "继续填写报名表", reverse("edit"), until)
    return Next("报名表已填完，请核对后完成报名。", "核对并完成报名", reverse("check"), until)


def _upload(application: Application, now: datetime, conflicts: bool) -> Next:
    closed = window_closed(application.session, "upload", now)
    if closed:
        return Next(f"报名成功。{closed}", "打印报名材料", reverse("materials:documents"))
    until = application.session.upload_closes
    if conflicts:
        return Next("报名表中有需要修改的内容，改好后才能提交审核。", "修改报名表", reverse("edit"), until)
    return Next("报名成功。请上传相关材料，然后提交审核。", "上传相关材料", reverse("materials:desk"), until)


def _correct(application: Application, now: datetime, conflicts: bool) -> Next:
    closed = correction_closed(application, now)
    if closed:
        return Next(closed)

    until = application.return_deadline
    words = "您的报名被退回，请按下面的原因补正，然后再次提交审核。"
    if Unlocking.of(application).unsaved_sections:
        return Next(words, "修改报名表", reverse("edit"), until)
    return Next(words, "补正材料并提交", reverse("materials:desk"), until)


def _pay(application: Application, now: datetime, conflicts: bool) -> Next:
    closed = payment_closed(application, now)
    if not closed:
        return Next("审核已通过，请缴费。", "去缴费", reverse("payment:pay"), application.pays_until)
    return Next(f"未按期缴费：{closed}" if now >= application.pays_until else f"审核已通过。{closed}")


def _answer(application: Application, now: datetime) -> Next:
    """Lead to the question that is open: after its day too, as long as nobody has decided."""
    asks = ROLES[LEVEL_OF_STATUS[application.status]]
    until, address = deadline(application, now), reverse("question", args=[application.question])
    if until:
        return Next(f"{asks}有一个问题，请您答复。材料仍在审核中，其他内容保持锁定。", "查看并答复", address, until)
    return Next(f"{asks}的问题还没有答复，期限已过。在审核单位决定以前，您仍可以答复。", "查看并答复", address)


def _again(application: Application, now: datetime, conflicts: bool) -> Next:
    closed = window_closed(application.session, "registration", now)
    return Next(f"您已撤销本次报名。{closed}" if closed else "您已撤销本次报名。报名期间可以重新报名。")
