"""Which characters the fonts of printed documents have, and how wide they are."""

from functools import lru_cache
from pathlib import Path
from unicodedata import category

from candidates.rules.text import visible

BUNDLED_FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "nmec-serif.ttf"
# Debian's fonts-noto-cjk, fonts-hanazono and fonts-babelstone-han, for rare characters; css/documents.css names them in
# this order.
SYSTEM_FONTS = (
    ("Noto Serif CJK SC", Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")),
    ("HanaMinA", Path("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf")),
    ("HanaMinB", Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf")),
    ("BabelStone Han", Path("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf")),
)


@lru_cache(maxsize=1)
def _bundled_advances() -> dict[int, float]:
    """Code point → advance width in ems, of the bundled font."""
    from fontTools.ttLib import TTFont

    with TTFont(BUNDLED_FONT, lazy=True) as font:
        em = font["head"].unitsPerEm
        return {code: font["hmtx"][name][0] / em for code, name in font.getBestCmap().items()}


@lru_cache(maxsize=len(SYSTEM_FONTS))
def _system_characters(family: str, path: Path) -> frozenset[int]:
    """Return the code points of one installed font; none where it is not installed.

    Without those of private use: what one font draws there is not what was meant.
    """
    if not path.is_file():
        return frozenset()

    from fontTools.ttLib import TTCollection, TTFont

    if path.suffix == ".ttc":
        with TTCollection(path, lazy=True) as collection:
            found = next(f for f in collection if f["name"].getDebugName(1) == family).getBestCmap()
    else:
        with TTFont(path, lazy=True) as font:
            found = font.getBestCmap()
    return frozenset(code for code in found if category(chr(code)) != "Co")


def missing_characters(text: str) -> set[str]:
    """Return the characters of `text` that neither the bundled font nor an installed fallback has.

    White space apart, and what is not drawn at all.
    """
    drawn = {char for char in set(visible(text)) if not char.isspace()}
    missing = {char for char in drawn if ord(char) not in _bundled_advances()}
    for family, path in SYSTEM_FONTS:
        if not missing:
            break
        missing = {char for char in missing if ord(char) not in _system_characters(family, path)}
    return missing


def needs_fallback(text: str) -> bool:
    """Return whether a character of `text` is not in the bundled font."""
    return any(ord(char) not in _bundled_advances() for char in set(text) if not char.isspace())


def text_width(text: str) -> float:
    """Return the width of one line of `text` in ems of the bundled font; a character of another font counts one em."""
    advances = _bundled_advances()
    return sum(advances.get(ord(char), 1.0) for char in text)
