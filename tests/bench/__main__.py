"""`make bench [ARGS="pictures documents"]`: runs the benches, prints the ratios, writes docs/benchmarks.md.

A bench is a module bench_<name>.py beside this one with `run() -> Iterable[Row]`; it works in a database of its own,
made and removed here.
"""

import importlib
import os
import platform
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import django
from django.test.utils import setup_databases, teardown_databases

from nmec_portal import postgres
from tests import settings as test_settings  # also gives the benches their data folder
from tests.bench.measure import Row

HERE = Path(__file__).parent
REPORT = HERE.parent.parent / "docs" / "benchmarks.md"
HEADER = ("bench", "what", "against", "ratio", "target", "met", "figures")


def main(wanted: list[str]) -> int:
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = [name for name in wanted if name not in names]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(names)}")
        return 2
    with postgres.running(test_settings.OWN_SERVER, throwaway=True) if test_settings.OWN_SERVER else nullcontext():
        django.setup()
        rows = [line(name, row) for name in wanted or names for row in one(name)]
    if not wanted:
        write(rows)
    return 0


def one(name: str):
    print(f"\n{name}", flush=True)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        for row in importlib.import_module(f"tests.bench.bench_{name}").run():
            print("  " + "  ".join(line(name, row)[1:]), flush=True)
            yield row
    finally:
        teardown_databases(databases, verbosity=0)


def line(name: str, row: Row) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[row.met]
    return (name, row.subject, row.floor, f"{row.ratio:.3g}", row.target, met, row.note)


def write(rows: list[tuple[str, ...]]) -> None:
    when = datetime.now(UTC)
    machine = f"{platform.machine()}, Python {platform.python_version()}, {cores()} cores"
    table = ["| " + " | ".join(cells) + " |" for cells in (HEADER, ("---",) * len(HEADER), *rows)]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(
        "# Benchmarks\n\nWritten by `make bench`. Each figure is a ratio of medians over alternated rounds in one run: "
        f"machines differ, ratios less.\n\n{when:%Y-%m-%d}, {machine}.\n\n" + "\n".join(table) + "\n"
    )


def cores() -> int:
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
