"""Every kind of file that arrives where a picture is wanted: what is taken, what is stored, what is refused."""

import random
import struct
from functools import partial

import pytest
from PIL import Image

from tests.materials.picture_files import (
    CANARY,
    PNG_KINDS,
    a_png,
    black_rows,
    corners,
    decoded,
    drawn,
    encoded,
    oriented,
    outcome,
    raw_png,
    segment,
    stored_for_turning,
    with_chunks,
    with_segments,
)

JPEG, PNG = encoded(drawn(480, 360)), encoded(drawn(480, 360), "PNG")
SOF, DQT = JPEG.index(b"\xff\xc0"), JPEG.index(b"\xff\xdb")


def exif(entry: bytes, count: int = 1, start: int = 8) -> bytes:
    """The JPEG with an EXIF block of one entry, whatever stands in it."""
    block = b"Exif\0\0II*\0" + struct.pack("<IH", start, count) + entry + bytes(4) + CANARY
    return with_segments(JPEG, segment(0xE1, block))


def entry(kind: int, count: int, value: int) -> bytes:
    """An orientation as an EXIF block has it: the kind of its value, how many, the value."""
    return struct.pack("<HHIHH", 0x0112, kind, count, value, 0)


# --- what is taken, and stored as it came -----------------------------------------------------------------------------

KEPT = {
    "plain": partial(encoded, drawn(480, 360)),
    "4:2:2": partial(encoded, drawn(480, 360), subsampling="4:2:2"),
    "4:4:4": partial(encoded, drawn(480, 360), subsampling="4:4:4"),
    "optimized": partial(encoded, drawn(480, 360), optimize=True),
    "progressive": partial(encoded, drawn(480, 360), progressive=True),
    "of the worst quality": partial(encoded, drawn(480, 360), quality=1),
    "of the best quality": partial(encoded, drawn(480, 360), quality=100),
    "with restarts": partial(encoded, drawn(480, 360), restart_marker_rows=2),
    "grey": partial(encoded, drawn(480, 360, "L")),
    "blank": partial(encoded, Image.new("RGB", (600, 400), "white")),
}


@pytest.mark.parametrize("kind", KEPT)
def test_a_jpeg_that_browsers_show_is_stored_byte_for_byte(kind):
    content = KEPT[kind]()
    assert outcome(content).content == content


@pytest.mark.parametrize("interlaced", [0, 1], ids=["plain", "interlaced"])
@pytest.mark.parametrize(("depth", "colour"), PNG_KINDS)
def test_a_png_of_every_colour_and_depth_is_stored_with_its_pixels(depth, colour, interlaced):
    kind = {"width": 37, "height": 33, "depth": depth, "colour": colour, "interlaced": interlaced}
    content = a_png(black_rows(**kind), **kind)
    picture = outcome(content, min_side=1)
    assert (picture.content_type, picture.width, picture.height) == ("image/png", 37, 33)
    assert decoded(picture.content).tobytes() == decoded(content).tobytes()
    assert outcome(content) == "too_small"


@pytest.mark.parametrize(
    ("mode", "options"), [("RGBA", {}), ("LA", {}), ("P", {"transparency": 0}), ("L", {"transparency": 0})]
)
def test_a_transparent_png_stays_transparent(mode, options):
    content = encoded(drawn(mode=mode), "PNG", **options)
    stored = outcome(content).content
    assert decoded(stored).convert("RGBA").tobytes() == decoded(content).convert("RGBA").tobytes()


# --- what is taken, and stored otherwise -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("towards", range(1, 9))
def test_every_orientation_is_stored_upright(kind, towards):
    received = oriented(encoded(stored_for_turning(drawn(400, 300), towards), kind), towards)
    picture = outcome(received)
    assert (picture.width, picture.height, corners(picture.content)) == (400, 300, "RGBW")
    assert CANARY not in picture.content


def test_a_turned_picture_may_be_as_long_as_an_upright_one():
    picture = outcome(oriented(encoded(drawn(10_000, 200), quality=40), 6))
    assert (picture.width, picture.height) == (200, 10_000)


NONSENSE = {
    "value 0": exif(entry(3, 1, 0)),
    "value 9": exif(entry(3, 1, 9)),
    "value 255": exif(entry(3, 1, 255)),
    "value 65535": exif(entry(3, 1, 65535)),
    "text": exif(entry(2, 1, 6)),
    "fraction": exif(entry(5, 1, 0)),
    "two values": exif(entry(3, 2, 6)),
    "very many values": exif(entry(3, 0xFFFFFFFF, 6)),
    "entries missing": exif(entry(3, 1, 1), count=0xFFFF),
    "offset outside": exif(entry(3, 1, 6), start=0x7FFFFFFF),
    "a loop": exif(entry(4, 1, 8) + struct.pack("<I", 8)),
    "cut off": with_segments(JPEG, segment(0xE1, b"Exif\0\0II*\0\x08\0")),
    "xmp": with_segments(JPEG, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x SYSTEM '/'>" + CANARY)),
    "profile out of order": with_segments(JPEG, segment(0xE2, b"ICC_PROFILE\0\x09\x02" + CANARY)),
    "a large profile": with_segments(JPEG, *[segment(0xE2, b"ICC_PROFILE\0\x01\x02" + CANARY * 5000)] * 2),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_metadata_that_makes_no_sense_goes_and_the_picture_stays(kind):
    picture = outcome(NONSENSE[kind])
    assert picture.content == JPEG
    assert CANARY not in picture.thumbnail


def test_cmyk_is_stored_as_rgb_in_the_same_colours():
    picture = outcome(encoded(drawn(mode="CMYK")))
    assert (decoded(picture.content).mode, corners(picture.content)) == ("RGB", "RGBW")


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (200, 200, ""),
        (10_000, 200, ""),
        (200, 10_000, ""),
        (199, 300, "too_small"),
        (300, 199, "too_small"),
        (1, 1, "too_small"),
        (10_001, 200, "too_large_side"),
        (200, 10_001, "too_large_side"),
        (8000, 5000, "too_many_pixels"),
    ],
)
def test_sides_are_counted_by_the_pixel(width, height, code):
    picture = outcome(encoded(Image.new("1", (width, height)), "PNG"))
    assert (picture if code else (picture.width, picture.height)) == (code or (width, height))


