"""What runs and whether all is well: checks, backups, jobs under way, the calendar of the sessions."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates import jobs
from candidates.models import ExamSession, Job
from candidates.models.session import possible_years
from candidates.trail import check_runs
from review.archive import watching
from review.operations import backup_list, calendar
from review.views.console.pages import page

LISTED = 50


@require_safe
def checks(request):
    """Show the last run of each check of records and files, with what it found wrong."""
    now = timezone.now()
    rows = [
        {
            "command": command,
            "name": check_runs.CHECKS[command],
            "run": run,
            "is_late": run is None or now - run.began_at > check_runs.DUE,
            "is_killed": run is not None and run.state == "running" and now - run.began_at > check_runs.KILLED,
        }
        for command, run in check_runs.last().items()
    ]
    return page(request, "checks", "核对", {"rows": rows, "days": check_runs.DUE.days})


@require_safe
def backups(request):
    """Show the archive's base backups, with what is wrong with it, and the folders that `backup` has written."""
    now = timezone.now()
    found = backup_list.look(settings.DUMP_FOLDER, now)
    rows = [(one, _age(now - one.made_at) if one.made_at else "") for one in found.found]
    archived = [(one, _age(now - one.ended_at)) for one in watching.backups()[:LISTED]]
    context = {"rows": rows, "trouble": found.trouble, "folder": settings.DUMP_FOLDER}
    context |= {"archived": archived, "problems": watching.problems(now)}
    return page(request, "backups", "备份", context)


def _age(age: timedelta) -> str:
    if age.days:
        return f"{age.days} 天前"
    hours, minutes = divmod(max(0, int(age.total_seconds())) // 60, 60)
    return f"{hours} 小时前" if hours else f"{minutes} 分钟前"


@require_safe
def working(request):
    """Show the jobs that wait or run, with how far they are, and the last that have ended."""
    open_ones = Job.objects.filter(ended_at=None).select_related("asked_by").order_by("pk")[:LISTED]
    ended = Job.objects.exclude(ended_at=None).select_related("asked_by").order_by("-pk")[:LISTED]
    context = {"rows": [_job(one) for one in open_ones], "ended": [_job(one) for one in ended]}
    return page(request, "jobs", "后台任务的进度", context)


def _job(job):
    kind = jobs.KINDS.get(job.kind)
    return {
        "job": job,
        "title": kind.title if kind else job.kind,
        "about": " · ".join(str(value) for name, value in sorted(job.arguments.items()) if name != "by"),
        "percent": 100 * job.done // job.total if job.total else None,
        "counts": "，".join(f"{kind.counts.get(name, name)} {count}" for name, count in job.outcome.items())
        if kind
        else "",
    }


@require_safe
def sessions(request):
    """Draw the sessions that may be worked on and their windows over the months."""
    now = timezone.now()
    years = possible_years(now)
    drawn = calendar.of(ExamSession.objects.filter(year__in=years).order_by("year"), now)
    return page(request, "calendar", "考试年度日历", {"calendar": drawn, "now": now})
