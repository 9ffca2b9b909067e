"""materials/pictures/jpeg.py: segments walked before any decoder, and stripped without touching the compressed data."""

import time

import pytest

from candidates.rules.refusals import PictureRefused
from materials.pictures import jpeg
from tests.materials.picture_files import CANARY, drawn, encoded, oriented, segment, tiff, with_segments

PLAIN = encoded(drawn(), quality=80)
PROGRESSIVE = encoded(drawn(), progressive=True)
METADATA = {
    "exif": segment(0xE1, b"Exif\0\0" + tiff(1)),
    "xmp": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + CANARY),
    "colour profile": segment(0xE2, b"ICC_PROFILE\0\x01\x01" + CANARY),
    "multi-picture index": segment(0xE2, b"MPF\0" + CANARY),
    "photoshop": segment(0xED, b"Photoshop 3.0\0" + CANARY),
    "comment": segment(0xFE, CANARY),
    "thumbnail extension": segment(0xE0, b"JFXX\0\x10" + CANARY),
    "vendor": segment(0xEF, CANARY),
    "fill bytes": b"\xff" * 20,
}


def refused(content: bytes) -> str:
    with pytest.raises(PictureRefused) as refusal:
        jpeg.walk(content, 1)
    return refusal.value.code


@pytest.mark.parametrize("plain", [PLAIN, PROGRESSIVE], ids=["baseline", "progressive"])
@pytest.mark.parametrize("extra", METADATA)
def test_metadata_goes_and_every_other_byte_stays(plain, extra):
    assert jpeg.walk(with_segments(plain, METADATA[extra]), 1).content == plain


def test_what_follows_the_end_goes():
    assert jpeg.walk(PLAIN + b"PK\3\4<html>" + CANARY + PLAIN, 1).content == PLAIN


def test_a_comment_between_scans_goes_and_every_scan_stays():
    second = PROGRESSIVE.index(b"\xff\xc4", PROGRESSIVE.index(b"\xff\xda"))
    commented = PROGRESSIVE[:second] + segment(0xFE, CANARY) + PROGRESSIVE[second:]
    walked = jpeg.walk(commented, 1)
    assert (walked.content, walked.scans) == (PROGRESSIVE, PROGRESSIVE.count(b"\xff\xda"))


def test_a_jfif_header_stays_without_its_thumbnail_and_an_adobe_one_without_its_rest():
    jfif = segment(0xE0, b"JFIF\0\x01\x02\x01\x01\x2c\x01\x2c\x02\x02" + b"CANARY7f3a9c")
    adobe = segment(0xEE, b"Adobe\0\x64CANA\x01RY7f3a9c")
    stripped = PLAIN[:2] + PLAIN[20:]
    content = jpeg.walk(with_segments(stripped, jfif, adobe), 1).content
    expected = with_segments(PLAIN, b"")[:20] + segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01") + PLAIN[20:]
    assert content == expected


def test_the_header_tells_what_recoding_needs():
    walked = jpeg.walk(oriented(PLAIN, 6), 1)
    assert (walked.width, walked.height, walked.components, walked.frame) == (320, 240, 3, 0xC0)
    assert (walked.sampling, walked.quantizers, walked.orientation) == ("4:2:0", b"\0\1\1", 6)
    assert (walked.kept_as_it_is, jpeg.walk(PLAIN, 1).kept_as_it_is) == (False, True)
    assert jpeg.walk(encoded(drawn(mode="CMYK")), 1).kept_as_it_is is False


def test_the_first_exif_block_says_the_orientation():
    assert jpeg.walk(oriented(oriented(PLAIN, 3), 8), 1).orientation == 8


@pytest.mark.parametrize("frame", [0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF])
def test_a_lossless_or_hierarchical_frame_never_reaches_the_decoder(frame):
    at = PLAIN.index(b"\xff\xc0")
    assert refused(PLAIN[:at] + bytes((0xFF, frame)) + PLAIN[at + 2 :]) == "corrupt"


@pytest.mark.parametrize(("offset", "value"), [(4, 12), (6, 0), (9, 2)], ids=["12 bits", "no rows", "2 colours"])
def test_a_frame_that_no_browser_shows_is_refused(offset, value):
    at = PLAIN.index(b"\xff\xc0")
    changed = bytearray(PLAIN)
    changed[at + offset] = value
    assert refused(bytes(changed)) == "corrupt"


