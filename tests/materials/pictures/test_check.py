"""materials/pictures/check.py: what is taken, what is refused with which code, and what is stored."""

import hashlib
import io
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFile

from materials.pictures import check, decode, jpeg, recoding, scans
from tests.materials.picture_files import (
    CANARY,
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

JPEG, PNG = encoded(drawn()), encoded(drawn(), "PNG")
PROGRESSIVE = encoded(drawn(), progressive=True)


REFUSED = {
    "empty": b"",
    "too_large": JPEG + bytes(204_801 - len(JPEG)),
    "not_an_image": b"%PDF-1.7\n",
    "corrupt": JPEG[:-20],
    "animated": with_chunks(PNG, (b"acTL", bytes(8))),
    "too_small": encoded(drawn(199, 300)),
    "too_large_side": raw_png(10_001, 200),
    "too_many_pixels": raw_png(5_001, 5_000),
    "too_complex": PROGRESSIVE[:-2] + PROGRESSIVE[PROGRESSIVE.rindex(b"\xff\xda") : -2] * 60 + b"\xff\xd9",
}


@pytest.mark.parametrize("code", REFUSED)
def test_each_code_is_said_for_its_file(code):
    assert outcome(REFUSED[code]) == code


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("empty", "0 字节"),
        ("too_large", "200.1 KB，上限是 200 KB"),
        ("not_an_image", "是 PDF 文件"),
        ("too_small", "199×300 像素，每边至少 200 像素"),
        ("too_large_side", "10001×200 像素，每边最多 10000 像素"),
        ("too_many_pixels", "5001×5000 像素，共 25.1 百万像素"),
        ("too_complex", "320×240 像素的 JPEG 分成了 65 遍以上扫描"),
    ],
)
def test_a_refusal_says_the_files_numbers_and_what_to_do(code, words):
    with pytest.raises(check.PictureRefused) as refused:
        check.check(REFUSED[code])
    assert words in refused.value.sentence
    assert refused.value.sentence[-1] == "。"
    assert "请" in refused.value.sentence


