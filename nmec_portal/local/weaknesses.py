"""`make audit`: asks pip-audit (by uvx) for known weaknesses of the pinned requirements; standard library only.

Ends with 0 where every requirement was looked up and none has one, 1 where one has, 2 where it could not be told.
"""

import json
import shutil
import subprocess
import sys
from typing import Any

from nmec_portal.local import setup

PIP_AUDIT = ("uvx", "pip-audit==2.10.1", "--disable-pip", "--require-hashes", "--progress-spinner=off", "-f", "json")
FILES = ("requirements.txt", "requirements-dev.txt")


def judge(dependencies: list[dict[str, Any]]) -> tuple[int, str]:
    """Return the exit status and what to say for pip-audit's answer about one file."""
    weak = [
        f"  {one['name']} {one['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'none'}"
        for one in dependencies
        for weakness in one.get("vulns", [])
    ]
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]

    if weak:
        return 1, "\n".join(["known weaknesses:", *weak])
    if not dependencies or len(unknown) == len(dependencies):
        return 2, "not told: the package index that answers here has no data about weaknesses. Run it elsewhere."
    if unknown:
        return 2, f"not told: no data about weaknesses of {', '.join(unknown)}."
    return 0, f"none of {len(dependencies)} requirements has a known weakness."


def ask(path: str) -> tuple[int, str]:
    done = subprocess.run([*PIP_AUDIT, "-r", path], cwd=setup.PROJECT, capture_output=True, text=True)
    try:
        return judge(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
        return 2, f"not told: pip-audit could not look them up ({said[-1]})."


def main() -> int:
    if not shutil.which("uvx"):
        print("make audit needs uv: pip install uv")
        return 2
    worst = 0
    for path in FILES:
        status, sentence = ask(path)
        print(f"{path}: {sentence}", flush=True)
        worst = 1 if 1 in (status, worst) else max(status, worst)
    return worst


if __name__ == "__main__":
    sys.exit(main())
