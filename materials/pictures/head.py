"""Which end of a picture of a document is its head: three signs, since Chinese lines look the same from both ends.

Each sign lies between -1 and 1 and changes to its opposite where the picture is turned by half. What they do not see
(a page full of text, most cards) stays near 0. docs/pictures.md says how often they are right, and on what.
"""

from functools import cache
from operator import mul

from PIL import Image, ImageChops
from PIL.ImageFilter import BoxBlur

_PAPER = 0.62  # of the paper's luminance: what is darker is desk, or written on
_EDGE = 0.05  # of the paper's side: where it lies askew, the desk looks in there
_SMALLEST = 20  # pixels a side of the paper: below, nothing can be told
_COLUMNS, _ROWS = 6, 30  # into which the writing is gathered
_CUBES = [value**3 for value in range(256)]  # strong edges count, many weak ones do not

Grid = list[list[float]]  # rows from the top, each from left to right: how much is written there


def upright(luminance: Image.Image, light: int, *, enough: float = 4.0) -> float:
    """Return from -4, surely upside down, to 4, surely upright; about 0 where nothing tells.

    Takes a picture of mode "L" at half a thumbnail's size (long side 160 pixels) and `light`, the luminance of its
    paper. Signs that could no longer bring it below `enough` are not looked for.
    """
    paper = luminance.crop(_paper(luminance, int(light * _PAPER)))
    if min(paper.size) < _SMALLEST:
        return 0.0

    written = _gathered(mapped(ImageChops.subtract(paper.filter(BoxBlur(4)), paper), _ink(light)))

    told = 2 * _fuller_head(written)
    if told - 2 < enough:
        told += _title(written)
        if told - 1 < enough:
            told += _shoulders(paper)
    return told


@cache
def _ink(light: int) -> bytes:
    """Return how much is written where a pixel is that much darker than what is around it, on paper this light."""
    gain = 200 / max(20, light)
    return bytes(max(0, min(255, int((value * gain - 8) * 5))) for value in range(256))


@cache
def above(least: int) -> bytes:
    """Return a table: white above `least`, else black."""
    return bytes(255 * (value > least) for value in range(256))


def mapped(image: Image.Image, table: bytes) -> Image.Image:
    """Return a picture of mode "L" by a table of its pixels' values: like point(), which rounds all 256 anew."""
    return Image.frombuffer("L", image.size, image.tobytes().translate(table), "raw", "L", 0, 1)


def _paper(image: Image.Image, least: int) -> tuple[int, int, int, int]:
    """Return the box of the columns and rows that have their share of pixels above `least`, without its edge."""
    light = mapped(image, above(least))
    left, right = _ends(light.reduce((1, image.height)).tobytes())
    top, bottom = _ends(light.reduce((image.width, 1)).tobytes())
    across, down = int((right - left) * _EDGE), int((bottom - top) * _EDGE)
    return left + across, top + down, right - across, bottom - down


def _ends(shares: bytes) -> tuple[int, int]:
    """Return the first and last with more than about half of the largest share; all, where they hold less than half."""
    enough = shares.translate(above(int(max(shares) * 0.55)))
    first, last = enough.find(255), enough.rfind(255)
    return (first, last + 1) if (last - first) * 2 > len(shares) else (0, len(shares))


def _gathered(image: Image.Image) -> Grid:
    means = image.convert("F").resize((_COLUMNS, _ROWS), Image.Resampling.BOX).tobytes()
    values = list(memoryview(means).cast("f"))
    return [values[start : start + _COLUMNS] for start in range(0, len(values), _COLUMNS)]


def _fuller_head(written: Grid) -> float:
    """Return the first sign: a sheet is written from its head, and has room for signature and seal at its foot."""
    rows = [sum(row[1:-1]) for row in written[_ROWS // 10 : -_ROWS // 10]]
    middle = (len(rows) - 1) / 2
    above = sum(amount * (middle - place) for place, amount in enumerate(rows)) / middle
    return _sign(above, 0.2 * sum(rows))


def _title(written: Grid) -> float:
    """Return the second sign: a title stands in the middle, with nothing beside it; who signs does so to the right."""
    centred = [
        max(0.0, 2 * min(a + b, c + d) - max(a + b, c + d) - 2 * max(left, right))
        for left, a, b, c, d, right in written
    ]
    third = _ROWS * 3 // 10
    first, last = sum(centred[:third]), sum(centred[-third:])
    return _sign(first - last, 0.4 * (first + last + 0.2 * sum(map(sum, written))))


def _shoulders(paper: Image.Image) -> float:
    """Return the third sign: a portrait has plain ground above and shoulders below, the strong edge.

    Without a portrait this leans the other way a little: a paragraph begins with a full line, ends with a short one.
    """
    small = paper.reduce((8, 2))
    width, height = small.size
    upper, lower = small.crop((0, 0, width, height - 2)), small.crop((0, 2, width, height))
    begins, ends = _strength(ImageChops.subtract(upper, lower)), _strength(ImageChops.subtract(lower, upper))
    return _sign(ends - begins, 0.25 * (ends + begins))


def _strength(edges: Image.Image) -> int:
    return sum(map(mul, edges.histogram(), _CUBES))


def _sign(difference: float, full: float) -> float:
    """Return the share of `full`, from -1 to 1."""
    return max(-1.0, min(1.0, difference / full)) if full else 0.0
