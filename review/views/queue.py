from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from candidates.applications.states import COUNTED, REVIEW, STATUSES, WAITING_AT, Status
from candidates.messages.unread import unread_by
from candidates.models import Application
from candidates.prepared import EVER, PreparedValues
from candidates.rules.levels import LEVELS
from candidates.rules.numbers import is_number
from review.cases import decisions, holds, listing, overdue, saved_lists, search, years
from review.forms.days import end_of, start_of
from review.forms.queue import COLUMNS, MINE, USUAL, FilterForm, SearchForm, means_something
from review.office import notes, questions, samples
from review.office.leading import heads
from review.reports import progress
from review.views import queue_rows

UNFILTERED = ("status", "region", "year", "order", "show")  # what leaves no case of a list out


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request):
    """List what waits for me, oldest first, or what the filters say; answer a posted search in place."""
    if request.method == "POST":
        return _found(request)
    form, filters, cases = wanted(request)

    unit = _unit_of(request.user, form)
    by_year = progress.of_unit_by_year(unit) if unit and unit.is_active else {}
    waiting = _waiting_at(request.user) or filters["status"]
    year = years.shown(filters["year"], by_year, waiting)
    several = len(by_year) > 1
    if several and year != filters["year"]:
        cases = cases.filter(session__year=year)
        request.GET = _with_year(request.GET, year)  # every link from here stays in the year that is shown
    counts = by_year.get(year, {})
    filtered = any(request.GET.get(name) for name in form.fields if name not in UNFILTERED)

    order = order_of(form, filters)
    marked = samples.marked(cases, request.user)
    page = listing.page(marked, after=request.GET.get("after", ""), before=request.GET.get("before", ""), order=order)
    for_me = filters["status"] == _waiting_at(request.user)
    away = _asked(request.user, filters["status"]) if for_me and not filtered else 0
    looked = samples.elsewhere(request.user, timezone.now()) if for_me and not filtered else 0
    now = timezone.now()
    late = overdue.cutoffs(filters["status"], now)
    rows = queue_rows.read(page.cases, request.user, late, now, notes.noted_among(page.cases, request.user))
    chosen = _chosen_columns(request, form)
    columns = _columns(chosen, filters["status"])
    people = form.people if for_me and heads(request.user, unit) else ()
    may_pass_many = for_me and request.user.unit.level in decisions.IN_BATCHES
    context = {
        "rows": rows,
        "lines": queue_rows.drawn(rows, columns, query=place(request), may_choose=bool(may_pass_many or people)),
        "form": form,
        "status": filters["status"],
        "status_name": STATUSES[filters["status"]],
        "for_me": for_me,
        "year": year,
        "years": years.others(by_year, year, waiting),
        "several": several,
        "count": listing.count(cases)
        if filtered or several or filters["status"] not in COUNTED
        else f"{counts.get(filters['status'], 0) - away - looked} 份",
        "away": away,
        "looked": looked,
        "unread": bool(unread_by(request.user)),
        "states": [(code, STATUSES[code], counts[code]) for code in COUNTED if counts.get(code)],
        "previous": place(request, before=page.previous),
        "next": place(request, after=page.next),
        "people": people,
        "may_pass_many": may_pass_many,
        "may_be_late": late is not None or (filters["status"] in listing.LATE and filters["status"] not in REVIEW),
        "order": order,
        "chosen_columns": chosen,
        "columns": columns,
        "filtered": filtered,
        "saved": saved_lists.of(request.user),
        "query": place(request),
    }
    return render(request, "review/queue.html", context)


def _with_year(asked, year):
    asked = asked.copy()
    asked["year"] = str(year)
    return asked


def _waiting_at(account):
    return WAITING_AT[account.unit.level] if account.is_reviewer else ""


def wanted(request):
    """Read which list the address asks for: its form, its filters, and its cases in no order yet."""
    return _read(request.user, request.GET)


def _read(account, asked):
    waiting = _waiting_at(account)
    unit = account.unit if account.is_reviewer else None
    form = FilterForm(asked, waiting=waiting, with_regions=account.is_operator, unit=unit)
    form.is_valid()
    filters = _filters_of(form, waiting or Status.POINT_REVIEW, account)
    cases = listing.chosen(_in_scope(account, form), filters)
    if filters["status"] == waiting and not filters["asked"]:
        cases = questions.waiting(cases, timezone.now())
    if filters["looked"]:
        cases = samples.looked(cases, account)
    elif filters["status"] == waiting:
        cases = samples.waiting(cases, account)
    return form, filters, notes.noted(cases, account) if filters["notes"] else cases


def order_of(form, filters):
    """Return what the list is ordered by; one that means nothing in this status is the usual one.

    What is overdue at a level comes by how long it has waited, which is how it is found.
    """
    usual = "waiting" if filters["overdue"] and filters["status"] in REVIEW else "submitted"
    order = form.cleaned_data.get("order") or usual
    return order if means_something(order, filters["status"]) else "submitted"


def through(request):
    """Return the list that the page was reached by, where it is one of what waits for me; else None: the queue."""
    query = list_query(request)
    if not query or not request.user.is_reviewer:
        return None
    form, filters, cases = _read(request.user, QueryDict(query))
    return (
        holds.Through(cases, order_of(form, filters), bool(filters["assigned"]))
        if filters["status"] == _waiting_at(request.user)
        else None
    )


