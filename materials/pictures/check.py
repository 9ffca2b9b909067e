"""Received bytes in, a picture that may be kept out, or a PictureRefused (spec: materials, "What a picture must be").

Order of the checks, the first that fails is the one said: size (empty, too_large), type by content (not_an_image), the
name's ending (wrong_extension), then the segments or chunks as they come (sides, animated, too_complex, corrupt), and
only then a decoder, on the stripped bytes that would be stored (corrupt). One decode is both check and thumbnail.

What is stored: an upright JPEG keeps tables and compressed data byte for byte, an upright PNG keeps its pixels; both
lose metadata, colour profiles (ICC: may carry anything, and converting would recode the picture), tables that no scan
uses, and what follows their end. A turned picture, and a JPEG that browsers cannot show (CMYK, arithmetic, lossless),
is recoded once.
"""

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from PIL import Image, ImageFile

from candidates.rules.refusals import PictureRefused
from materials.pictures import jpeg, png, recoding
from materials.pictures import warnings as picture_warnings
from materials.pictures.limits import EXTENSIONS, MAX_BYTES, corrupt, too_large
from materials.pictures.warnings import WARNINGS

__all__ = ["MAX_BYTES", "THUMBNAIL", "WARNINGS", "Picture", "PictureRefused", "check", "too_large"]

THUMBNAIL = "thumbnail.jpg"  # how its file's name ends
_LONG_SIDE = 320  # pixels: of the thumbnail, and of what the warnings look at
_BLOCK = 8  # pixels a side, of a JPEG's blocks
# scans x pixels of a JPEG from which on it is recoded at half its size: whole it would take seconds, and in 200 KB so
# many pixels have little to say
_COSTLY = 200_000_000
_LARGE = 16_000_000  # pixels of a JPEG that has to be recoded, from which on that is costly
_ENORMOUS = 500_000_000  # the same, from which on not all is decoded twice
# by a JPEG's components: Pillow's mode, and the order of the decoder's bytes
_MODES = {1: ("L", "L"), 3: ("RGB", "RGB"), 4: ("CMYK", "CMYK;I")}
_PROCESSES = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png")}
_decoders = threading.BoundedSemaphore(2)  # at most two pictures unpacked at a time in one process
_PATIENCE = 10  # seconds that a picture waits for its turn

Early = Callable[[bytes, str], object]
Before = Callable[[str, bool], object]

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


def check(
    content: bytes, name: str, *, min_side: int = 200, before: Before | None = None, early: Early | None = None
) -> Picture:
    """Take the received bytes and the file's name; give what may be stored, with its thumbnail and warnings.

    min_side: the smallest width and height in pixels. `before` is called when the headers have passed and nothing has
    been unpacked yet, with the sha256 of what was received, and whether unpacking will be costly (some 0.3 seconds and
    more). `early` is called with the bytes to be stored and how their file's name ends ("jpg", "png", THUMBNAIL) as
    soon as they are known: an upright picture before it is decoded, so that it may still be refused; a turned one not
    at all.

    Raises PictureRefused (empty,
    too_large, not_an_image, wrong_extension, corrupt, animated, too_small, too_large_side,
    too_many_pixels, too_complex; busy where the decoders are for too long) and nothing else but what `before` and
    `early` raise.
    """
    if not content:
        raise PictureRefused("empty", "这个文件是空的（0 字节）。请检查原文件能否打开，再重新选择上传。")
    if len(content) > MAX_BYTES:
        raise too_large(len(content))
    is_jpeg, is_png = content.startswith(jpeg.SIGNATURE), content.startswith(png.SIGNATURE)
    if not (is_jpeg or is_png):
        raise _not_an_image(content)
    _check_name(name)
    received = hashlib.sha256(content).hexdigest()
    admit = partial(before, received) if before else None
    header = _walk_jpeg(content, min_side, admit) if is_jpeg else png.walk(content, min_side, admit)
    if early and header.kept_as_it_is:
        early(header.content, _PROCESSES["JPEG" if is_jpeg else "PNG"][0])
    with _a_decoder():
        try:
            decoded = _decode_jpeg(header) if isinstance(header, jpeg.Jpeg) else _decode_png(header)
            small = recoding.shrink(decoded.view, _LONG_SIDE)
        except _UNREADABLE:
            raise corrupt("图像数据无法读到结尾") from None
    thumbnail = _as_jpeg(small)
    if early:
        early(thumbnail, THUMBNAIL)
    extension, content_type = _PROCESSES[decoded.kind]
    stored = received if decoded.content == content else hashlib.sha256(decoded.content).hexdigest()
    return Picture(
        content=decoded.content,
        content_type=content_type,
        extension=extension,
        width=decoded.width,
        height=decoded.height,
        sha256=stored,
        received_sha256=received,
        received_size=len(content),
        thumbnail=thumbnail,
        warnings=picture_warnings.find(small.convert("L")),
    )


def _walk_jpeg(content: bytes, min_side: int, admit: Callable[[bool], object] | None) -> jpeg.Jpeg:
    header = jpeg.walk(content, min_side)
    if admit:
        is_large = header.width * header.height > _LARGE and not header.kept_as_it_is
        admit(is_large or _scanned(header) > _COSTLY)
    return header


@contextmanager
def _a_decoder() -> Iterator[None]:
    if not _decoders.acquire(timeout=_PATIENCE):
        raise PictureRefused("busy", "现在上传的人较多，这张图片没有保存。请稍后再试。")
    try:
        yield
    finally:
        _decoders.release()


def _not_an_image(content: bytes) -> PictureRefused:
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
    return PictureRefused("not_an_image", f"这个文件{what}。{advice}。")


