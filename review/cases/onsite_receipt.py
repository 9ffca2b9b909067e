"""审核回执: what a candidate takes home from the registration point: what was seen there, what is owed until when."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from candidates.applications.workflow import moment
from candidates.models import Application
from materials import needs
from materials.printing import rendered
from materials.rules.catalogue import BY_CODE
from review.cases.verdicts import onsite_lines
from review.models import OnsiteTick

SLUG = "onsite-receipt"
SEEN, NOT_YET = "原件已核对", "未核对"
Ticks = dict[str, OnsiteTick]


def ticks_of(application: Application) -> Ticks:
    """Return what the point has ticked of this round's on-site list, by document; empty: there is no receipt."""
    done = OnsiteTick.objects.filter(application=application, round=application.round)
    return {tick.document: tick for tick in done}


def fetch(application: Application, ticks: Ticks) -> bytes:
    """Return the PDF, from the store where it has it. Raises what pdf.render raises."""
    return rendered.fetch_page(SLUG, application, page_of(application, ticks), html_of)


def html_of(page: dict[str, Any]) -> str:
    return render_to_string("documents/onsite_receipt.html", page)


def page_of(application: Application, ticks: Ticks) -> dict[str, Any]:
    """Return all that it prints, plain values only: it is kept by their hash."""
    lines = onsite_lines(application, needs.last_submission(application))
    return {
        "slug": SLUG,
        "title": "医师资格考试现场审核回执",
        "number": application.number,
        "year": application.session.year,
        "name": application.name,
        "exam_category": application.exam_category.name if application.exam_category else "",
        "point": application.point.name if application.point else "",
        "at": max(timezone.localtime(tick.at) for tick in ticks.values()),
        "rows": [
            {"document": line.document, "amount": line.amount, "checked": _checked(ticks.get(line.document))}
            for line in lines
        ],
        "owed": _owed(application),
        "copies": [{}],
    }


def _checked(tick: OnsiteTick | None) -> str:
    if tick is None:
        return NOT_YET
    return "；".join(filter(None, (SEEN if tick.seen else "", tick.note)))


def _owed(application: Application) -> list[dict[str, str]]:
    """Return what may be handed in later: its title, and until when or that the site has it."""
    until, received = moment(application.session.owed_until), application.owed_received
    codes = [code for code in BY_CODE if code in (*application.owed, *received)]
    return [
        {
            "title": BY_CODE[code].label,
            "until": "考点已收到" if code in received else f"{until} 前交考点办公室，并补传图片",
        }
        for code in codes
    ]
