"""materials/pictures/png.py: chunks walked before any decoder, rows counted in little memory, metadata stripped."""

import struct
import tracemalloc
import zlib

import pytest

from candidates.rules.refusals import PictureRefused
from materials.pictures import png
from materials.pictures.formats import PNG
from tests.materials.picture_files import (
    CANARY,
    PNG_KINDS,
    a_png,
    black_rows,
    decoded,
    drawn,
    encoded,
    raw_png,
    tiff,
    with_chunks,
)

PLAIN = encoded(drawn(), "PNG")
ROWS = (b"\0" + bytes(range(30))) * 10
TINY = raw_png(10, 10, rows=ROWS)
METADATA = {
    "text": (b"tEXt", b"Comment\0" + CANARY),
    "compressed text": (b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 20) + CANARY)),
    "international text": (b"iTXt", b"Comment\0\0\0\0\0" + CANARY),
    "exif": (b"eXIf", tiff(1)),
    "colour profile": (b"iCCP", b"p\0\0" + zlib.compress(CANARY * 9)),
    "time": (b"tIME", bytes(7)),
    "size on paper": (b"pHYs", bytes(9)),
    "suggested palette": (b"sPLT", b"p\0\x08" + CANARY),
    "private": (b"caNy", CANARY),
    "gamma of the wrong length": (b"gAMA", CANARY),
}


def refused(content: bytes) -> str:
    with pytest.raises(PictureRefused) as refusal:
        png.walk(content, 1)
    return refusal.value.code


def pieces(content: bytes) -> list[bytes]:
    """The types of the chunks."""
    found, at = [], 8
    while at < len(content):
        found.append(content[at + 4 : at + 8])
        at += 12 + struct.unpack(">I", content[at : at + 4])[0]
    return found


@pytest.mark.parametrize("extra", METADATA)
def test_metadata_goes_and_the_picture_stays(extra):
    assert png.walk(with_chunks(PLAIN, METADATA[extra]), 1).content == png.walk(PLAIN, 1).content
    assert decoded(png.walk(PLAIN, 1).content).tobytes() == drawn().tobytes()


def test_metadata_behind_the_rows_what_follows_the_end_and_the_stream_go():
    late = PLAIN[:-12] + png.chunk(b"tEXt", b"Comment\0" + CANARY) + PLAIN[-12:] + b"<script>" + CANARY
    assert png.walk(late, 1).content == png.walk(PLAIN, 1).content
    stream = zlib.compress(ROWS)
    behind = TINY[:33] + png.chunk(b"IDAT", stream + CANARY) + png.chunk(b"IEND", b"")
    assert png.walk(behind, 1).content == TINY[:33] + png.chunk(b"IDAT", stream) + png.chunk(b"IEND", b"")


