"""`make quick`: the tests that mirror what has changed against main, with those of the house; no browser.

A changed module is tested by the file of its name below tests/, where it has one; a changed test is its own.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("candidates", "materials", "review", "nmec_portal")
ALWAYS = ["tests/test_house.py"]
BESIDE = {"templates": ["tests/test_templates.py"], "docs": ["tests/nmec_portal/test_guides.py", "tests/test_docs.py"]}


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout


def changed() -> list[str]:
    """Return what differs from where this branch left main (on main: from the last commit), and what is new."""
    left = git("merge-base", "HEAD", "main").strip() or "HEAD"
    new = git("ls-files", "--others", "--exclude-standard")
    return [*git("diff", "--name-only", left).splitlines(), *new.splitlines()]


def mirrors(path: Path) -> Iterator[str]:
    """Yield where the tests of this file may lie."""
    top, *rooms = path.parts[:-1] or ("",)
    if top == "tests" and "browser" not in rooms and path.name.startswith("test_"):
        yield str(path)
    if top in APPS and path.suffix == ".py":
        folder = "/".join(["tests", top, *(one for one in rooms if one not in ("views", "forms", "management"))])
        yield f"{folder}/test_{path.stem}.py"
        if "views" in rooms:
            yield f"{folder}/test_views_{path.stem}.py"
            yield f"{folder}/test_views.py"
    yield from BESIDE.get(top, ())


def main() -> int:
    wanted = {test for name in changed() for test in mirrors(Path(name)) if (ROOT / test).exists()}
    tests = [*ALWAYS, *sorted(wanted - {*ALWAYS})]
    print("\n".join(tests), flush=True)
    return subprocess.run([sys.executable, "-m", "pytest", *tests], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
