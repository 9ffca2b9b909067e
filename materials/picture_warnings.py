"""What looks wrong with a picture of a document: warnings for the candidate, never a reason to refuse."""

from PIL import Image, ImageFilter, ImageStat

WARNINGS: dict[str, str] = {
    "blurred": "这张图片看起来比较模糊，请放大检查文字和印章是否清晰；不清晰请重新拍摄。",
    "dark": "这张图片看起来偏暗，请检查内容是否看得清；看不清请在光线充足处重新拍摄。",
    "nearly_empty": "这张图片几乎没有内容，请确认上传的是材料原件的正面。",
    "sideways": "这张图片看起来是横倒的，请转正后再上传。",
}
_DARK = 70  # mean luminance, of 255
_EMPTY = 3.0  # standard deviation of the luminance
_BLURRED = 60.0  # variance of the Laplacian
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def find(luminance: Image.Image) -> tuple[str, ...]:
    """Codes of WARNINGS for an upright picture of mode "L" whose long side is at most 640 pixels."""
    stat = ImageStat.Stat(luminance)
    if stat.stddev[0] < _EMPTY:
        return ("nearly_empty",)
    found = []
    if stat.mean[0] < _DARK:
        found.append("dark")
    if min(luminance.size) > 16 and ImageStat.Stat(luminance.filter(_LAPLACIAN)).var[0] < _BLURRED:
        found.append("blurred")
    return tuple(found)
