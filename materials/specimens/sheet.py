"""A sheet of drawn paper: the pen, ruler, seal and watermark that materials/specimens/draw.py draws its documents with.

Pure: Pillow and the bundled font, no ORM, no request, no settings. All lengths are pixels, all colours RGB tuples.
The same calls give the same pixels: the paper's grain comes from a hash, not from a random generator.
"""

import hashlib
import io
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
Cell = tuple[int, str]  # width in parts of the row, text

INK: Colour = (38, 38, 44)
FAINT: Colour = (120, 120, 126)
RED: Colour = (196, 32, 38)
BLUE: Colour = (28, 66, 128)
GOLD: Colour = (158, 122, 58)
WATERMARK: Colour = (206, 92, 92)

SHADE: Colour = (90, 84, 72)  # the grain of the paper
GRAIN = 11  # its strength, of 255
MARK = "示例"
CLOSING = "，。、：；）》”"  # may hang over the end of a line, never begin one
SMALLEST_BYTES, LARGEST_BYTES = 60 * 1024, 190 * 1024
QUALITIES = (84, 76, 68, 60, 50, 40)

BUNDLED_FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "nmec-serif.ttf"
SYSTEM_FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
SIMPLIFIED_CHINESE_FACE = 2  # the system's collection holds JP, KR, SC, TC in this order


@lru_cache(maxsize=1)
def font_file() -> tuple[Path, int]:
    """Return the font file and face for Han text: the bundled one, else Debian's. Raises FileNotFoundError."""
    if BUNDLED_FONT.exists():
        return BUNDLED_FONT, 0
    if SYSTEM_FONT.exists():
        return SYSTEM_FONT, SIMPLIFIED_CHINESE_FACE
    raise FileNotFoundError(f"no font for Han text at {BUNDLED_FONT} nor at {SYSTEM_FONT}")


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    path, face = font_file()
    return ImageFont.truetype(str(path), size, index=face, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8)
