"""What an application's list is: the catalogue's rules, what its region and site ask for, and what was submitted."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from candidates.applications.states import OPEN_FOR_PICTURES
from candidates.models import Application
from candidates.prepared import Prepared
from candidates.rules import institutions
from candidates.rules.levels import DOWNWARDS
from candidates.rules.profile import Profile
from materials.models import MaterialNotice, Submission, UnitLine
from materials.rules import eligibility, onsite
from materials.rules.catalogue import BY_CODE, OTHER, PROVES
from materials.rules.need import Need, Notice, needs, owed, shown
from materials.rules.own_lines import OwnLine, applying
from materials.rules.periods import Period

# what a region and its site ask for, switched on; with the current notice it halves what serving a stored one costs
NOTICES = Prepared(lambda: _notices((0, 1)).filter(is_active=True))
LINES = Prepared(lambda: _lines((0, 1)).filter(is_active=True))


@dataclass(frozen=True)
class Asked:
    """What units ask for beside the catalogue: a region's first, then its site's."""

    notices: tuple[Notice, ...] = ()
    lines: tuple[OwnLine, ...] = ()

    def for_profile(self, profile: Profile) -> tuple[OwnLine, ...]:
        return applying(profile, self.lines)

    def kept(self, profile: Profile | None) -> dict[str, Any]:
        """Return it as a submission keeps it: of the lines those that this profile is asked for."""
        lines = self.for_profile(profile) if profile else ()
        return {"notices": [asdict(one) for one in self.notices], "lines": [asdict(one) for one in lines]}


def asked_of(application: Application, *, submission: Submission | None = None) -> Asked:
    """Return what is asked of it: what is asked now while pictures may change, else what was when it was submitted.

    `submission` is the last one, where it has been read already.
    """
    if _is_open(application):
        return asked_now(application)
    last = submission or Submission.objects.defer("form").get(application=application, round=application.round)
    return asked_then(application, last)


def asked_now(application: Application) -> Asked:
    return asked_by(application.region_id, application.site_id)


def asked_by(region: int | None, site: int | None, *, drafts: bool = False) -> Asked:
    """Return what these units (by key; None is nobody) ask for; with `drafts` what is not switched on yet, too."""
    units = [key for key in (region, site) if key]
    if not drafts:
        return Asked(_as_notices(NOTICES(region, site)), own_lines_by(region, site)) if units else Asked()
    return Asked(_as_notices(_notices(units)), _as_own_lines(_lines(units)))


def own_lines_by(region: int | None, site: int | None) -> tuple[OwnLine, ...]:
    return _as_own_lines(LINES(region, site)) if region or site else ()


def drafts_by(units: Sequence[int]) -> list[str]:
    """Name what these units have written and not switched on yet."""
    lines = _downwards(_lines(units).filter(is_active=False))
    notices = _downwards(_notices(units).filter(is_active=False).order_by("category"))
    named = [f"{row.unit.name}：{row.title}" for row in lines]
    return [*named, *(f"{row.unit.name}：{row.get_category_display()}的要求" for row in notices)]


def asked_then(application: Application, submission: Submission) -> Asked:
    """Return what was asked when this was submitted, whatever is asked today.

    One from before submissions kept it: what was required stays so, in today's words; no other line is new to it.
    """
    kept = submission.asked
    if kept is not None:
        return Asked(
            tuple(Notice(**one) for one in kept["notices"]),
            tuple(OwnLine(**{**one, "conditions": (), "why": tuple(one["why"])}) for one in kept["lines"]),
        )

    now = asked_now(application)
    words = tuple(replace(one, required=False) for one in now.notices)
    required = tuple(Notice(code, True, "") for code in submission.required)
    named = [one for one in now.lines if one.upload == "required" and OTHER in submission.required]
    return Asked((*words, *required), tuple(replace(one, original=False, copies=0) for one in named))


def lines_of(application: Application, *, asked: Asked | None = None) -> tuple[Need, ...]:
    """Return the categories shown to this candidate, in the catalogue's order; empty while the profile is incomplete.

    `asked`: what asked_of() gave, or what another moment asked.
    """
    profile = application.profile
    if profile is None:
        return ()
    asked = asked or asked_of(application)
    return needs(
        profile,
        year=application.session.year,
        notices=asked.notices,
        own=asked.for_profile(profile),
        document_type=application.document_type,
        institutions=_institutions(application),
    )


def onsite_lines_of(application: Application, *, asked: Asked | None = None) -> tuple[onsite.Line, ...]:
    """Return what this candidate brings to the registration point; nothing while the profile is incomplete."""
    profile = application.profile
    if profile is None:
        return ()
    if asked is None and _is_open(application):  # nothing is kept, and notices bring nothing
        asked = Asked(lines=own_lines_by(application.region_id, application.site_id))
    elif asked is None:
        asked = asked_of(application)
    return onsite.lines(
        profile,
        year=application.session.year,
        own=asked.for_profile(profile),
        institutions=_institutions(application),
    )


def _institutions(application: Application) -> int:
    """Return at how many institutions the trial or practice was done: each gives a certificate of its own."""
    return 1 + len(application.further_institutions)


def newly_asked(application: Application, asked: Asked, submission: Submission | None) -> set[str]:
    """Return `other` where a paper is to be uploaded there now that the last submission was not asked for."""
    profile = application.profile
    if profile is None or submission is None:
        return set()
    then = {(one["title"], one["by"]) for one in (submission.asked or {}).get("lines", ()) if one["upload"]}
    new = [one for one in asked.for_profile(profile) if one.upload and (one.title, one.by) not in then]
    return {OTHER} if new else set()


def shown_codes(application: Application) -> frozenset[str]:
    """Return the categories shown to this candidate now; none while the profile is incomplete."""
    profile = application.profile
    return shown(profile) if profile else frozenset()


def _is_open(application: Application) -> bool:
    """Whether what is asked now counts, since nothing is submitted or a return is being corrected."""
    return not application.round or application.status in OPEN_FOR_PICTURES


def _notices(units: Sequence[int]) -> QuerySet[MaterialNotice]:
    return MaterialNotice.objects.filter(unit__in=units).select_related("unit")


def _lines(units: Sequence[int]) -> QuerySet[UnitLine]:
    return UnitLine.objects.filter(unit__in=units).select_related("unit").order_by("position", "id")


def _as_notices(rows: Iterable[MaterialNotice]) -> tuple[Notice, ...]:
    return tuple(Notice(row.category, row.required, row.words, row.unit.name) for row in _downwards(rows))


def _as_own_lines(rows: Iterable[UnitLine]) -> tuple[OwnLine, ...]:
    return tuple(row.as_rule() for row in _downwards(rows))


def _downwards(rows: Iterable[Any]) -> list[Any]:
    """Return the rows with the region's first; else in the order in which they come."""
    return sorted(rows, key=lambda row: DOWNWARDS.index(row.unit.level))


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
