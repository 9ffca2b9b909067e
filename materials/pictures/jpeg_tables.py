"""A JPEG's tables and restart interval (ITU-T T.81, B.2.4): what it defines, and what its scans use of that.

What none uses is no part of the picture: anything may be written there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from materials.pictures.limits import corrupt

DQT, DHT, DRI = 0xDB, 0xC4, 0xDD
_AC = 0x10  # the class of a Huffman table, beside its number


@dataclass
class Table:
    content: bytes
    is_used: bool = False


@dataclass
class Segment:
    """One segment that defines tables; written again it is the same, but for those that no scan uses."""

    marker: int
    tables: list[Table]

    def written(self) -> bytes:
        used = b"".join(table.content for table in self.tables if table.is_used)
        return bytes((0xFF, self.marker)) + (2 + len(used)).to_bytes(2, "big") + used if used else b""


@dataclass
class Tables:
    """Those in force while the segments are walked, by marker and number."""

    in_force: dict[tuple[int, int], Table] = field(default_factory=dict)

    def define(self, marker: int, data: bytes) -> Segment:
        """Read a segment's payload. Raises PictureRefused (corrupt) where its tables do not fill it, like a decoder."""
        tables = []
        for number, content in _tables(marker, data):
            table = self.in_force[marker, number] = Table(content)
            tables.append(table)
        return Segment(marker, tables)

    def use(self, marker: int, number: int) -> None:
        if table := self.in_force.get((marker, number)):
            table.is_used = True

    def scan(self, header: bytes, quantizers: bytes, *, is_sequential: bool) -> None:
        """Mark what a scan uses; `header` is its payload: components with their tables, and the band."""
        if not header or not 1 <= header[0] <= 4 or len(header) != 4 + 2 * header[0]:
            raise corrupt("扫描段的长度不对")
        first, last, refined = header[-3], header[-2], header[-1] >> 4
        self.use(DRI, 0)
        for number in quantizers:
            self.use(DQT, number)
        for numbers in header[2:-3:2]:
            if is_sequential or (first == 0 and not refined):
                self.use(DHT, numbers >> 4)
            if is_sequential or last > 0:
                self.use(DHT, _AC | numbers & 15)


def _tables(marker: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each table, and its bytes."""
    if marker == DRI:
        if len(data) != 2:
            raise corrupt("重新开始间隔的长度不对")
        yield 0, data
        return
    position = 0
    while position < len(data):
        if marker == DQT:
            number, size = data[position] & 15, 129 if data[position] >> 4 else 65
        else:
            number, size = data[position], 17 + sum(data[position + 1 : position + 17])
        content = data[position : position + size]
        if len(content) < size:
            raise corrupt("数据表的长度不对")
        yield number, content
        position += size
