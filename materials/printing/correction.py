"""补正通知书: what a return asks to be put right, why, and until when. Printed while the application is returned."""

from typing import Any

from django.template.loader import render_to_string

from candidates.applications.states import Status
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import moment
from candidates.models import Application
from candidates.rules.levels import LABELS
from candidates.rules.sections import SECTIONS
from materials.models import MaterialImage
from materials.printing import rendered
from materials.rules.catalogue import BY_CODE

SLUG = "correction"
PICTURE = "删除这张图片，上传新的图片"
CATEGORY = "上传新的图片"
SECTION = "修改后保存"
RETURNS = ("return", "unlock")


def is_open(application: Application) -> bool:
    return application.status == Status.RETURNED


def fetch(application: Application) -> bytes:
    """Return the PDF, from the store where it has it. Raises what pdf.render raises."""
    return rendered.fetch_page(SLUG, application, page_of(application), html_of)


def html_of(page: dict[str, Any]) -> str:
    return render_to_string("documents/correction.html", page)


def page_of(application: Application) -> dict[str, Any]:
    """Return all that it prints, plain values only: it is kept by their hash."""
    unit = application.unit_at(application.returned_level)
    returned = application.records.filter(action__in=RETURNS).order_by("-id").first()
    return {
        "slug": SLUG,
        "title": "医师资格考试报名材料补正通知书",
        "number": application.number,
        "year": application.session.year,
        "name": application.name,
        "exam_category": application.exam_category.name if application.exam_category else "",
        "unit": f"{LABELS[application.returned_level]}（{unit.name}）" if unit else "",
        "returned_at": returned.at if returned else None,
        "until": moment(application.return_deadline) if application.return_deadline else "",
        "rows": _rows(application),
        "copies": [{}],
    }


def _rows(application: Application) -> list[dict[str, str]]:
    """Return what is to be put right in the form, in categories and in single pictures: what, why, how."""
    unlocking, year = Unlocking.of(application), application.session.year
    sections = [(f"报名表：{SECTIONS[code].title}", why, SECTION) for code, why in unlocking.sections.items()]
    categories = [
        (BY_CODE[code].title.format(year=year), why, CATEGORY)
        for code, why in sorted(unlocking.categories.items(), key=lambda named: list(BY_CODE).index(named[0]))
    ]
    found = [*sections, *categories, *_pictures(application, unlocking, year)]
    return [{"what": what, "why": why, "how": how} for what, why, how in found]


def _pictures(application: Application, unlocking: Unlocking, year: int) -> list[tuple[str, str, str]]:
    """Return the pictures judged 不合格, removed ones too, in the catalogue's order."""
    images = MaterialImage.objects.filter(application=application, pk__in=unlocking.images)
    ordered = sorted(images, key=lambda one: (list(BY_CODE).index(one.category), one.position, one.uploaded_at))
    numbers = _numbers(application)
    return [
        (
            f"{BY_CODE[one.category].title.format(year=year)}，第 {numbers[one.pk]} 张",
            unlocking.images[str(one.pk)],
            PICTURE,
        )
        for one in ordered
    ]


def _numbers(application: Application) -> dict[Any, int]:
    """Return which picture of its category each was, of the set that was judged."""
    found: dict[str, int] = {}
    numbers = {}
    for one in MaterialImage.objects.filter(application=application, submitted=True).order_by(
        "position", "uploaded_at"
    ):
        found[one.category] = found.get(one.category, 0) + 1
        numbers[one.pk] = found[one.category]
    return numbers
