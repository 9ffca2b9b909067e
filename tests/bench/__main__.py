"""`make bench [ARGS="pictures documents"]`: runs the benches, prints ratios, writes their parts of docs/benchmarks.md.

A bench is a module bench_<name>.py beside this one with `run() -> Iterable[Row]`; it works in a database of its own,
made and removed here.
"""

import importlib
import os
import platform
import re
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings as django_settings
from django.test.utils import setup_databases, teardown_databases

from nmec_portal.local import postgres
from tests import migrated
from tests import settings as test_settings  # also gives the benches their data folder
from tests.bench.measure import Row

HERE = Path(__file__).parent
REPORT = HERE.parent.parent / "docs" / "benchmarks.md"
HEADER = ("what", "against", "ratio", "target", "met", "figures")


def main(wanted: list[str]) -> int:
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = [name for name in wanted if name not in names]
    if unknown:
        print(f"no such bench: {', '.join(unknown)}; there are {', '.join(names)}")
        return 2
    with postgres.running(test_settings.OWN_SERVER, throwaway=True) if test_settings.OWN_SERVER else nullcontext():
        django.setup()
        if template := migrated.template():  # as the tests' database is made: migrating takes longer than some benches
            django_settings.DATABASES["default"]["TEST"] |= {"TEMPLATE": template, "MIGRATE": False}
        for name in wanted or names:
            write(name, [line(row) for row in one(name)])
    return 0


def one(name: str):
    print(f"\n{name}", flush=True)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        for row in importlib.import_module(f"tests.bench.bench_{name}").run():
            print("  " + "  ".join(line(row)), flush=True)
            yield row
    finally:
        teardown_databases(databases, verbosity=0)


def line(row: Row) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[row.met]
    return (row.subject, row.floor, f"{row.ratio:.3g}", row.target, met, row.note)


def write(name: str, rows: list[tuple[str, ...]]) -> None:
    """This bench's part of the report; the others' parts stay as they are."""
    busy = f"{os.getloadavg()[1]:.1f} processes at work in the last five minutes"
    machine = f"{platform.machine()}, Python {platform.python_version()}, {cores()} cores, {busy}"
    table = ["| " + " | ".join(cells) + " |" for cells in (HEADER, ("---",) * len(HEADER), *rows)]
    parts = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", REPORT.read_text() if REPORT.exists() else "", re.M | re.S))
    parts[name] = f"\n{datetime.now(UTC):%Y-%m-%d}, {machine}.\n\n" + "\n".join(table) + "\n\n"
    told = "".join(f"## {one}\n{parts[one]}" for one in sorted(parts))
    REPORT.write_text(
        "# Benchmarks\n\nWritten by `make bench`. Each figure is a ratio of medians over alternated rounds in one run: "
        f"machines differ, ratios less.\n\n{told.rstrip()}\n"
    )


def cores() -> int:
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