def test_the_order_of_segments_is_kept_by_all():
    at, scan = PLAIN.index(b"\xff\xc0"), PLAIN.index(b"\xff\xda")
    frame = PLAIN[at : at + 19]
    assert refused(PLAIN[:at] + frame + PLAIN[at:]) == "corrupt"  # two frames
    assert refused(PLAIN[:at] + PLAIN[at + 19 :]) == "corrupt"  # none
    assert refused(PLAIN[:scan] + b"\xff\xd9") == "corrupt"  # no scan
    assert refused(PLAIN[:-2] + PLAIN) == "corrupt"  # a picture in the picture
    assert refused(PLAIN[:scan] + segment(0xF7, b"") + PLAIN[scan:]) == "corrupt"  # reserved


def test_scans_are_counted_with_the_pixels_they_walk_through():
    scan = PROGRESSIVE[PROGRESSIVE.rindex(b"\xff\xda") : -2]
    at = PROGRESSIVE.index(b"\xff\xc2") + 5

    def with_scans(number: int, side: int) -> bytes:
        large = PROGRESSIVE[:at] + side.to_bytes(2, "big") * 2 + PROGRESSIVE[at + 4 : -2]
        return large + scan * (number - PROGRESSIVE.count(b"\xff\xda")) + b"\xff\xd9"

    assert jpeg.walk(with_scans(64, 3_535), 1).scans == 64
    assert refused(with_scans(64, 3_536)) == "too_complex"
    assert refused(with_scans(65, 200)) == "too_complex"
    assert jpeg.walk(with_scans(32, 5_000), 1).scans == 32
    assert refused(with_scans(33, 5_000)) == "too_complex"


def test_a_header_full_of_tiny_segments_is_walked_at_once():
    started = time.process_time()
    for filler in (segment(0xFE, b""), b"\xff\0", b"\xff", b"\xff\xd0", b"\0"):
        full = PLAIN[:2] + filler * ((204_800 - len(PLAIN)) // len(filler)) + PLAIN[2:]
        assert jpeg.walk(full, 1).content == PLAIN
    assert time.process_time() - started < 1


@pytest.mark.parametrize("after", [b"\0", b"\xd0", b""], ids=["stuffed", "restart", "nothing"])
@pytest.mark.parametrize("place", [2, len(PLAIN) - 2], ids=["before the header", "behind the scan"])
def test_a_file_full_of_padding_is_walked_at_once(place, after):
    """A search that begins anew at each byte took four minutes."""
    started = time.process_time()
    full = PLAIN[:place] + b"\xff" * (204_800 - len(PLAIN) - 1) + after + PLAIN[place:]
    walked = jpeg.walk(full, 1)
    assert time.process_time() - started < 1
    assert walked.content == (PLAIN if place == 2 or not after else full)


def test_padding_lies_behind_every_scan():
    walked = jpeg.walk(PROGRESSIVE, 1)
    padding = len(walked.padded()) - len(walked.content)
    assert padding == walked.scans * len(jpeg._PADDING)
    assert walked.padded().replace(jpeg._PADDING, b"") == walked.content


def test_the_coarse_picture_has_the_scans_with_dc_and_all_that_is_no_scan():
    whole = jpeg.walk(encoded(drawn(), progressive=True), 1)
    coarse = whole.coarse()
    assert jpeg.walk(coarse.content, 1).scans == coarse.scans == len(coarse.scan_ends)
    assert [coarse.content[end] for end in coarse.scan_ends] == [0xFF, 0xFF]
    assert len(coarse.scan_ends) == len(whole.scan_ends) - len(whole.fine_scans) == 2
    assert coarse.content.endswith(b"\xff\xd9") and coarse.coarse().content == coarse.content
    plain = jpeg.walk(encoded(drawn()), 1)
    assert (plain.fine_scans, plain.coarse().content) == ({}, plain.content)


def test_a_picture_without_its_quantization_tables_is_corrupt():
    start = PLAIN.index(b"\xff\xdb")
    length = int.from_bytes(PLAIN[start + 2 : start + 4], "big")
    assert refused(PLAIN[:start] + PLAIN[start + 2 + length :]) == "corrupt"
