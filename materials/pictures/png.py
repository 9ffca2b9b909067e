"""PNG chunks (W3C PNG, third edition), walked, counted and stripped without decoding anything."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from candidates.rules.refusals import PictureRefused
from materials.pictures import orientation
from materials.pictures.formats import PNG
from materials.pictures.limits import check_sides, corrupt

_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # by colour type
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_SHORT_COLOUR = {b"gAMA": 4, b"sRGB": 1}  # bytes; how light the picture is shown: kept, they carry nothing else
_COSTLY = 50_000_000  # bytes of rows that take some 0.3 seconds to unpack and look at
_MAX_PROFILE = 1 << 20  # bytes that a colour profile may inflate to
_STEP = 1 << 18  # bytes inflated at a time
_FILTERS = bytes(range(5))  # that a row may begin with


@dataclass(frozen=True)
class Png:
    """One still PNG picture: its header, and its bytes without metadata and without what follows its end."""

    width: int  # pixels, as stored, before the orientation is applied
    height: int
    depth: int  # bits a sample
    colour: int  # colour type
    orientation: int  # 1 to 8
    content: bytes
    colour_chunks: tuple[tuple[bytes, bytes], ...]  # gAMA and sRGB, to be kept when the picture is turned
    profile: bytes = b""  # its colours' (ICC), for when it is recoded; no part of the content

    @property
    def kept_as_it_is(self) -> bool:
        return self.orientation == orientation.UPRIGHT


def walk(content: bytes, min_side: int, admit: Callable[[bool], object] | None = None) -> Png:
    """Read the chunks of `content` (the bytes of a PNG).

    Before the rows are inflated, `admit` is called with whether that is costly; what it raises is passed on.

    Checksums of what is kept, the length of the inflated rows and each row's filter are verified, in 256 KB of memory
    whatever they inflate to. Raises PictureRefused: corrupt, animated, or one for the sides.
    """
    return _Walk(content, min_side, admit).run()


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk: length, type, data, checksum."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(data, zlib.crc32(kind)).to_bytes(4, "big")


class _Walk:
    def __init__(self, content: bytes, min_side: int, admit: Callable[[bool], object] | None) -> None:
        self.content, self.min_side, self.admit = content, min_side, admit
        self.header = self.palette = self.transparency = b""
        self.width = self.height = self.depth = self.colour = self.interlaced = 0
        self.short: dict[bytes, bytes] = {}
        self.rows: list[bytes] = []
        self.rows_ended = False
        self.orientation: int | None = None
        self.profile = b""

    def run(self) -> Png:
        position = len(PNG.signature)
        while position + 12 <= len(self.content):
            length = int.from_bytes(self.content[position : position + 4], "big")
            kind = self.content[position + 4 : position + 8]
            end = position + 12 + length
            if end > len(self.content) or not kind.isalpha():
                break
            data = self.content[position + 8 : end - 4]
            whole = chunk(kind, data)[-4:] == self.content[end - 4 : end]
            if not whole and kind[0] < 97:  # upper case: needed for the picture
                raise corrupt("校验码不符")
            self._chunk(kind, data, whole)
            if kind == b"IEND":
                return self._result()
            position = end
        raise corrupt("文件在图像结束之前就断了")

    def _chunk(self, kind: bytes, data: bytes, whole: bool) -> None:
        if (kind == b"IHDR") == bool(self.header):
            raise corrupt("文件头缺失或重复")
        if kind != b"IDAT" and self.rows:
            self.rows_ended = True
        if kind == b"IHDR":
            self._header(data)
        elif kind in _ANIMATION:
            raise PictureRefused("animated", "这是会动的图片（APNG），只能上传静止的图片。请另存为 JPEG 后上传。")
        elif kind == b"IDAT":
            if self.rows_ended:
                raise corrupt("图像数据被隔断")
            self.rows.append(data)
        elif kind == b"PLTE":
            self._palette(data)
        elif kind[0] < 97 and kind != b"IEND":
            raise corrupt(f"有不认识的数据块 {kind.decode('ascii')}")
        elif whole:
            self._ancillary(kind, data)

    def _header(self, data: bytes) -> None:
        if len(data) != 13:
            raise corrupt("文件头的长度不对")
        self.header = data
        self.width, self.height = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big")
        self.depth, self.colour, compression, filtering, self.interlaced = data[8:]

        check_sides(self.width, self.height, self.min_side)
        if self.depth not in _DEPTHS.get(self.colour, ()) or compression or filtering or self.interlaced > 1:
            raise corrupt("文件头里有不合规定的值")

    def _palette(self, data: bytes) -> None:
        if self.palette or self.rows or not data or len(data) % 3 or len(data) > 768 or self.colour in (0, 4):
            raise corrupt("调色板不合规定")
        self.palette = data

    def _ancillary(self, kind: bytes, data: bytes) -> None:
        """Keep what says how the picture looks: of all that is not needed only these do."""
        if kind == b"eXIf" and self.orientation is None:
            self.orientation = orientation.read(data)
        elif kind == b"iCCP" and not self.rows:
            self.profile = _profile(data)
        elif kind == b"tRNS" and not self.rows and not self.transparency:
            allowed = {0: (2,), 2: (6,), 3: range(1, len(self.palette) // 3 + 1)}
            if len(data) in allowed.get(self.colour, ()):
                self.transparency = data
        elif len(data) == _SHORT_COLOUR.get(kind) and not self.rows and not self.palette:
            self.short.setdefault(kind, data)

    def _result(self) -> Png:
        if self.colour == 3 and not self.palette:
            raise corrupt("缺少调色板")

        stream = b"".join(self.rows)
        stream = stream[: self._stream_length(stream)]
        colour_chunks = tuple(sorted(self.short.items()))

        parts = [(b"IHDR", self.header), *colour_chunks]
        if self.palette and self.colour == 3:
            colours = 2**self.depth  # no pixel names one beyond them: what stands there is something else, a text
            parts.append((b"PLTE", self.palette[: 3 * colours]))
            self.transparency = self.transparency[:colours]
        if self.transparency:
            parts.append((b"tRNS", self.transparency))
        parts += [(b"IDAT", stream), (b"IEND", b"")]

        return Png(
            width=self.width,
            height=self.height,
            depth=self.depth,
            colour=self.colour,
            orientation=self.orientation or orientation.UPRIGHT,
            content=PNG.signature + b"".join(chunk(kind, data) for kind, data in parts),
            colour_chunks=colour_chunks,
            profile=self.profile,
        )

    def _stream_length(self, stream: bytes) -> int:
        """Return the compressed stream's bytes, once it has proved to hold exactly the rows. Raises PictureRefused."""
        passes = _passes(self.width, self.height, self.depth * _CHANNELS[self.colour], self.interlaced)
        if self.admit:
            self.admit(_inflated_length(passes) > _COSTLY)

        rows = _Rows(passes)
        inflater = zlib.decompressobj()
        pending = stream
        try:
            while not inflater.eof:
                got = inflater.decompress(pending, _STEP)
                rows.take(got)
                pending = inflater.unconsumed_tail
                if not got and not pending and not inflater.eof:
                    raise corrupt("图像数据不完整")
        except zlib.error:
            raise corrupt("图像数据无法解压") from None

        if rows.missing:
            raise corrupt("图像数据比文件头写明的少")
        return len(stream) - len(inflater.unused_data)


