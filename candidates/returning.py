"""A returning candidate: last session's data is offered section by section, and taken over only when asked for."""

from datetime import datetime

from candidates.models import Application
from candidates.registration import Saved, save_section
from candidates.sections import SECTIONS
from candidates.workflow import Actor, NotAllowed

# judged anew every year: asked again, never taken over
OF_ITS_YEAR = frozenset({"fresh_graduate", "graduating_postgraduate", "supplementary_test"})


def last_application(application: Application) -> Application | None:
    """The candidate's newest application of an earlier session that got its number, or None."""
    return (
        Application.objects.filter(
            account_id=application.account_id, session__year__lt=application.session.year, number__isnull=False
        )
        .select_related("exam_category", "point__parent__parent", "site", "region")
        .order_by("-session__year", "-pk")
        .first()
    )


def offered_values(earlier: Application, section: str) -> dict[str, object]:
    """What of the earlier form can be taken over into this section; name, document and contacts follow the account."""
    skipped = OF_ITS_YEAR | {"name", "document_type", "document_number", "valid_until", "mobile", "email"}
    values = {field: getattr(earlier, field) for field in SECTIONS[section].fields if field not in skipped}
    if values.get("point") and not values["point"].is_active:
        values = {field: value for field, value in values.items() if field not in ("region", "site", "point")}
    if values.get("exam_category") and not values["exam_category"].is_active:
        del values["exam_category"]
    return {field: value for field, value in values.items() if value not in (None, "")}


def adopt_section(
    pk: int, section: str, *, earlier: Application, actor: Actor, seen: int | None, now: datetime | None = None
) -> Saved:
    """Takes last session's values of one section over into the draft. Raises what save_section raises."""
    if earlier.account_id != (actor.account.pk if actor.account else None):
        raise NotAllowed("这不是您的报名。")
    return save_section(pk, section, offered_values(earlier, section), actor=actor, seen=seen, now=now)
