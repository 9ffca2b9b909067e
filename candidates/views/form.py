"""The application form: edited section by section, checked as a whole, completed."""

import secrets
from contextlib import suppress
from functools import lru_cache
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from candidates.applications import form_drafts, kept, registration, steps, summary
from candidates.applications.access import candidates_only, find_my_application, get_my_application
from candidates.applications.form import answers_of, editable_fields, print_of, problems
from candidates.applications.returning import last_application
from candidates.applications.states import Status
from candidates.applications.unlocking import Unlocking
from candidates.forms import finding, institutions, rare
from candidates.forms.sections import FORMS
from candidates.models import Application
from candidates.rules.places import places
from candidates.rules.questions import is_asked, is_idle, says
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from candidates.rules.sections import SECTION_OF, SECTIONS, heading, label
from candidates.views.answers import actor_of, moved_sentence, refusals_in_json, refusals_told, seen_in
from candidates.views.institutions import pace
from materials.desk import Desk
from materials.needs import asked_of, eligibility_warnings, lines_of
from materials.submitting import is_ready

ANOTHERS = "这一页是用另一个账号打开的，而这个浏览器现在登录的是您的账号。请重新打开报名表后再填写。"
SAVED_ELSEWHERE = "这一部分刚在另一个页面保存过：您在这里填写的内容已暂存，请刷新页面，核对后再保存。"


@candidates_only
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def edit(request):
    application = find_my_application(request)
    if application is None or application.status == Status.WITHDRAWN:
        return redirect("application")
    if request.method == "POST":
        return _save(request, application)

    editable, locked = _editable(application)
    if locked:
        locked += _unsaved(application)
    chosen = {level: request.GET[level] for level in ("region", "site") if request.GET.get(level)}
    forms = _forms(application, editable, offered=_offered(application), chosen=chosen or None)

    told = _problems(application, missing=application.status != Status.DRAFT or "check" in request.GET)
    for form in forms.values():
        form.show({field: words for field, words in told.items() if field in editable})

    forms |= _drafts(application, editable)
    asked = request.GET.get("section")
    return _page(request, application, forms, asked if asked in forms else _first(application, forms), locked)


def _drafts(application: Application, editable) -> dict:
    """Return the sections in which something was typed and not saved, as typed."""
    forms = {}
    for code, draft in form_drafts.of(application, timezone.now()).items():
        form = FORMS[code](application, editable, form_drafts.typed_in(draft, application))
        if form.is_open:
            form.draft, form.is_kept = draft, True
            form.is_stale = draft.drawn not in ("", form.drawn)
            forms[code] = form
    return forms


def _save(request, application: Application):
    """Save the section that was posted and go on to the next; or show it again as it was typed."""
    if kept.is_anothers(request):
        raise NotAllowed(ANOTHERS)
    code = request.POST.get("section", "")
    if code not in FORMS:
        raise Http404

    editable = editable_fields(application, timezone.now())
    if "drop" in request.POST:
        form_drafts.drop(application, code, request.POST)
        return _go_to(code)
    if "choose" in request.POST:
        return _relist(request, application, editable, code)

    if code == "work" and (finding.FIND in request.POST or finding.CHOOSE in request.POST):
        return _look_up(request, application, editable)

    form = FORMS[code](application, editable, request.POST)
    if institutions.ADD in request.POST or institutions.REMOVE in request.POST or not form.is_valid():
        return _kept(request, application, editable, form)

    if saved := _saved(request, application, form):
        _tell(request, application, saved, code)
        picked = getattr(form, "picked", {})
        return _go_to(code if picked else _after(saved.application, code), **picked)
    return _as_typed(request, application, editable, form)


def _go_to(code: str, **picked: str):
    return redirect(f"{reverse('edit')}?{urlencode({'section': code, **picked})}#section_{code}")


def _kept(request, application: Application, editable, form):
    """Keep a section as it was typed, and lead to the page that shows it, with what is wrong in it.

    No browser goes back to a page drawn at its POST; that is done only where another page has kept something else.
    """
    try:
        form_drafts.keep(application.pk, form.code, request.POST, actor=actor_of(request))
    except (NotAllowed, Refused):
        return _as_typed(request, application, editable, form)
    return _go_to(form.code)


def _as_typed(request, application: Application, editable, form, *, typed=None):
    """Draw a section that was not saved as it was typed, and keep that: a reload shows it again."""
    with suppress(NotAllowed, Refused):  # what was typed is on the page itself
        form.draft = form_drafts.keep(application.pk, form.code, typed or request.POST, actor=actor_of(request))
    forms = {**_forms(application, editable), **_drafts(application, editable), form.code: form}
    return _page(request, application, forms, form.code, "")


def _relist(request, application: Application, editable, code: str):
    """Draw, for a browser without scripts, the lists below the unit just chosen, all else as it was typed."""
    form = FORMS[code](application, editable, chosen=request.POST)
    form.initial |= {
        name: request.POST[name] for name in ("exam_category", "supplementary_test") if name in request.POST
    }
    return _as_typed(request, application, editable, form)


