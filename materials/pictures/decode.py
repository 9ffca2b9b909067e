"""A picture unpacked to its end, once: what is broken is found, and what is stored and the thumbnail come of it.

A new format is a line of _DECODERS, the last lines here.
"""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from PIL import Image, ImageFile

from candidates.rules.refusals import PictureRefused
from materials.pictures import jpeg, png, recoding, scans
from materials.pictures.formats import JPEG, PNG, Format
from materials.pictures.limits import MAX_BYTES, THUMBNAIL_SIDE, corrupt
from materials.pictures.recoding import Upright

_PATIENCE = 10  # seconds that a picture waits for its turn
_places = threading.BoundedSemaphore(2)  # at most two pictures unpacked at a time in one process

# what Pillow raises on bytes it cannot read
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, IndexError, Image.DecompressionBombError)

Admit = Callable[[bool], object]


class Header(Protocol):
    """What is known of a picture before it is unpacked."""

    @property
    def content(self) -> bytes:
        """The picture without what is no part of it."""

    @property
    def kept_as_it_is(self) -> bool:
        """Whether `content` is what will be stored."""


def read_header(kind: Format, content: bytes, min_side: int, admit: Admit | None = None) -> Header:
    """Read what a picture of this format says of itself, and drop what is no part of it.

    Before anything is unpacked, `admit` is called with whether that will be costly (some 0.3 seconds and more). Raises
    PictureRefused: corrupt, animated, too_complex, one of the sides; and what `admit` raises.
    """
    header: Header = _DECODERS[kind].walk(content, min_side, admit)
    return header


def decode(kind: Format, header: Header) -> tuple[Upright, Image.Image]:
    """Unpack a picture of this format, and recode it where it must be.

    Returns what is stored, and it once more, as small as a thumbnail. Raises PictureRefused: corrupt, too_large, busy.
    """
    with _a_place():
        try:
            upright, view = _DECODERS[kind].unpack(header)
            return upright, recoding.shrink(view, THUMBNAIL_SIDE)
        except _UNREADABLE:
            raise corrupt("图像数据无法读到结尾") from None


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(timeout=_PATIENCE):
        raise PictureRefused("busy", "现在上传的人较多，这张图片没有保存。请稍后再试。")
    try:
        yield
    finally:
        _places.release()


class _Whole(io.BytesIO):
    """A file that fails where more is read than there is."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if size and not data:
            raise OSError("the file has ended")
        return data


def _loaded(content: bytes, kind: Format) -> Image.Image:
    """Decode by Pillow to the end; raise on what is broken, whatever the rest of the process does with pictures."""
    image = Image.open(_Whole(content), formats=[kind.name])
    image.decodermaxblock = MAX_BYTES  # all at once: arithmetic coding cannot wait
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # for the whole process; importing WeasyPrint anywhere in it sets it
    image.load()
    return image


def _from_jpeg(header: jpeg.Jpeg) -> tuple[Upright, Image.Image]:
    if header.is_open:
        header = scans.ended(header)
    content = header.unended or header.content
    if header.kept_as_it_is:
        view = scans.scaled(header, content, THUMBNAIL_SIDE)
        scans.refuse_early_end(header, view, THUMBNAIL_SIDE)
        return Upright(JPEG, header.content, header.width, header.height), view

    if header.scanned > jpeg.COSTLY:
        half = max(header.width, header.height) // 2
        image, tables = scans.scaled(header, content, half), []
        scans.refuse_early_end(header, image, half)
    else:
        image = _loaded(content, JPEG)
        scans.refuse_early_end(header, image, None)
        tables = _tables(header, image)
    return recoding.upright_jpeg(image, header.orientation, header.sampling, tables, header.profile)


def _tables(header: jpeg.Jpeg, image: Image.Image) -> list[list[int]]:
    """Return the quantization table of each component, or none where the turned picture could not use them."""
    tables: dict[int, list[int]] = getattr(image, "quantization", {})
    if header.components == 4 or not set(header.quantizers) <= set(tables):
        return []
    if not recoding.keeps_blocks(header.width, header.height, header.orientation):
        return []

    used = [tables[index] for index in header.quantizers]
    return used if max(map(max, used)) <= 255 else []


def _from_png(header: png.Png) -> tuple[Upright, Image.Image]:
    image = _loaded(header.content, PNG)
    if header.kept_as_it_is:
        return Upright(PNG, header.content, header.width, header.height), image
    return recoding.upright_png(image, header.orientation, header.colour_chunks, header.profile)


@dataclass(frozen=True)
class _Decoder:
    """How a format's header is read without unpacking anything, and how it is unpacked."""

    walk: Callable[[bytes, int, Admit | None], Any]
    unpack: Callable[[Any], tuple[Upright, Image.Image]]


_DECODERS = {
    JPEG: _Decoder(jpeg.walk, _from_jpeg),
    PNG: _Decoder(png.walk, _from_png),
}
