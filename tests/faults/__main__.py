"""`make faults [ARGS="workers disk"]`: breaks a part of the portal while people use it, and counts what was lost.

A fault is a module fault_<name>.py beside this one with `run(ground) -> str`, which tells what was seen. Everything
runs on this machine's loopback, ends by the ids of its own processes, and is bounded in requests and time.
"""

import contextlib
import importlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
MOST_SECONDS = 30 * 60


def main(wanted: list[str]) -> int:
    names = sorted(path.stem.removeprefix("fault_") for path in HERE.glob("fault_*.py"))
    unknown = [name for name in wanted if name not in names]
    if unknown:
        print(f"no such fault: {', '.join(unknown)}; there are {', '.join(names)}")
        return 2
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, end)
    signal.alarm(MOST_SECONDS)
    with contextlib.ExitStack() as stack:
        ground = prepared(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nmec-faults-"))), stack)
        told = [one(name, ground) for name in wanted or names]
    return 0 if all(told) else 1


def end(number: int, _frame: object) -> None:
    sys.exit(f"not done after {MOST_SECONDS} seconds" if number == signal.SIGALRM else 128 + number)


def prepared(folder: Path, stack: contextlib.ExitStack):
    """The server and its database; Django is set up here, since the address is known only now."""
    from nmec_portal.local import postgres

    os.environ["DATABASE_URL"] = postgres.url(folder / "postgres")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with postgres.running(folder / "postgres"):
        import django

        django.setup()
        from tests.faults.stand import Ground

        stack.callback(postgres.remove, folder / "postgres")
        return Ground(folder / "postgres", stack)


def one(name: str, ground) -> bool:
    from tests.faults.stand import Failed, Skipped

    began = time.monotonic()
    try:
        seen = importlib.import_module(f"tests.faults.fault_{name}").run(ground)
        print(f"fault {name} ok: {seen}; {time.monotonic() - began:.0f} s", flush=True)
        return True
    except Skipped as reason:
        print(f"fault {name} skipped: {reason}", flush=True)
        return True
    except Failed as error:
        print(f"fault {name} FAILED after {time.monotonic() - began:.0f} s:\n  {error}", flush=True)
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
