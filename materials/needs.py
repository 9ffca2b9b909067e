"""What an application's list is: the catalogue's rules, the notices of its region and site, and what was submitted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from candidates.models import Application
from candidates.rules import institutions
from candidates.rules.levels import DOWNWARDS
from materials.models import MaterialNotice, Submission
from materials.rules import eligibility
from materials.rules.catalogue import BY_CODE, PROVES, REQUIRED_BY_NOTICE, Need, Notice, needs, owed, shown
from materials.rules.periods import Period


def lines_of(application: Application, *, submission: Submission | None = None) -> tuple[Need, ...]:
    """Return the categories shown to this candidate, in the catalogue's order; empty while the profile is incomplete.

    A submission keeps the list it was submitted with: later notices only add their words, the candidate's own changes
    count. `submission` is the last one, where it has been read already.
    """
    if application.profile is None:
        return ()
    submission = submission or last_submission(application)
    if submission is None:
        return _needs(application, notices_for(application))
    words_only = [replace(notice, required=False) for notice in notices_for(application)]
    lines = _needs(application, words_only)
    return tuple(_as_submitted(line) if line.category.code in submission.required else line for line in lines)


def shown_codes(application: Application) -> frozenset[str]:
    """Return the categories shown to this candidate now; none while the profile is incomplete."""
    profile = application.profile
    return shown(profile) if profile else frozenset()


def _as_submitted(line: Need) -> Need:
    """Return a line as required, as it was submitted: where the profile alone does not ask for it, a notice did."""
    if line.is_required:
        return line
    return replace(line, status="required", reasons=(*line.reasons, REQUIRED_BY_NOTICE))


def _needs(application: Application, notices: Iterable[Notice]) -> tuple[Need, ...]:
    profile = application.profile
    if profile is None:
        return ()
    return needs(
        profile,
        year=application.session.year,
        notices=tuple(notices),
        document_type=application.document_type,
        institutions=1 + len(application.further_institutions),
    )


def notices_for(application: Application) -> tuple[Notice, ...]:
    """Return the region's first, then the site's; those of a unit that has not been chosen are none."""
    units = [application.region_id, application.site_id]
    rows = MaterialNotice.objects.filter(unit__in=units).select_related("unit").order_by()
    in_order = sorted(rows, key=lambda row: DOWNWARDS.index(row.unit.level))
    return tuple(Notice(row.category, row.required, row.words) for row in in_order)


def last_submission(application: Application) -> Submission | None:
    if not application.round:
        return None
    return Submission.objects.get(application=application, round=application.round)


def still_owed(application: Application) -> list[str]:
    """Return the categories of papers that cannot exist yet and have not been received by the site."""
    profile = application.profile
    return [code for code in owed(profile) if code not in application.owed_received] if profile else []


def proving(fields: Iterable[str]) -> set[str]:
    """Return the categories whose pictures prove one of these fields of the form."""
    changed = set(fields)
    if "point" in changed:  # originals are compared by other people there
        return set(BY_CODE)
    return {code for code, proved in PROVES.items() if changed & set(proved)}


def eligibility_warnings(
    application: Application, *, now: datetime | None = None, advise: bool = True
) -> list[tuple[str, str]]:
    """Return what may not meet the conditions of the exam (报考条件提示): field of the form, sentence. Refuses nothing.

    `advise`: say too what the candidate may have left out; reviewers read it without.
    A registered form is judged as of the day of its registration: what reached that day was going on.
    """
    profile = application.profile
    if profile is None:
        return []
    facts = eligibility.Facts(
        profile=profile,
        session_year=application.session.year,
        as_of=timezone.localdate(application.registered_at or now or timezone.now()),
        category=application.exam_category.code if application.exam_category else "",
        major=application.major,
        periods=_periods(application),
        first_registered_on=application.first_registered_on,
    )
    return eligibility.warnings(facts, advise=advise)


def _periods(application: Application) -> tuple[Period, ...]:
    """Return the periods that have been filled in, the first institution's and the further ones', as days."""
    further = application.further_institutions
    months = [
        (application.period_from, application.period_to),
        *((institutions.month(row, "period_from"), institutions.month(row, "period_to")) for row in further),
    ]
    return tuple(Period(start, institutions.last_day(end)) for start, end in months if start and end and start <= end)
