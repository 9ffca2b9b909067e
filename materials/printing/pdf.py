"""The only door to WeasyPrint: HTML of our own templates in, the bytes of a PDF out; nothing from outside is read."""

import hashlib
import logging
import mimetypes
import queue
import re
import threading
from collections.abc import Callable, Iterator
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

from materials.pictures.measures import rendering
from materials.printing import tags
from materials.printing.fonts import missing_characters, needs_fallback

# WeasyPrint tells Pillow to go on where a picture is broken, in the whole process: uploads are checked in it
ImageFile.LOAD_TRUNCATED_IMAGES = False

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
STATIC = PROJECT / "static"
RENDERS_AT_ONCE = 2  # per process
WAIT_SECONDS = 30
BUSY = "打印的人较多，请稍后再试。"
MOST_NAMED = 10  # characters that a refusal names
CODE_IMAGE = "data:image/svg+xml;base64,"  # QR and Code 128, drawn by materials.printing.codes
PICTURE = re.compile(r"picture:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

Pictures = Callable[[str], bytes]


class PdfError(Exception):
    """A document that cannot be printed; the subclasses say why."""


class FetchRefused(PdfError):
    """The HTML asked for something that is neither in static/ nor one of the pictures given."""


class Busy(PdfError):
    """Every place to render was taken for 30 seconds."""


class MissingCharacters(PdfError):
    """No font has these characters: printing would show empty boxes."""

    def __init__(self, characters: set[str]) -> None:
        self.characters = sorted(characters)
        named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in self.characters[:MOST_NAMED])
        others = f"等 {len(self.characters)} 个字符" if len(self.characters) > MOST_NAMED else ""
        super().__init__(f"字库中没有 {named}{others}，文书暂时不能打印。我们已通知管理人员。")

    @property
    def code_points(self) -> str:
        """U+3134A U+E000: what operators are told, the first ten."""
        return " ".join(f"U+{ord(char):04X}" for char in self.characters[:MOST_NAMED])


class Fetcher(URLFetcher):
    """Opens files below static/ (by resolved path), `picture:<uuid>` by the callable given, and our own code images."""

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


class _Page(HTML):
    """HTML whose only styles are those of documents.css: WeasyPrint's own sheet makes every element cost more."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return []


@dataclass(frozen=True)
class _Engine:
    """What is slow to make and not to be shared by two renders at once: the fonts and the parsed styles."""

    fonts: FontConfiguration
    stylesheet: CSS


def _new_engine() -> _Engine:
    fonts = FontConfiguration()
    sheet = CSS(filename=STATIC / "css" / "documents.css", font_config=fonts, url_fetcher=Fetcher())
    return _Engine(fonts, sheet)


# Last in, first out: the second place is only made when two renders really coincide.
_places: queue.LifoQueue[_Engine | None] = queue.LifoQueue()
for _ in range(RENDERS_AT_ONCE):
    _places.put(None)


# A fallback font costs a render some 100 MB: these are done one at a time, always by the same engine.
_rare_place = threading.Lock()
_rare_engine: _Engine | None = None


@contextmanager
def _engine(*, rare: bool = False) -> Iterator[_Engine]:
    try:
        engine = _places.get(timeout=WAIT_SECONDS)
    except queue.Empty as error:
        raise Busy(BUSY) from error
    try:
        if rare:
            with _engine_for_rare() as alone:
                yield alone
        else:
            engine = engine or _new_engine()
            yield engine
    finally:
        _places.put(engine)


@contextmanager
def _engine_for_rare() -> Iterator[_Engine]:
    global _rare_engine
    if not _rare_place.acquire(timeout=WAIT_SECONDS):
        raise Busy(BUSY)
    try:
        _rare_engine = _rare_engine or _new_engine()
        yield _rare_engine
    finally:
        _rare_place.release()


def render(html: str, *, pictures: Pictures | None = None, tagged: bool = True) -> bytes:
    """The PDF of one HTML document: A4, PDF/UA-1 unless not `tagged`, the same bytes for the same HTML.

    `pictures` gives the bytes of a picture for its uuid (`<img src="picture:…">`). Title and language are those of
    the HTML. Raises MissingCharacters, FetchRefused or Busy.
    """
    if missing := missing_characters(html):
        refusal = MissingCharacters(missing)
        logger.error("no font has %s", refusal.code_points)
        raise refusal
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    variant = "pdf/ua-1" if tagged else None
    try:
        with rendering(), _engine(rare=needs_fallback(html)) as engine:
            source = _Page(string=html, base_url=f"{PROJECT.as_uri()}/", url_fetcher=Fetcher(pictures))
            document = source.render(font_config=engine.fonts, stylesheets=[engine.stylesheet])
            finisher = tags.mend if tagged else None
            pdf: bytes = document.write_pdf(finisher=finisher, pdf_identifier=identifier, pdf_variant=variant)
    except FatalURLFetchingError as error:  # derives from BaseException
        raise FetchRefused(str(error.__cause__)) from error
    return pdf
