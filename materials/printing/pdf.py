"""The only door to WeasyPrint: HTML of our own templates in, the bytes of a PDF out; nothing from outside is read."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from materials.pictures.measures import rendering
from materials.printing.fonts import missing_characters, needs_fallback

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parents[2]
STATIC = PROJECT / "static"
BUSY = "打印的人较多，请稍后再试。"
MOST_NAMED = 10  # characters that operators are told of
MOST_AT_FOOT = 12  # characters whose codes find room below a page: two lines
FRAME = "□"
TAG = re.compile(r"(<[^>]*>)")
CODE_IMAGE = "data:image/svg+xml;base64,"  # QR and Code 128, drawn by materials.printing.codes
PICTURE = re.compile(r"picture:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

Pictures = Callable[[str], bytes]


class PdfError(Exception):
    """A document that cannot be printed; the subclasses say why."""


class FetchRefused(PdfError):
    """The HTML asked for something that is neither in static/ nor one of the pictures given."""


class Busy(PdfError):
    """Every place to render was taken for 30 seconds."""


@dataclass(frozen=True)
class Gaps:
    """What is printed in the place of characters that no font has: a frame to write each into, numbered."""

    characters: tuple[str, ...]  # each once, in the order of the page

    @classmethod
    def of(cls, html: str) -> "Gaps":
        """Find the gaps of a page: what stands in tags and before its body is drawn nowhere."""
        drawn = TAG.sub("", _body_of(html)[1])
        missing = missing_characters(drawn)
        return cls(tuple(dict.fromkeys(one for one in drawn if one in missing)))

    @property
    def code_points(self) -> str:
        """U+3134A U+E000: what operators are told, the first ten."""
        return " ".join(_code_point(char) for char in self.characters[:MOST_NAMED])

    def framed(self, html: str) -> str:
        """Return the page with a frame for each, and a footnote that says which character goes into it."""
        before, body = _body_of(html)
        framed = {ord(char): f'{FRAME}<i class="gap">{at}</i>' for at, char in enumerate(self.characters, 1)}
        pieces = TAG.split(body)
        pieces = [one if one.startswith("<") else one.translate(framed) for one in pieces]
        top, rest = before + pieces[0] + pieces[1], "".join(pieces[2:])
        if len(self.characters) <= MOST_AT_FOOT:
            return top + self._note("gaps", self.characters) + rest
        if 'class="overlay"' in pieces[1]:  # laid over pages that are there already: no page can follow
            return top + self._note("gaps", self.characters[:MOST_AT_FOOT]) + rest
        drawn, end, after = rest.rpartition("</body>")
        return top + drawn + self._note("gaps-many", self.characters) + end + after

    def _note(self, kind: str, named: tuple[str, ...]) -> str:
        codes = "，".join(f"{at} {_code_point(char)}" for at, char in enumerate(named, 1))
        more = f" 等 {len(self.characters)} 个" if len(named) < len(self.characters) else ""
        words = f"{FRAME} 处的字没有可用的字体，请按证件手写在框内。框内编号的字符代码：{codes}{more}。"
        return f'<p class="{kind}">{words}</p>'


def gaps_of(html: str) -> Gaps:
    """Return the gaps that render() will leave."""
    return Gaps.of(html) if missing_characters(html) else Gaps(())


def _body_of(html: str) -> tuple[str, str]:
    at = html.index("<body")
    return html[:at], html[at:]


def _code_point(char: str) -> str:
    return f"U+{ord(char):04X}"


def render(html: str, *, pictures: Pictures | None = None, tagged: bool = True) -> bytes:
    """Return the PDF of one HTML document: A4, PDF/UA-1 unless not `tagged`, the same bytes for the same HTML.

    `pictures` gives the bytes of a picture for its uuid (`<img src="picture:…">`). Title and language are those of
    the HTML. A character that no font has leaves a gap to be filled in by hand. Raises FetchRefused or Busy.
    """
    if (gaps := gaps_of(html)).characters:
        logger.warning("no font has %s", gaps.code_points)
        html = gaps.framed(html)
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()

    from materials.printing import engine

    with rendering(), engine.one(rare=needs_fallback(html)) as free:
        return free.pdf(html, pictures, identifier=identifier, tagged=tagged)
