"""Printing: the bundled font, what our door adds to WeasyPrint, Chromium's print, the store, two processes.

One form (Attachment 5, typical values), warm, unless the line says otherwise.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import django
from django.db import transaction
from django.template.loader import render_to_string
from django.test import override_settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from candidates.models import Application
from materials.printing import documents, engine, pdf, rendered
from tests.bench.measure import Row, Work, compared, in_turns
from tests.factories import make_application, make_session, make_units
from tests.materials.applications import NOTICE, YEAR, application
from tests.materials.printing.test_pdf import poppler

SLUG = "probation-certificate"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell") or ""
CHROMIUM_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu")
STYLES = pdf.STATIC / "css" / "documents.css"
FORMS = 60  # in each of the runs that compare processes
BATCH = 400  # notices of a registration point


def run() -> Iterator[Row]:
    yield pages_per_second()  # first, while the process is small: it says what memory a render takes
    yield from against_the_system_font()
    yield against_bare_weasyprint()
    if CHROMIUM:
        yield from against_chromium()
    yield from against_rendering()
    yield two_processes()
    yield a_points_notices()


def html(slug: str = SLUG) -> str:
    document = documents.get(slug)
    page = documents.context(document, year=YEAR, application=application(), notice=NOTICE)
    return render_to_string(document.template, page)


def weasyprint_with(styles: str) -> Work:
    """A warm WeasyPrint of its own, without our door, with these styles."""
    return _warm(HTML, styles)


def _warm(kind: type[HTML], styles: str) -> Work:
    text, prepared = html(), FontConfiguration()
    sheet = CSS(string=styles, font_config=prepared, base_url=STYLES.as_uri())

    def work() -> bytes:
        source = kind(string=text, base_url=f"{pdf.PROJECT.as_uri()}/")
        content: bytes = source.render(font_config=prepared, stylesheets=[sheet]).write_pdf(pdf_variant="pdf/ua-1")
        return content

    return work


def against_the_system_font() -> Iterator[Row]:
    styles = STYLES.read_text()
    bundled = _warm(engine.Page, styles)  # with our own styles only, as pdf.render prints it
    system = _warm(
        engine.Page,
        styles.replace('"NMEC Serif Bold", ', '"Noto Serif CJK SC", ').replace('"NMEC Serif"', '"Noto Serif CJK SC"'),
    )
    yield compared("a form with the bundled font", bundled, "with the system's .ttc", system, "≤ 0.75", rounds=9)
    small, large = len(bundled()), len(system())
    yield Row("its size", "with the system's .ttc", small / large, "≤ 0.35", f"{small:,} / {large:,} bytes")


def against_bare_weasyprint() -> Row:
    text, bare = html(), weasyprint_with(STYLES.read_text())
    return compared("pdf.render", lambda: pdf.render(text), "a bare WeasyPrint", bare, "≤ 1.15", rounds=15)


def against_chromium() -> Iterator[Row]:
    """Wall clock, as its work is done in processes of its own: a browser started for each print, and one kept running
    for a page to be opened and printed in it, a second service to keep alive."""
    text = html()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "form.html"), Path(folder, "form.pdf")
        source.write_text(_for_chromium(text))
        printing = ("--no-pdf-header-footer", f"--user-data-dir={folder}/p", f"--print-to-pdf={target}")
        command = [CHROMIUM, *CHROMIUM_OPTIONS, *printing, str(source)]
        started = in_turns([lambda: pdf.render(text), lambda: _quietly(command)], rounds=5, warm=1)
        yield _by_wall("pdf.render", "Chromium's print (a browser started for it)", started, "≤ 0.15")
        if not poppler("pdffonts", "-", content=target.read_bytes()):
            raise AssertionError("Chromium printed no text")
        warm = "a print in a Chromium kept running"
        yield _by_wall("a form", warm, _against_running(text, source), "≤ 0.6")
        text = html("notice")
        source.write_text(_for_chromium(text))
        yield _by_wall("the notice", warm, _against_running(text, source), "≤ 1.0")


def _for_chromium(text: str) -> str:
    return text.replace('"static/', f'"{pdf.STATIC.as_uri()}/').replace(' media="screen"', "")


def _against_running(text: str, source: Path):
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_OPTIONS))
        page = browser.new_page()

        def chromium() -> None:
            page.goto(source.as_uri())
            page.pdf(prefer_css_page_size=True, tagged=True)

        return in_turns([lambda: pdf.render(text), chromium], rounds=9, warm=2)


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)


def _by_wall(subject: str, floor: str, times, target: str = "") -> Row:
    mine, other = times
    note = f"{mine.wall * 1000:.0f} ms / {other.wall * 1000:.0f} ms by the clock"
    return Row(subject, floor, mine.wall / other.wall, target, note)


def against_rendering() -> Iterator[Row]:
    """How many times faster the store serves what rendering makes, the application loaded in both."""
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder), transaction.atomic():
        make_session()
        make_units()
        pk = make_application("registered").pk
        rows = Application.objects.select_related("session", "exam_category", "point", "site", "region")
        mine = rows.get(pk=pk)
        for slug in (SLUG, "notice"):
            rendered.fetch(slug, mine)

            def stored(slug=slug) -> None:
                for _ in range(10):
                    rendered.fetch(slug, mine)

            render, ten = in_turns(
                [lambda s=slug: documents.print_page(documents.prefilled(s, mine)), stored], rounds=9
            )
            note = f"{ten.cpu * 100:.2f} ms / {render.cpu * 1000:.1f} ms of CPU"
            yield Row(f"{slug}: rendering", "served from the store", render.cpu / (ten.cpu / 10), "≥ 100", note)
        transaction.set_rollback(True)


def _render_many(count: int) -> int:
    text = html()
    return sum(len(pdf.render(text)) for _ in range(count))


def two_processes() -> Row:
    context = get_context("fork")
    with ProcessPoolExecutor(1, context) as one, ProcessPoolExecutor(2, context) as two:
        list(one.map(_render_many, [2])), list(two.map(_render_many, [2, 2]))
        alone, together = in_turns(
            [lambda: list(one.map(_render_many, [FORMS])), lambda: list(two.map(_render_many, [FORMS // 2] * 2))],
            rounds=3,
            warm=0,
        )
    note = f"{FORMS / together.wall:.1f} / {FORMS / alone.wall:.1f} pages a second"
    return Row("two processes", "one", alone.wall / together.wall, "≥ 1.5", note)


def _notices(number: int) -> int:
    """Print as many different notices; return the most memory that this process has had, in MB."""
    document = documents.get("notice")
    for at in range(number):
        mine = application(name=f"张某{at}", number=f"20271101001{at:05}")
        documents.print_page(documents.context(document, year=YEAR, application=mine, notice=NOTICE))
    return _megabytes("VmHWM")


def a_points_notices() -> Row:
    """400 notices on two processes that have just been started, as two workers share a batch."""
    with ProcessPoolExecutor(2, get_context("spawn"), initializer=django.setup) as two:
        started = time.perf_counter()
        most = max(two.map(_notices, [BATCH // 2] * 2))
        seconds = time.perf_counter() - started
    note = f"{seconds:.0f} s by the clock, at most {most} MB in each process (≤ 350)"
    return Row(f"{BATCH} notices on two processes", "60 s", seconds / 60, "≤ 1.0", note)


def pages_per_second() -> Row:
    """Warm, one process, the form and the notice in turn; memory in MB: before the first page, and the most."""
    before, texts = _megabytes("VmRSS"), (html(), html("notice"))
    for text in texts:
        pdf.render(text)
    started = time.perf_counter()
    for _ in range(10):
        for text in texts:
            pdf.render(text)
    rate = 30 / (time.perf_counter() - started)  # the notice has two pages
    note = f"{rate:.1f} pages a second; {before} MB before the first page, {_megabytes('VmHWM')} MB at most"
    return Row("pages per second", "one", rate, "", note)


def _megabytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024
