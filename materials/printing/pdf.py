"""The only door to WeasyPrint: HTML of our own templates in, the bytes of a PDF out; nothing from outside is read."""

import hashlib
import logging
import re
from collections.abc import Callable
from pathlib import Path

from materials.pictures.measures import rendering
from materials.printing.fonts import missing_characters, needs_fallback

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
STATIC = PROJECT / "static"
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


def render(html: str, *, pictures: Pictures | None = None, tagged: bool = True) -> bytes:
    """Return the PDF of one HTML document: A4, PDF/UA-1 unless not `tagged`, the same bytes for the same HTML.

    `pictures` gives the bytes of a picture for its uuid (`<img src="picture:…">`). Title and language are those of
    the HTML. Raises MissingCharacters, FetchRefused or Busy.
    """
    if missing := missing_characters(html):
        refusal = MissingCharacters(missing)
        logger.error("no font has %s", refusal.code_points)
        raise refusal
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()

    from materials.printing import engine

    with rendering(), engine.one(rare=needs_fallback(html)) as free:
        return free.pdf(html, pictures, identifier=identifier, tagged=tagged)
