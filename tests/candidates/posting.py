"""What a candidate sends: the answers of a form's section, as text, or saved as the form's view saves them."""

from datetime import date
from urllib.parse import urlsplit

from candidates.applications.form import Saved, save_section
from candidates.applications.workflow import Actor
from candidates.models import Application, Unit
from candidates.rules.sections import MONTHS, SECTIONS
from tests.factories import PASSWORD, a_mobile, a_resident_id, form_values, make_units


def as_sent(field, value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"{value:%Y-%m}" if field in MONTHS else value.isoformat()
    if isinstance(value, Unit):
        return value.code
    return "" if value is None else str(getattr(value, "pk", value))


def save(application: Application, section: str, **values) -> Saved:
    """Save these values of a section, as the page drawn with the application's last record does."""
    actor = Actor.of(application.account)
    return save_section(application.pk, section, values, actor=actor, seen=application.last_record_id)


def a_section(application: Application, code: str, **changes) -> dict[str, str]:
    """One section's answers, complete unless `changes` (as sent) say otherwise."""
    point = application.point or make_units()["1101001"]
    values = form_values(application, point) | {"site": point.parent, "region": point.parent.parent}
    sent = {field: as_sent(field, values[field]) for field in SECTIONS[code].fields if field in values}
    if code == "basic":
        sent["valid_until"] = sent["valid_until"] or "long_term"
    return {"section": code, "seen": str(application.last_record_id or 0), **sent, **changes}


def a_registration(**changes) -> dict[str, str]:
    """What /register/ is sent."""
    return {
        "document_type": "resident_id",
        "document_number": a_resident_id(),
        "valid_until": "2099-01-01",
        "name": "张某某",
        "mobile": a_mobile(),
        "email": "",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "consent": "on",
        **changes,
    }


def sends(client, page, sent, **more):
    """Send a form as a browser does; return the page that shows it again if it is refused, else what leads on."""
    answer = client.post(page, sent, **more)
    is_refused = answer.status_code == 302 and urlsplit(answer.url).path == page
    return client.get(answer.url, **more) if is_refused else answer