def _check_name(name: str) -> None:
    _stem, dot, ending = name.strip().rpartition(".")
    if not dot or ending.lower() not in EXTENSIONS:
        raise PictureRefused(
            "wrong_extension",
            "图片的文件名须以 .jpg、.jpeg 或 .png 结尾。这个文件的内容没有问题，请改好文件名后再上传。",
        )


class _Whole(io.BytesIO):
    """A file that fails where more is read than there is."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if size and not data:
            raise OSError("the file has ended")
        return data


def _loaded(content: bytes, kind: str) -> Image.Image:
    """Decoded by Pillow to its end; what is broken raises, whatever the rest of the process does with pictures."""
    image = Image.open(_Whole(content), formats=[kind])
    image.decodermaxblock = MAX_BYTES  # all at once: arithmetic coding cannot wait
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # for the whole process; importing WeasyPrint anywhere in it sets it
    image.load()
    return image


def _decode_jpeg(header: jpeg.Jpeg) -> _Decoded:
    content = header.unended or header.content
    if header.kept_as_it_is:
        view = _scaled(header, content, _LONG_SIDE)
        _refuse_early_end(header, view, _LONG_SIDE)
        return _Decoded("JPEG", header.content, header.width, header.height, view)
    if _scanned(header) > _COSTLY:
        half = max(header.width, header.height) // 2
        image, tables = _scaled(header, content, half), []
        _refuse_early_end(header, image, half)
    else:
        image = _loaded(content, "JPEG")
        _refuse_early_end(header, image, None)
        tables = recoding.turned_tables(_tables(header, image), header.orientation)
    image = recoding.turn(image if image.mode in ("L", "RGB") else image.convert("RGB"), header.orientation)
    return _decoded("JPEG", recoding.as_jpeg(image, header.sampling or "4:4:4", tables), image)


def _scanned(header: jpeg.Jpeg) -> int:
    return header.scans * header.width * header.height


def _tables(header: jpeg.Jpeg, image: Image.Image) -> list[list[int]]:
    """The quantization table of each component, or none where the turned picture could not use them as they are."""
    tables: dict[int, list[int]] = getattr(image, "quantization", {})
    if header.components == 4 or not set(header.quantizers) <= set(tables):
        return []
    if not recoding.keeps_blocks(header.width, header.height, header.orientation):
        return []
    used = [tables[index] for index in header.quantizers]
    return used if max(map(max, used)) <= 255 else []


def _scaled(header: jpeg.Jpeg, content: bytes, long_side: int) -> Image.Image:
    """A JPEG decoded to the last byte at the smallest scale (1, 1/2, 1/4 or 1/8) that leaves so many pixels.

    By Pillow's decoder alone, without its reader: what that would look for in the segments `header` has.
    """
    longest = max(header.width, header.height)
    scale = next((one for one in (8, 4, 2) if one * long_side <= longest), 1)
    mode, raw = _MODES[header.components]
    size = -(-header.width // scale), -(-header.height // scale)
    return Image.frombytes(mode, size, content, "jpeg", raw, "", scale, 0)


def _refuse_early_end(header: jpeg.Jpeg, image: Image.Image, long_side: int | None) -> None:
    """Find one of several scans that ends before the picture: the decoder leaves out what it brings, and says nothing.

    That leaves the last block flat, and there alone a second, scaled decode is worth its time: bytes behind the data
    change nothing in a whole picture. Where there is one scan, the first decode has found it (see Jpeg.unended). Of a
    picture with _ENORMOUS scans x pixels only what an eighth of it shows is decoded again: all of it takes a second.

    `long_side`: the scale (see _scaled) at which `image` is the picture, None where it is whole.
    """
    if header.unended or not _is_last_block_flat(header, image):
        return
    is_enormous = _scanned(header) > _ENORMOUS
    looked_at = header.coarse() if is_enormous else header
    padded = looked_at.padded()
    if padded is None:
        return
    if is_enormous or not long_side:
        long_side = _LONG_SIDE
        image = _scaled(header, looked_at.content, long_side)
    if image.tobytes() != _scaled(header, padded, long_side).tobytes():
        raise corrupt("图像数据比文件头写明的少")


def _is_last_block_flat(header: jpeg.Jpeg, image: Image.Image) -> bool:
    """Whether what can be seen of it, at the decode's scale, has one colour."""
    right, bottom = image.size
    across = max(1, ((header.width - 1) % _BLOCK + 1) * right // header.width)
    down = max(1, ((header.height - 1) % _BLOCK + 1) * bottom // header.height)
    return len(image.crop((right - across, bottom - down, right, bottom)).getcolors() or ()) == 1


def _decode_png(header: png.Png) -> _Decoded:
    image = _loaded(header.content, "PNG")
    if header.kept_as_it_is:
        return _Decoded("PNG", header.content, header.width, header.height, image)
    if recoding.is_costly_as_png(image):
        image = recoding.turn(recoding.reduced(image, 2), header.orientation)
        return _decoded("JPEG", recoding.as_jpeg(image, "4:2:0"), image)
    image = recoding.turn(image, header.orientation)
    coded = recoding.as_png(image, header.colour_chunks)
    if coded:
        return _decoded("PNG", coded, image)
    image = recoding.flatten(image)
    return _decoded("JPEG", recoding.as_jpeg(image, "4:2:0"), image)


def _decoded(kind: str, content: bytes | None, image: Image.Image) -> _Decoded:
    if content is None:
        raise PictureRefused(
            "too_large", "这张图片转正、转成普通颜色后超过 200 KB。请先在手机或电脑上转正并缩小，再上传。"
        )
    return _Decoded(kind, content, *image.size, image)


def _as_jpeg(small: Image.Image) -> bytes:
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()
