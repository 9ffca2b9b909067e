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
    from django.core.management import execute_from_command_line

    if os.environ.get("DATABASE_URL") or os.environ.get("NMEC_ENV") == "production":
        execute_from_command_line(sys.argv)
        return
    # an ordinary kill must stop the server too
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    folder = Path(os.environ.get("NMEC_DATA_DIR") or Path(__file__).parent / ".data") / "postgres"
    try:
        with postgres.running(folder) as os.environ["DATABASE_URL"]:
            execute_from_command_line(sys.argv)
    except postgres.ServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