FOREIGN = {
    "PDF": b"%PDF-1.7\n",
    "TIFF": b"II*\0",
    "HEIC": b"\0\0\0\x18ftypheic",
    "Word": b"PK\3\4" + bytes(26) + b"word/document.xml",
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("size", [100, 204_801, 8_000_000])
def test_what_is_no_picture_is_named_at_every_size(name, size):
    with pytest.raises(check.PictureRefused) as refused:
        check.check(FOREIGN[name] + bytes(100), size=size)
    assert (refused.value.code, name in refused.value.sentence) == ("not_an_image", True)


def test_what_is_too_large_is_told_what_was_sent():
    with pytest.raises(check.PictureRefused) as refused:
        check.check(JPEG, size=409_600)
    assert refused.value.sentence.startswith("这个文件有 400 KB，")


def test_the_limits_themselves_are_taken():
    padded = with_segments(JPEG, segment(0xFE, bytes(50_000)))
    padded += bytes(204_800 - len(padded))
    assert outcome(padded).content == JPEG
    assert outcome(encoded(Image.new("L", (200, 200)))).width == 200
    assert outcome(encoded(Image.new("1", (10_000, 2_500)), "PNG")).width == 10_000


def test_a_picture_says_what_was_received_and_what_is_stored():
    received = JPEG + b"PK\3\4trailer"
    picture = check.check(received)
    assert (picture.extension, picture.width, picture.height) == ("jpg", 320, 240)
    assert (picture.received_size, picture.received_sha256) == (len(received), hashlib.sha256(received).hexdigest())
    assert (picture.content, picture.sha256) == (JPEG, hashlib.sha256(JPEG).hexdigest())


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_stored_upright(kind, orientation):
    received = oriented(encoded(stored_for_turning(drawn(), orientation), kind), orientation)
    picture = check.check(received)
    assert (picture.width, picture.height, corners(picture.content)) == (320, 240, "RGBW")
    assert CANARY not in picture.content + picture.thumbnail
    assert corners(picture.thumbnail) == "RGBW"


@pytest.mark.parametrize("orientation", [3, 5, 6, 8])
def test_turning_a_jpeg_whose_blocks_fit_loses_hardly_anything(orientation):
    received = encoded(drawn(mode="L"), quality=40)
    stored = decoded(check.check(oriented(received, orientation)).content)
    back = stored_for_turning(stored, orientation)
    _least, most = ImageChops.difference(back, decoded(received)).getextrema()
    assert most <= 1


@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
def test_a_small_picture_full_of_detail_is_turned_and_not_called_corrupt(mode):
    detailed = Image.merge("RGB", [Image.effect_noise((200, 200), 40) for _ in range(3)]).convert(mode)
    picture = check.check(oriented(encoded(detailed, quality=100, subsampling=0), 6))
    assert (picture.width, picture.height) == (200, 200)


@pytest.mark.parametrize("side", [(400, 320), (401, 321), (1, 1)])
def test_a_turned_jpeg_of_very_many_scans_and_pixels_is_stored_at_half_its_size(side, monkeypatch):
    monkeypatch.setattr(jpeg, "COSTLY", 0)
    received = oriented(encoded(drawn(*side), progressive=True), 6)
    picture = check.check(received, min_side=1)
    width, height = (-(-one // 2) for one in side)
    assert (picture.width, picture.height) == (height, width)
    assert decoded(picture.content).size == (height, width)
    upright = encoded(drawn(*side), progressive=True)
    assert check.check(upright, min_side=1).content == upright


def test_a_turned_png_of_very_many_bytes_of_pixels_becomes_a_jpeg_of_half_its_size(monkeypatch):
    monkeypatch.setattr(recoding, "_COSTLY", 1)
    received = encoded(stored_for_turning(drawn(401, 320), 6), "PNG")
    picture = check.check(oriented(received, 6))
    assert (picture.content_type, picture.extension, corners(picture.content)) == ("image/jpeg", "jpg", "RGBW")
    assert (picture.width, picture.height) == decoded(picture.content).size == (201, 160)


def test_a_turned_png_stays_lossless():
    received = encoded(stored_for_turning(drawn(), 6), "PNG")
    picture = check.check(oriented(received, 6))
    assert picture.content_type == "image/png"
    assert decoded(picture.content).tobytes() == drawn().tobytes()


@pytest.mark.parametrize(
    ("content", "endings"),
    [
        (JPEG, ["jpg", "thumbnail.jpg"]),
        (PROGRESSIVE, ["jpg", "thumbnail.jpg"]),
        (PNG, ["png", "thumbnail.jpg"]),
        (oriented(JPEG, 6), ["thumbnail.jpg"]),
        (oriented(PNG, 6), ["thumbnail.jpg"]),
        (encoded(drawn(mode="CMYK")), ["thumbnail.jpg"]),
    ],
    ids=["jpeg", "progressive", "png", "turned jpeg", "turned png", "cmyk"],
)
def test_what_will_be_stored_is_told_as_soon_as_it_is_known(content, endings):
    told = {}
    picture = check.check(content, early=lambda data, ending: told.setdefault(ending, data))
    kept = {picture.extension: picture.content, "thumbnail.jpg": picture.thumbnail}
    assert told == {ending: kept[ending] for ending in endings}


def test_a_picture_is_told_before_it_is_decoded_and_may_still_be_refused():
    told = []
    broken = JPEG[:-400] + b"\xff\xd9"
    with pytest.raises(check.PictureRefused) as refused:
        check.check(broken, early=lambda data, ending: told.append(ending))
    assert refused.value.code == "corrupt"
    assert told == ["jpg"]


def test_what_the_segments_refuse_is_never_told():
    told = []
    with pytest.raises(check.PictureRefused):
        check.check(JPEG[:-20], early=lambda data, ending: told.append(ending))
    assert told == []


def test_the_first_picture_of_a_multi_picture_file_is_kept():
    out = io.BytesIO()
    drawn().save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (320, 240), "black")])
    assert len(out.getvalue()) > len(JPEG) + 1000
    assert corners(check.check(out.getvalue()).content) == "RGBW"
    assert b"MPF" not in check.check(out.getvalue()).content


