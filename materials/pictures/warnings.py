"""What looks wrong with a picture of a document: warnings for the candidate, never a reason to refuse.

All is decided on the luminance at thumbnail size (long side 320 pixels), where a page's text lines are 3 to 8 pixels
high, and at half of that: sharp text loses its edges from the one to the other, text blurred beyond reading has none to
lose. Each threshold lies where false alarms are rare, whatever else it misses. tests/materials/document_pictures.py
measures all on drawn documents, docs/pictures.md has the figures.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from operator import mul

from PIL import Image, ImageChops
from PIL.ImageFilter import BoxBlur

WARNINGS: dict[str, str] = {
    "blurred": "这张图片看起来比较模糊，请放大检查文字和印章是否清晰；不清晰请重新拍摄。",
    "dark": "这张图片看起来偏暗，请检查内容是否看得清；看不清请在光线充足处重新拍摄。",
    "nearly_empty": "这张图片几乎没有内容，请确认拍的是材料有字的一面。",
}
RETIRED = frozenset({"upside_down", "sideways"})  # stored pictures have them; wrong too often to be told
# each threshold lies where pages that others had laid out are not warned of (docs/pictures.md)
_DARK = 110  # luminance, of 255, that the lightest twentieth of the picture reaches
_EMPTY = 3  # how far the most conspicuous hundredth stands out from what is around it
_BLURRED = 0.38  # edges left at half the size, of the edges before
_VALUES = range(256)
_MARGIN = 0.14  # of a side: the desk, the frame and the paper's edge say nothing about the writing


def find(luminance: Image.Image) -> tuple[str, ...]:
    """Return codes of WARNINGS for a picture of mode "L" at thumbnail size."""
    half = _inner(luminance.reduce(2))
    around = half.filter(BoxBlur(3))
    light = _quantile(half.histogram(), 0.95)

    found = ["dark"] if light < _DARK else []
    if _quantile(ImageChops.difference(half, around).histogram(), 0.99) <= _EMPTY:
        return (*found, "nearly_empty")
    if _edges(half) > _BLURRED * _edges(_inner(luminance)):
        found.append("blurred")
    return tuple(found)


def _quantile(histogram: list[int], share: float) -> int:
    """Return the value that `share` of the pixels do not exceed."""
    return bisect_left(list(accumulate(histogram)), sum(histogram) * share)


def _inner(image: Image.Image) -> Image.Image:
    left, top = int(image.width * _MARGIN), int(image.height * _MARGIN)
    return image.crop((left, top, image.width - left, image.height - top))


def _edges(image: Image.Image) -> int:
    """Return the sum of differences between neighbours across a corner: they see edges along rows and columns."""
    right, bottom = image.size
    upper, lower = image.crop((0, 0, right - 1, bottom - 1)), image.crop((1, 1, right, bottom))
    return _weighed(ImageChops.difference(upper, lower).histogram(), _VALUES)


def _weighed(histogram: list[int], weights: Sequence[int]) -> int:
    return sum(map(mul, histogram, weights))
