"""JPEG segments (ITU-T T.81, annex B), walked and stripped without decoding anything."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from candidates.rules.refusals import PictureRefused
from materials.pictures import orientation
from materials.pictures.jpeg_tables import DHT, DQT, DRI, Segment, Tables
from materials.pictures.limits import MAX_SCANNED_PIXELS, MAX_SCANS, check_sides, corrupt

# scans x pixels above which a picture is recoded at half its size: at its full size that would take seconds, and so
# many pixels in 200 KB hold little detail
COSTLY = 200_000_000
_LARGE = 16_000_000  # pixels of one that has to be recoded, above which that is costly
_EOI, _SOS, _DNL, _DAC = 0xD9, 0xDA, 0xDC, 0xCC
_FRAMES = frozenset(range(0xC0, 0xD0)) - {DHT, 0xC8, _DAC}
_HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what browsers show
_SEQUENTIAL = frozenset({0xC0, 0xC1})  # of these, those of which one scan is the whole picture
_ARITHMETIC = frozenset({0xC9, 0xCA})  # the same, otherwise coded
_PROGRESSIVE = frozenset({0xC2, 0xCA})
_APP0, _APP1, _APP2, _APP14, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_ICC = b"ICC_PROFILE\0"  # behind it which part of the profile this is, and of how many
_SCAN_PARTS = 3  # of `kept`: marker, header, compressed data
_BLOCK = 64  # coefficients
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_TABLES = frozenset({DQT, DRI, DHT})
# any number of 0xFF before a marker is padding: a search for all of them would begin anew at each
_MARKER = re.compile(rb"\xff([\x01-\xfe])")
# stuffed bytes and restarts belong to the scan; a fixed first byte makes the search ten times faster
_MARKER_AFTER_SCAN = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
_PADDING = bytes(range(0x13, 0xF3, 5)) * 2  # no 0xFF in it, and no code of it lasts
_ONES = b"\xff\0" * 8  # 64 bits; no code is all ones (T.81, annex C)
_END = b"\xff\xd9"
# how what Samsung's phones write in its place begins: their blocks, their directory; a zero behind 0xFF is the scan's
TRAILER = re.compile(rb"(?<!\xff)\0\0|SEFH")
_JFIF = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # no thumbnail, no resolution


@dataclass(frozen=True)
class Jpeg:
    """One JPEG picture: its frame header, and its bytes without metadata and without what follows its end."""

    width: int  # pixels, as stored, before the orientation is applied
    height: int
    components: int
    sampling: str  # "4:4:4", "4:2:0", or "" for another way of halving the colours
    quantizers: bytes  # for each component, which quantization table it uses
    frame: int  # the marker: 0xC0 baseline, 0xC2 progressive
    scans: int
    orientation: int  # 1 to 8
    content: bytes
    scan_ends: tuple[int, ...]  # offsets in content just after each scan's compressed data
    fine_scans: dict[int, int]  # of these, ends of a progressive picture's scans without DC: where each begins
    # its end mark is missing: `content` has what follows, and where the scan ends only a decoder can tell (scans.ended)
    is_open: bool = False
    profile: bytes = b""  # its colours' (ICC), for when it is recoded; no part of the content

    @property
    def kept_as_it_is(self) -> bool:
        """Whether it has its end, is upright, and browsers show it: neither CMYK nor arithmetic coding nor lossless."""
        upright = self.orientation == orientation.UPRIGHT
        return upright and self.components != 4 and self.frame in _HUFFMAN and not self.is_open

    @property
    def scanned(self) -> int:
        """Scans x pixels: what a decoder walks through."""
        return self.scans * self.width * self.height

    @property
    def is_costly(self) -> bool:
        """Whether unpacking it, and recoding it where it must be, takes some 0.3 seconds and more."""
        is_large = self.width * self.height > _LARGE and not self.kept_as_it_is
        return is_large or self.is_open or self.scanned > COSTLY

    @cached_property
    def unended(self) -> bytes | None:
        """The content with one-bits instead of its end mark: a decoder that has read the whole picture is done there.

        One that still wants data finds no code in them and runs out, where an end mark makes it go on with grey and say
        nothing. They fill a decoder's bit buffer, so that it need not look further. None where a decoder waits for the
        end mark: several scans, arithmetic coding.
        """
        return self.unended_at(self.scan_ends[0]) if self.frame in _SEQUENTIAL and self.scans == 1 else None

    def unended_at(self, end: int) -> bytes:
        """Return the same, as if the first scan ended at this offset in the content."""
        return b"".join((memoryview(self.content)[:end], _ONES))

    def ended_at(self, end: int) -> "Jpeg":
        """Return the picture with its end mark at this offset in the content, where its last scan ends."""
        return replace(self, content=self.content[:end] + _END, scan_ends=(*self.scan_ends[:-1], end), is_open=False)

    def coarse(self) -> "Jpeg":
        """Return a progressive picture without its scans of AC coefficients alone: an eighth of the size shows none."""
        content, ends, start = bytearray(), [], 0
        for end in self.scan_ends:
            if end in self.fine_scans:
                content += self.content[start : self.fine_scans[end]]
            else:
                content += self.content[start:end]
                ends.append(len(content))
            start = end
        content += self.content[start:]
        return replace(self, scans=len(ends), content=bytes(content), scan_ends=tuple(ends), fine_scans={})

    def padded(self) -> bytes | None:
        """Return the content with bytes behind each scan: a decoder skips them, unless the scan ends too early.

        None with arithmetic coding, which may leave out what it ends with.
        """
        if self.frame in _ARITHMETIC:
            return None
        parts, start = [], 0
        for end in self.scan_ends:
            parts += [self.content[start:end], _PADDING]
            start = end
        return b"".join(parts) + self.content[start:]


def walk(content: bytes, min_side: int, admit: Callable[[bool], object] | None = None) -> Jpeg:
    """Read the segments of the first picture in `content`, the bytes of a JPEG.

    Limits are checked as soon as their segment is met; then `admit` is called with whether unpacking will be costly,
    and what it raises is passed on. Raises PictureRefused: corrupt, too_complex, one of the sides.
    """
    header = _Walk(content, min_side).run()
    if admit:
        admit(header.is_costly)
    return header


class _Walk:
    def __init__(self, content: bytes, min_side: int) -> None:
        self.content, self.min_side = content, min_side
        self.kept: list[bytes | memoryview | Segment] = []
        self.width = self.height = self.components = self.frame = 0
        self.sampling, self.quantizers = "", b""
        self.tables = Tables()
        self.scan_ends: list[int] = []  # how many of `kept` end with each scan
        self.fine: list[int] = []  # those of them that end with one without DC
        self.jfif = False
        self.adobe: int | None = None
        self.orientation: int | None = None
        self.profile: dict[int, bytes] = {}  # by part
        self.missing: set[tuple[int, int]] = (
            set()
        )  # components and their coefficients that no scan has told to the last bit
        # where the first scan is all of the picture and a trailer may stand in it: how many of `kept` end there, and
        # the offset of what follows
        self.whole: int | None = None
        self.following = 0

    def run(self) -> Jpeg:
        try:
            return self._walked()
        except PictureRefused:
            if self.whole is None:
                raise
            del self.kept[self.whole :], self.scan_ends[1:]
            return self._result(self.content[self.following :], is_open=True)

    def _walked(self) -> Jpeg:
        position = 2
        while found := _MARKER.search(self.content, position):
            marker = found[1][0]
            position = found.end()
            if marker == _EOI:
                return self._result()
            if marker in _STANDALONE:
                continue
            segment = self._segment(position)
            position += len(segment)
            if marker == _SOS:
                position = self._scan(segment, position)
            else:
                self._header(marker, segment)
        if position == len(self.content) and not self.missing:
            return self._result(b"", is_open=True)
        raise corrupt("文件在图像结束之前就断了")

    def _segment(self, position: int) -> bytes:
        """Return length field and payload at `position`."""
        length = int.from_bytes(self.content[position : position + 2], "big")
        segment = self.content[position : position + length]
        if length < 2 or len(segment) < length:
            raise corrupt("文件在图像结束之前就断了")
        return segment

    def _keep(self, marker: int, *parts: bytes | memoryview) -> None:
        self.kept += (bytes((0xFF, marker)), *parts)

    def _header(self, marker: int, segment: bytes) -> None:
        if marker in _FRAMES:
            self._frame(marker, segment)
        elif marker in _TABLES:
            self.kept.append(self.tables.define(marker, segment[2:]))
        elif marker == _DAC:
            self._keep(marker, segment)
        elif _APP0 <= marker <= 0xEF:
            if not self.scan_ends:
                self._application(marker, segment[2:])
        elif marker not in (_COM, _DNL):
            raise corrupt(f"有不认识的数据段 {marker:02X}")

    def _frame(self, marker: int, segment: bytes) -> None:
        if self.frame:
            raise corrupt("有两个文件头")
        if len(segment) < 8 or len(segment) != 8 + 3 * segment[7]:
            raise corrupt("文件头的长度不对")

        self.frame, self.components = marker, segment[7]
        self.height, self.width = int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[5:7], "big")
        check_sides(self.width, self.height, self.min_side)

        # a scaled decode of a lossless frame writes past the end of Pillow's picture (12.3): it never gets there
        if marker not in _HUFFMAN | _ARITHMETIC:
            raise corrupt("是无损或分层编码的 JPEG，浏览器不能显示")
        if segment[2] != 8:
            raise corrupt(f"每种颜色用了 {segment[2]} 位，只能读 8 位的 JPEG")
        if self.components not in (1, 3, 4):
            raise corrupt(f"有 {self.components} 个颜色分量")

        self.missing = {(component, place) for component in segment[8::3] for place in range(_BLOCK)}
        factors, self.quantizers = segment[9::3], segment[10::3]
        if len(set(factors)) == 1:
            self.sampling = "4:4:4"
        elif factors == b"\x22\x11\x11":
            self.sampling = "4:2:0"
        self._keep(marker, segment)

    def _application(self, marker: int, data: bytes) -> None:
        """Read what says how the picture looks: of all metadata only these four do."""
        if marker == _APP0 and data[:5] == b"JFIF\0" and len(data) >= 14:
            self.jfif = True
        elif marker == _APP14 and data[:5] == b"Adobe" and len(data) >= 12:
            self.adobe = data[11]
        elif marker == _APP1 and data[:6] == b"Exif\0\0" and self.orientation is None:
            self.orientation = orientation.read(data[6:])
        elif marker == _APP2 and data.startswith(_ICC) and len(data) > len(_ICC) + 2:
            self.profile[data[len(_ICC)]] = data[len(_ICC) + 2 :]

    def _scan(self, segment: bytes, position: int) -> int:
        """Keep a scan with its compressed data; give the offset of the marker behind it."""
        if not self.frame:
            raise corrupt("图像数据前没有文件头")
        scans = len(self.scan_ends) + 1
        if scans > MAX_SCANS or scans * self.width * self.height > MAX_SCANNED_PIXELS:
            raise PictureRefused(
                "too_complex",
                f"这张 {self.width}×{self.height} 像素的 JPEG 分成了 {scans} 遍以上扫描，展开太费时。"
                "请另存为普通（非渐进式）JPEG 后再上传。",
            )

        found = _MARKER_AFTER_SCAN.search(self.content, position)
        following = end = found.start() if found else len(self.content)
        while end > position and self.content[end - 1] == 0xFF:  # padding
            end -= 1

        self.tables.scan(segment[2:], self.quantizers, is_sequential=self.frame not in _PROGRESSIVE)
        self._keep(_SOS, segment, memoryview(self.content)[position:end])
        self.scan_ends.append(len(self.kept))
        if self.frame in _PROGRESSIVE and segment[-3] > 0:
            self.fine.append(len(self.kept))
        if not segment[-1] & 15:
            band = range(segment[-3], segment[-2] + 1)
            self.missing -= {(component, place) for component in segment[3:-3:2] for place in band}
        if (
            scans == 1
            and self.frame in _SEQUENTIAL
            and not self.missing
            and TRAILER.search(self.content, position, end)
        ):
            self.whole, self.following = len(self.kept), end
        return following

    def _result(self, end: bytes = _END, *, is_open: bool = False) -> Jpeg:
        if not self.scan_ends:
            raise corrupt("没有图像数据")
        if any((DQT, number) not in self.tables.in_force for number in self.quantizers):
            raise corrupt("缺少量化表")  # a decoder may use what it finds in memory

        head = b"\xff\xd8" + (_JFIF if self.jfif else b"")
        if self.adobe is not None:
            head += b"\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0" + bytes((self.adobe,))

        parts = [head, *(part.written() if isinstance(part, Segment) else part for part in self.kept)]
        ends = list(accumulate(map(len, parts)))
        return Jpeg(
            width=self.width,
            height=self.height,
            components=self.components,
            sampling=self.sampling,
            quantizers=self.quantizers,
            frame=self.frame,
            scans=len(self.scan_ends),
            orientation=self.orientation or orientation.UPRIGHT,
            content=b"".join((*parts, end)),
            is_open=is_open,
            profile=b"".join(self.profile[part] for part in sorted(self.profile)),
            scan_ends=tuple(ends[number] for number in self.scan_ends),
            fine_scans={ends[number]: ends[number - _SCAN_PARTS] for number in self.fine},
        )
