"""WeasyPrint as our documents need it; only printing.pdf opens this door, when something is printed.

Importing WeasyPrint takes most of a second and its fonts' tables: nobody pays for that who does not print.
"""

import mimetypes
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from materials.printing import tags
from materials.printing.pdf import BUSY, CODE_IMAGE, PICTURE, PROJECT, STATIC, Busy, FetchRefused, Pictures

RENDERS_AT_ONCE = 2  # per process
# of a body: its pages are numbered as soon as there are several
ALONE, NUMBERED = "page-alone", "page-numbered"
WAIT_SECONDS = 30

# WeasyPrint tells Pillow to go on where a picture is broken, in the whole process: uploads are checked in it
ImageFile.LOAD_TRUNCATED_IMAGES = False


class Fetcher(URLFetcher):
    """Open files below static/ (by resolved path), `picture:<uuid>` by the callable given, and our own code images."""

    def __init__(self, pictures: Pictures | None = None) -> None:
        super().__init__(allow_redirects=False, fail_on_errors=True)
        self._pictures = pictures

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith(CODE_IMAGE):
            return super().fetch(url, headers)
        if (match := PICTURE.fullmatch(url)) and self._pictures is not None:
            return URLFetcherResponse(url, self._pictures(match[1]))
        parts = urlsplit(url)
        if parts.scheme != "file" or parts.netloc:
            raise ValueError("neither a static file nor a picture of this application")
        path = Path(url2pathname(parts.path)).resolve()
        if not path.is_relative_to(STATIC) or not path.is_file():
            raise ValueError("not a file of the static folder")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


class Page(HTML):
    """HTML whose only styles are those of documents.css: WeasyPrint's own sheet makes every element cost more."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return []


@dataclass(frozen=True)
class Engine:
    """What is slow to make and not to be shared by two renders at once: the fonts and the parsed styles."""

    fonts: FontConfiguration
    stylesheet: CSS

    @classmethod
    def new(cls) -> "Engine":
        fonts = FontConfiguration()
        sheet = CSS(filename=STATIC / "css" / "documents.css", font_config=fonts, url_fetcher=Fetcher())
        return cls(fonts, sheet)

    def pdf(self, html: str, pictures: Pictures | None, *, identifier: bytes, tagged: bool) -> bytes:
        """Return the PDF of one HTML document. Raises FetchRefused."""
        try:
            document = self.laid_out(html, pictures)
            printed: bytes = document.write_pdf(
                finisher=tags.mend if tagged else None,
                pdf_identifier=identifier,
                pdf_variant="pdf/ua-1" if tagged else None,
            )
        except FatalURLFetchingError as error:  # derives from BaseException
            raise FetchRefused(str(error.__cause__)) from error
        return printed

    def laid_out(self, html: str, pictures: Pictures | None) -> Any:
        """Return the pages, not written yet. Raises FatalURLFetchingError, which derives from BaseException."""
        document = self._rendered(html, pictures)
        if len(document.pages) > 1 and ALONE in html:
            document = self._rendered(html.replace(ALONE, NUMBERED, 1), pictures)
        return document

    def _rendered(self, html: str, pictures: Pictures | None) -> Any:
        source = Page(string=html, base_url=f"{PROJECT.as_uri()}/", url_fetcher=Fetcher(pictures))
        return source.render(font_config=self.fonts, stylesheets=[self.stylesheet])


# Last in, first out: the second place is only made when two renders really coincide.
_places: queue.LifoQueue[Engine | None] = queue.LifoQueue()
for _ in range(RENDERS_AT_ONCE):
    _places.put(None)


# A fallback font costs a render some 100 MB: these are done one at a time, always by the same engine.
_rare_place = threading.Lock()
_rare_engine: Engine | None = None


@contextmanager
def one(*, rare: bool = False) -> Iterator[Engine]:
    """Yield an engine that nobody else prints with; `rare` where a fallback font is needed. Raises Busy."""
    try:
        engine = _places.get(timeout=WAIT_SECONDS)
    except queue.Empty as error:
        raise Busy(BUSY) from error
    try:
        if rare:
            with _one_for_rare() as alone:
                yield alone
        else:
            engine = engine or Engine.new()
            yield engine
    finally:
        _places.put(engine)


@contextmanager
def _one_for_rare() -> Iterator[Engine]:
    global _rare_engine
    if not _rare_place.acquire(timeout=WAIT_SECONDS):
        raise Busy(BUSY)
    try:
        _rare_engine = _rare_engine or Engine.new()
        yield _rare_engine
    finally:
        _rare_place.release()
