"""What is printed: a table of documents, and what stands in each.

Every document but the packet is HTML of templates/documents/ printed by printing.pdf; the packet is printing.packet.
What is special about a document is said in its row; nothing else asks for a slug.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField
from django.template.loader import render_to_string

from candidates.applications import summary
from candidates.applications.notices import contact_as_of, current_notice
from candidates.applications.states import NO_DOCUMENTS
from candidates.models import Application, NoticeVersion
from candidates.rules import institutions
from candidates.rules.profile import SUPPLEMENTARY_TESTS, Profile
from candidates.rules.sections import MONTHS, SECTION_OF
from materials.needs import onsite_lines_of
from materials.printing import pdf
from materials.rules import onsite

WINDOWS = ("upload", "review", "payment")  # of the session, printed on the notice
DIPLOMA = 3  # its number in Attachment 4
PARTICULARS = ("name", "address", "postcode", "registration_number", "legal_representative")  # of an institution


class NoNotice(Exception):
    """The application has no current version of its registration notice."""


@dataclass(frozen=True)
class Document:
    """One row of the table."""

    slug: str
    name: str  # {year} is the exam session's
    attachment: int | None  # of the source; those that have one are offered blank too
    offered_to: Callable[[Profile], bool]
    short: str  # what its file is called
    # each version has a code that /verify/ answers for; printing it is noted, and a unit's are printed ahead
    has_versions: bool = False
    institution: str = "trial"  # the block of the form whose particulars it prints: "trial" or "employer"
    institutions: str = "first"  # of several: the first alone, "each" on a copy of its own, or "together" in one line
    has_rows: bool = False  # it prints the rows of Attachment 4
    for_employer: bool = (
        False  # a heavy rule divides it: what is below is the employer's, and prefilled where asked for
    )

    def title(self, year: int) -> str:
        return self.name.format(year=year)

    @property
    def template(self) -> str:
        return f"documents/{self.slug.replace('-', '_')}.html"

    def is_open(self, application: Application, conflicts: Collection[str] = ()) -> bool:
        """Return whether this application has it now: versions end with the application, and wait for its conflicts.

        `conflicts`: the sentences about a form that contradicts itself.
        """
        return not self.has_versions or (application.status not in NO_DOCUMENTS and not conflicts)


def everyone(profile: Profile) -> bool:
    return True


NOTICE = Document("notice", "医师资格考试网上报名成功通知单", None, everyone, "报名成功通知单", has_versions=True)
DOCUMENTS = (
    NOTICE,
    Document("checklist", "医师资格考试资格审核材料目录清单", 4, everyone, "材料目录清单", has_rows=True),
    # where `probation` is required or optional: both rows of the catalogue ask for no licence
    Document(
        "probation-certificate",
        "医师资格考试试用期考核证明",
        5,
        lambda p: not p.holds_assistant_licence,
        "试用期考核证明",
        institutions="each",
    ),
    Document(
        "practice-certificate",
        "执业助理医师报考执业医师执业期考核证明",
        6,
        lambda p: p.holds_assistant_licence,
        "执业期考核证明",
        institution="employer",
        institutions="each",
        for_employer=True,
    ),
    Document(
        "fresh-graduate-commitment",
        "应届医学专业毕业生医师资格考试报考承诺书",
        7,
        lambda p: p.fresh_graduate,
        "应届毕业生报考承诺书",
        institutions="together",
    ),
    Document(
        "supplementary-test",
        "{year}年医师资格考试短线医学专业加试申请表",
        8,
        lambda p: p.supplementary_test != "none",
        "加试申请表",
    ),
)


def get(slug: str, profile: Profile | None = None) -> Document | None:
    """Return the document of that slug, if this profile (or anybody, without one) is offered it; else None."""
    return next((d for d in DOCUMENTS if d.slug == slug and (profile is None or d.offered_to(profile))), None)


def offered(profile: Profile) -> list[Document]:
    """Return what a candidate of this profile may print, in the table's order; see also Document.is_open."""
    return [document for document in DOCUMENTS if document.offered_to(profile)]


def blank_forms() -> list[Document]:
    """Return Attachments 4 to 8, which anybody may print empty."""
    return [document for document in DOCUMENTS if document.attachment]


