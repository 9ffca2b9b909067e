"""JPEG and PNG files put together for tests, byte by byte where Pillow would not write them."""

import io
import struct
import zlib

from PIL import Image, ImageDraw

from materials.pictures import check, png
from materials.pictures.formats import PNG

CANARY = b"CANARY7f3a9c"
RED, GREEN, BLUE, WHITE = "#ff0000", "#00ff00", "#0000ff", "#ffffff"


def drawn(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """A picture with red, green, blue and white corners and a grey slope between them."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw, side = ImageDraw.Draw(image), 32
    for colour, left, top in ((RED, 0, 0), (GREEN, 1, 0), (BLUE, 0, 1), (WHITE, 1, 1)):
        x, y = left * (width - side), top * (height - side)
        draw.rectangle((x, y, x + side - 1, y + side - 1), fill=colour)
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
    image.load()
    return image


def corners(content: bytes) -> str:
    """The nearest of red, green, blue and white in each corner: top left, top right, bottom left, bottom right."""
    image, names = decoded(content).convert("RGB"), {(255, 0, 0): "R", (0, 255, 0): "G", (0, 0, 255): "B"}
    names[255, 255, 255] = "W"
    right, bottom = image.width - 6, image.height - 6
    found = ""
    for place in ((5, 5), (right, 5), (5, bottom), (right, bottom)):
        pixel = image.getpixel(place)
        found += names[min(names, key=lambda name: sum((a - b) ** 2 for a, b in zip(name, pixel, strict=True)))]
    return found


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """The JPEG with segments behind its first two bytes."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def tiff(orientation: int) -> bytes:
    """The smallest EXIF block that holds an orientation, with a canary behind it."""
    return b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4) + CANARY


def oriented(content: bytes, orientation: int) -> bytes:
    """The JPEG or PNG with an EXIF orientation."""
    if content.startswith(PNG.signature):
        return with_chunks(content, (b"eXIf", tiff(orientation)))
    return with_segments(content, segment(0xE1, b"Exif\0\0" + tiff(orientation)))


def stored_for_turning(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as a camera stores it that says `orientation`."""
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's transpositions, each the inverse of the upright turn
    return image.transpose(Image.Transpose(back[orientation])) if orientation in back else image


def with_chunks(content: bytes, *chunks: tuple[bytes, bytes], after: int = 33) -> bytes:
    """The PNG with chunks at an offset; 33 is just behind its header."""
    return content[:after] + b"".join(png.chunk(kind, data) for kind, data in chunks) + content[after:]


def raw_png(
    width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"", extra: tuple[bytes, bytes] = ()
) -> bytes:
    """A PNG from its header's values and its rows before compression."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [(b"IHDR", header), *([extra] if extra else []), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return PNG.signature + b"".join(png.chunk(kind, data) for kind, data in chunks)


PNG_KINDS = [(depth, colour) for colour, depths in png._DEPTHS.items() for depth in depths]
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def black_rows(width: int, height: int, depth: int, colour: int, interlaced: int) -> list[bytes]:
    """Rows of a black picture before compression, each with filter 0, in the order of the standard."""
    bits, rows = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour], []
    for left, top, across, down in ADAM7 if interlaced else ((0, 0, 1, 1),):
        columns = len(range(left, width, across))
        rows += [bytes(1 + (columns * bits + 7) // 8)] * (len(range(top, height, down)) if columns else 0)
    return rows


def a_png(
    rows: list[bytes], *, width: int, height: int, depth: int = 8, colour: int = 2, interlaced: int = 0, level: int = 9
) -> bytes:
    """A PNG of any kind from its rows before compression; one with a palette has two colours."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    palette = [(b"PLTE", bytes(6))] if colour == 3 else []
    chunks = [(b"IHDR", header), *palette, (b"IDAT", zlib.compress(b"".join(rows), level)), (b"IEND", b"")]
    return PNG.signature + b"".join(png.chunk(kind, data) for kind, data in chunks)


def outcome(content: bytes, min_side: int = 200) -> check.Picture | str:
    """Return what the check makes of a file: the picture, or the code of its refusal."""
    try:
        return check.check(content, min_side=min_side)
    except check.PictureRefused as refusal:
        return refusal.code


def display_p3() -> bytes:
    """A colour profile (ICC) with the primaries of Display P3 (SMPTE EG 432-1, adapted to D50) and sRGB's curve."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(number, values))

    curve = b"para\0\0\0\0\0\3\0\0" + b"".join(map(number, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
    tags = {
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    at, table, data = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", at + len(data), len(content))
        data += content
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"", 0x04000000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + xyz(0.9642, 1, 0.8249)[8:]
    return head.ljust(128, b"\0") + table + data
