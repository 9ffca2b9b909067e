"""A returning candidate: earlier data is offered section by section, and kept only by saving the section."""

from django.db.models import Q

from candidates.applications.states import Status
from candidates.models import Application
from candidates.rules.sections import SECTIONS

# true of one year only: asked again, never taken over
OF_ITS_YEAR = frozenset({"fresh_graduate", "graduating_postgraduate", "supplementary_test"})


def last_application(application: Application) -> Application | None:
    """Return the candidate's newest application before this one: of this session withdrawn, or of an earlier one.

    One of an earlier session counts if it got its number, a withdrawn one if anything had been saved. None if there is
    neither.
    """
    before = Q(session__year__lt=application.session.year, number__isnull=False)
    withdrawn = Q(session=application.session_id, status=Status.WITHDRAWN, pk__lt=application.pk)
    return (
        Application.objects.filter(before | withdrawn & Q(saved_sections__len__gt=0), account_id=application.account_id)
        .select_related("exam_category", "point__parent__parent", "site", "region")
        .order_by("-session__year", "-pk")
        .first()
    )


def offered_values(earlier: Application, section: str) -> dict[str, object]:
    """Return what of the earlier form this section can take over; name, document and contacts follow the account."""
    skipped = OF_ITS_YEAR | {"name", "document_type", "document_number", "valid_until", "mobile", "email"}
    values = {field: getattr(earlier, field) for field in SECTIONS[section].fields if field not in skipped}
    if values.get("point") and not values["point"].is_active:
        values = {field: value for field, value in values.items() if field not in ("region", "site", "point")}
    if values.get("exam_category") and not values["exam_category"].is_active:
        del values["exam_category"]
    return {field: value for field, value in values.items() if value not in (None, "")}