def test_cmyk_becomes_rgb_in_the_same_colours():
    picture = check.check(encoded(drawn(mode="CMYK")))
    assert (decoded(picture.content).mode, corners(picture.content)) == ("RGB", "RGBW")


@pytest.mark.parametrize("content", [JPEG, PROGRESSIVE, PNG], ids=["baseline", "progressive", "png"])
def test_a_file_cut_off_anywhere_is_refused(content):
    assert {outcome(content[:cut]) for cut in range(40, len(content) - 4, 10)} == {"corrupt"}


TRAILER = b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1543" + CANARY + b"\xff\xd8\xff\xe1SEFH\0\0SEFT"  # Samsung's
WHOLE = {
    "baseline": JPEG,
    "progressive": PROGRESSIVE,
    "grey, of no whole blocks": encoded(drawn(331, 245, "L")),
    "in full colour": encoded(drawn(331, 245), quality=95, subsampling=0),
}


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_that_lacks_its_end_mark_alone_is_completed(kind, missing):
    assert outcome(WHOLE[kind][:-missing]).content == WHOLE[kind]


@pytest.mark.parametrize("kind", sorted({*WHOLE} - {"progressive"}))
def test_a_phones_trailer_in_the_place_of_the_end_mark_goes(kind):
    assert outcome(WHOLE[kind][:-2] + TRAILER).content == WHOLE[kind]


def test_a_trailer_behind_several_scans_is_not_kept_with_them():
    assert outcome(PROGRESSIVE[:-2] + TRAILER.replace(b"\xff", b"")) == "corrupt"


def test_a_turned_jpeg_without_its_end_mark_is_completed_too():
    whole = oriented(encoded(stored_for_turning(drawn(), 6)), 6)
    assert outcome(whole[:-2] + TRAILER).content == outcome(whole).content


def test_what_a_cut_off_jpeg_lacks_is_not_taken_from_what_follows():
    assert {outcome(JPEG[:-cut] + TRAILER) for cut in range(8, 600, 7)} == {"corrupt"}


def test_a_progressive_jpeg_that_lacks_a_whole_scan_is_refused():
    assert outcome(PROGRESSIVE[: jpeg.walk(PROGRESSIVE, 1).scan_ends[-2]]) == "corrupt"


def test_a_jpeg_without_its_end_mark_is_told_early_only_as_it_will_be_stored():
    told = []
    check.check(JPEG[:-2] + TRAILER, early=lambda data, ending: told.append(data))
    assert CANARY not in b"".join(told)


def a_scan(mode: str = "RGB", **options: object) -> bytes:
    """What a scanner gives: blank to its last corner, and of a size (pixels) that no block fits."""
    page = drawn(331, 245, mode)
    page.paste("white", (250, 180, 331, 245))
    return encoded(page, **options)


