"""Kinds of jobs for the tests, also for the processes that tests/candidates/test_jobs.py starts."""

import time
from pathlib import Path

from candidates import jobs

WORDS = "110101199003071234 张三"  # of somebody; an exception may hold it


@jobs.kind("fails", "试验", {"fine": "好"})
def fails(report, *, times):
    if report.job.attempts <= times:
        raise ValueError(WORDS)
    report(2, 2)
    return {"fine": 2}


@jobs.kind("writes", "试验", {"lines": "行"})
def writes(report, *, path):
    """The first attempt writes one of two lines and then hangs; a later one goes on where it was."""
    lines = Path(path).read_text().split() if Path(path).exists() else []
    for number in range(len(lines), 2):
        with Path(path).open("a") as file:
            file.write(f"{number}\n")
        report(number + 1, 2)
        if report.job.attempts == 1:
            time.sleep(600)
    return {"lines": 2}
