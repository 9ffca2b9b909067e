"""Received bytes in, a picture that may be kept out, or a Refusal (spec: materials, "What a picture must be").

Order of the checks, the first that fails is the one said: size (empty, too_large), type by content (not_an_image), the
name's ending (wrong_extension), then the segments or chunks as they come (sides, animated, too_complex, corrupt), and
only then a decoder, on the stripped bytes that would be stored (corrupt). One decode is both check and thumbnail.

What is stored: an upright JPEG keeps tables and compressed data byte for byte, an upright PNG keeps its pixels; both
lose metadata, colour profiles (ICC: may carry anything, and converting would recode the picture) and what follows
their end. A turned picture, and a JPEG that browsers cannot show (CMYK, arithmetic, lossless), is recoded once.
"""

import hashlib
import io
import threading
from dataclasses import dataclass

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from materials import jpeg, orientation, picture_warnings, png
from materials.picture_limits import EXTENSIONS, MAX_BYTES, Refusal, corrupt, too_large
from materials.picture_warnings import WARNINGS

__all__ = ["MAX_BYTES", "WARNINGS", "Picture", "Refusal", "check", "too_large"]

_THUMBNAIL = (320, 320)  # pixels
_PROXY = 640  # pixels: the long side of what the warnings look at
_PROCESSES = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}
_BEST_QUALITY = 95
_FULL_CHROMA, _HALVED_CHROMA = 0, 2  # Pillow's names for 4:4:4 and 4:2:0
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_decoders = threading.BoundedSemaphore(2)  # at most two pictures unpacked at a time in one process

# what Pillow raises on bytes it cannot read
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, Image.DecompressionBombError)


@dataclass(frozen=True)
class Picture:
    """A picture that may be kept: upright, nothing in it but the picture."""

    content: bytes
    content_type: str  # "image/jpeg" or "image/png"
    extension: str  # "jpg" or "png"
    width: int  # pixels, upright
    height: int
    sha256: str  # of content, hexadecimal
    received_sha256: str  # of the bytes as received
    received_size: int  # bytes
    thumbnail: bytes  # JPEG, long side at most 320 pixels
    warnings: tuple[str, ...]  # codes of WARNINGS


@dataclass(frozen=True)
class _Decoded:
    """What one decode gives: the bytes to store and an upright picture, of any size, to draw the thumbnail from."""

    kind: str  # "JPEG" or "PNG"
    content: bytes
    width: int  # pixels, upright
    height: int
    view: Image.Image


def check(content: bytes, name: str, *, min_side: int = 200) -> Picture:
    """Take the received bytes and the file's name; give what may be stored, with its thumbnail and warnings.

    min_side: the smallest width and height in pixels. Raises Refusal (empty, too_large, not_an_image, wrong_extension,
    corrupt, animated, too_small, too_large_side, too_many_pixels, too_complex) and nothing else.
    """
    if not content:
        raise Refusal("empty", "这个文件是空的（0 字节）。请检查原文件能否打开，再重新选择上传。")
    if len(content) > MAX_BYTES:
        raise too_large(len(content))
    is_jpeg, is_png = content.startswith(jpeg.SIGNATURE), content.startswith(png.SIGNATURE)
    if not (is_jpeg or is_png):
        raise _not_an_image(content)
    _check_name(name)
    header = jpeg.walk(content, min_side) if is_jpeg else png.walk(content, min_side)
    with _decoders:
        try:
            decoded = _decode_jpeg(header) if isinstance(header, jpeg.Jpeg) else _decode_png(header)
            thumbnail, warnings = _look(decoded.view)
        except _UNREADABLE:
            raise corrupt("图像数据无法读到结尾") from None
    extension, content_type = _PROCESSES[decoded.kind]
    return Picture(
        content=decoded.content,
        content_type=content_type,
        extension=extension,
        width=decoded.width,
        height=decoded.height,
        sha256=hashlib.sha256(decoded.content).hexdigest(),
        received_sha256=hashlib.sha256(content).hexdigest(),
        received_size=len(content),
        thumbnail=thumbnail,
        warnings=warnings,
    )


