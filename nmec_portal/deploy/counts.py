"""Count the rows of every table, and compare a restored database with what was counted around its backup.

python nmec_portal/deploy/counts.py before|after           prints `before TABLE NUMBER` lines
python nmec_portal/deploy/counts.py restored COUNTS        exit 1 where a table has fewer or more than around the backup
"""

import os
import sys
from pathlib import Path

# what comes and goes by itself while a backup is made, and what the restore and its migrations write
RESTLESS = (
    "django_migrations",
    "django_tasks",
    "candidates_operatoract",
    "candidates_checkrun",
    "candidates_job",
    "candidates_login",
    "candidates_onetimecode",
)


def counted() -> dict[str, int]:
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def differences(text: str, found: dict[str, int]) -> list[str]:
    """Return a sentence for each table with fewer or more rows than were counted before and after the backup."""
    seen: dict[str, list[int]] = {}
    for line in text.splitlines():
        _, table, number = line.split()
        seen.setdefault(table, []).append(int(number))
    told = []
    for table, numbers in seen.items():
        if table.startswith(RESTLESS):
            continue
        low, high = min(numbers), max(numbers)
        if not low <= found.get(table, -1) <= high:
            told.append(f"{table}: {found.get(table, 'no such table')}, counted were {low} to {high}")
    return told


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
    import django

    django.setup()
    found = counted()
    if arguments[0] != "restored":
        print(*(f"{arguments[0]} {table} {number}" for table, number in found.items()), sep="\n")
        return 0

    told = differences(Path(arguments[1]).read_text(), found)
    print(*told, f"{len(found)} tables compared, {len(told)} differ.", sep="\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
