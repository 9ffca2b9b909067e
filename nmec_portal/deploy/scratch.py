"""Make or drop a database beside DATABASE_URL's: `scratch.py create|drop NAME`; create prints its address."""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


def beside(address: str, name: str) -> str:
    """Return the address of the database of that name on the same server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def main(arguments: list[str]) -> int:
    act, name = arguments
    if not re.fullmatch(r"nmec_drill_[0-9]+", name):
        sys.exit(f"{name} is no scratch database.")  # nothing else is ever dropped
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        if act == "create":
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            print(beside(os.environ["DATABASE_URL"], name))
        else:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
