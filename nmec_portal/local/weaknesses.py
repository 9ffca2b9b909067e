"""`make audit`: known weaknesses of the pinned requirements, and of this environment's pip and setuptools.

Asks pip-audit (by uvx); with NMEC_ADVISORIES, a file or a folder, an offline copy of OSV's data for PyPI instead (the
all.zip that osv.dev publishes, or its JSON files unpacked). Standard library only. Ends with 0 where every requirement
was looked up and none has one, 1 where one has, 2 where something was not checked.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nmec_portal.local import setup

PIP_AUDIT = ("uvx", "pip-audit==2.10.1", "--disable-pip", "--require-hashes", "--progress-spinner=off", "-f", "json")
UNHASHED = ("uvx", "pip-audit==2.10.1", "--disable-pip", "--no-deps", "--progress-spinner=off", "-f", "json")
FILES = ("requirements.txt", "requirements-dev.txt")
OWN = ("pip", "setuptools")  # what installs the others, and stands in no list of requirements
ADVISORIES = "NMEC_ADVISORIES"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


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
        return 2, "not checked: the package index that answers here has no data about weaknesses. Run it elsewhere."
    if unknown:
        return 2, f"not checked: no data about weaknesses of {', '.join(unknown)}."
    return 0, f"none of {len(dependencies)} requirements has a known weakness."


def ask(path: str | Path, command: tuple[str, ...] = PIP_AUDIT) -> tuple[int, str]:
    done = subprocess.run([*command, "-r", path], cwd=setup.PROJECT, capture_output=True, text=True)
    try:
        return judge(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
        return 2, f"not checked: pip-audit could not look them up ({said[-1]})."


def own() -> dict[str, str]:
    """Return name -> version of OWN, as far as this environment has them."""
    found = {}
    for name in OWN:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def ask_own(pinned: dict[str, str]) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.txt"
        path.write_text("".join(f"{name}=={one}\n" for name, one in pinned.items()))
        return ask(path, UNHASHED)


# --- offline ---


def pinned_in(path: Path) -> dict[str, str]:
    return {_plain(name): one for name, one in PINNED.findall(path.read_text())}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def advisories(copy: Path) -> Iterator[dict[str, Any]]:
    """Yield what is published, as OSV writes it. Raises OSError, ValueError where this is no such copy."""
    if copy.is_dir():
        for path in sorted(copy.rglob("*.json")):
            yield json.loads(path.read_bytes())
        return
    try:
        with zipfile.ZipFile(copy) as packed:
            for name in packed.namelist():
                if name.endswith(".json"):
                    yield json.loads(packed.read(name))
    except zipfile.BadZipFile:
        raise ValueError(f"{copy} is no ZIP of advisories") from None


def looked_up(pinned: dict[str, str], copy: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each requirement as pip-audit tells of it. An advisory without a list of versions names all of them."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in pinned}
    for one in copy:
        for affected in [] if one.get("withdrawn") else one.get("affected", []):
            package = affected.get("package", {})
            name, versions = _plain(package.get("name", "")), affected.get("versions")
            if package.get("ecosystem") == "PyPI" and name in pinned and pinned[name] in (versions or pinned.values()):
                found[name].append({"id": one["id"], "fix_versions": _fixed(affected)})
    return [{"name": name, "version": pinned[name], "vulns": vulns} for name, vulns in found.items()]


def _fixed(affected: dict[str, Any]) -> list[str]:
    events = [event for one in affected.get("ranges", []) for event in one.get("events", [])]
    return [event["fixed"] for event in events if "fixed" in event]


def main() -> int:
    given, lists = os.environ.get(ADVISORIES, ""), {path: pinned_in(setup.PROJECT / path) for path in FILES}
    lists["this environment"] = own()
    if given:
        try:
            copy = list(advisories(Path(given)))
        except (OSError, ValueError) as error:
            print(f"not checked: {ADVISORIES}={given} cannot be read ({error}).")
            return 2
        newest = max((str(one.get("modified", "")) for one in copy), default="")
        print(f"from {len(copy)} advisories, the newest of {newest[:10] or 'no date'}:")
        answers = {name: _offline(pinned, copy) for name, pinned in lists.items()}
    elif shutil.which("uvx"):
        answers = {path: ask(path) for path in FILES} | {"this environment": ask_own(lists["this environment"])}
    else:
        print(f"not checked: make audit needs uv (pip install uv), or {ADVISORIES} with an offline copy of OSV's data.")
        return 2

    for name, (_, sentence) in answers.items():
        print(f"{name}: {sentence}", flush=True)
    found = {status for status, _ in answers.values()}
    return 1 if 1 in found else max(found)


def _offline(pinned: dict[str, str], copy: list[dict[str, Any]]) -> tuple[int, str]:
    return judge(looked_up(pinned, copy)) if copy else (2, "not checked: the copy holds no advisory.")


if __name__ == "__main__":
    sys.exit(main())
