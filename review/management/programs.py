"""Where pg_dump, pg_restore and psql are: of the server's version or newer."""

import contextlib
import re
import shutil
import subprocess
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection

from nmec_portal.local.unprivileged import ServerError, account_of_server, find_programs
from review.archive.recovering import Server


def find() -> Path:
    """Return the folder of the programs: those of PATH where they are new enough, else the embedded server's."""
    with connection.cursor():
        wanted = connection.pg_version // 10000
    installed = shutil.which("pg_dump")
    folders = [Path(installed).resolve().parent] if installed else []
    with contextlib.suppress(ServerError):
        folders.append(find_programs(None))

    for folder in folders:
        if all((folder / name).exists() for name in ("pg_dump", "pg_restore", "psql")) and _version(folder) >= wanted:
            return folder
    raise CommandError(f"找不到 PostgreSQL {wanted} 的 pg_dump、pg_restore、psql，请安装 postgresql-client-{wanted}。")


def own() -> Server:
    """Return what a server of our own is run with; no database is asked."""
    try:
        account = account_of_server()
        return Server(find_programs(account), account)
    except ServerError as error:
        raise CommandError(f"没有可用的 PostgreSQL 程序：{error}") from None


def _version(folder: Path) -> int:
    done = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, encoding="utf-8")
    found = re.search(r"(\d+)", done.stdout)
    return int(found.group(1)) if found else 0
