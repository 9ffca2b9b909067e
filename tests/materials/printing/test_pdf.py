"""The door to WeasyPrint: it opens nothing that is not ours, and prints every character as itself."""

import base64
import io
import re
import shutil
import subprocess
import uuid
from functools import cache

import pikepdf
import pytest
from django.utils.html import escape
from fontTools.ttLib import TTCollection, TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from materials.printing import pdf
from materials.printing.fonts import BUNDLED_FONT, SYSTEM_FONTS, text_width

SIDE = 32  # pixels that glyphs are compared at
PICTURE = uuid.UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
FONTS = (("NMEC Serif", BUNDLED_FONT), *SYSTEM_FONTS)
needs_rare_fonts = pytest.mark.skipif(
    not all(path.is_file() for _, path in SYSTEM_FONTS),
    reason="packages of fonts.SYSTEM_FONTS are not installed",
)


def page(body: str) -> str:
    return f'<html lang="zh-CN"><head><title>题目</title></head><body>{body}</body></html>'


def poppler(*command: str, content: bytes) -> bytes:
    if shutil.which(command[0]) is None:
        pytest.skip("poppler-utils is not installed")
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def text_of(content: bytes) -> str:
    return poppler("pdftotext", "-raw", "-", "-", content=content).decode()


def words_of(content: bytes) -> str:
    """The text without the white space that poppler puts between what is set apart."""
    return re.sub(r"\s", "", text_of(content))


def picture_of(content: bytes, resolution: int = 150, page: int = 1) -> Image.Image:
    where = ("-r", str(resolution), "-f", str(page), "-gray", "-singlefile")
    return Image.open(io.BytesIO(poppler("pdftoppm", *where, "-", content=content)))


def ink(picture: Image.Image) -> Image.Image:
    """What is black, cut out and brought to one size."""
    return picture.crop(ImageChops.invert(picture).getbbox()).resize((SIDE, SIDE))


@cache
def drawn_by_its_font(char: str) -> Image.Image:
    """The glyph that the first font in order has for a character, drawn without any PDF."""
    path = next(path for family, path in FONTS if not missing_in(family, path, char))
    font = ImageFont.truetype(path, 300, index=2 if path.suffix == ".ttc" else 0)  # 2: the face for SC
    picture = Image.new("L", (600, 600), 255)
    ImageDraw.Draw(picture).text((100, 100), char, font=font, fill=0)
    return ink(picture)


@cache
def characters_of(family, path):
    font = TTCollection(path, lazy=True).fonts[2] if path.suffix == ".ttc" else TTFont(path, lazy=True)
    assert font["name"].getDebugName(1) == family
    return frozenset(font.getBestCmap())


def missing_in(family, path, text):
    return {char for char in text if ord(char) not in characters_of(family, path)}


def difference(one: Image.Image, other: Image.Image) -> float:
    """0 for the same picture, 1 for black against white."""
    values = ImageChops.difference(one, other).histogram()
    return sum(value * count for value, count in enumerate(values)) / 255 / SIDE**2


# common; HK and Taiwan; Extension A; B; C and D; E; F; the last of URO, G, H: what names are really written with
RARE = "骨張臺瓊㛃𠮷𪚥𫍽𫝀𬀩𬱖𬶍𭂯龼𰀀𱍐"


@pytest.fixture(scope="module")
def rare_pages():
    """One PDF with a page for each character: fallback fonts take their time."""
    return pdf.render(page("".join(f'<p class="pt140" style="break-after: page">{char}</p>' for char in RARE)))


@needs_rare_fonts
@pytest.mark.parametrize("char", RARE)
def test_a_rare_character_shows_its_own_glyph(char, rare_pages):
    printed = ink(picture_of(rare_pages, 600, page=RARE.index(char) + 1))
    assert difference(printed, drawn_by_its_font(char)) < 0.08
    assert difference(printed, drawn_by_its_font("某")) > 0.15


@needs_rare_fonts
@pytest.mark.parametrize("name", ["阿卜杜热合曼·买买提依明", "𬀩𠮷㛃", "張𬱖Élodie O'Brien-Łuc"])
def test_a_name_can_be_copied_out(name):
    assert text_of(pdf.render(page(f"<p>{escape(name)}</p>"))).strip() == name


def test_a_character_that_no_font_has_leaves_a_numbered_frame_and_a_footnote(caplog):
    text = words_of(pdf.render(page("<p>张\U00031353\ue000三\U00031353</p>")))
    assert "张□1□2三□1" in text
    assert "框内编号的字符代码：1U+31353，2U+E000。" in text
    assert caplog.messages == ["no font has U+31353 U+E000"]


