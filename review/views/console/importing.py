"""Tables: uploaded and tried first, with every line's outcome shown; taken in by a second step."""

from django.contrib import messages
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.reference.outcomes import KINDS as OUTCOMES
from candidates.reference.outcomes import BadFile, Report, Unconfirmed
from candidates.rules.refusals import NotAllowed
from review.forms.console import ReconcileForm, TableForm
from review.operations import importing
from review.views.console.pages import page, refusals_lead_to

SHOWN = 500  # lines of a table that the page tells of, those that change something or cannot be first
ORDER = {kind: place for place, kind in enumerate(("refused", "ended", "changed", "refund", "left", "new", "same"))}


@require_safe
def tables(request):
    return page(request, "tables", "载入表格", {"kinds": importing.KINDS.items()})


@csrf_exempt  # asked for below: a table is larger than the pictures that the portal's own handler takes
def upload(request, kind):
    if kind not in importing.KINDS:
        raise Http404
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _upload(request, kind)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _upload(request, kind):
    known = importing.KINDS[kind]
    form = TableForm(request.POST or None, request.FILES or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        options = {name: form.cleaned_data[name] for name in ("provider", "complete") if name in form.cleaned_data}
        try:
            draft = importing.keep(kind, file, file.name, options, account=request.user)
        except NotAllowed as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("admin:console_table", pk=draft.pk)
    context = {"form": form, "kind": known}
    return page(request, "upload", f"载入：{known.label}", context, status=422 if form.errors else 200)


@csrf_exempt  # as above
def reconcile(request):
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _reconcile(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _reconcile(request):
    """Hold a provider's list of one day against ours; nothing is written."""
    form, told, number = ReconcileForm(request.POST or None, request.FILES or None), None, 0
    if request.method == "POST" and form.is_valid():
        try:
            told, number = importing.reconcile(
                form.cleaned_data["file"], form.cleaned_data["provider"], form.cleaned_data["day"]
            )
        except (BadFile, NotAllowed) as bad:
            for sentence in getattr(bad, "problems", [str(bad)]):
                form.add_error("file", sentence)
    context = {"form": form, "told": told, "number": number}
    return page(request, "reconcile", "对账", context, status=422 if form.errors else 200)


def _to_tables(**named):
    return reverse("admin:console_tables")


@require_safe
@refusals_lead_to(_to_tables)
def table(request, pk):
    """Show what the table would do, line by line."""
    draft = importing.of(pk, account=request.user)
    return _told(request, draft, importing.try_out(draft))


@require_POST
@refusals_lead_to(_to_tables)
@sensitive_variables("report")
def take_in(request, pk):
    """Take the table in, and show what came of it; one that cannot be is shown again with why not."""
    draft = importing.of(pk, account=request.user)
    try:
        draft, report = importing.take_in(pk, account=request.user, confirmed="sure" in request.POST)
    except Unconfirmed as asked:
        return _told(request, draft, asked.report, error="请核对下面要确认的事项并勾选，没有载入。", status=422)
    except BadFile as bad:
        report = bad.report or Report(problems=bad.problems)
        return _told(request, draft, report, error="表格现在不能载入，没有写入任何内容。", status=422)
    context = {"kind": importing.KINDS[draft.kind], "report": report, "draft": draft, "lines": _lines(report)}
    return page(request, "taken_in", f"已载入：{importing.KINDS[draft.kind].label}", context)


@require_POST
def drop(request, pk):
    importing.drop(pk, account=request.user)
    messages.info(request, "已放弃，没有载入。")
    return redirect("admin:console_tables")


def _told(request, draft, report, *, error="", status=200):
    context = {
        "draft": draft,
        "kind": importing.KINDS[draft.kind],
        "report": report,
        "lines": _lines(report),
        "more": max(0, report.counts.total() - SHOWN),
        "error": error,
    }
    return page(request, "table", f"核对：{importing.KINDS[draft.kind].label}", context, status=status)


def _lines(report):
    ordered = sorted(report.outcomes, key=lambda one: (ORDER[one.kind], one.line))
    return [(one, OUTCOMES[one.kind]) for one in ordered[:SHOWN]]
