"""Six of the candidate's pages as Lighthouse judges them on its phone profile, behind nginx as in production.

Needs npm (Debian's packages nodejs and npm) and Chromium; lighthouse/package-lock.json pins what is installed below
.data. Its speed is a simulation of a slow phone that starts from what this machine took: run it with nothing beside.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from tests.bench.measure import Row
from tests.nmec_portal.local.serving import Portal, database_like

LOCKED = Path(__file__).parent / "lighthouse"
CHROMIUM = "chromium-headless-shell"
PAGES = ("/", "/login/", "/requirements/", "/application/", "/application/edit/", "/materials/")
TARGETS = {"performance": "≥ 0.95", "accessibility": "≥ 1", "best-practices": "≥ 1"}
TOLD = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
# a candidate with a picture in each category that needs one
PEOPLE = """
import django, json; django.setup()
from tests import factories
from tests.bench.bench_uploads import cookies_of
mine = factories.make_application("registered")
factories.upload_required(mine)
print(json.dumps({"cookie": cookies_of(mine.account)}))
"""


def rows() -> Iterator[Row]:
    programs = [name for name in ("npm", CHROMIUM) if not shutil.which(name)]
    if programs:
        raise SystemExit(f"Lighthouse needs {' and '.join(programs)}: install them, then run this bench again.")

    lighthouse = installed()
    name = connection.settings_dict["NAME"]
    connection.close()
    with tempfile.TemporaryDirectory() as folder, database_like(name) as url:
        portal = Portal(Path(folder), url, people=PEOPLE)
        try:
            portal.wait()
            for page in PAGES:
                yield from judged(page, report(lighthouse, portal, page))
        finally:
            portal.stop()


def installed() -> Path:
    """Return the program, installed as the lock file says where it is missing or another."""
    folder = Path(settings.DATA_DIR).parent / "lighthouse"
    kept = folder / LOCKED.name
    if not kept.exists() or kept.read_bytes() != (LOCKED / "package-lock.json").read_bytes():
        folder.mkdir(parents=True, exist_ok=True)
        for file in LOCKED.iterdir():
            shutil.copy(file, folder)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        shutil.copy(LOCKED / "package-lock.json", kept)
    return folder / "node_modules" / ".bin" / "lighthouse"


def report(lighthouse: Path, portal: Portal, page: str) -> dict:
    """Return what Lighthouse writes of one page, seen by the candidate."""
    command = [
        str(lighthouse),
        f"https://127.0.0.1:{portal.port}{page}",
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(TARGETS)}",
        f"--extra-headers={json.dumps({'Cookie': portal.known['cookie']})}",
        "--chrome-flags=--headless --no-sandbox --disable-gpu --ignore-certificate-errors",
    ]
    environment = {**os.environ, "CHROME_PATH": str(shutil.which(CHROMIUM))}
    found = json.loads(subprocess.check_output(command, env=environment))
    if urlsplit(found["finalDisplayedUrl"]).path != page:
        raise SystemExit(f"{page} led to {found['finalDisplayedUrl']}: that would have been judged")
    return found


def judged(page: str, found: dict) -> Iterator[Row]:
    """One row a category; those that miss their target name what took points."""
    for category, target in TARGETS.items():
        score = found["categories"][category]["score"]
        if category == "performance":
            note = ", ".join(f"{found['audits'][one]['title']} {found['audits'][one]['displayValue']}" for one in TOLD)
        else:
            weights = {one["id"]: one["weight"] for one in found["categories"][category]["auditRefs"]}
            failed = [
                one for one, weight in weights.items() if weight and found["audits"][one]["score"] not in (None, 1)
            ]
            note = ", ".join(failed)
        yield Row(f"{page} {category}", "Lighthouse's 100", score, target, note)
