"""A returning candidate: last session's data is offered section by section, and kept only by saving the section."""

from candidates.models import Application
from candidates.rules.sections import SECTIONS

# true of one year only: asked again, never taken over
OF_ITS_YEAR = frozenset({"fresh_graduate", "graduating_postgraduate", "supplementary_test"})


def last_application(application: Application) -> Application | None:
    """Return the candidate's newest application of an earlier session that got its number, or None."""
    return (
        Application.objects.filter(
            account_id=application.account_id, session__year__lt=application.session.year, number__isnull=False
        )
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
