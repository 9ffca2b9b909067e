"""Received bytes in, a picture that may be kept out, or a PictureRefused.

Order of the questions, the first that fails is the one said: whether there is anything (empty), type by content
(not_an_image; what a file is called says nothing), size (too_large; what a PDF is stays more important), then the
segments or chunks as they come (sides, animated, too_complex, corrupt), and only then a decoder, on the stripped bytes
that would be stored (corrupt). One decode is both check and thumbnail.

What is stored: an upright JPEG keeps tables and compressed data byte for byte, an upright PNG keeps its pixels; both
lose metadata, colour profiles (ICC: may carry anything, and converting would recode the picture), tables that no scan
uses, and what follows their end. A turned picture, and a JPEG that browsers cannot show (CMYK, arithmetic, lossless),
is recoded once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from candidates.rules.refusals import PictureRefused
from materials.pictures import decode, formats, recoding
from materials.pictures import warnings as picture_warnings
from materials.pictures.limits import MAX_BYTES, too_large

THUMBNAIL = f"thumbnail.{formats.JPEG.ending}"  # how its file's name ends

Early = Callable[[bytes, str], object]
Before = Callable[[str, bool], object]


@dataclass(frozen=True)
class Picture:
    """A picture that may be kept: upright, nothing in it but the picture."""

    content: bytes
    content_type: str  # of formats.FORMATS
    extension: str  # how its file's name ends
    width: int  # pixels, upright
    height: int
    sha256: str  # of content, hexadecimal
    received_sha256: str  # of the bytes as received
    received_size: int  # bytes
    thumbnail: bytes  # JPEG, long side at most 320 pixels
    warnings: tuple[str, ...]  # codes of warnings.WARNINGS


def check(
    content: bytes,
    *,
    size: int | None = None,
    min_side: int = 200,
    before: Before | None = None,
    early: Early | None = None,
) -> Picture:
    """Take the received bytes; return what may be stored, with its thumbnail and warnings.

    size: bytes that were sent, where `content` is only their beginning. min_side: the smallest width and height in
    pixels. `before` is called when the headers have passed and nothing has been unpacked yet, with the sha256 of what
    was received, and whether unpacking will be costly (some 0.3 seconds and more). `early` is called with the bytes to
    be stored and how their file's name ends (an ending, or THUMBNAIL) as soon as they are known: an upright picture
    before it is decoded, so that it may still be refused; a turned one not at all.

    Raises PictureRefused (empty, not_an_image, too_large, corrupt, animated, too_small, too_large_side,
    too_many_pixels, too_complex; busy where the decoders are for too long) and nothing else but what
    `before` and `early` raise.
    """
    kind = _format_of(content, len(content) if size is None else size)
    received = hashlib.sha256(content).hexdigest()

    header = decode.read_header(kind, content, min_side, partial(before, received) if before else None)
    if early and header.kept_as_it_is:
        early(header.content, kind.ending)

    stored, small = decode.decode(kind, header)
    thumbnail = recoding.thumbnail(small)
    if early:
        early(thumbnail, THUMBNAIL)

    return Picture(
        content=stored.content,
        content_type=stored.format.content_type,
        extension=stored.format.ending,
        width=stored.width,
        height=stored.height,
        sha256=received if stored.content == content else hashlib.sha256(stored.content).hexdigest(),
        received_sha256=received,
        received_size=len(content),
        thumbnail=thumbnail,
        warnings=picture_warnings.find(small.convert("L")),
    )


def _format_of(content: bytes, size: int) -> formats.Format:
    """Return the format of a file that may be looked at further: a JPEG or PNG that is not too large."""
    if not content:
        raise PictureRefused("empty", "这个文件是空的（0 字节）。请检查原文件能否打开，再重新选择上传。")

    kind, other = formats.of_content(content), formats.foreign(content)
    if size > MAX_BYTES and (kind or other is formats.UNKNOWN):
        raise too_large(size)
    if kind is None:
        raise PictureRefused("not_an_image", f"这个文件{other.what}。{other.advice}。")
    return kind
