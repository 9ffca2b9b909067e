"""A ZIP archive written as a stream, uncompressed (pictures are compressed already), of any length.

Our own since the standard library's keeps an object for every file until the end (0.6 KB each, 36 MB for the pictures
of 5,000 applications): here the directory waits in a temporary file. Format: PKWARE APPNOTE 6.3.10, with ZIP64.
"""

import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO
from zlib import crc32

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END_64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR = struct.Struct("<4sIQI")
END = struct.Struct("<4s4H2IH")
OFFSET_64 = struct.Struct("<HHQ")
VERSION, UTF_8, STORED = 45, 0x800, 0
MOST_16, MOST_32 = 0xFFFF, 0xFFFFFFFF
READ = 64 * 1024  # bytes


def stream(files: Iterable[tuple[str, datetime, bytes]]) -> Iterator[bytes]:
    """Yield the archive in pieces, one for each file: (name, local time of the change, content below 4 GB)."""
    offset = count = 0
    with TemporaryFile() as directory:
        for name, changed, content in files:
            said = name.encode()
            facts = (UTF_8, STORED, *_dos(changed), crc32(content), len(content), len(content), len(said))
            yield LOCAL.pack(b"PK\3\4", VERSION, *facts, 0) + said + content
            extra = OFFSET_64.pack(1, 8, offset) if offset >= MOST_32 else b""
            rest = (len(extra), 0, 0, 0, 0, min(offset, MOST_32))
            directory.write(CENTRAL.pack(b"PK\1\2", VERSION, VERSION, *facts, *rest) + said + extra)
            offset += LOCAL.size + len(said) + len(content)
            count += 1
        yield from _end(directory, offset, count)


def _end(directory: IO[bytes], offset: int, count: int) -> Iterator[bytes]:
    size = directory.tell()
    directory.seek(0)
    while piece := directory.read(READ):
        yield piece
    yield END_64.pack(b"PK\6\6", END_64.size - 12, VERSION, VERSION, 0, 0, count, count, size, offset)
    yield LOCATOR.pack(b"PK\6\7", 0, offset + size, 1)
    short = min(count, MOST_16)
    yield END.pack(b"PK\5\6", 0, 0, short, short, min(size, MOST_32), min(offset, MOST_32), 0)


def _dos(at: datetime) -> tuple[int, int]:
    """Return MS-DOS time and date: two seconds exact, from 1980."""
    return (
        at.hour << 11 | at.minute << 5 | at.second // 2,
        (max(at.year, 1980) - 1980) << 9 | at.month << 5 | at.day,
    )