def test_the_codes_of_many_characters_stand_behind_the_text_and_cover_nothing():
    many = "".join(map(chr, range(0xE000, 0xE000 + 130)))
    printed = pdf.render(page(f"<p>甲{many}</p>" + "<p>行</p>" * 48))
    text = words_of(printed)
    assert [at for at, char in enumerate(many, 1) if f"{at}U+{ord(char):04X}" not in text] == []
    assert text.rindex("行") < text.index("框内编号的字符代码")


def test_what_is_laid_over_a_page_names_as_many_as_find_room_and_says_how_many_there_are():
    many = "".join(map(chr, range(0xE000, 0xE000 + 30)))
    laid = page(f"<p>{many}</p>").replace("<body", '<body class="overlay"', 1)
    text = words_of(pdf.render(laid))
    assert ("12U+E00B等30个。" in text, "U+E00C" in text) == (True, False)


def test_a_frame_is_as_wide_as_a_character_and_pushes_nothing_away():
    with_gap, without = (pdf.render(page(f"<p>张{char}三</p>")) for char in ("\ue000", "某"))
    gap, plain = picture_of(with_gap), picture_of(without)
    place = (0, 0, plain.width, plain.height // 2)  # above the footnote
    assert ImageChops.invert(gap.crop(place)).getbbox()[2] == ImageChops.invert(plain.crop(place)).getbbox()[2]


def test_what_no_font_has_in_a_tag_or_a_title_is_drawn_nowhere_and_leaves_no_gap():
    html = page('<p title="\ue000">甲</p>').replace("题目", "题\ue000目")
    assert pdf.gaps_of(html).characters == ()
    assert text_of(pdf.render(html)).strip() == "甲"


def test_every_character_of_gb2312_is_bundled():
    pairs = [bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)]
    text = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    assert (len(text), missing_in("NMEC Serif", BUNDLED_FONT, text)) == (7445, set())


@pytest.mark.parametrize(("text", "ems"), [("张某某", 3), ("", 0), ("𠮷", 1)])
def test_width_of_a_line_in_ems(text, ems):
    assert text_width(text) == ems


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        f"{pdf.STATIC.as_uri()}/../manage.py",
        f"{pdf.STATIC.as_uri()}/%2e%2e/manage.py",
        f"{pdf.STATIC.as_uri()}/css/..%2f..%2f/manage.py",
        f"{pdf.STATIC.as_uri()}",
        "file://localhost/etc/passwd",
        "static/../manage.py",
        "https://example.com/a.png",
        "http://127.0.0.1:9/a.png",
        "ftp://example.com/a.png",
        "data:text/html,x",
        "data:image/png;base64,AAAA",
        f"picture:{PICTURE}",
        "picture:../../etc/passwd",
    ],
)
@pytest.mark.parametrize(
    "body", ['<img src="{}" alt="x">', '<link rel="attachment" href="{}">', "<style>@import '{}';</style>"]
)
def test_nothing_outside_is_opened(address, body):
    with pytest.raises(pdf.FetchRefused):
        pdf.render(page(body.format(address)))


def test_an_image_inside_a_code_reaches_no_file_either(caplog):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="file:///etc/passwd"/></svg>'
    pdf.render(page(f'<img alt="x" src="{pdf.CODE_IMAGE}{base64.b64encode(svg).decode()}">'))
    assert [message[:26] for message in caplog.messages] == ["Failed to render SVG image"]


def test_pictures_come_from_the_callable_by_their_id():
    asked = []
    white = io.BytesIO()
    Image.new("L", (300, 300), 0).save(white, "PNG")

    def picture(identifier):
        asked.append(identifier)
        return white.getvalue()

    content = pdf.render(page(f'<img src="picture:{PICTURE}" alt="x">'), pictures=picture)
    assert asked == [str(PICTURE)]
    assert picture_of(content).getextrema() == (0, 255)


def test_markup_in_a_value_prints_as_text():
    value = "<link rel=attachment href=file:///etc/passwd>{{7*7}}<b>"
    assert re.sub(r"\s", "", text_of(pdf.render(page(f"<p>{escape(value)}</p>")))) == re.sub(r"\s", "", value)


def test_the_same_html_gives_the_same_bytes_and_says_nothing_of_the_machine():
    first, second = (pdf.render(page("<p>张某某</p>")) for _ in range(2))
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as document:
        plain = io.BytesIO()
        document.save(plain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    assert [word for word in (b"file:", str(pdf.PROJECT).encode(), b"/tmp") if word in plain.getvalue()] == []


def test_the_pdf_is_tagged_and_has_a_title_and_a_language():
    with pikepdf.open(io.BytesIO(pdf.render(page("<h1>甲</h1><p>乙</p>")))) as document:
        assert document.docinfo["/Title"] == "题目"
        assert document.Root.Lang == "zh-CN"
        assert document.Root.MarkInfo.Marked is True
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        assert [str(kid.S) for kid in document.Root.StructTreeRoot.K[0].K] == ["/H1", "/P"]
        assert b"pdfuaid:part" in document.Root.Metadata.read_bytes()