def context(
    document: Document,
    *,
    year: int,
    application: Application | None = None,
    notice: NoticeVersion | None = None,
    employer: bool = False,
) -> dict[str, Any]:
    """Return all that the template of `document` prints: prefilled from an application, or blank without one.

    Plain values only, no rows: printing.rendered keeps a document by their hash. One that has versions needs its own.
    `employer`: prefill the employer's part too, where a document leaves one.
    """
    page: dict[str, Any] = {
        "slug": document.slug,
        "title": document.title(year),
        "attachment": document.attachment,
        "year": year,
        "answers": {},
        "copies": [{}],
    }

    if application:
        page["number"] = application.number
        page["answers"] = _answers(application)
        page["copies"] = _copies(application, document)
        if document.for_employer and not employer:
            page["copies"] = [_left_to_employer(copy) for copy in page["copies"]]

    if document.has_rows:
        page |= _checklist(application)
    if application and notice:
        page |= _notice(application, notice)
    return page


def render(
    document: Document, *, year: int, application: Application | None = None, notice: NoticeVersion | None = None
) -> bytes:
    """Return the PDF of one document, prefilled or blank, as in context(). Raises what pdf.render raises."""
    return print_page(context(document, year=year, application=application, notice=notice))


def print_page(page: dict[str, Any]) -> bytes:
    """Return the PDF of what context() gave. Raises what pdf.render raises."""
    return pdf.render(html_of(page))


def html_of(page: dict[str, Any]) -> str:
    """Return the HTML of what context() gave."""
    return render_to_string(_by_slug(page["slug"]).template, page)


def prefilled(slug: str, application: Application, *, employer: bool = False) -> dict[str, Any]:
    """Return what this application's document prints, for print_page. Raises KeyError, NoNotice."""
    document, year = _by_slug(slug), application.session.year
    if not document.has_versions:
        return context(document, year=year, application=application, employer=employer)

    notice = current_notice(application)
    if notice is None or application.point is None:
        raise NoNotice(application.pk)
    page = context(document, year=year, application=application, notice=notice)
    return {**page, "contact_as_of": contact_as_of(application.point, notice)}


def render_blank(slug: str, year: int) -> bytes:
    """Return the empty PDF of one of Attachments 4 to 8. Raises KeyError, or what pdf.render raises."""
    document = _by_slug(slug)
    if not document.attachment:
        raise KeyError(slug)
    return render(document, year=year)


def _by_slug(slug: str) -> Document:
    return {document.slug: document for document in DOCUMENTS}[slug]


# of the form: not among the answers, or by other words
ELSEWHERE = ("valid_until", "exam_category", "region", "site", "point")
TICKED = ("supplementary_test", "holds_assistant_licence")  # a template ticks a box by the value itself


def _is_as_typed(field: str) -> bool:
    column = Application._meta.get_field(field)
    return field in TICKED or not (isinstance(column, BooleanField) or getattr(column, "choices", None))


ANSWERS = tuple(field for field in SECTION_OF if field not in ELSEWHERE)
AS_TYPED = tuple(field for field in ANSWERS if _is_as_typed(field))


def _answers(application: Application) -> dict[str, Any]:
    """Return the application's fields as a template prints them: choices and flags in words, dates for its filters."""
    answers: dict[str, Any] = {
        field: getattr(application, field) if field in AS_TYPED else summary.words(application, field)
        for field in ANSWERS
    }
    answers["further_institutions"] = [_further(row) for row in application.further_institutions]
    answers["full_time"] = {True: "全日制", False: "非全日制", None: ""}[application.full_time]
    answers["exam_category"] = application.exam_category.name if application.exam_category else ""
    answers["supplementary_test_label"] = SUPPLEMENTARY_TESTS[application.supplementary_test or "none"]
    return answers


def copies_of(document: Document, application: Application) -> int:
    """Return how many copies of it this application prints: one an institution, where each has its own."""
    return 1 + len(application.further_institutions) if document.institutions == "each" else 1


