"""The registration notice: its versions, and what those who have printed it are told.

A version becomes void when the candidate's own data changes. What a notice says of its registration point may change
under it: the notice says as of when, and `/verify/` shows what is true now.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from candidates.applications.states import BEFORE_THE_POINT
from candidates.messages.writing import message
from candidates.models import Application, Message, NoticeVersion, Unit
from candidates.prepared import Prepared
from candidates.rules.codes import readable_code
from candidates.trail import history

CONTACT = {"address": "地址", "telephone": "电话", "hours": "现场审核时间"}  # of a point, printed on its notices
MESSAGES_AT_ONCE = 1000
# what it saves stands in materials/needs.py
CURRENT = Prepared(lambda: NoticeVersion.objects.filter(application_id=0, replaced_at=None))


def issue_notice(application: Application, now: datetime) -> NoticeVersion:
    """Make a new version of the notice, for data of the candidate that has changed; the one before is void."""
    last = application.notice_versions.order_by("version").last()
    if last:
        void_notice(application, now)
    return NoticeVersion.objects.create(
        application=application,
        version=last.version + 1 if last else 1,
        code=readable_code(16),
        issued_at=now,
    )


def void_notice(application: Application, now: datetime) -> None:
    application.notice_versions.filter(replaced_at=None).update(replaced_at=now)


def current_notice(application: Application) -> NoticeVersion | None:
    """Return the version that is not void; None before completing and after withdrawing."""
    return CURRENT.one(application.pk)


def note_printed(application: Application, *, now: datetime | None = None) -> None:
    """Remember that the candidate has got the current version as a PDF; the first time counts."""
    current = application.notice_versions.filter(replaced_at=None, printed_at=None)
    current.update(printed_at=now or timezone.now())


def contact_as_of(point: Unit, notice: NoticeVersion) -> datetime:
    """Return since when what a notice says of its point is so: since it was issued, or the point's last change."""
    since = notice.issued_at
    for at, *contact in history.states_of(point, CONTACT):
        if contact != [getattr(point, field) for field in CONTACT]:
            break
        since = at

    return max(since, notice.issued_at)


@transaction.atomic
def tell_of_contact(point: Unit, *, now: datetime | None = None) -> int:
    """Tell those who hold a printed notice of this point that its address, telephone or hours have changed.

    Gives how many were told. No notice becomes void.
    """
    now = now or timezone.now()
    holders = Application.objects.filter(
        point=point,
        status__in=BEFORE_THE_POINT,
        notice_versions__replaced_at=None,
        notice_versions__printed_at__lte=now,
    )

    values = {"point": point.name, "contact": _contact_in_words(point)}
    told = [message("notice_changed", one, now, values) for one in holders.order_by("pk")]

    Message.objects.bulk_create(told, batch_size=MESSAGES_AT_ONCE)
    return len(told)


def _contact_in_words(point: Unit) -> str:
    facts = (f"{name}：{getattr(point, field)}" for field, name in CONTACT.items() if getattr(point, field))
    return "；".join(facts) or "以系统公布为准"
