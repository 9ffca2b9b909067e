"""What a picture may be, and the sentences that refuse one."""

from candidates.rules.refusals import PictureRefused

MAX_BYTES = 204_800
MAX_SIDE = 10_000  # pixels
MAX_PIXELS = 25_000_000
MAX_SCANS = 64
MAX_SCANNED_PIXELS = 800_000_000  # scans x pixels: what a decoder has to walk through
THUMBNAIL_SIDE = 320  # pixels: the long side of a thumbnail, and of what the warnings look at


def kilobytes(size: int) -> str:
    """Return a size in bytes as "200.1 KB", rounded up, so that what is over the limit never reads as the limit."""
    tenths = -(-size * 10 // 1024)
    return f"{tenths // 10} KB" if tenths % 10 == 0 else f"{tenths / 10:.1f} KB"


def too_large(size: int) -> PictureRefused:
    """Return the refusal of a file of `size` bytes; for whoever stops reading at MAX_BYTES, too."""
    return PictureRefused(
        "too_large",
        f"这个文件有 {kilobytes(size)}，上限是 200 KB。请先在手机或电脑上把图片缩小，或另存为质量稍低的 JPEG，再上传。",
    )


def too_large_upright() -> PictureRefused:
    """Return the refusal of a picture that fits as it came, and no more once it is turned or recoded."""
    return PictureRefused(
        "too_large", "这张图片转正、转成普通颜色后超过 200 KB。请先在手机或电脑上转正并缩小，再上传。"
    )


def corrupt(detail: str) -> PictureRefused:
    """Return the refusal of a file whose type is right but whose content cannot be read to its end."""
    return PictureRefused("corrupt", f"这张图片已损坏或不完整（{detail}）。请重新拍照、扫描或另存为 JPEG 后再上传。")


def check_sides(width: int, height: int, min_side: int) -> None:
    """Raise PictureRefused unless width and height (pixels, as the header says) are within the limits."""
    sides = f"{width}×{height} 像素"
    if width < 1 or height < 1:
        raise corrupt(f"文件头写明的尺寸是 {sides}")
    if max(width, height) > MAX_SIDE:
        raise PictureRefused(
            "too_large_side", f"这张图片是 {sides}，每边最多 {MAX_SIDE} 像素。请缩小或裁掉多余部分后再上传。"
        )
    if width * height > MAX_PIXELS:
        millions = -(-width * height * 10 // 1_000_000) / 10
        raise PictureRefused(
            "too_many_pixels", f"这张图片是 {sides}，共 {millions:g} 百万像素，上限是 25 百万像素。请缩小后再上传。"
        )
    if min(width, height) < min_side:
        raise PictureRefused(
            "too_small", f"这张图片是 {sides}，每边至少 {min_side} 像素才看得清。请靠近重拍，或用更高的分辨率扫描。"
        )
