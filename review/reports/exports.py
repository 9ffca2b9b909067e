"""What is listed, as a table and as pictures: read fifty applications at a time, so that memory does not grow.

Every application whose data leaves is recorded as looked at (kind "export") before its rows are given out.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import QuerySet, Sum
from django.utils import timezone

from candidates.applications.acts import act_of
from candidates.models import Account, Application, Record
from candidates.rules.levels import LABELS
from candidates.trail import looks
from materials.files import sealing
from materials.files.zips import safe
from materials.models import MaterialImage
from materials.pictures import formats
from materials.rules.catalogue import BY_CODE
from review.cases import facts, listing
from review.reports.columns import Cell, cells

MOST = 5000  # applications of one export
ORDER = {code: place for place, code in enumerate(BY_CODE)}
COLUMNS = (
    "报名编号",
    "姓名",
    "证件类型",
    "证件号码",
    "手机号码",
    "报考类别",
    "考点",
    "报名点",
    "状态",
    "提交次数",
    "提交时间",
    "进入当前状态",
    "退回次数",
    "待补材料",
    "图片有提示",
)
HEADINGS = (*COLUMNS, "最近一次审核")
Told = Callable[[int], None]  # called with how many applications are done


def _nobody(done: int) -> None:
    pass


def number_of(cases: QuerySet[Application]) -> int:
    """Count the applications that an export will hold."""
    return cases.order_by()[:MOST].count()


def sizes(cases: QuerySet[Application]) -> tuple[int, int, int]:
    """Count the applications (MOST + 1: too many), their pictures, and the pictures' bytes."""
    keys = list(cases.order_by("submitted_at", "id").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        return len(keys), 0, 0
    found = _submitted(keys)
    return len(keys), found.count(), found.aggregate(bytes=Sum("size"))["bytes"] or 0


def rows(cases: QuerySet[Application], account: Account, told_done: Told = _nobody) -> Iterator[list[Cell]]:
    """Yield a line for each application, as HEADINGS says."""
    for chunk in _chunks(cases, account, told_done):
        decided = facts.last_decisions(case.pk for case in chunk)
        yield from ([*cells(case, COLUMNS), _decision(decided.get(case.pk))] for case in chunk)


def _decision(record: Record | None) -> str:
    """Say what was decided last on the pictures, by which level, and how."""
    if record is None:
        return ""
    how = facts.how_of(record)
    said = f"{LABELS[record.level]}{act_of(record.action).name} {timezone.localtime(record.at):%Y-%m-%d %H:%M}"
    return f"{said}；{how.in_words}" if how else said


def pictures(
    cases: QuerySet[Application], account: Account, told_done: Told = _nobody
) -> Iterator[tuple[str, datetime, bytes]]:
    """Yield name in the archive, time of the upload and stored bytes (no watermark) of every submitted picture.

    A file that the storage has lost is named in 缺失的图片.txt, the last of all.
    """
    lost = []
    for chunk in _chunks(cases, account, told_done):
        by_key = {case.pk: case for case in chunk}
        for image, number in _numbered(_submitted(list(by_key))):
            case = by_key[image.application_id]
            name = name_of(f"{case.number}_{case.name}", image, number)
            try:
                content = sealing.read(case, image.file)
            except FileNotFoundError:
                lost.append(name)
                continue
            yield name, timezone.localtime(image.uploaded_at), content
    if lost:
        yield "缺失的图片.txt", timezone.localtime(), "\r\n".join(lost).encode("utf-8-sig")


def name_of(who: str, image: MaterialImage, number: int) -> str:
    """Return 报名编号_姓名_序号类别_n with its format's ending, without what a file system refuses."""
    category = BY_CODE[image.category]
    ending = formats.of_type(image.content_type).ending
    return safe(f"{who}_{category.item.replace(', ', '、')}{category.label}_{number}.{ending}")


def _chunks(cases: QuerySet[Application], account: Account, told_done: Told) -> Iterator[list[Application]]:
    given = 0
    for chunk in listing.in_order(cases):
        chunk = chunk[: MOST - given]
        chunk = looks.record_many(account, chunk, "export")
        yield chunk
        given += len(chunk)
        told_done(given)
        if given >= MOST:
            return


def _submitted(keys: list[int]) -> QuerySet[MaterialImage]:
    """Select the pictures of these applications' present sets: what was submitted and not removed since."""
    return MaterialImage.objects.filter(application__in=keys, submitted=True, removed_at=None)


def _numbered(images: QuerySet[MaterialImage]) -> Iterator[tuple[MaterialImage, int]]:
    """Yield application by application, category by category, each picture with its number in its category."""
    before, number = None, 0
    for image in sorted(
        images, key=lambda one: (one.application_id, ORDER[one.category], one.position, one.uploaded_at)
    ):
        place = (image.application_id, image.category)
        number = number + 1 if place == before else 1
        before = place
        yield image, number
