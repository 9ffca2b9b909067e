"""The tests' database as the migrations leave it: migrated once, kept as a dump, then copied (a second against seven).

Who changes a migration, or what one imports, migrates anew. A server that is not our own is always migrated.
"""

import fcntl
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nmec_portal.local import postgres, unprivileged
from tests.settings import DATA, OWN_SERVER

ROOT = Path(__file__).resolve().parent.parent
IMPORTED = re.compile(
    r"^(?:import|from) ((?:candidates|materials|review|nmec_portal)[\w.]*)(?: import ([\w, ]+))?", re.MULTILINE
)
DUMPS = DATA / "migrated"


def sources() -> list[Path]:
    """Return what a migrated database follows from: the migrations, what they import of ours, the requirements."""
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    found = [pair for path in migrations for pair in IMPORTED.findall(path.read_text())]
    # a name is a module, or something of the module or package that it is imported from
    names = {
        name for module, of_it in found for name in (module, *(f"{module}.{one.strip()}" for one in of_it.split(",")))
    }
    paths = [ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in sorted(names)]
    return [*migrations, *(path for path in paths if path.exists()), ROOT / "requirements.txt"]


def dump() -> Path:
    """Return where the dump of these very sources lies, or would lie."""
    found = hashlib.sha256()
    for path in sources():
        found.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return DUMPS / f"{found.hexdigest()[:16]}.sql"


def template() -> str | None:
    """Return a database of our own server to copy, made of the dump by who asks first; None where there is no dump."""
    kept = dump()
    name = f"migrated_{kept.stem}"
    if not OWN_SERVER or not kept.exists():
        return None

    with _locked():
        if not _asked("postgres", f"SELECT datname FROM pg_database WHERE datname = '{name}'"):
            _asked("postgres", f"DROP DATABASE IF EXISTS {name}_new")
            _asked("postgres", f"CREATE DATABASE {name}_new")
            _run("psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", kept, "-o", os.devnull, _url(f"{name}_new"))
            _asked("postgres", f"ALTER DATABASE {name}_new RENAME TO {name}")
    return name


def keep(database: str) -> None:
    """Keep this database, which has just been migrated, for the runs to come; earlier ones go."""
    kept = dump()
    if not OWN_SERVER:
        return

    with _locked():
        for old in DUMPS.glob("*.sql"):
            if old != kept:
                old.unlink()
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_text(_run("pg_dump", "--no-owner", _url(database)))
        new.rename(kept)


@contextmanager
def _locked() -> Iterator[None]:
    DUMPS.mkdir(parents=True, exist_ok=True)
    with (DUMPS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _url(database: str) -> str:
    return postgres.url(OWN_SERVER).replace("/nmec?", f"/{database}?")


def _asked(database: str, statement: str) -> str:
    return _run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, _url(database)).strip()


def _run(program: str, *words: str | Path) -> str:
    programs = unprivileged.find_programs(unprivileged.account_of_server())
    return subprocess.run([programs / program, *words], capture_output=True, text=True, check=True).stdout
