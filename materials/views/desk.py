from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates.applications import steps
from candidates.applications.access import candidates_only, get_my_application, get_my_application_anew
from candidates.applications.states import Status
from candidates.applications.workflow import ROLES, beginning
from candidates.forms.fields import PlainField, WholeNumberField
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from candidates.views.answers import actor_of
from materials import recalling, submitting
from materials.desk import Desk
from materials.pictures import formats
from materials.rules.catalogue import PICTURE_RULES
from materials.uploads import MAX_IMAGES
from materials.views import cards
from materials.views.images import links_of

LOCKED = "上报完成，内容已锁定"
STALE = "页面已过期，请核对后再次提交。"
NOTHING_TO_SHOW = (Status.DRAFT,)
# tags of a message that 核对并提交, or the desk, tells at its head: why nothing was submitted
UNDECLARED, AS_SHOWN, CHANGED = "submit:undeclared", "submit:as-shown", "submit:changed"


class SubmitForm(forms.Form):
    """`seen` is the last record, `shown` the Desk.fingerprint that the page was drawn with."""

    seen = WholeNumberField(required=False)
    shown = PlainField(required=False, empty_value=None)
    declaration = forms.BooleanField(
        label="本人承诺所提交的信息和材料真实、准确、完整、有效",
        error_messages={"required": submitting.UNDECLARED},
    )


@candidates_only
@require_safe
def desk(request):
    """Show all categories with their pictures."""
    return _desk_page(request, Desk.of(get_my_application(request)))


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request):
    """Show everything once more (核对并提交) on GET; lock it on POST."""
    application = get_my_application(request)
    if request.method == "POST":
        return _submit(request, application)
    desk = Desk.of(application)
    bar = cards.bar(desk)
    return _check_page(request, desk, bar) if bar.may_submit else redirect("materials:desk")


def _submit(request, application):
    form = SubmitForm(request.POST)
    if "declaration" in form.errors:
        return _refused(request, UNDECLARED, submitting.UNDECLARED)
    if not form.is_valid():
        return _refused(request, CHANGED, STALE)

    said = form.cleaned_data
    try:
        submitting.submit(
            application.pk,
            actor=actor_of(request),
            declared=said["declaration"],
            seen=said["seen"],
            shown=said["shown"],
        )
    except Refused:
        return _refused(request, AS_SHOWN, "还不能提交审核：请先处理下面列出的事项。")
    except AlreadyMoved as moved:
        return _refused(request, CHANGED, _moved(moved))
    except NotAllowed as refusal:
        return _refused(request, CHANGED, str(refusal))
    return redirect("materials:desk")


def _refused(request, tag, sentence):
    """Lead to 核对并提交 as it is now, which tells the sentence: no browser goes back to a page drawn at its POST.

    Where there is nothing to submit any more, the desk tells it.
    """
    may_submit = cards.bar(Desk.of(get_my_application_anew(request))).may_submit
    messages.error(request, sentence, extra_tags=tag)
    return redirect("materials:submit" if may_submit else "materials:desk")


def _moved(moved):
    record = moved.record
    if record is None:
        return STALE

    when = beginning(record.at)
    if record.action == "submit":
        return f"您已于 {when} 提交审核，不必重复提交。"
    if record.level == "candidate":
        return f"您在另一个页面修改过报名表（{when}），下面是最新的内容。请核对后再次提交。"
    return f"{moved}：{ROLES[record.level]}，{when}。下面是最新的内容，请核对后再操作。"


def _desk_page(request, desk):
    context = _context(request, desk, cards.bar(desk)) | {"address": reverse("materials:desk")}
    brought = {"bring": desk.onsite_lines, "own_brought": desk.own_brought}
    refused = next(iter(context["told"].values()), "")
    return render(request, "materials/desk.html", context | brought | {"refused": refused})


def _check_page(request, desk, bar):
    context = _context(request, desk, bar) | {"address": reverse("materials:submit")}
    told = context["told"]
    more = {
        # a promise stays ticked where all that it was given for is what is shown
        "form": SubmitForm({}) if UNDECLARED in told else SubmitForm(initial={"declaration": AS_SHOWN in told}),
        "refused": told.get(AS_SHOWN) or told.get(CHANGED, ""),
        "shown": desk.fingerprint(),
        "may_recall": recalling.would_be_open(desk.application, desk.now),
        "checking": True,
        "remarks": [*cards.remarks(context["cards"]), *cards.doubts(desk)],
    }
    return render(request, "materials/check.html", context | more)


def _context(request, desk, bar):
    """Return what both pages show: the cards, and the sheets that belong to them."""
    told = list(messages.get_messages(request))
    application = desk.application
    shown = cards.cards(desk, told, links_of(request.session)) if application.status not in NOTHING_TO_SHOW else []
    return {
        "application": application,
        "bar": bar,
        "steps": steps.steps(application, desk.now, is_ready=bar.is_ready),
        "cards": shown,
        "replaced": _replaced(shown, request.GET.get("replaces", "")),
        "messages": [one for one in told if not one.tags.startswith(("card:", "submit:"))],
        "told": {one.extra_tags: one.message for one in told if one.extra_tags.startswith("submit:")},
        "picture_rules": PICTURE_RULES,
        "formats": formats,
        "locked": LOCKED,
        "recall_until": recalling.open_until(application, desk.now),
        "max_images": MAX_IMAGES,
    }


def _replaced(shown, asked):
    """Return the picture that the next upload takes the place of, where the address names one that may go."""
    tiles = [tile for card in shown for tile in card.tiles]
    return next((tile for tile in tiles if str(tile.image.pk) == asked and tile.removable), None)