def _look_up(request, application: Application, editable):
    """Draw, for a browser without scripts, the institutions found, or the one chosen filled in; all else as typed."""
    typed = finding.typed_and_chosen(request.POST)
    form = FORMS["work"](application, editable, typed)
    if finding.FIND in request.POST:
        form.finder = finding.answer(request.POST, is_too_often=pace.is_too_often(request.user.pk))
    return _as_typed(request, application, editable, form, typed=typed)


def _saved(request, application: Application, form):
    """Return what save_section() does; None where the form now says why not."""
    try:
        return form_drafts.save(
            application.pk,
            form.code,
            form.values(),
            sent=request.POST,
            actor=actor_of(request),
            seen=seen_in(request),
        )
    except AlreadyMoved as moved:
        form.add_error(None, moved_sentence(moved, to_candidate=True))
    except Refused as refusal:
        for field, sentence in refusal.problems.items():
            form.add_error(field if field in form.fields else None, sentence)
    return None


def _tell(request, before: Application, saved, code: str) -> None:
    messages.success(request, f"“{SECTIONS[code].title}”已保存。")
    if dropped := _dropped(request, before, saved):
        messages.warning(request, f"按您的其他回答不再需要，没有保留：{'、'.join(dropped)}。")
    typed = (getattr(saved.application, field) for field in SECTIONS[code].fields)
    if told := rare.warning("".join(value for value in typed if isinstance(value, str))):
        messages.warning(request, told)
    known = eligibility_warnings(before)
    for one in eligibility_warnings(saved.application):
        if one not in known:
            messages.warning(request, f"报考条件提示：{one[1]}")
    if before.status == Status.DRAFT:
        return

    asked = asked_of(before)
    moved = before.site_id != saved.application.site_id
    was = {line.category.code: line for line in lines_of(before, asked=asked)}
    now = {line.category.code: line for line in lines_of(saved.application, asked=None if moved else asked)}
    added = [
        line.title for code, line in now.items() if line.is_required and not (code in was and was[code].is_required)
    ]
    gone = [line.title for code, line in was.items() if code not in now]
    eased = [line.title for code, line in was.items() if line.is_required and code in now and not now[code].is_required]

    if added:
        messages.warning(request, f"按修改后的信息，现在必须上传：{'、'.join(added)}。")
    if eased:
        messages.warning(request, f"按修改后的信息，现在可以不上传：{'、'.join(eased)}。")
    if gone:
        messages.warning(
            request, f"按修改后的信息，不再需要：{'、'.join(gone)}。已上传的图片会保留，标为“不需要”，由您自行删除。"
        )


def _dropped(request, before: Application, saved) -> list[str]:
    """Return what was saved before, and was neither asked nor sent this time."""
    answers = answers_of(saved.application)
    gone = [field for field in saved.changed if field not in request.POST and not says(answers[field])]
    return [label(field) for field in gone if says(getattr(before, field)) and not is_asked(field, answers)]


def _problems(application: Application, *, missing: bool) -> dict[str, str]:
    return problems(application, now=timezone.now(), missing=missing)


def _editable(application: Application):
    """Return the fields that may be changed now, and where there are none, why."""
    try:
        return editable_fields(application, timezone.now()), ""
    except NotAllowed as refusal:
        return frozenset(), str(refusal)


def _unsaved(application: Application) -> str:
    """Tell what was typed, is kept, and cannot be saved any more: until the windows are moved, say."""
    kept_of = form_drafts.of(application, timezone.now())
    titles = "、".join(f"“{section.title}”" for code, section in SECTIONS.items() if code in kept_of)
    return f"{titles}里有填写后没有保存的内容，现在不能再保存，以下面显示的为准。" if titles else ""


def _forms(application: Application, editable, *, offered=None, chosen=None):
    """Return every section's form as saved; sections never saved offer what an earlier session's had."""
    forms = {}
    for code, form in FORMS.items():
        earlier = offered if code not in application.saved_sections else None
        forms[code] = form(application, editable, offered=earlier, chosen=chosen)
    return forms


def _offered(application: Application) -> Application | None:
    """Return a returning candidate's last application, while the form is a draft with sections never saved."""
    is_wanted = application.status == Status.DRAFT and set(SECTIONS) - set(application.saved_sections)
    return last_application(application) if is_wanted else None


def _first(application: Application, forms) -> str:
    """Choose the section to open: one that a return named, else the first not saved yet or with something wrong."""
    named, unsaved = Unlocking.of(application).unsaved_sections, _not_saved_yet(application)
    wrong = [code for code, form in forms.items() if code in unsaved or form.told()]
    return next(iter([*named, *wrong]), next(iter(forms)))


