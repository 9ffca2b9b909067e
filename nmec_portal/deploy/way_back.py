"""Say whether the version before can work with these tables: reads its `showmigrations --plan` on standard input.

Migrations are safe while the old code still runs (docs/developing.md), so a version back leaves the tables as they are.
One that is not says so in its class: `no_way_back = "why"`. Exit 1 where there is one that the version before lacks.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def known(plan: str) -> set[tuple[str, str]]:
    """Return (app, name) of every migration in the output of `showmigrations --plan`."""
    return {(found[1], found[2]) for found in re.finditer(r"^\[[ X]\]\s+(\w+)\.(\w+)", plan, re.MULTILINE)}


def lacking(plan: str, applied: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is applied and unknown to that plan. Raise ValueError where the plan names nothing."""
    there = known(plan)
    if not there:
        raise ValueError("the version before has named no migrations")
    return sorted(set(applied) - there)


def named(loader: Any) -> set[tuple[str, str]]:
    """Return what is applied, by names that there are: a squashed one is written down as those that it replaces."""
    replaced = {one for migration in loader.disk_migrations.values() for one in migration.replaces}
    return set(loader.applied_migrations) - replaced


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
    import django

    django.setup()
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    wrong = 0
    try:
        new = lacking(sys.stdin.read(), named(loader))
    except ValueError as error:
        sys.exit(str(error))
    for app, name in new:
        migration = loader.disk_migrations.get((app, name))
        reason = "nobody here knows it" if migration is None else getattr(migration, "no_way_back", "")
        print(f"  {app}.{name}: {f'no way back, {reason}' if reason else 'stays, the version before works with it'}")
        wrong += bool(reason)
    if not new:
        print("  no migrations have come since")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