def _not_an_image(content: bytes) -> Refusal:
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        what, advice = "是 HEIC 照片，不是 JPEG 或 PNG", "请在手机上把照片导出为 JPEG（或截屏）后再上传"
    elif content.startswith(b"%PDF"):
        what, advice = "是 PDF 文件，不是图片", "请把每一页分别导出或拍成 JPEG 图片后再上传"
    elif content.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
        what, advice = "是文档或压缩包，不是图片", "请把材料拍照或扫描成 JPEG 图片后再上传"
    elif content.startswith((b"GIF8", b"BM", b"II*\0", b"MM\0*")) or content[8:12] == b"WEBP":
        what, advice = "的内容不是 JPEG 或 PNG（只改文件名没有用）", "请用看图软件另存为 JPEG 后再上传"
    else:
        what, advice = "的内容不是 JPEG 或 PNG 图片", "请选择材料的照片或扫描图片，存为 JPEG 后再上传"
    return Refusal("not_an_image", f"这个文件{what}。{advice}。")


def _check_name(name: str) -> None:
    _stem, dot, ending = name.strip().rpartition(".")
    if not dot or ending.lower() not in EXTENSIONS:
        raise Refusal(
            "wrong_extension",
            "图片的文件名须以 .jpg、.jpeg 或 .png 结尾。这个文件的内容没有问题，请改好文件名后再上传。",
        )


def _open(content: bytes, kind: str) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=[kind])


def _decode_jpeg(header: jpeg.Jpeg) -> _Decoded:
    image = _open(header.content, "JPEG")
    if header.orientation == orientation.UPRIGHT and header.shown_by_browsers:
        image.draft("RGB" if header.components == 3 else "L", _draft_size(header.width, header.height))
        image.load()
        return _Decoded("JPEG", header.content, header.width, header.height, image)
    image.load()
    turned = _turn(image if header.components == 1 else image.convert("RGB"), header.orientation)
    return _as_jpeg(turned)


def _draft_size(width: int, height: int) -> tuple[int, int]:
    """What to ask of the scaled decode: sides in the picture's ratio, the long one _PROXY pixels."""
    longest = max(width, height)
    return (max(1, width * _PROXY // longest), max(1, height * _PROXY // longest))


def _decode_png(header: png.Png) -> _Decoded:
    image = _open(header.content, "PNG")
    image.load()
    if header.orientation == orientation.UPRIGHT:
        return _Decoded("PNG", header.content, header.width, header.height, image)
    turned = _turn(image, header.orientation)
    info = PngInfo()
    for kind, data in header.colour_chunks:
        info.add(kind, data)
    out = io.BytesIO()
    turned.save(out, "PNG", pnginfo=info)
    if out.tell() <= MAX_BYTES:
        return _Decoded("PNG", out.getvalue(), *turned.size, turned)
    return _as_jpeg(_flatten(turned))


def _turn(image: Image.Image, towards: int) -> Image.Image:
    return image.transpose(_TURNS[towards]) if towards in _TURNS else image


def _as_jpeg(image: Image.Image) -> _Decoded:
    """Code once at the best quality under MAX_BYTES; `image` is of mode L or RGB."""
    best = None
    low, high = 1, _BEST_QUALITY
    quality = high
    while low <= high:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, subsampling=_HALVED_CHROMA)
        if out.tell() <= MAX_BYTES:
            best, low = out.getvalue(), quality + 1
        else:
            high = quality - 1
        quality = (low + high) // 2
    if best is None:
        raise Refusal("too_large", "这张图片转正以后超过 200 KB。请先在手机或电脑上转正并缩小，再上传。")
    return _Decoded("JPEG", best, *image.size, image)


def _flatten(image: Image.Image) -> Image.Image:
    """The picture in L or RGB, what is transparent on white."""
    if image.mode == "I;16":
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image if image.mode in ("L", "RGB") else image.convert("L" if image.mode == "1" else "RGB")


def _look(view: Image.Image) -> tuple[bytes, tuple[str, ...]]:
    """The thumbnail as JPEG, and the warnings."""
    view = _flatten(view)
    view.thumbnail((_PROXY, _PROXY), Image.Resampling.BOX)
    warnings = picture_warnings.find(view.convert("L"))
    view.thumbnail(_THUMBNAIL)
    out = io.BytesIO()
    view.save(out, "JPEG", quality=80)
    return out.getvalue(), warnings
