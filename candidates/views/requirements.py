"""我需要哪些材料: the catalogue's and the on-site list's answer to a profile, for anybody."""

from operator import attrgetter

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.applications.access import my_session
from candidates.forms.requirements import RequirementsForm
from candidates.models import ExamCategory, Unit
from candidates.prepared import Prepared
from candidates.rules import profile as profiles
from candidates.rules.text import clean
from materials.needs import asked_by, drafts_by
from materials.rules import eligibility, onsite, periods
from materials.rules.need import needs

_CATEGORIES = Prepared(lambda: ExamCategory.objects.filter(is_active=True).order_by())
UNKNOWN_UNIT = {
    "region": "考区的代码无法识别，或已停用：请重新选择考区。",
    "site": "考点的代码无法识别，或已停用：请重新选择考点。",
}


@login_not_required
@require_safe
def requirements(request):
    return _answered(request)


@require_safe
def preview(request):
    """Show operators the same with what the units have not switched on yet."""
    return _answered(request, preview=True)


def _answered(request, *, preview=False):
    answers = {name: clean(request.GET[name], "date") for name in request.GET}
    as_json = "application/json" in request.headers.get("Accept", "")
    session = my_session(request)
    day = timezone.localdate(timezone.now())
    year = session.year if session else day.year
    categories = {one.code: one for one in sorted(_CATEGORIES(), key=attrgetter("code"))}

    stated, unreadable = periods.parse(answers)
    profile, found = _judged(answers, categories, year, day)
    units, unknown = _units(answers)
    found = {**found, **unreadable, **unknown}

    uploaded, lines, warned = (), (), []
    if profile and not found:
        uploaded, lines = _lists(profile, year, stated.institutions, units, drafts=preview)
        warned = _warned(profile, stated, answers.get("exam_category", ""), year, day)

    if as_json:
        return _as_json(uploaded, lines, found, warned)

    form = RequirementsForm(answers, list(categories.values()), units.get("region"), stated.institutions)
    about_me = not answers.keys() <= UNKNOWN_UNIT.keys()  # a unit alone is no answer yet
    if about_me or unknown:
        form.show({field: sentence for field, sentence in found.items() if field in form.fields})
    context = {"form": form, "needs": uploaded, "lines": lines, "year": year, "warned": warned}
    context |= {
        "asked": bool(about_me or unknown),
        "units": units,
        "preview": preview,
        "drafts": drafts_by([one.pk for one in units.values()]) if preview else [],
    }
    return render(request, "candidates/requirements.html", context)


def _lists(profile, year: int, institutions: int, units: dict[str, Unit], *, drafts: bool):
    """Return what is uploaded and what is brought, with what these units ask for."""
    region, site = (units[level].pk if level in units else None for level in ("region", "site"))
    asked = asked_by(region, site, drafts=drafts)
    own = asked.for_profile(profile)
    uploaded = needs(profile, year=year, notices=asked.notices, own=own, institutions=institutions)
    return uploaded, onsite.lines(profile, year=year, own=own)


def _units(answers: dict[str, str]) -> tuple[dict[str, Unit], dict[str, str]]:
    """Return the region and the site that were named by their codes, and what is wrong with them, as conflicts are."""
    named = {level: answers[level] for level in ("region", "site") if answers.get(level)}
    codes = [code for code in named.values() if code.isascii() and code.isdecimal()]
    rows = Unit.objects.filter(code__in=codes, is_active=True).select_related("parent") if codes else ()
    by_code = {(row.level, row.code): row for row in rows}

    units = {level: by_code[level, code] for level, code in named.items() if (level, code) in by_code}
    wrong = {level: UNKNOWN_UNIT[level] for level in named if level not in units}
    if "site" in units and "region" not in named:
        units = {"region": units["site"].parent, **units}
    if not wrong and "site" in units and units["site"].parent_id != units["region"].pk:
        wrong["site"] = f"{units['site'].name}不属于{units['region'].name}：请重新选择考点。"
    return units, wrong


def _judged(answers: dict[str, str], categories: dict[str, ExamCategory], year: int, day):
    """Return the profile, where the answers can be read, and everything that is wrong with them."""
    profile, found = profiles.parse(answers)
    code = answers.get("exam_category", "")
    category = categories.get(code)
    if code and category is None:
        found = {**found, "exam_category": "报考类别的代码无法识别，或本年度不再接受报名：请重新选择。"}

    if profile is None or found:
        return profile, found
    rule = category.rule if category else None
    return profile, profiles.conflicts(profile, session_year=year, today=day, category=rule)


def _warned(profile, stated: periods.Stated, category: str, year: int, day) -> list[tuple[str, str]]:
    """Return 报考条件提示 on what was stated: parameter, sentence. The major, which is not asked, warns of nothing."""
    facts = eligibility.Facts(
        profile=profile,
        session_year=year,
        as_of=day,
        category=category,
        periods=stated.periods,
        first_registered_on=stated.first_registered_on,
    )
    return eligibility.warnings(facts)


def _as_json(uploaded, lines, found, warned):
    categories = [
        {
            "code": need.category.code,
            "title": need.title,
            "status": need.status,
            "documents": list(need.documents),
            "reasons": list(need.reasons),
            **({"words": list(need.words)} if need.words else {}),
        }
        for need in uploaded
    ]
    bring = [
        {"document": line.document, "original": line.original, "copies": line.copies, "remark": line.remark}
        for line in lines
    ]
    data = {"categories": categories, "onsite": bring, "conflicts": found}
    if warned:
        data["warnings"] = dict(warned)
    return JsonResponse(data, status=422 if found else 200, json_dumps_params={"ensure_ascii": False})
