"""Segments: sealed once, none written over, none missing without a word."""

import pytest

from review.archive import place, wal
from review.archive.place import ArchiveError
from tests.review.archive.conftest import needs_age

pytestmark = needs_age
FIRST, SECOND, FOURTH = (f"{1:08X}{0:08X}{number:08X}" for number in (1, 2, 4))
SIZE = 16 << 20


def receive(folder, name, content):
    (folder / "spool" / name).write_bytes(content)


def test_a_received_segment_is_sealed_and_leaves_the_spool_and_a_part_of_one_stays(folder, identity):
    receive(folder, FIRST, b"x" * 5000)
    receive(folder, f"{SECOND}.partial", b"y")
    assert wal.seal_received(folder) == 1
    assert [path.name for path in (folder / "spool").iterdir()] == [f"{SECOND}.partial"]
    [path] = wal.sealed(folder).values()
    with place.opened(path, identity) as stream:
        import gzip

        assert gzip.decompress(stream.read()) == b"x" * 5000


def test_the_same_segment_twice_is_nothing_and_another_of_its_name_is_refused(folder):
    for _ in range(2):
        receive(folder, FIRST, b"x")
        wal.seal_received(folder)
    assert list(wal.sealed(folder)) == [FIRST]
    receive(folder, FIRST, b"other")
    with pytest.raises(ArchiveError, match="内容不同，没有改写"):
        wal.seal_received(folder)
    assert (folder / "spool" / FIRST).read_bytes() == b"other"


def test_missing_segments_are_found_whatever_the_timeline():
    on_two = "00000002" + FOURTH[8:]
    assert wal.gaps([FIRST, SECOND, on_two], FIRST, SIZE) == ["3"]
    assert wal.gaps([FIRST, SECOND, "00000002.history"], FIRST, SIZE) == []
    assert wal.gaps([SECOND], FIRST, SIZE) == ["1"]
    assert wal.number("000000010000000100000000", SIZE) == 256
