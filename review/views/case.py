from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.accounts import lost_phones
from candidates.applications.access import get_listed, open_case
from candidates.applications.acts import ACTS
from candidates.applications.states import NO_DOCUMENTS, WAITING_AT, Status
from candidates.applications.workflow import Actor, actions_for, judged_elsewhere, moment
from candidates.messages import outbox
from candidates.rules.sections import label
from candidates.trail import looks
from materials.needs import eligibility_warnings
from materials.printing import documents
from review.appointments import captures, desk
from review.cases import beside, drafts, holds, undoing
from review.cases.case import Case
from review.cases.verdicts import onsite_list_required
from review.forms.case import CaseForm
from review.forms.office import AskForm
from review.office import assignments, duplicates, notes, questions, samples
from review.views.notes import caption_of, form_for
from review.views.queue import list_query

KEYS = {"send_back": "b", "reject": "j", "retract": "k"}  # that open an act's page
OWN_PAGE = [action for action, act in ACTS.items() if act.meaning]  # of which one page each asks for the reason


@require_safe
def case(request, number):
    """Show the whole case; before its first submission only number, name and status (to its units)."""
    try:
        application = open_case(request, number, "case")
    except Http404:
        return render(request, "review/listed.html", {"application": get_listed(request, number)})
    read = case_for(request.user, application)
    holder = hold_if_waiting(request.user, application)
    there = beside.of(application, request.user)
    read.is_ticked = there.ticks
    form = CaseForm(read, draft=drafts.kept(application, request.user) if there.drafts else drafts.Draft())
    return drawn(request, application, form, holder=holder, there=there)


def case_for(account, application):
    """Read the case as this account may: a second look is blind."""
    look = samples.open_look(application)
    return Case.of(application, hidden=look if samples.hides(look, account) else None)


def drawn(request, application, form, *, holder=None, there=None, status=200):
    """Draw the case page, with what was posted and what is wrong with it where it comes back."""
    there = there or beside.of(application, request.user)
    look = samples.open_look(application)
    actions = samples.left_of(actions_for(application, request.user), look, request.user)
    profile = application.profile
    later = not_yet(application, actions)
    asked = questions.of_case(application) if there.questions else []
    undo_until = undoing.open_until(application, request.user, timezone.now()) if "undo" in actions else None
    context = {
        "application": application,
        "case": form.case,
        "form": form,
        "folders": form.folders(),
        "problems": [(_anchor_of(key), sentence) for key, sentence in form.problems.items()],
        "list_query": list_query(request),
        "own_page": [(one, ACTS[one], KEYS.get(one)) for one in actions if one in OWN_PAGE and one not in later],
        "later": [sentence for sentence in later.values() if sentence],
        "deciding": "pass" in actions,
        "told": _told(application, look, request.user),
        "may_receive": "received" in actions,
        "onsite_required": onsite_list_required(application),
        "ticking": "pass" in actions and application.status == Status.POINT_REVIEW,
        "holder": holder,
        "unreached": outbox.unreached(application.account) if there.failures else "",
        "unread": outbox.unread_and_unreached(application) if there.unreached else 0,
        "may_change_mobile": lost_phones.may_ask(application, Actor.of(request.user)),
        "mobile_change": lost_phones.open_change(application, timezone.now()) if there.mobile_change else None,
        "eligibility": [
            (label(field), sentence) for field, sentence in eligibility_warnings(application, advise=False)
        ],
        "notes": notes.of_case(application, request.user) if there.notes else [],
        "note_form": form_for(request.user, _captioned(form.case)) if request.user.is_reviewer else None,
        "trail": assignments.trail(application, request.user) if there.assignments else [],
        "duplicates": duplicates.of_case(application, request.user),
        "questions": asked,
        "answered": [(one.image, f"{one.image.get_category_display()}（随答复提交）") for one in asked if one.image],
        "parked": desk.parked_of([application.pk]).get(application.pk, ())
        if there.parked and "pass" in actions
        else (),
        "captures": (taken := captures.of_case(application) if there.captures else []),
        "captured": [(one.image, f"{one.image.get_category_display()}（现场采集）") for one in taken],
        "ask_form": AskForm() if "ask" in actions and "ask" not in later else None,
        "undo_until": undo_until,
        "packet": application.round and application.status not in NO_DOCUMENTS,
        "onsite_receipt": any(tick for _, tick in form.case.onsite_lines),
        "documents": _offered(application, profile) if profile else [],
    }
    return render(request, "review/case.html", context, status=status)


def _told(application, look, account):
    """Say to the unit whose turn it is what is special here: what it is called, and what it means for this person."""
    if sentence := samples.told(look, account):
        return "抽查复核", sentence
    waits = account.unit and application.status == WAITING_AT[account.unit.level]
    sentence = waits and judged_elsewhere(application, Actor.of(account))
    return ("由他人审核", sentence) if sentence else None


def _captioned(case):
    return [(sheet.image, caption_of(sheet.image, sheet.number)) for sheet in case.sheets]


def drawn_again(request, application, form):
    """Draw the case page after a refused decision: whoever sees it has looked at the case, wherever he came from."""
    looks.record(request.user, application, "case")
    return drawn(request, application, form, status=422)


def _anchor_of(key):
    """Return where the page shows what a problem is about."""
    kind, _, name = key.partition(":")
    return f"named-{kind}-{name}" if kind in ("category", "section") else f"{kind}-{name}" if name else kind


def _offered(application, profile):
    year = application.session.year
    return [(one.slug, one.title(year)) for one in documents.offered(profile) if one.is_open(application)]


def not_yet(application, actions):
    """Return the acts that are this account's, but whose time has not come: action -> sentence."""
    now, found = timezone.now(), {}
    if "ask" in actions and (why := questions.not_yet(application, now)):
        found["ask"] = why
    if "reject" in actions and application.status == Status.RETURNED and now < application.return_deadline:
        found["reject"] = f"补正期限 {moment(application.return_deadline)} 期满以后才能审核不通过。"
    if "cancel" in actions and not application.owed:
        found["cancel"] = ""
    elif "cancel" in actions and now < application.session.owed_until:
        found["cancel"] = f"待补材料的期限 {moment(application.session.owed_until)} 期满以后才能取消资格。"
    return found


def hold_if_waiting(account, application):
    """Hold what waits for this reviewer. Return who else reads it at present, if somebody does."""
    if not account.is_reviewer or application.status != WAITING_AT[account.unit.level]:
        return None
    actor = Actor.of(account)
    if samples.refusal(samples.open_look(application), account) or judged_elsewhere(application, actor):
        return None
    return holds.hold(application, account)
