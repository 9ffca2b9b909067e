"""`make guides`: take the pictures of the guides (docs/pictures/) anew, in Chromium, of a portal with fresh demo data.

The portal runs on a port and a database of its own, in a folder that is removed afterwards.
"""

import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import django
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from nmec_portal.local import postgres, setup
from review.demo.load import OPENS_EVERY_ACCOUNT
from tests.browser.conftest import LAUNCH
from tests.guides import candidates, reviewers

PICTURES = setup.PROJECT / "docs" / "pictures"
PATIENCE = 180  # seconds that the demo data may take
COLOURS = 128
CHROMIUM = "/usr/bin/chromium"  # the whole of it: the headless shell of the tests speaks English only
CHINESE = Path("/usr/lib/chromium/locales/zh-CN.pak")  # Chromium's own words in file and date fields
# one portal, one story after the other: later ones find what earlier ones did
STORIES = {**candidates.STORIES, **reviewers.STORIES}
SIZES = {
    "phone": {"viewport": {"width": 390, "height": 760}, "device_scale_factor": 2, "has_touch": True},
    "desk": {"viewport": {"width": 1280, "height": 820}, "device_scale_factor": 1},
}


def main() -> None:
    setup.exit_on_kill()
    django.setup()
    if not CHINESE.exists():
        sys.exit("Chromium has no Chinese words of its own: apt-get install chromium-l10n, then make guides again.")
    with portal() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            **LAUNCH | {"executable_path": CHROMIUM}, env=os.environ | {"LANGUAGE": "zh_CN"}
        )
        shown: dict[str, str] = {}
        for (size, login), story in STORIES.items():
            shown |= tell(browser, base, size, login, story)
        browser.close()

    from tests.guides import looks  # needs Django's apps

    looks.keep(shown)
    wanted = {f"{name}.png" for story in STORIES.values() for name in story}
    for path in PICTURES.iterdir():
        if path.name not in wanted:
            path.unlink()
    print(f"{sum(path.stat().st_size for path in PICTURES.iterdir()) / 1024:.0f} KB in docs/pictures")


@contextmanager
def portal() -> Iterator[str]:
    """Yield the address of a portal with fresh demo data."""
    with tempfile.TemporaryDirectory() as folder, postgres.running(Path(folder) / "postgres", throwaway=True) as url:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", int(os.environ.get("PORT", "0"))))
            port = probe.getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        changed = {"DATABASE_URL": url, "NMEC_DATA_DIR": folder, "NMEC_BASE_URL": base, "DJANGO_SETTINGS_MODULE": ""}
        command = [sys.executable, "-m", "nmec_portal.local.run", str(port), "prepared"]
        process = subprocess.Popen(command, cwd=setup.PROJECT, env=os.environ | changed, start_new_session=True)
        try:
            wait(base, process)
            yield base
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait(base: str, process: subprocess.Popen) -> None:
    for _ in range(PATIENCE * 2):
        try:
            with urlopen(f"{base}/healthz", timeout=5):
                return
        except URLError:
            if process.poll() is not None:
                sys.exit("The portal did not start.")
            time.sleep(0.5)
    sys.exit(f"The portal has not answered within {PATIENCE} seconds.")


def tell(browser: Browser, base: str, size: str, login: str, story: dict) -> dict[str, str]:
    """Take the pictures of one story, and return the address that each shows.

    Each step leaves the page as it is to be seen, and may return a part of it.
    """
    context = browser.new_context(
        base_url=base, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **SIZES[size]
    )
    page = context.new_page()
    if login:
        page.goto("/login/")
        page.fill("[name=username]", login)
        page.fill("[name=password]", OPENS_EVERY_ACCOUNT)
        page.click("main button[type=submit]")
        page.wait_for_load_state("networkidle")
    shown = {}
    for name, step in story.items():
        part = step(page)
        page.wait_for_load_state("networkidle")
        shot = (part or page).screenshot(animations="disabled")
        smaller(shot).save(PICTURES / f"{name}.png", optimize=True)
        shown[name] = urlsplit(page.url).path
        print(name, flush=True)
    context.close()
    return shown


def smaller(shot: bytes) -> Image.Image:
    """Return the picture with a palette: enough for a screen, and a fourth of the size."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    return picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
