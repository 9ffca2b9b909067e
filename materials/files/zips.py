"""Archives of pictures and papers, streamed: in memory is one file at a time."""

import re
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime

UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def safe(name: str) -> str:
    """Return a name without what a file system refuses."""
    return UNSAFE.sub("_", name)


def zipped(files: Iterable[tuple[str, datetime, bytes]]) -> Iterator[bytes]:
    """Return a ZIP of these files (name, local time of the change, content) in pieces of up to 64 KB.

    Pictures are compressed already, so they are stored; sizes stand before the contents and offsets have 64 bits, which
    every common program reads at any length. In memory: one file, and half a KB for each that has gone.
    """
    from stream_zip import NO_COMPRESSION_64, stream_zip

    only_mine = stat.S_IFREG | 0o600
    yield from stream_zip((name, at, only_mine, NO_COMPRESSION_64, (content,)) for name, at, content in files)
