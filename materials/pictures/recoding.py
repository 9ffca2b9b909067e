"""Decoded pictures turned, flattened, made small, and coded again under the byte limit. Nothing here reads a file.

Pictures come in any of Pillow's modes for JPEG and PNG and have up to 25 megapixels, so that a copy is 100 MB: what
needs another mode works on bands of rows.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from materials.pictures import colours
from materials.pictures.formats import JPEG, PNG, Format
from materials.pictures.limits import MAX_BYTES, too_large_upright

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MIRRORS_WIDTH = frozenset({2, 3, 7, 8})  # the turns that count columns from the right edge of the received picture
_MIRRORS_HEIGHT = frozenset({3, 4, 6, 7})
_TRANSPOSES = frozenset({5, 6, 7, 8})
_BEST_QUALITY = 95  # above it libjpeg adds bytes, and nobody sees a difference
_LARGE = 8_000_000  # pixels above which the search for the best quality takes fewer steps
_COSTLY = 40_000_000  # bytes of pixels above which a turned PNG is not packed again: it becomes a JPEG
_BAND = 1_000_000  # pixels
_BLOCK = 8  # pixels
# an optimized JPEG is written in one piece, and Pillow's own buffer for it is no larger than the picture's pixels
ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, 2 * MAX_BYTES)


@dataclass(frozen=True)
class Upright:
    """A picture as it is stored."""

    format: Format
    content: bytes
    width: int  # pixels
    height: int


def upright_jpeg(
    image: Image.Image, towards: int, sampling: str, tables: Sequence[list[int]], profile: bytes = b""
) -> tuple[Upright, Image.Image]:
    """Turn a decoded JPEG from its orientation and code it anew; `tables` as for as_jpeg, as received.

    `profile` says what its colours mean (ICC). Returns what is stored, and the turned picture. Raises PictureRefused
    (too_large).
    """
    image = colours.in_srgb(image, profile)
    image = turn(image if image.mode in ("L", "RGB") else image.convert("RGB"), towards)
    return _stored(JPEG, as_jpeg(image, sampling or "4:4:4", turned_tables(tables, towards)), image)


def upright_png(
    image: Image.Image, towards: int, colour_chunks: Sequence[tuple[bytes, bytes]], profile: bytes = b""
) -> tuple[Upright, Image.Image]:
    """Turn a decoded PNG from its orientation and code it anew: as PNG where that is quick and fits, else as JPEG.

    `profile` says what its colours mean (ICC). Returns what is stored, and the turned picture. Raises PictureRefused
    (too_large).
    """
    image = colours.in_srgb(image, profile)
    if is_costly_as_png(image):
        image = turn(reduced(image, 2), towards)
        return _stored(JPEG, as_jpeg(image, "4:2:0"), image)

    image = turn(image, towards)
    if coded := as_png(image, colour_chunks):
        return _stored(PNG, coded, image)

    image = flatten(image)
    return _stored(JPEG, as_jpeg(image, "4:2:0"), image)


def _stored(kind: Format, content: bytes | None, image: Image.Image) -> tuple[Upright, Image.Image]:
    if content is None:
        raise too_large_upright()
    return Upright(kind, content, image.width, image.height), image


def thumbnail(small: Image.Image) -> bytes:
    """Return a picture of mode L or RGB as a JPEG to look at."""
    out = io.BytesIO()
    small.save(out, JPEG.name, quality=80)
    return out.getvalue()


def turn(image: Image.Image, towards: int) -> Image.Image:
    """Return the picture upright, from its EXIF orientation (1 to 8)."""
    return image.transpose(_TURNS[towards]) if towards in _TURNS else image


def turned_tables(tables: Sequence[list[int]], towards: int) -> list[list[int]]:
    """Return the quantization tables (64 numbers each, by rows) that fit a picture turned from this orientation."""
    if towards not in _TRANSPOSES:
        return list(tables)
    return [[table[8 * column + row] for row in range(8) for column in range(8)] for table in tables]


def keeps_blocks(width: int, height: int, towards: int) -> bool:
    """Return whether the turn lays the JPEG blocks of a picture (pixels as received) exactly onto new blocks."""
    return not (towards in _MIRRORS_WIDTH and width % _BLOCK) and not (towards in _MIRRORS_HEIGHT and height % _BLOCK)


def as_jpeg(image: Image.Image, sampling: str, tables: Sequence[list[int]] | None = None) -> bytes | None:
    """Return a picture of mode L or RGB as JPEG at the best quality under MAX_BYTES, or None where no quality is.

    With `tables`, those of a received JPEG whose blocks the picture keeps, they are used again where the result fits:
    then hardly anything is lost a second time, which no higher quality can better.
    """
    large = image.width * image.height > _LARGE
    if tables:
        for progressive in (False,) if large else (False, True):
            again = _coded(image, JPEG, qtables=tables, subsampling=sampling, optimize=True, progressive=progressive)
            if again:
                return again

    best, low, high, sampling = None, 1, _BEST_QUALITY, "4:2:0" if large else sampling
    quality, tries = (_BEST_QUALITY // 2, 3) if large else (_BEST_QUALITY, 7)
    while low <= high and tries:
        coded = _coded(image, JPEG, quality=quality, subsampling=sampling, optimize=not large)
        if coded:
            best, low = coded, quality + 1
        else:
            high = quality - 1
        quality, tries = (low + high) // 2, tries - 1
    return best or _coded(image, JPEG, quality=5, subsampling="4:2:0", progressive=True)


def is_costly_as_png(image: Image.Image) -> bool:
    """Return whether packing it, and what comes before, would take seconds."""
    return image.width * image.height * len(image.getbands()) > _COSTLY


def as_png(image: Image.Image, colour_chunks: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """Return the picture as PNG with the given short chunks, or None where it exceeds MAX_BYTES."""
    info = PngInfo()
    for kind, data in colour_chunks:
        info.add(kind, data)
    return _coded(image, PNG, pnginfo=info)


class _Full(Exception):
    """More than MAX_BYTES were written."""


class _Limited(io.BytesIO):
    """Stops a coder as soon as its output is too large."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > MAX_BYTES:
            raise _Full
        return super().write(data)


