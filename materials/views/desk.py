from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from candidates import steps
from candidates.access import candidates_only, get_my_application
from candidates.auth import client_address
from candidates.workflow import ROLES, Actor, AlreadyMoved, NotAllowed, Refused, moment
from materials import uploads
from materials.catalogue import PICTURE_RULES
from materials.views import cards

LOCKED = "上报完成，内容已锁定"
NOTHING_TO_SHOW = ("draft",)


class SubmitForm(forms.Form):
    """`seen` is the id of the last record that the page was drawn with."""

    seen = forms.IntegerField(required=False)


@candidates_only
@require_safe
def desk(request):
    """All categories; with ?confirm=1 the question that comes before submitting with fewer pictures than documents."""
    application = get_my_application(request)
    hints = cards.bar(uploads.Desk.of(application)).hints if request.GET.get("confirm") else {}
    if not hints:
        return _page(request, application)
    context = {"application": application, "hints": hints, "steps": steps.steps(application, timezone.now())}
    return render(request, "materials/confirm_submit.html", context)


@candidates_only
@require_POST
def submit(request):
    """提交审核: everything is locked."""
    application = get_my_application(request)
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _page(request, application, refused="页面已过期，请核对后再次提交。", status=409)
    actor = Actor.of(request.user, client_address(request))
    try:
        uploads.submit(application.pk, actor=actor, seen=form.cleaned_data["seen"])
    except Refused:
        return _page(request, application, refused="还不能提交审核：请先处理下面列出的事项。", status=422)
    except AlreadyMoved as moved:
        return _page(request, get_my_application(request), refused=_moved(moved), status=409)
    except NotAllowed as refusal:
        return _page(request, get_my_application(request), refused=str(refusal), status=409)
    return redirect("materials:desk")


def _moved(moved):
    record = moved.record
    if record is None:
        return "页面已过期，请核对后再次提交。"
    when = moment(record.at)
    if record.action == "submit":
        return f"您已于 {when} 提交审核，不必重复提交。"
    if record.level == "candidate":
        return f"您在另一个页面修改过报名信息（{when}），下面是最新的内容。请核对后再次提交。"
    return f"{moved}：{ROLES[record.level]}，{when}。下面是最新的内容，请核对后再操作。"


def _page(request, application, *, refused="", status=200):
    desk = uploads.Desk.of(application)
    told = list(messages.get_messages(request))
    shown = cards.cards(desk, told) if application.status not in NOTHING_TO_SHOW else []
    context = {
        "application": application,
        "steps": steps.steps(application, desk.now),
        "cards": shown,
        "replaced": _replaced(shown, request.GET.get("replaces", "")),
        "bar": cards.bar(desk),
        "messages": [one for one in told if not one.tags.startswith("card:")],
        "refused": refused,
        "picture_rules": PICTURE_RULES,
        "locked": LOCKED,
        "max_images": uploads.MAX_IMAGES,
    }
    return render(request, "materials/desk.html", context, status=status)


def _replaced(shown, asked):
    """The picture that the next upload takes the place of, where the address names one that may go."""
    tiles = [tile for card in shown for tile in card.tiles]
    return next((tile for tile in tiles if str(tile.image.pk) == asked and tile.removable), None)
