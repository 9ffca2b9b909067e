#!/usr/bin/env python3
"""Django's command line. Without a DATABASE_URL, outside production, the embedded server runs for as long."""

import os
import signal
import sys
from pathlib import Path

from nmec_portal.local import postgres


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
    for limit in ("NMEC_STATEMENT_TIMEOUT", "NMEC_LOCK_TIMEOUT"):
        os.environ.pop(limit, None)  # what a web request may take: migrate and backup take what they take

    if os.environ.get("DATABASE_URL") or os.environ.get("NMEC_ENV") == "production":
        run()
        return
    # an ordinary kill must stop the server too
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    folder = Path(os.environ.get("NMEC_DATA_DIR") or Path(__file__).parent / ".data") / "postgres"
    try:
        with postgres.running(folder) as os.environ["DATABASE_URL"]:
            run()
    except postgres.ServerError as error:
        sys.exit(str(error))


def run() -> None:
    """Run the command. What is wrong with the settings or the database is told in a sentence, without --traceback."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        settings.INSTALLED_APPS  # noqa: B018  # Django would read wrong settings twice, and then know no command
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError, ProgrammingError) as error:
        sentence = _sentence(error)
        if not sentence or "--traceback" in sys.argv:
            raise
        sys.exit(sentence)


def _sentence(error: Exception) -> str:
    """Return what an operator is to do about it; empty where it is a fault of the program."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError
    from psycopg2.errors import UndefinedColumn, UndefinedTable

    first = str(error).strip().partition("\n")[0]
    if isinstance(error, ImproperlyConfigured):
        return f"设置有误，没有运行：{first}"
    if isinstance(error, OperationalError):
        return f"数据库没有应答，或中断了：{first}"
    if isinstance(error.__cause__, (UndefinedTable, UndefinedColumn)):
        return f"数据库的表与程序不符，请先运行 migrate：{first}"
    return ""


if __name__ == "__main__":
    main()