def _coded(image: Image.Image, kind: Format, **options: object) -> bytes | None:
    out = _Limited()
    try:
        image.save(out, kind.name, **options)
    except (_Full, OSError):  # OSError: larger than the coder's own buffer, MAXBLOCK below
        return None
    return out.getvalue()


def flatten(image: Image.Image) -> Image.Image:
    """Return the picture in mode L or RGB, what is transparent on white."""
    if image.mode in ("L", "RGB") and "transparency" not in image.info:
        return image
    paper = Image.new("L" if image.mode in ("1", "I;16") else "RGB", image.size, "white")
    rows = max(1, _BAND // image.width)
    for top in range(0, image.height, rows):
        paper.paste(_flat(image.crop((0, top, image.width, min(top + rows, image.height)))), (0, top))
    return paper


def shrink(image: Image.Image, longest: int) -> Image.Image:
    """Return the picture flattened, its long side at most `longest` pixels; never enlarged."""
    factor = max(image.size) // longest
    small = reduced(image, factor) if factor > 1 else flatten(image)
    if max(small.size) <= longest:
        return small
    scale = longest / max(image.size)
    # a third of the time of the default filter, and text as sharp
    return small.resize([max(1, round(side * scale)) for side in image.size], Image.Resampling.BOX)


def reduced(image: Image.Image, factor: int) -> Image.Image:
    """Return the picture flattened, `factor` times smaller."""
    width, height = (-(-side // factor) for side in image.size)
    small = Image.new("L" if image.mode in ("1", "I;16", "L") else "RGB", (width, height))
    rows = max(1, _BAND // image.width // factor)
    for row in range(0, height, rows):
        bottom = min((row + rows) * factor, image.height)
        small.paste(_flat(image.crop((0, row * factor, image.width, bottom))).reduce(factor), (0, row))
    return small


def _flat(band: Image.Image) -> Image.Image:
    if band.mode == "I;16":  # transparency by colour key is left out: nobody scans with it
        return band.point(lambda value: value / 256).convert("L")
    if band.mode in ("LA", "PA", "RGBA") or "transparency" in band.info:
        band = band.convert("RGBA")
        paper = Image.new("RGB", band.size, "white")
        paper.paste(band, mask=band)
        return paper
    return band if band.mode in ("L", "RGB") else band.convert("L" if band.mode == "1" else "RGB")