@pytest.mark.parametrize("pillow_goes_on", [True, False])
@pytest.mark.parametrize(
    "content",
    [JPEG, encoded(drawn(), restart_marker_rows=1), a_scan(), a_scan("L"), a_scan(subsampling="4:4:4", optimize=True)],
    ids=["plain", "restarts", "scan", "grey scan", "scan in full colour"],
)
def test_data_that_ends_before_its_picture_is_refused_though_the_file_ends_well(content, pillow_goes_on, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", pillow_goes_on)  # WeasyPrint sets it for the whole process
    first, end = content.index(b"\xff\xda") + 20, len(content) - 2
    cuts = [*range(first, end - 40, 30), *range(end - 40, end - 2)]  # 3 bytes or more: the last codes are as short
    assert {outcome(content[:cut].rstrip(b"\xff") + b"\xff\xd9") for cut in cuts} == {"corrupt"}
    assert outcome(content).content == content


@pytest.mark.parametrize(("towards", "costly"), [(1, 10**9), (6, 10**9), (6, 1)], ids=["upright", "turned", "halved"])
def test_a_progressive_scan_whose_last_pass_ends_early_is_refused(towards, costly, monkeypatch):
    monkeypatch.setattr(jpeg, "COSTLY", costly)
    content = oriented(a_scan(progressive=True), towards)
    assert outcome(content, min_side=1) != "corrupt"
    last, end = content.rindex(b"\xff\xda") + 20, len(content) - 2
    assert {outcome(content[:cut].rstrip(b"\xff") + b"\xff\xd9") for cut in range(last, end - 40, 7)} == {"corrupt"}


@pytest.mark.parametrize("towards", [1, 6], ids=["upright", "turned"])
def test_of_a_progressive_picture_of_enormously_many_scans_the_coarse_ones_must_not_end_early(towards, monkeypatch):
    monkeypatch.setattr(jpeg, "COSTLY", 1)
    monkeypatch.setattr(scans, "_ENORMOUS", 1)
    whole = jpeg.walk(a_scan(progressive=True), 1)
    coarse, content = whole.scan_ends[0], whole.content
    assert outcome(oriented(content, towards), min_side=1) != "corrupt"
    cuts = [content[: coarse - cut].rstrip(b"\xff") + content[coarse:] for cut in range(3, 60, 7)]
    assert {outcome(oriented(cut, towards)) for cut in cuts} == {"corrupt"}


@given(
    size=st.tuples(st.integers(1, 320), st.integers(1, 240)),
    quality=st.integers(1, 100),
    sampling=st.sampled_from(["4:4:4", "4:2:2", "4:2:0"]),
    options=st.sampled_from([{}, {"optimize": True}, {"restart_marker_blocks": 7}, {"progressive": True}]),
)
def test_a_whole_picture_is_taken_whatever_its_size_and_coding(size, quality, sampling, options):
    content = encoded(drawn().crop((0, 0, *size)), quality=quality, subsampling=sampling, **options)
    assert outcome(content, min_side=1).content == content


def test_the_thumbnail_is_a_jpeg_of_320_pixels_and_never_enlarged():
    assert decoded(check.check(encoded(drawn(1600, 800))).thumbnail).size == (320, 160)
    assert decoded(check.check(encoded(drawn(240, 200))).thumbnail).size == (240, 200)
    assert decoded(check.check(encoded(drawn(10_000, 200))).thumbnail).size == (320, 6)
    assert decoded(check.check(PNG).thumbnail).format == "JPEG"


def test_what_is_transparent_is_white_in_the_thumbnail_and_stays_transparent():
    clear = encoded(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG")
    picture = check.check(clear)
    assert decoded(picture.thumbnail).convert("RGB").getpixel((9, 9)) == (255, 255, 255)
    assert decoded(picture.content).getpixel((9, 9)) == (0, 0, 0, 0)


def test_no_more_than_two_pictures_are_decoded_at_a_time():
    waiting = threading.Thread(target=check.check, args=(JPEG,))
    with decode._places, decode._places:
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
    waiting.join(5)
    assert not waiting.is_alive()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    base=st.sampled_from([JPEG, PROGRESSIVE, PNG, encoded(drawn(mode="P"), "PNG"), oriented(JPEG, 6)]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=0, max_size=6), st.integers(0, 40)), max_size=5),
)
def test_whatever_is_sent_is_refused_or_stored_once_and_for_all(base, changes):
    sent = base
    for place, data, removed in changes:
        at = int(place**3 * len(sent))
        sent = sent[:at] + data + sent[at + removed :]
    got = outcome(sent, min_side=1)
    if isinstance(got, check.Picture):
        assert decoded(got.content).size == (got.width, got.height)
        assert outcome(got.content, min_side=1).content == got.content


def test_a_picture_waits_for_its_turn_and_gives_up(monkeypatch):
    monkeypatch.setattr(decode, "_PATIENCE", 0.05)
    content = encoded(drawn())
    with decode._places, decode._places, pytest.raises(check.PictureRefused) as refused:
        check.check(content)
    assert refused.value.code == "busy"
    assert check.check(content).content_type == "image/jpeg"
