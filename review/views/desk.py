"""受理窗口: the point's day, who has come, whom to call. What is scanned or typed is posted, and in no address."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from candidates.rules.refusals import NotAllowed
from candidates.views.answers import actor_of, record_id
from review.appointments import board, desk, hours
from review.models import Appointment, Board, Handover
from review.office.leading import heads

TOLD = {
    "arrive": "已到场",
    "unarrive": "已撤回到场",
    "call": "已叫号",
    "later": "已过号，排到现在已到的人后面",
    "done": "已办结",
    "absent": "已记为没有到场",
}


def desk_of(request):
    """Return the reviewer's own point; 404 for everybody who works at none."""
    if not desk.may_use(request.user):
        raise Http404
    return request.user.unit


@require_safe
def day(request):
    """List the day by time: today, or the day that is asked for."""
    point, now = desk_of(request), timezone.now()
    if hours.setting_of(point) is None:
        return render(request, "review/desk_off.html", {"leads": heads(request.user, point)})
    return _page(request, point, now)


def _page(request, point, now, *, came=None, typed="", status=200):
    wanted = _day(request.GET.get("day")) or desk.today(now)
    rows = list(desk.of_day(point, wanted))
    parked = list(desk.parked_at(point))
    papers = desk.parked_of([one.pk for one in parked])
    is_today = wanted == desk.today(now)
    local = timezone.localtime(now)
    context = {
        "point": point,
        "day": wanted,
        "is_today": is_today,
        "groups": _groups(rows, papers),
        "counts": [(name, sum(one.state == state for one in rows)) for state, name in desk.STATES.items()],
        "total": len(rows),
        "parked": [(one, papers[one.pk]) for one in parked],
        "afternoon": local.hour >= desk.AFTERNOON,
        "mine": [one for one in rows if one.state == "called" and one.called_by_id == request.user.pk],
        "waits": sum(one.state == "arrived" for one in rows),
        "came": came,
        "typed": typed,
        "now": now,
        "leads": heads(request.user, point),
        "board": Board.objects.filter(point=point).first(),
        "handover": Handover.objects.filter(point=point).first(),
    }
    return render(request, "review/desk.html", context, status=status)


def _groups(rows, papers):
    """Return the day's rows by their slots, those without an appointment last, each with what is parked of it."""
    found = {}
    for one in rows:
        found.setdefault(one.slot_id, []).append((one, papers.get(one.application_id, ())))
    slots = {one.slot_id: one.slot for one in rows}
    return [(slots[key], lines) for key, lines in found.items()]


def _day(text):
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@require_POST
def arrive(request):
    """Mark who was scanned or named as arrived, and say who it is; else ask, or say where to go."""
    point, now = _open(request), timezone.now()
    text = request.POST.get("text", "")[:200]
    try:
        came = desk.came(request.user, text, now=now)
    except NotAllowed as refusal:
        came = desk.Came(sentence=str(refusal))
    if came.appointment is None:
        return _page(request, point, now, came=came, typed=text, status=200 if came.without or came.several else 422)
    who = came.appointment
    name = who.application.name if who.application else ""
    said = {"arrived": "已到场", "called": "已经叫过号", "done": "今天已经办结"}[who.state]
    messages.success(request, f"{who.called_as} {name}：{said}。")
    if came.old:
        messages.warning(request, "扫描的是旧版通知单，已经作废：请核对本人信息，并提醒考生打印新版。")
    return redirect("review:desk")


def _open(request):
    """Return the reviewer's point, where it has switched appointments on; else 404: its page says how."""
    point = desk_of(request)
    if hours.setting_of(point) is None:
        raise Http404
    return point


@require_POST
def walk_in(request):
    """Give a number of today to somebody without an appointment: to a case of the point, or to nobody in particular."""
    point, now = _open(request), timezone.now()
    try:
        given = desk.walk_in(
            point, actor=actor_of(request), application=record_id(request.POST.get("case", "")) or None, now=now
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("review:desk")
    messages.success(request, f"已取号 {given.called_as}，请告诉考生。")
    return redirect("review:desk")


@require_POST
def call_next(request):
    """Call who is next, and lead to his papers."""
    point = _open(request)
    called = desk.call_next(point, actor=actor_of(request))
    if called is None:
        messages.info(request, "现在没有人等候。")
        return redirect("review:desk")
    messages.success(request, f"请 {called.called_as} 到窗口。")
    return redirect("review:desk_case", pk=called.pk)


@require_POST
def act(request):
    """Do one of desk.DEEDS with a row of the list: `deed` is the deed and the row's key."""
    _open(request)
    deed, _, key = request.POST.get("deed", "").partition(":")
    pk = record_id(key)
    if deed not in desk.DEEDS or pk is None:
        raise Http404
    of_point(request, pk)
    try:
        row = desk.do(pk, deed, actor=actor_of(request))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("review:desk")
    messages.success(request, f"{row.called_as or row.application.name}：{TOLD[deed]}。")
    return redirect("review:desk_case", pk=pk) if deed == "call" else redirect("review:desk")


def of_point(request, pk):
    """Return an appointment of the reviewer's own point; else 404."""
    found = Appointment.objects.filter(pk=pk, point=desk_of(request))
    row = found.select_related("slot", "point", "called_by", "application").first()
    if row is None:
        raise Http404
    return row


@require_POST
def renew_board(request):
    """Give the waiting room's screen a new address, or take the old one back: the head's."""
    point = desk_of(request)
    if not heads(request.user, point):
        raise Http404
    if request.POST.get("act") == "revoke":
        board.revoke(point)
        messages.success(request, "候场屏幕的地址已经失效，屏幕不再显示号码。")
    else:
        board.renew(point, by=request.user)
        messages.success(request, "候场屏幕有了新的地址，旧的地址已经失效。")
    return redirect("review:desk_settings")
