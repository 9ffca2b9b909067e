"""What review has to do after the answer (candidates/jobs.py)."""

from collections import Counter
from collections.abc import Mapping

from django.utils import timezone

from candidates import jobs
from candidates.models import Account, ExamSession
from candidates.trail import audit
from review.operations import purging, reminders, resealing

COUNTS = {"applications": "报名", "images": "图片", "documents": "文书", "messages": "消息", "accounts": "考生账号"}


@jobs.kind("purge", "清除考试年度", COUNTS)
def purge(report: jobs.Report, *, year: int, by: int) -> Mapping[str, int]:
    """Purge a session, as two operators have agreed; what an interrupted attempt has left goes with the next."""
    session = ExamSession.objects.get(year=year)
    total, done = Counter(dict.fromkeys(COUNTS, 0)), 0
    left = purging.remaining(session).count()
    report(0, left)
    for counts in purging.purge(session):
        total.update(counts)
        done += counts["applications"]
        report(done, max(left, done))
    purging.close_for_good(session)
    audit.note("purge_session", Account.objects.get(pk=by), {"year": year}, dict(total))
    return total


@jobs.kind("reseal", "重新加密", resealing.COUNTS)
def reseal(report: jobs.Report) -> Mapping[str, int]:
    """Seal anew what an older key or cipher has sealed, and files that lie in clear."""
    return resealing.reseal(report)


@jobs.kind("remind", "提醒考生", {"sent": "已写入"})
def remind(report: jobs.Report, *, year: int, kind: str, by: int) -> Mapping[str, int]:
    """Remind those of a kind who are due now; who has been reminded today is not due, so that it may be begun twice."""
    session, wanted, now = ExamSession.objects.get(year=year), reminders.KINDS[kind], timezone.now()
    due, sent = reminders.due(wanted, session, now).count(), 0
    report(0, due)
    for number in reminders.remind(wanted, session, now):
        sent += number
        report(sent, max(due, sent))
    audit.note("remind", Account.objects.get(pk=by), {"year": year, "kind": [kind]}, {kind: sent})
    return {"sent": sent}