@pytest.mark.parametrize("kind", [JPEG, PNG], ids=["jpeg", "png"])
@pytest.mark.parametrize(("size", "is_taken"), [(204_799, True), (204_800, True), (204_801, False), (1 << 20, False)])
def test_bytes_are_counted_by_the_byte(kind, size, is_taken):
    got = outcome(kind + bytes(size - len(kind)))
    assert (got != "too_large") is is_taken


def framed(**changes: bytes) -> bytes:
    """The JPEG whose frame header has other bytes: its marker, its precision, its sides."""
    marker, depth = changes.get("marker", b"\xff\xc0"), changes.get("depth", b"\x08")
    sides = changes.get("sides", JPEG[SOF + 5 : SOF + 9])
    return JPEG[:SOF] + marker + JPEG[SOF + 2 : SOF + 4] + depth + sides + JPEG[SOF + 9 :]


BROKEN = {
    "12 bits": (framed(depth=b"\x0c"), "corrupt"),
    "lossless": (framed(marker=b"\xff\xc3"), "corrupt"),
    "two frames": (JPEG[:SOF] + JPEG[SOF : SOF + 19] + JPEG[SOF:], "corrupt"),
    "no tables": (JPEG[:DQT] + JPEG[DQT + 2 + int.from_bytes(JPEG[DQT + 2 : DQT + 4], "big") :], "corrupt"),
    "a lie about its sides": (framed(sides=struct.pack(">HH", 4000, 9999)), "too_many_pixels"),
    "no height": (framed(sides=struct.pack(">HH", 0, 480)), "corrupt"),
    "half its rows": (raw_png(300, 300, rows=(b"\0" + bytes(900)) * 150), "corrupt"),
    "half a PNG": (PNG[: len(PNG) // 2], "corrupt"),
    "most of a PNG": (PNG[: -len(PNG) // 100], "corrupt"),
    "half a JPEG": (JPEG[: len(JPEG) // 2], "corrupt"),
    "animated": (with_chunks(PNG, (b"acTL", bytes(8))), "animated"),
    "a byte of the signature": (PNG[:4] + b"\n" + PNG[5:], "not_an_image"),
    "line ends changed": (PNG.replace(b"\r\n", b"\n"), "not_an_image"),
    "a depth that is none": (raw_png(300, 300, depth=3, colour=0), "corrupt"),
    "a colour that is none": (raw_png(300, 300, colour=1), "corrupt"),
    "no rows": (PNG[:33] + PNG[-12:], "corrupt"),
    "empty": (b"", "empty"),
    "two bytes": (JPEG[:2], "not_an_image"),
    "one byte": (PNG[:1], "not_an_image"),
    "a line before it": (b"\n" + JPEG, "not_an_image"),
    "noise": (random.Random(7).randbytes(65_536), "not_an_image"),
    "zeros": (bytes(204_800), "not_an_image"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_not_whole_is_refused(kind):
    content, code = BROKEN[kind]
    assert outcome(content, min_side=1) == code


OTHER = {
    "BMP": partial(encoded, drawn(), "BMP"),
    "GIF": partial(encoded, drawn(), "GIF"),
    "TIFF": partial(encoded, drawn(), "TIFF"),
    "WEBP": partial(encoded, drawn(), "WEBP"),
    "PCX": partial(encoded, drawn(), "PCX"),
    "PPM": partial(encoded, drawn(), "PPM"),
    "TGA": partial(encoded, drawn(), "TGA"),
    "ICO": partial(encoded, drawn(), "ICO"),
    "PDF": partial(encoded, drawn(), "PDF"),
    "EPS": partial(encoded, drawn(), "EPS"),
    "JPEG 2000": partial(encoded, drawn(), "JPEG2000"),
    "HEIC": lambda: b"\0\0\0\x18ftypheic" + bytes(400),
    "AVIF": lambda: b"\0\0\0\x18ftypavif" + bytes(400),
    "HTML": lambda: b"<html><script>alert(1)</script></html>",
    "SVG": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "SVG with an entity": lambda: b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
    "PHP": lambda: b"<?php system($_GET['c']); ?>",
    "a shell script": lambda: b"#!/bin/sh\nid",
    "an ELF program": lambda: b"\x7fELF" + bytes(200),
    "a Windows program": lambda: b"MZ" + bytes(200),
    "a server's settings": lambda: b"AddType application/x-httpd-php .jpg",
    "an MVG drawing": lambda: b"push graphic-context\nfill 'url(https://example.org/)'\npop graphic-context",
    "a GIF that is a script": lambda: b"GIF89a=1;alert(document.domain)",
}


@pytest.mark.parametrize("kind", OTHER)
def test_another_kind_of_file_is_no_picture(kind):
    assert outcome(OTHER[kind]()[:204_800]) == "not_an_image"


@pytest.mark.parametrize("signature", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"], ids=["jpeg", "png"])
def test_a_page_behind_a_pictures_first_bytes_is_corrupt(signature):
    assert outcome(signature + b"<html><script>alert(1)</script></html>") == "corrupt"
