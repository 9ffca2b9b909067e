"""What looks wrong with a picture of a document: warnings for the candidate, never a reason to refuse.

All is decided on the luminance at thumbnail size (long side 320 pixels), where a page's text lines are 3 to 8 pixels
high: sharp text still has edges there, text blurred beyond reading has none. Each threshold lies where false alarms are
rare, whatever else it misses. tests/materials/document_pictures.py measures all on drawn documents, docs/pictures.md
has the figures.
"""

from collections.abc import Sequence

from PIL import Image, ImageChops
from PIL.ImageFilter import BoxBlur

from materials import picture_head

WARNINGS: dict[str, str] = {
    "blurred": "这张图片看起来比较模糊，请放大检查文字和印章是否清晰；不清晰请重新拍摄。",
    "dark": "这张图片看起来偏暗，请检查内容是否看得清；看不清请在光线充足处重新拍摄。",
    "nearly_empty": "这张图片几乎没有内容，请确认拍的是材料有字的一面。",
    "sideways": "这张图片看起来是横倒的，请检查方向；横倒的请转正后再上传。",
    "upside_down": "这张图片看起来是上下颠倒的，请检查方向；颠倒的请转正后再上传。",
}
# each threshold lies in the gap between good and spoiled ones of drawn pictures, nearer to the spoiled
_DARK = 110  # luminance, of 255, that the lightest twentieth of the picture reaches
_EMPTY = 3  # how far the most conspicuous hundredth stands out from what is around it
_BLURRED = 0.565  # edges left after blurring, of the edges before: what is blurred already has little to lose
_SIDEWAYS = 0.84  # ink smeared along the rows, then along the columns: the variance left, the one by the other
_UPSIDE_DOWN = -0.9  # of picture_head.upright: turned by half, four of five pictures lie below it
_VALUES = range(256)
_SQUARES = [value * value for value in _VALUES]
_MARGIN = 0.12  # of a side: the desk, the frame and the paper's edge say nothing about the writing


def find(luminance: Image.Image) -> tuple[str, ...]:
    """Codes of WARNINGS for a picture of mode "L" at thumbnail size."""
    whole, luminance = luminance, _inner(luminance)
    near, around = luminance.filter(BoxBlur(1)), luminance.filter(BoxBlur(6))
    light = _quantile(luminance.histogram(), 0.95)
    found = ["dark"] if light < _DARK else []
    if _quantile(ImageChops.difference(near, around).histogram(), 0.99) <= _EMPTY:
        return (*found, "nearly_empty")
    if _edges(near) > _BLURRED * _edges(luminance):
        return (*found, "blurred")
    if _along_rows(picture_head.ink(luminance, around, light)) < _SIDEWAYS:
        found.append("sideways")
    elif picture_head.upright(whole, light) < _UPSIDE_DOWN:
        found.append("upside_down")
    return tuple(found)


def _quantile(histogram: list[int], share: float) -> int:
    """The value that `share` of the pixels do not exceed."""
    wanted, seen = sum(histogram) * share, 0
    for value, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return value
    return len(histogram) - 1


def _inner(image: Image.Image) -> Image.Image:
    left, top = int(image.width * _MARGIN), int(image.height * _MARGIN)
    return image.crop((left, top, image.width - left, image.height - top))


def _edges(image: Image.Image) -> int:
    """The sum of the differences between neighbours."""
    right, bottom = image.size
    across = ((1, 0, right, bottom), (0, 0, right - 1, bottom))
    down = ((0, 1, right, bottom), (0, 0, right, bottom - 1))
    differences = (ImageChops.difference(image.crop(one), image.crop(other)) for one, other in (across, down))
    return sum(_weighed(image.histogram(), _VALUES) for image in differences)


def _along_rows(ink: Image.Image) -> float:
    """Above 1 where the writing runs along the rows: smeared that way its lines stay, smeared across they vanish."""
    ink = ink.reduce(2)
    rows, columns = (_variance(ink.filter(BoxBlur(smear)).histogram()) for smear in ((6, 0), (0, 6)))
    return rows / columns if columns else 1.0


def _variance(histogram: list[int]) -> float:
    number, total, squares = sum(histogram), _weighed(histogram, _VALUES), _weighed(histogram, _SQUARES)
    return squares / number - (total / number) ** 2


def _weighed(histogram: list[int], weights: Sequence[int]) -> int:
    return sum(count * weight for count, weight in zip(histogram, weights, strict=True))
