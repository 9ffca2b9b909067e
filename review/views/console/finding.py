"""Looking for an application or an account, and the page of each with everything about it."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from candidates.applications.access import get_case
from candidates.applications.acts import ACTS
from candidates.applications.workflow import actions_for
from candidates.models import Account
from candidates.rules import id_number, names
from candidates.rules.refusals import NotAllowed
from candidates.trail import audit
from materials.rules.catalogue import BY_CODE
from review.forms.console import FindForm
from review.operations import finding, overview
from review.views.case import not_yet
from review.views.console.pages import page

HERE = ("unlock", "extend", "move", "cancel", "reinstate", "reopen", "retract")  # acts of operators


@require_http_methods(["GET", "HEAD", "POST"])
def find(request):
    """Ask, and show what was found; what is typed is posted and stands in no address."""
    form, found = FindForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        found = finding.find(request.user, form.cleaned_data["text"])
        if found.number:
            return redirect("admin:console_application", number=found.number)
        if len(found.accounts) == 1 and not found.applications:
            return redirect("admin:console_account", pk=found.accounts[0].pk)
    context = {
        "form": form,
        "found": found,
        "applications": [(one, names.masked(one.name), one.document_number[-4:]) for one in found.applications]
        if found
        else [],
        "accounts": [(one, _name(one)) for one in found.accounts] if found else [],
        "most": finding.MOST,
    }
    return page(request, "find", "查找报名或账号", context, status=422 if form.errors else 200)


def _name(account):
    return names.masked(account.name) if account.is_candidate else account.name


@require_safe
def application(request, number):
    """Show everything about an application but its form and pictures: those are on the case page, with a look."""
    case = get_case(request, number)
    acts = [action for action in actions_for(case, request.user) if action in HERE]
    audit.note("open_application", request.user, {"application": number})
    context = {
        "case": case,
        "name": names.masked(case.name),
        "owed": [BY_CODE[code].label for code in case.owed],
        "received": [BY_CODE[code].label for code in case.owed_received],
        "acts": [(action, ACTS[action].name) for action in acts if action not in not_yet(case, acts)],
        **overview.of_application(case, timezone.now()),
    }
    return page(request, "application", f"报名 {number}", context)


@require_safe
def account(request, pk):
    """Show everything about an account, its numbers masked."""
    one = get_account(request, pk)
    audit.note("open_account", request.user, {"account": one.pk})
    context = {
        "one": one,
        "name": _name(one),
        "document": id_number.masked(one.document_number) if one.document_number else "",
        "mobile": id_number.masked_mobile(one.mobile) if one.mobile else "",
        "email": _masked_email(one.email),
        "is_self": one.pk == request.user.pk,
        "change": _change_of(one),
        **overview.of_account(one, timezone.now()),
    }
    return page(request, "account", f"账号 {one.username or one.pk}", context)


def get_account(request, pk):
    """Return any account: operators may see all of them."""
    if not admin.site.has_permission(request):
        raise Http404
    return get_object_or_404(Account.objects.select_related("unit"), pk=pk)


def _masked_email(email):
    before, at, domain = email.partition("@")
    return f"{before[:1]}***{at}{domain}" if at else ""


def _change_of(account):
    return reverse("admin:review_reviewer_change", args=[account.pk]) if account.is_reviewer else ""


def place_of_application(**named):
    return reverse("admin:console_application", kwargs={"number": named["number"]})


def place_of_account(**named):
    return reverse("admin:console_account", kwargs={"pk": named["pk"]})


def require_open(account):
    if not account.is_active:
        raise NotAllowed("账号已停用。")
