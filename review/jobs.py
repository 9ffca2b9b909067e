"""What review has to do after the answer (candidates/jobs.py)."""

from collections import Counter
from collections.abc import Mapping

from candidates import jobs
from candidates.models import Account, ExamSession
from candidates.trail import audit
from review.operations import purging

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
    audit.note("purge_session", Account.objects.get(pk=by), {"year": year}, dict(total))
    return total
