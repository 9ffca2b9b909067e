"""materials/pictures/jpeg_tables.py: of a JPEG's tables those stay that its scans use, as they are."""

import pytest

from candidates.rules.refusals import PictureRefused
from materials.pictures import jpeg
from tests.materials.picture_files import CANARY, decoded, drawn, encoded, segment, with_segments

PLAIN = encoded(drawn(), quality=80)
PROGRESSIVE = encoded(drawn(), progressive=True)
RESTARTING = encoded(drawn(), restart_marker_rows=1)
DQT, DHT, DRI = 0xDB, 0xC4, 0xDD
SECRET = (CANARY * 8)[:64]
HUFFMAN = bytes((len(CANARY),)) + bytes(15) + CANARY  # as many codes of one bit as it has letters; nobody reads it
FIRST_TABLE = PLAIN[PLAIN.index(b"\xff\xdb") :][:69]


def walked(content: bytes) -> bytes:
    return jpeg.walk(content, 1).content


@pytest.mark.parametrize("plain", [PLAIN, PROGRESSIVE], ids=["baseline", "progressive"])
@pytest.mark.parametrize(
    "unused",
    [
        segment(DQT, b"\3" + SECRET),
        segment(DQT, b"\0" + SECRET),
        segment(DQT, b"\x13" + SECRET * 2),
        segment(DHT, b"\3" + HUFFMAN),
        segment(DHT, b"\0" + HUFFMAN) * 9,
        segment(DRI, b"CA"),
        segment(DQT, b"") * 99,
        segment(DHT, b"") * 99,
    ],
    ids=["number", "defined again", "of two bytes", "codes", "codes again", "restarts", "empty", "empty codes"],
)
def test_a_table_that_no_scan_uses_goes_and_every_other_byte_stays(plain, unused):
    again = segment(DRI, b"\0\0") if unused[1] == DRI else b""
    head, rest = plain[:20], plain[20:]  # the JFIF segment stays first
    assert walked(head + unused + again + rest) == head + again + rest


def test_tables_behind_the_last_scan_go():
    assert walked(PLAIN[:-2] + segment(DQT, b"\0" + SECRET) + segment(DHT, b"\0" + HUFFMAN) + PLAIN[-2:]) == PLAIN


def test_of_a_segment_with_several_tables_those_stay_that_are_used():
    both = segment(DQT, FIRST_TABLE[4:] + b"\3" + SECRET)
    assert walked(PLAIN.replace(FIRST_TABLE, both)) == PLAIN


def test_a_table_that_is_defined_anew_between_scans_stays_twice():
    scans = [at for at in range(len(PROGRESSIVE)) if PROGRESSIVE[at : at + 2] == b"\xff\xda"]
    table = PROGRESSIVE[PROGRESSIVE.index(b"\xff\xdb") :][:69]
    twice = PROGRESSIVE[: scans[1]] + table + PROGRESSIVE[scans[1] :]
    assert walked(twice) == twice
    assert decoded(twice).tobytes() == decoded(PROGRESSIVE).tobytes()


def test_the_restart_interval_stays():
    assert walked(RESTARTING) == RESTARTING


@pytest.mark.parametrize(
    "broken",
    [
        segment(DQT, b"\3" + SECRET[:-1]),
        segment(DHT, b"\3" + HUFFMAN[:-1]),
        segment(DHT, b"\3"),
        segment(DRI, b"CAN"),
        segment(DRI, b""),
    ],
)
def test_a_table_of_another_length_than_it_says_is_corrupt(broken):
    with pytest.raises(PictureRefused) as refused:
        walked(with_segments(PLAIN, broken))
    assert refused.value.code == "corrupt"


@pytest.mark.parametrize("change", [lambda scan: scan[:4] + b"\0" + scan[5:], lambda scan: scan[:4] + b"\4" + scan[5:]])
def test_a_scan_of_another_length_than_it_says_is_corrupt(change):
    at = PLAIN.index(b"\xff\xda")
    with pytest.raises(PictureRefused) as refused:
        walked(PLAIN[:at] + change(PLAIN[at:]))
    assert refused.value.code == "corrupt"
