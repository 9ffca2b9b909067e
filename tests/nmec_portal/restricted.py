"""A process as the containers are: it can write named folders and nothing else, and has no rights but its user's."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

# in a mount namespace of its own: what is named stays writable, what the project lies on and the root do not
ENTER = """
set -e
rights=$1 count=$2; shift 2
while [ "$count" -gt 0 ]; do mount --bind "$1" "$1"; shift; count=$((count - 1)); done
for place in "$(findmnt -n -o TARGET -T "$PWD")" /; do mount -o remount,bind,ro "$place"; done
exec setpriv --bounding-set="$rights" --inh-caps=-all --no-new-privs -- "$@"
"""


def run(
    arguments: Sequence[str], *, writable: Sequence[Path], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, in the project's folder. Its temporary files and its home are the first folder."""
    root = os.geteuid() == 0
    namespace = ["unshare", "--mount"] if root else ["unshare", "--user", "--map-root-user", "--mount"]
    rights = "-all,+dac_override" if root else "-all"  # as root the tests' server is another account's, its socket too
    folders = [str(folder) for folder in writable]
    return subprocess.run(
        [*namespace, "/bin/sh", "-c", ENTER, "sh", rights, str(len(folders)), *folders, sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "TMPDIR": folders[0], "HOME": folders[0], **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def is_possible() -> bool:
    """Whether this machine lets us make such a process."""
    try:
        return run(["-c", ""], writable=[Path("/dev/shm")], environment={}).returncode == 0
    except FileNotFoundError:
        return False
