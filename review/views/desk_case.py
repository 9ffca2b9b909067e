"""受理窗口: one person at the desk: the on-site list first, then what is taken of the originals, then the case."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from candidates.applications.access import get_case, open_case
from candidates.applications.states import Status
from candidates.applications.workflow import actions_for
from candidates.rules.refusals import NotAllowed, PictureRefused, Refused
from candidates.views.answers import actor_of, refusals_told_on
from materials.pictures import formats
from materials.pictures.check import check
from materials.rules.catalogue import BY_CODE
from materials.turns import upload_turn
from review.appointments import captures, desk, lines
from review.cases import onsite_receipt
from review.forms.onsite import MarkForm
from review.models import Appointment
from review.views.case import case_for
from review.views.desk import desk_of, of_point


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def called(request, pk):
    """Show the papers of who was called, or of a row of the list; keep the marks of the on-site list on POST."""
    row = of_point(request, pk)
    if row.application is None and request.method == "POST":
        return _identified(request, row)
    if row.application is None or not row.application.number:
        return render(request, "review/desk_nobody.html", {"row": row})
    return _papers(request, row.application.number, row)


def _identified(request, row):
    """Put a number without an appointment down to whom was scanned, and open his papers."""
    text = request.POST.get("text", "")[:200]
    try:
        desk.identify(row.pk, request.user, text)
    except NotAllowed as refusal:
        return render(
            request, "review/desk_nobody.html", {"row": row, "problem": str(refusal), "typed": text}, status=422
        )
    return redirect("review:desk_case", pk=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told_on("review/refused.html")
def parked(request, number):
    """Show the papers of a case that is on the afternoon's list, whose appointment was another day or is done."""
    desk_of(request)
    get_case(request, number)
    return _papers(request, number, None)


def _papers(request, number, row):
    try:
        application = open_case(request, number, "case")
    except Http404:
        if row is None:
            raise
        return render(request, "review/desk_nobody.html", {"row": row})
    desk_of(request)
    if request.method == "POST":
        return _marked(request, application, row)
    return _drawn(request, application, row, MarkForm(lines.of_case(application)))


def _marked(request, application, row):
    form = MarkForm(lines.of_case(application), request.POST)
    if form.is_valid():
        try:
            marked = lines.mark(application.pk, form.marks, actor=actor_of(request))
        except Refused as refusal:
            form.refuse(refusal.problems)
        else:
            later = sum(one.mark == "later" for one in marked)
            left = sum(not one.mark for one in marked)
            messages.success(request, f"核对结果已保存：下午补看 {later} 项，还没有核对 {left} 项。")
            return redirect(_here(application, row))
    return _drawn(request, application, row, form, status=422)


def _here(application, row):
    if row is not None:
        return reverse("review:desk_case", args=[row.pk])
    return reverse("review:desk_parked", args=[application.number])


def _drawn(request, application, row, form, *, problem=("", ""), status=200):
    case = case_for(request.user, application)
    folders = [folder for folder in case.folders if folder.sheets]
    context = {
        "application": application,
        "row": row,
        "here": _here(application, row),
        "form": form,
        "problem_of": problem,
        "marks": lines.MARKS,
        "may_mark": "pass" in actions_for(application, request.user),
        "waits_here": application.status == Status.POINT_REVIEW,
        "folders": folders,
        "shown": {folder.code for folder in folders},
        "categories": [(code, one.label) for code, one in BY_CODE.items()],
        "captures": captures.of_case(application),
        "has_receipt": bool(onsite_receipt.ticks_of(application)),
        "formats": formats,
    }
    return render(request, "review/desk_case.html", context, status=status)


@require_POST
@refusals_told_on("review/refused.html")
def capture(request, number):
    """Keep a picture that the desk has taken: of a file dropped onto a category, or chosen."""
    desk_of(request)
    application = get_case(request, number)
    row = _row_of(request, application)
    try:
        _take(request, application)
    except PictureRefused as refusal:
        form = MarkForm(lines.of_case(application))
        problem = (request.POST.get("category", ""), refusal.sentence)
        return _drawn(request, application, row, form, problem=problem, status=422)
    messages.success(request, "已采集一张图片。它不属于考生提交的材料，也不用判定合格或不合格。")
    return redirect(f"{_here(application, row)}#captures")


def _row_of(request, application):
    found = Appointment.objects.filter(application=application, point=desk_of(request), day=timezone.localdate())
    return found.exclude(state="ended").select_related("slot", "point", "called_by", "application").last()


def _take(request, application):
    file = request.FILES.get("image")
    if "capture" not in actions_for(application, request.user):
        raise NotAllowed("这份申请现在不在本报名点审核，不能采集图片。")
    if not file:
        raise PictureRefused("empty", "没有收到图片：请把高拍仪的图片拖到这里，或选取文件。")
    with upload_turn(request.user.pk) as turn:
        picture = check(
            file.read(),
            size=file.size,
            min_side=settings.PICTURE_MIN_SIDE,
            before=lambda received, is_costly: turn.admit(is_costly),
        )
        category = request.POST.get("category", "")
        return captures.add(application.pk, category=category, picture=picture, actor=actor_of(request))