def paper(width: int, height: int, colour: Colour) -> Image.Image:
    """Return plain paper with a fine grain, which gives the JPEG the weight of a photographed document."""
    side = 256
    noise = hashlib.shake_256(b"paper").digest(side * side)
    tile = Image.frombytes("L", (side, side), noise)
    grain = Image.new("L", (width, height))
    for left in range(0, width, side):
        for top in range(0, height, side):
            grain.paste(tile, (left, top))
    sheet = Image.new("RGB", (width, height), colour)
    sheet.paste(SHADE, mask=grain.point(lambda value: value * GRAIN // 255))
    return sheet


@lru_cache(maxsize=4)
def watermark(width: int, height: int) -> Image.Image:
    """Return the mask of 示例, rising over the whole sheet, so that no part of it can pass for a document."""
    diagonal = int(math.hypot(width, height))
    flat = Image.new("L", (diagonal, diagonal))
    pen = ImageDraw.Draw(flat)
    for row, top in enumerate(range(60, diagonal, 330)):
        for left in range(-260 * (row % 2), diagonal, 520):
            pen.text((left, top), f"{MARK}  {MARK}", fill=60, font=font(92))
    turned = flat.rotate(30, resample=Image.Resampling.BILINEAR)
    left, top = (diagonal - width) // 2, (diagonal - height) // 2
    return turned.crop((left, top, left + width, top + height))


@lru_cache(maxsize=32)
def seal_mask(text: str, radius: int) -> Image.Image:
    """Return the mask of a round seal: a ring, a star, and the text along the upper arc."""
    mask = Image.new("L", (2 * radius, 2 * radius))
    pen = ImageDraw.Draw(mask)
    pen.ellipse((2, 2, 2 * radius - 3, 2 * radius - 3), outline=180, width=max(3, radius // 22))
    points = []
    for corner in range(10):
        length = radius * (0.26 if corner % 2 == 0 else 0.12)
        angle = math.pi * (corner / 5 - 0.5)
        points.append((radius + length * math.cos(angle), radius + length * math.sin(angle)))
    pen.polygon(points, fill=180)
    size = max(14, radius // 4)
    for position, character in enumerate(text):
        angle = 230 * ((position + 0.5) / len(text) - 0.5)
        glyph = Image.new("L", (2 * size, 2 * size))
        ImageDraw.Draw(glyph).text((size, size), character, fill=255, font=font(size), anchor="mm")
        glyph = glyph.rotate(-angle, resample=Image.Resampling.BILINEAR)
        bow = math.radians(angle - 90)
        left = int(radius + 0.76 * radius * math.cos(bow)) - size
        top = int(radius + 0.76 * radius * math.sin(bow)) - size
        mask.paste(215, (left, top), glyph)
    return mask


def wrapped(text: str, size: int, width: int) -> Iterator[str]:
    """Return the lines of a paragraph of Han text, about `width` pixels wide; numbers stay whole."""
    line = ""
    for piece in re.findall(r"\d+|.|\n", text):
        if piece == "\n" or (piece not in CLOSING and font(size).getlength(line + piece) > width):
            yield line
            line = ""
        line += piece.strip("\n")
    yield line


class Sheet:
    """One picture being drawn."""

    def __init__(self, width: int, height: int, colour: Colour = (250, 249, 244)) -> None:
        self.width, self.height = width, height
        self.image = paper(width, height, colour).copy()
        self.pen = ImageDraw.Draw(self.image)

    def text(self, x: int, y: int, text: str, size: int, colour: Colour = INK, anchor: str = "la") -> None:
        self.pen.text((x, y), text, fill=colour, font=font(size), anchor=anchor)

    def title(self, y: int, text: str, size: int = 58, colour: Colour = INK) -> None:
        """Write a centred title, smaller where it would not fit between the margins."""
        while font(size).getlength(text) > self.width - 200:
            size -= 2
        self.text(self.width // 2, y, text, size, colour, "ma")

    def paragraph(self, box: Box, text: str, size: int = 34, leading: float = 1.8, colour: Colour = INK) -> int:
        """Write a paragraph into the width of a box; return the y after its last line."""
        left, top, right, _ = box
        y = top
        for line in wrapped(text, size, right - left):
            self.text(left, y, line, size, colour)
            y += int(size * leading)
        return y

    def table(self, left: int, top: int, width: int, rows: Sequence[tuple[int, Sequence[Cell]]], size: int = 27) -> int:
        """Rule a table, each row a height and its cells; return the y of its lower edge."""
        y = top
        for height, cells in rows:
            x, parts = left, sum(part for part, _ in cells)
            for part, text in cells:
                right = x + width * part // parts
                self.pen.rectangle((x, y, right, y + height), outline=INK, width=2)
                self._cell((x, y, right, y + height), text, size)
                x = right
            y += height
        return y

    def _cell(self, box: Box, text: str, size: int) -> None:
        left, top, right, bottom = box
        lines = list(wrapped(text, size, right - left - 16))
        y = (top + bottom) // 2 - (len(lines) - 1) * (size + 8) // 2
        for line in lines:
            self.text((left + right) // 2, y, line, size, INK, "mm")
            y += size + 8

    def border(self, colour: Colour, inset: int = 44) -> None:
        """Draw a double border with a wave between its lines, as certificates have."""
        width, height = self.width, self.height
        for distance, weight in ((inset, 5), (inset + 38, 2)):
            self.pen.rectangle((distance, distance, width - distance, height - distance), outline=colour, width=weight)
        middle = inset + 20
        for phase in (0.0, math.pi):
            for y in (middle, height - middle):
                self._wave((inset + 6, y), (width - inset - 6, y), 12, phase, colour)
            for x in (middle, width - middle):
                self._wave((x, inset + 6), (x, height - inset - 6), 12, phase, colour)

    def guilloche(self, box: Box, colour: Colour, waves: int = 14) -> None:
        """Draw fine interlaced lines over a box, as security paper has."""
        left, top, right, bottom = box
        for wave in range(waves):
            y = top + (bottom - top) * (wave + 1) // (waves + 1)
            self._wave((left, y), (right, y), (bottom - top) // (waves + 1), wave * 0.9, colour, length=220)

    def _wave(
        self, start: tuple[int, int], end: tuple[int, int], swing: int, phase: float, colour: Colour, length: int = 52
    ) -> None:
        (x0, y0), (x1, y1) = start, end
        distance = max(1, abs(x1 - x0) + abs(y1 - y0))
        points = []
        for along in range(0, distance, 6):
            off = swing * math.sin(phase + along * 2 * math.pi / length)
            points.append((x0 + along, y0 + off) if y0 == y1 else (x0 + off, y0 + along))
        self.pen.line(points, fill=colour, width=1)

    def portrait(self, box: Box, ground: Colour = (226, 232, 240), figure: Colour = (134, 146, 162)) -> None:
        """Draw a silhouette where a photograph would be: nobody's face."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        inner = Image.new("RGB", (width, height), ground)
        pen = ImageDraw.Draw(inner)
        pen.ellipse((width * 0.30, height * 0.14, width * 0.70, height * 0.54), fill=figure)
        pen.ellipse((width * 0.10, height * 0.58, width * 0.90, height * 1.40), fill=figure)
        self.image.paste(inner, (left, top))
        self.pen.rectangle(box, outline=FAINT, width=2)

    def seal(self, x: int, y: int, text: str, radius: int = 120) -> None:
        """Draw a round red seal with its centre at x, y."""
        self.image.paste(RED, (x - radius, y - radius), seal_mask(text, radius))

    def jpeg(self) -> bytes:
        """Return the finished picture, marked 示例, as a JPEG of 60 to 190 KB without metadata.

        Raises ValueError where no quality brings it into that range.
        """
        self.image.paste(WATERMARK, mask=watermark(self.width, self.height))
        for quality in QUALITIES:
            content = encoded(self.image, quality)
            if len(content) <= LARGEST_BYTES:
                break
        if not SMALLEST_BYTES <= len(content) <= LARGEST_BYTES:
            raise ValueError(f"a specimen of {len(content)} bytes is outside its range")
        return content


def encoded(image: Image.Image, quality: int) -> bytes:
    """Return a baseline JPEG with 4:2:0 colour."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling="4:2:0")
    return buffer.getvalue()