def list_query(request):
    """Return the query of the list that the page was reached by, as it carries it along."""
    return (request.POST.get("list") or request.GET.get("list") or "")[: saved_lists.LONGEST]


def to_list(request):
    """Lead back to the list that the page was reached by, filtered as it was; else to the queue."""
    query = QueryDict(list_query(request)).urlencode()
    return redirect(f"{reverse('review:queue')}?{query}" if query else "review:queue")


def to_case(request, number):
    return redirect(case_address(request, number))


def case_address(request, number):
    """Return a case's address, which goes on carrying the list along."""
    query = list_query(request)
    carried = f"?{urlencode({'list': query})}" if query else ""
    return f"{reverse('review:case', args=[number])}{carried}"


def _chosen_columns(request, form):
    """Return the columns that were chosen, now or last in this log-in."""
    chosen = form.cleaned_data.get("show")
    if chosen and chosen != request.session.get("columns"):
        request.session["columns"] = chosen
    return chosen or request.session.get("columns") or USUAL


def _columns(chosen, status):
    """Return what is shown, code -> heading: what means nothing in this status is left out."""
    return {code: name for code, name in COLUMNS.items() if code in chosen and means_something(code, status)}


def _filters_of(form, waiting, account):
    wanted = form.cleaned_data
    days = wanted.get("submitted_from"), wanted.get("submitted_to")
    status = wanted.get("status") or waiting
    return {
        **{
            name: wanted.get(name)
            for name in (
                *("category", "returned", "owed", "warnings"),
                *("asked", "answered", "duplicates", "notes", "looked"),
            )
        },
        "unit": wanted.get("unit"),
        "year": wanted.get("year"),
        "assigned": _whose(wanted.get("assigned"), account, form),
        "overdue": _overdue(status, timezone.now()) if wanted.get("overdue") else None,
        "status": status,
        "since": start_of(days[0]) if days[0] else None,
        "until": end_of(days[1]) if days[1] else None,
    }


def _overdue(status, now):
    """Return the moment before which it is late (see listing.LATE); where a level has no term nothing is."""
    if status not in REVIEW:
        return now
    late = overdue.cutoffs(status, now)
    return late.late if late else listing.EPOCH


def _whose(asked, account, form):
    """Return the key of the account that the list asks for; listing.NOBODY for what is assigned to nobody."""
    if asked in (None, "", listing.NOBODY):
        return asked
    return account.pk if asked == MINE else next(one.pk for one in form.people if one.username == asked)


def _in_scope(account, form):
    """Select what was submitted to a reviewer's unit; for an operator to one region: a list is one index range."""
    cases = Application.objects.visible_to(account)
    if account.is_reviewer:
        return cases
    region = _unit_of(account, form)
    return cases.of_unit(region).filter(submitted_at__isnull=False) if region else cases.none()


def _asked_at(level):
    at_unit = Application.objects.filter((level, 0)).filter(first_submitted_at__isnull=False)
    open_ones = at_unit.filter(status="").filter(question__isnull=False).filter(question_until__gt=EVER)
    return PreparedValues(lambda: open_ones.values_list("pk").order_by())


_ASKED = {level: _asked_at(level) for level in LEVELS}


def _asked(account, status):
    """Count the few that wait for their candidates' answer: the counters of the queue know nothing of it."""
    return len(_ASKED[account.unit.level](account.unit_id, status, timezone.now())) if account.unit.is_active else 0


def _unit_of(account, form):
    """Return whose list it is; None where there is no region yet."""
    if account.is_reviewer:
        return account.unit
    return form.cleaned_data.get("region") or form.fields["region"].queryset.first()


def place(request, **token):
    """Return the query of another page of this list, empty where there is none; without a token, of the list itself."""
    found = [(key, one) for key, values in request.GET.lists() for one in values]
    kept = [(key, one) for key, one in found if key not in ("after", "before", "list") and one]
    return urlencode([*kept, *token.items()]) if all(token.values()) else ""


def _found(request):
    form = SearchForm(request.POST)
    result = search.find(request.user, form.cleaned_data["text"]) if form.is_valid() else search.Found(())
    if result.number:
        return redirect("review:case", number=result.number)
    cases = [one for one in result.cases if one.number]
    context = {"rows": _rows_found(cases), "search": form, "more": result.more}
    return render(request, "review/found.html", context, status=200 if form.is_valid() else 422)


def _rows_found(cases):
    return [{"case": case, "tail": case.document_number[-4:]} for case in cases]


@require_POST
def take_next(request):
    """Take 下一份: the oldest that nobody else holds."""
    if not request.user.is_reviewer:
        raise Http404
    return redirect_to_next(request, after=_left(request))


def _left(request):
    """Return the key of the case that one goes on from without deciding, and give its hold back."""
    number = request.POST.get("after", "")
    case = Application.objects.visible_to(request.user).filter(number=number).first() if is_number(number) else None
    if case:
        holds.release(case, request.user)
    return case.pk if case else None


def redirect_to_next(request, after=None):
    """Open the next one of the list that one goes through; of the queue where there is no such list."""
    case = holds.take_next(request.user, after=after, through=through(request))
    if case is None:
        messages.info(request, "现在没有等待您审核、且无人正在审阅的申请。")
        return to_list(request)
    return to_case(request, case.number)