def test_what_says_how_the_picture_looks_stays():
    palette = encoded(drawn(mode="P"), "PNG", transparency=3)
    lit = with_chunks(palette, (b"gAMA", struct.pack(">I", 45_455)), (b"sRGB", b"\0"))
    walked = png.walk(lit, 1)
    assert pieces(walked.content) == [b"IHDR", b"gAMA", b"sRGB", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    assert decoded(walked.content).convert("RGBA").tobytes() == decoded(palette).convert("RGBA").tobytes()


def test_a_wrong_checksum_refuses_what_is_needed_and_drops_what_is_not():
    text = png.chunk(b"tEXt", b"Comment\0x")
    assert png.walk(PLAIN[:33] + text[:-1] + b"?" + PLAIN[33:], 1).content == png.walk(PLAIN, 1).content
    at = PLAIN.index(b"IDAT") + 40
    assert refused(PLAIN[:at] + bytes((PLAIN[at] ^ 1,)) + PLAIN[at + 1 :]) == "corrupt"


@pytest.mark.parametrize("rows", [ROWS[:-1], ROWS[:-31], ROWS + b"\0", ROWS + bytes(1 << 16), b""])
def test_rows_that_are_too_few_or_too_many_are_refused(rows):
    assert refused(raw_png(10, 10, rows=rows)) == "corrupt"


# --- each row begins with a filter: 0 to 4 ---------------------------------------------------------------------------


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize(("depth", "colour"), PNG_KINDS)
def test_a_row_with_a_filter_that_there_is_not_is_refused_wherever_it_stands(depth, colour, interlaced):
    kind = {"width": 11, "height": 13, "depth": depth, "colour": colour, "interlaced": interlaced}
    rows = black_rows(**kind)
    found = set()
    for number, row in enumerate(rows):
        bad = [*rows[:number], b"\x05" + row[1:], *rows[number + 1 :]]
        found.add(refused(a_png(bad, **kind)))
    assert found == {"corrupt"}


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize(("depth", "colour"), PNG_KINDS)
def test_rows_of_every_filter_that_there_is_are_taken_whatever_else_is_in_them(depth, colour, interlaced):
    kind = {"width": 11, "height": 13, "depth": depth, "colour": colour, "interlaced": interlaced}
    rows = [bytes((number % 5,)) + b"\xff" * (len(row) - 1) for number, row in enumerate(black_rows(**kind))]
    content = a_png(rows, **kind)
    assert png.walk(content, 1).content == content


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize("change", ["one byte less", "one byte more", "a row less"])
def test_rows_that_are_not_as_long_as_the_picture_are_refused(interlaced, change):
    kind = {"width": 11, "height": 13, "interlaced": interlaced, "depth": 8, "colour": 2}
    rows = black_rows(**kind)
    changed = {"one byte less": [*rows[:-1], rows[-1][:-1]], "one byte more": [*rows, b"\0"], "a row less": rows[:-1]}
    assert refused(a_png(changed[change], **kind)) == "corrupt"


def test_the_filter_of_a_row_is_found_where_a_piece_of_the_stream_begins_with_it():
    kind = {"width": 8191, "height": 65, "depth": 8, "colour": 0, "interlaced": 0}  # 8192 bytes: 32 rows in a piece
    rows = black_rows(**kind)
    for number in (0, 31, 32, 33, 63, 64):
        bad = [*rows[:number], b"\x09" + rows[0][1:], *rows[number + 1 :]]
        assert refused(a_png(bad, **kind)) == "corrupt"


def test_a_stream_without_its_end_is_refused():
    stream = zlib.compress(ROWS)
    assert refused(TINY[:33] + png.chunk(b"IDAT", stream[:-4]) + TINY[-12:]) == "corrupt"
    assert refused(TINY[:33] + png.chunk(b"IDAT", b"\xff" * 99) + TINY[-12:]) == "corrupt"


def test_a_bomb_costs_no_memory():
    bomb = zlib.compress(bytes(60_000_000), 9)
    content = TINY[:33] + png.chunk(b"IDAT", bomb) + TINY[-12:]
    tracemalloc.start()
    try:
        assert refused(content) == "corrupt"
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", [b"acTL", b"fcTL", b"fdAT"])
def test_an_animation_is_refused(kind):
    assert refused(with_chunks(PLAIN, (kind, bytes(26)))) == "animated"


@pytest.mark.parametrize(("depth", "colour"), [(3, 0), (4, 2), (16, 3), (4, 4), (8, 5), (8, 7)])
def test_a_depth_that_does_not_go_with_the_colour_type_is_refused(depth, colour):
    assert refused(raw_png(10, 10, depth=depth, colour=colour, rows=ROWS)) == "corrupt"


def test_the_order_of_chunks_is_kept_by_all():
    header, rest = PLAIN[8:33], PLAIN[33:]
    assert refused(PNG.signature + rest) == "corrupt"  # no header
    assert refused(PNG.signature + header + header + rest) == "corrupt"  # two
    assert refused(with_chunks(PLAIN, (b"CgBI", bytes(4)))) == "corrupt"  # needed, and unknown
    assert refused(raw_png(10, 10, colour=3, rows=(b"\0" + bytes(10)) * 10)) == "corrupt"  # no palette
    split = zlib.compress(ROWS)
    apart = ((b"IDAT", split[:9]), (b"tEXt", b"a\0b"), (b"IDAT", split[9:]))
    assert refused(with_chunks(TINY[:33] + TINY[-12:], *apart)) == "corrupt"
    assert refused(PLAIN[:-12]) == "corrupt"  # no end


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize("side", [1, 2, 3, 4, 5, 7, 8, 9, 33])
def test_the_length_of_the_rows_is_that_of_the_standard(side, interlaced):
    passes = (
        [(0, 0, 1, 1)]
        if not interlaced
        else [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    )
    expected = 0
    for left, top, across, down in passes:
        columns = len(range(left, side, across))
        expected += sum(1 + (columns * 3 + 7) // 8 for _ in range(top, side, down)) if columns else 0
    assert png._inflated_length(png._passes(side, side, 3, interlaced)) == expected


def test_colours_that_no_pixel_can_name_are_no_place_for_a_text():
    """One bit a pixel names two colours; a palette may hold 256, and what is written there was kept."""
    rows = (b"\0" + b"\xaa\xaa") * 10
    palette = bytes((0, 0, 0, 255, 255, 255)) + CANARY.ljust(300, b".")[:300]
    header = struct.pack(">IIBBBBB", 16, 10, 1, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    kept = png.walk(PNG.signature + b"".join(png.chunk(kind, data) for kind, data in parts), 1).content
    assert CANARY not in kept
    assert (b"PLTE" + palette[:6]) in kept