def _copies(application: Application, document: Document) -> list[dict[str, Any]]:
    """Return for each copy of the document its institution, its period, and which of how many it is."""
    places = [_first(application, document.institution), *map(_further, application.further_institutions)]
    if document.institutions == "each" and len(places) > 1:
        return [{**one, "label": f"第 {at} 份，共 {len(places)} 份"} for at, one in enumerate(places, 1)]
    return [_together(places) if document.institutions == "together" else places[0]]


def _left_to_employer(copy: dict[str, Any]) -> dict[str, Any]:
    """Return a copy without what its institution fills in; of several, whose it is stands beside their count."""
    return {"label": copy["label"], "for": copy["institution"]["name"]} if "label" in copy else {}


def _first(application: Application, block: str) -> dict[str, Any]:
    """Return the particulars of the place of the trial, or of the employer, with the period there."""
    place = {field: getattr(application, f"{block}_{field}") for field in PARTICULARS}
    return {"institution": place, **{field: getattr(application, field) for field in MONTHS}}


def _further(row: institutions.Row) -> dict[str, Any]:
    place = {field: row.get(field, "") for field in PARTICULARS}
    return {"institution": place, **{field: institutions.month(row, field) for field in MONTHS}}


def _together(places: list[dict[str, Any]]) -> dict[str, Any]:
    """Return several places as one: their names, and the time from the first month to the last."""
    starts, ends = ([place[field] for place in places if place[field]] for field in MONTHS)
    names = "、".join(place["institution"]["name"] for place in places)
    return {
        "institution": {"name": names},
        "period_from": min(starts, default=None),
        "period_to": max(ends, default=None),
    }


def _checklist(application: Application | None) -> dict[str, Any]:
    """Return Attachment 4's rows, with what this candidate needs where that is known, and what is on no row."""
    profile = application.profile if application else None
    lines = onsite_lines_of(application) if application else ()
    by_item = {line.item: line for line in lines}
    rows = [
        {
            "number": number,
            "document": document,
            "copies": _number(by_item.get(number), copies),
            "remark": remark,
            "needed": number in by_item if profile else None,
            "instead": _instead(by_item.get(number), profile),
            "own": _own_remark(by_item.get(number), document, remark),
        }
        for number, document, copies, remark in onsite.ATTACHMENT_4
    ]
    return {"rows": rows, "note": onsite.ATTACHMENT_4_NOTE, "further": [line for line in lines if line.item is None]}


def _number(line: onsite.Line | None, copies: str) -> str:
    """Return how many this candidate hands in; Attachment 4's own number where one is enough."""
    return str(line.originals) if line and line.originals > 1 else copies


def _instead(line: onsite.Line | None, profile: Profile | None) -> str:
    """Return the certificate that 师承 and 确有专长 bring where others bring the diploma; empty for all others."""
    return line.document if line and line.item == DIPLOMA and profile and profile.route != "degree" else ""


def _own_remark(line: onsite.Line | None, document: str, remark: str) -> str:
    """Return what the notice remarks on the same line; empty where Attachment 4's row says it already."""
    return line.remark if line and line.remark not in f"{document}{remark}" else ""


def _notice(application: Application, notice: NoticeVersion) -> dict[str, Any]:
    profile = application.profile
    session = application.session
    levels = {"point": application.point, "site": application.site, "region": application.region}
    return {
        "notice": _values(notice, "version", "code", "issued_at"),
        "verify_address": f"{settings.BASE_URL}/verify/{notice.code}/",
        "session": _values(session, *(f"{window}_{end}" for window in WINDOWS for end in ("opens", "closes"))),
        "units": {level: _values(unit, "name", "address", "telephone", "hours") for level, unit in levels.items()},
        "contact_as_of": notice.issued_at,
        "lines": onsite_lines_of(application),
        "appointment": application.appointment_at,
        "promises": _promises(profile, session.year) if profile else (),
    }


def _values(row: Any, *fields: str) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def _promises(profile: Profile, year: int) -> list[str]:
    """Return what is handed in later (待补), each with its date."""
    promises = []
    if profile.fresh_graduate:
        promises.append(f"{year}年8月31日 24:00 前：将《医师资格考试试用期考核证明》交考点办公室，并在系统中补传。")
    if profile.graduating_postgraduate:
        promises.append(f"{year}年8月31日 24:00 前：将新取得的毕业证书、学位证书交考点办公室，并在系统中补传。")
    return promises
