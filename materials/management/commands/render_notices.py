"""Fill the store of printed documents for a unit, on all cores: `render_notices 1101`.

Can be stopped (Ctrl-C) and started again: what the store has is not rendered twice.
"""

import ctypes
import multiprocessing
import os
import signal
import time
from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice

from django.core.management.base import CommandError
from django.db import connections

from candidates.management.arguments import a_code, typed
from candidates.management.audited import AuditedCommand, Incomplete
from candidates.management.sessions import add_year, session_of
from candidates.models import Unit
from materials import jobs, notices

BATCH = 5  # applications handed to a process at once: some two seconds
SECONDS_BETWEEN_LINES = 5
PR_SET_PDEATHSIG = 1  # prctl(2)


class Command(AuditedCommand):
    help = (
        "为一个考区、考点或报名点预先生成报名成功通知单。可以用 Ctrl-C 停止，再次运行时接着做："
        "已生成且内容未变的不再生成。字库缺字的照常生成，缺的字留空，见后台管理的“已生成的文书”。"
    )

    recorded = ("unit", "year", "enqueue")

    def add_arguments(self, parser):
        parser.add_argument("unit", type=a_code, metavar="代码", help="考区、考点或报名点的代码，如 1101")
        add_year(parser)
        parser.add_argument(
            "--processes",
            type=typed("identifier", _processes),
            default=0,
            metavar="个数",
            help="进程数，默认每个处理器核心一个",
        )
        parser.add_argument("--dry-run", action="store_true", help="只统计有多少份要生成，不生成")

        parser.add_argument("--enqueue", action="store_true", help="只申请后台任务，由 worker 逐个报名点生成")

    def act(self, *, unit, year, processes, dry_run, enqueue, **options):
        unit, session = _unit(unit), session_of(year)
        if enqueue and not dry_run:
            new, all_of_them = jobs.ask_for_notices([unit], session)
            self.stdout.write(
                f"{session}：{all_of_them} 个报名点，新申请 {new} 个后台任务；进度见后台管理的“后台任务”。"
            )
            return {"jobs": new}

        keys = notices.of_unit(unit, session)
        processes = processes or len(os.sched_getaffinity(0))
        self.stdout.write(f"{session}：共 {len(keys)} 份通知单，{processes} 个进程。")

        tally: Counter[str] = Counter()
        started = shown = time.monotonic()
        try:
            for outcomes in _work(keys, processes, dry_run):
                tally.update(kind for kind, _ in outcomes)
                for kind, line in outcomes:
                    if kind == "failed":
                        self.stderr.write(line)
                if time.monotonic() - shown > SECONDS_BETWEEN_LINES:
                    shown = time.monotonic()
                    self.stdout.write(_progress(tally, len(keys), shown - started))
        except KeyboardInterrupt:
            self.stdout.write(_progress(tally, len(keys), time.monotonic() - started))
            raise CommandError("已停止。再次运行时接着做。", returncode=130) from None

        self.stdout.write(_progress(tally, len(keys), time.monotonic() - started))
        if tally["failed"]:
            raise Incomplete(f"{tally['failed']} 份没有生成，报名编号见上。", tally)
        return dict(tally)


def _processes(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 64:
        raise ArgumentTypeError("进程数是 1 到 64 的整数")
    return int(text)


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise CommandError(f"没有代码为 {code} 的考区、考点或报名点。")
    return unit


def _work(keys: list[int], processes: int, dry_run: bool) -> Iterator[list[notices.Outcome]]:
    """Yield the outcomes, batch by batch as they are done; at most two batches a process wait their turn."""
    batches = (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))
    if processes == 1:
        yield from (notices.render(batch, dry_run=dry_run) for batch in batches)
        return

    connections.close_all()  # a process must not inherit one
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_the_stopping_to_the_parent)
    waiting: set[Future[list[notices.Outcome]]] = set()

    try:
        while waiting or batches:
            started = [
                pool.submit(notices.render, batch, dry_run=dry_run)
                for batch in islice(batches, 2 * processes - len(waiting))
            ]
            waiting.update(started)
            if not waiting:
                break
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_the_stopping_to_the_parent() -> None:
    """Finish what was handed out on Ctrl-C, which reaches every process of the terminal, and leave with the parent.

    A parent that is killed without mercy takes its processes along."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _progress(tally: Counter[str], total: int, seconds: float) -> str:
    words = {"rendered": "新生成", "due": "要生成", "kept": "已有", "failed": "失败"}
    parts = "，".join(f"{word} {tally[kind]}" for kind, word in words.items() if tally[kind] or kind != "due")
    return f"{tally.total()}/{total}：{parts}；每秒 {tally.total() / max(seconds, 0.001):.1f} 份"