def _after(application: Application, code: str) -> str:
    """Choose the section to go on with: the next one not saved yet, else the one just saved."""
    places = list(SECTIONS)
    rest = [*places[places.index(code) + 1 :], *places]
    if application.status != Status.DRAFT:
        return next(iter(Unlocking.of(application).unsaved_sections), code)
    unsaved = _not_saved_yet(application)
    return next((one for one in rest if one in unsaved), code)


def _not_saved_yet(application: Application) -> list[str]:
    """Return the sections that wait to be filled in: one in which nothing is asked does not."""
    answers = answers_of(application)
    left = [section for code, section in SECTIONS.items() if code not in application.saved_sections]
    return [section.code for section in left if not is_idle(section, answers)]


def _page(request, application: Application, forms, opened: str, locked: str):
    missing = _problems(application, missing=True)
    now = timezone.now()
    warned = eligibility_warnings(application, now=now)
    for form in forms.values():
        form.warn(warned)
    return render(
        request,
        "candidates/edit.html",
        {
            "application": application,
            "session": application.session,
            "steps": steps.steps(application, now, is_ready=is_ready(Desk.of(application, now))),
            "until": steps.deadline(application, now),
            "sections": [_as_card(application, form, opened, missing) for form in forms.values()],
            "told": [one for form in forms.values() for one in form.told()],
            "general": [one for form in forms.values() for one in form.non_field_errors()],
            "locked": locked,
            "places": _places(),
            "done": not missing,
            "seen": application.last_record_id or 0,
            "form_of": kept.token(request.user, request.path),
            "page": secrets.token_hex(8),
        },
    )


def _as_card(application: Application, form, opened: str, missing: dict[str, str]) -> dict:
    """Return what edit.html shows of one section; `missing` holds what the whole form still wants."""
    code, unlocking = form.code, Unlocking.of(application)
    return {
        "code": code,
        "title": form.section.title,
        "form": form,
        "opened": code == opened or form.is_kept,
        "here": code == opened,
        "reason": unlocking.sections.get(code, ""),
        "left": sum(SECTION_OF[field] == code for field in missing),
        "saved": code in (unlocking.saved if code in unlocking.sections else application.saved_sections),
        "idle": is_idle(form.section, answers_of(application)),
        "lines": [] if form.is_open else summary.lines_of(application, form.section),
    }


@lru_cache(maxsize=1)
def _places() -> str:
    """Return suggestions for the beginning of an address; the browser offers them without a script."""
    return format_html(
        '<datalist id="places">{}</datalist>', format_html_join("", '<option value="{}">', ((one,) for one in places()))
    )


@candidates_only
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def check(request):
    """Show what differs or matters, group by group, each with 修改 (核对); complete on POST."""
    application = get_my_application(request)
    if application.status != Status.DRAFT:
        return redirect("application")

    found = _problems(application, missing=True)
    if request.method == "POST":
        try:
            done = registration.complete(application.pk, actor=actor_of(request), seen=seen_in(request))
        except Refused:
            return redirect("check")  # which tells the same
        else:
            messages.success(request, f"报名成功，您的报名编号是 {done.number}。请上传相关材料。")
            return redirect("application")

    return render(
        request,
        "candidates/check.html",
        {
            "application": application,
            "session": application.session,
            "steps": steps.steps(application, timezone.now()),
            "sections": summary.to_check(application, found),
            "found": [(field, SECTION_OF[field], heading(field, words), words) for field, words in found.items()],
            "warned": _warned(application),
            "seen": application.last_record_id or 0,
        },
    )


def _warned(application: Application) -> list[tuple[str, str, str, str]]:
    """Return 报考条件提示 with where it is changed: field, section, label, sentence."""
    return [(field, SECTION_OF[field], label(field), words) for field, words in eligibility_warnings(application)]


@candidates_only
@sensitive_post_parameters()
@require_POST
@refusals_in_json
def keep(request):
    """Keep what is typed into a section, for its script, a second after the last key; nothing is saved by it."""
    application = get_my_application(request)
    if kept.is_anothers(request):
        raise NotAllowed(ANOTHERS)
    code = request.POST.get("section", "")
    if code not in FORMS:
        raise Http404
    if "drop" in request.POST:
        form_drafts.drop(application, code, request.POST)
        return JsonResponse({"draft": "", "at": ""})

    try:
        draft = form_drafts.keep(
            application.pk, code, request.POST, actor=actor_of(request), over="over" in request.POST
        )
    except Refused as refusal:
        told = {"message": " ".join(refusal.problems.values()), "another": form_drafts.ANOTHER in refusal.problems}
        return JsonResponse(told, status=409)

    message = SAVED_ELSEWHERE if draft.drawn not in ("", print_of(application, code)) else ""
    at = timezone.localtime(draft.kept_at)
    told = {"draft": draft.stamp, "at": f"{at:%H:%M}", "message": message, "rare": rare.warnings(request.POST)}
    return JsonResponse(told)
