"""What looks wrong with a picture of a document: warnings for the candidate, never a reason to refuse.

All is decided on the luminance at thumbnail size (long side 320 pixels), where a page's text lines are 3 to 8 pixels
high: sharp text still has edges there, text blurred beyond reading has none. Nothing tells upside down: printed Chinese
has no ascenders, and emblem, seal and title stand above or below as the document likes.
"""

from PIL import Image, ImageChops, ImageStat
from PIL.ImageFilter import BoxBlur

WARNINGS: dict[str, str] = {
    "blurred": "这张图片看起来比较模糊，请放大检查文字和印章是否清晰；不清晰请重新拍摄。",
    "dark": "这张图片看起来偏暗，请检查内容是否看得清；看不清请在光线充足处重新拍摄。",
    "nearly_empty": "这张图片几乎没有内容，请确认拍的是材料有字的一面。",
    "sideways": "这张图片看起来是横倒的，请检查方向；横倒的请转正后再上传。",
}
# each threshold lies in the gap between good and spoiled pictures of a drawn set
_DARK = 110  # luminance, of 255, that the lightest twentieth of the picture reaches
_EMPTY = 3  # how far the most conspicuous hundredth stands out from what is around it
_BLURRED = 0.22  # detail finer than 3 pixels against detail up to 13 pixels, as sums of squares
_SIDEWAYS = 0.84  # ink smeared along the rows, then along the columns: the variance left, the one by the other
_MARGIN = 0.12  # of a side: frames and the edges of the paper say nothing about the writing


def find(luminance: Image.Image) -> tuple[str, ...]:
    """Codes of WARNINGS for an upright picture of mode "L" at thumbnail size."""
    near, around = luminance.filter(BoxBlur(1)), luminance.filter(BoxBlur(6))
    fine, coarse = (ImageChops.difference(near, other).histogram() for other in (luminance, around))
    light = _quantile(luminance.histogram(), 0.95)
    found = ["dark"] if light < _DARK else []
    if _quantile(coarse, 0.99) <= _EMPTY:
        return (*found, "nearly_empty")
    if _squares(fine) < _BLURRED * _squares(coarse):
        return (*found, "blurred")
    if _along_rows(ImageChops.subtract(around, luminance), light) < _SIDEWAYS:
        found.append("sideways")
    return tuple(found)


def _quantile(histogram: list[int], share: float) -> int:
    """The value that `share` of the pixels do not exceed."""
    wanted, seen = sum(histogram) * share, 0
    for value, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return value
    return len(histogram) - 1


def _squares(histogram: list[int]) -> int:
    return sum(value * value * count for value, count in enumerate(histogram))


def _along_rows(ink: Image.Image, light: int) -> float:
    """Above 1 where the writing runs along the rows: smeared that way its lines stay, smeared across they vanish."""
    left, top = int(ink.width * _MARGIN), int(ink.height * _MARGIN)
    gain = 200 / max(20, light)
    amplified = [max(0, min(255, int((value * gain - 8) * 5))) for value in range(256)]
    ink = ink.crop((left, top, ink.width - left, ink.height - top)).point(amplified)
    rows, columns = (ImageStat.Stat(ink.filter(BoxBlur(smear))).var[0] for smear in ((12, 0), (0, 12)))
    return rows / columns if columns else 1.0