class _Rows:
    """Counts inflated rows as they come, in pieces of any length, and asks each for a valid filter byte (0 to 4).

    Pillow looks at the filter only while LOAD_TRUNCATED_IMAGES is off; browsers draw a row of another one black.
    """

    def __init__(self, passes: list[tuple[int, int]]) -> None:
        self.ahead = iter(passes)
        self.missing = _inflated_length(passes)
        self.length = 1  # bytes of a row in this pass
        self.left = 0  # bytes that this pass still lacks

    def take(self, piece: bytes) -> None:
        self.missing -= len(piece)
        if self.missing < 0:
            raise corrupt("图像数据比文件头写明的多")
        start = 0
        while start < len(piece):
            if not self.left:
                self.length, rows = next(self.ahead)
                self.left = self.length * rows
            end = min(len(piece), start + self.left)
            if piece[start + self.left % self.length : end : self.length].translate(None, _FILTERS):
                raise corrupt("图像数据里有不存在的滤波方式")
            self.left -= end - start
            start = end


def _profile(data: bytes) -> bytes:
    """Return the colour profile of an iCCP chunk (its name, the method, the profile packed), none if unreadable."""
    inflater = zlib.decompressobj()
    try:
        profile = inflater.decompress(data[data.find(b"\0") + 2 :], _MAX_PROFILE)
    except zlib.error:
        return b""
    return profile if inflater.eof else b""


def _inflated_length(passes: list[tuple[int, int]]) -> int:
    """Return the bytes of all rows with their filter bytes."""
    return sum(length * rows for length, rows in passes)


def _passes(width: int, height: int, bits: int, interlaced: int) -> list[tuple[int, int]]:
    """Return for each pass that is not empty: the bytes of a row with its filter, and how many rows; `bits` a pixel."""
    found = []
    for left, top, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-max(0, width - left) // across), -(-max(0, height - top) // down)
        if columns and rows:
            found.append((1 + (columns * bits + 7) // 8, rows))
    return found
