"""One normaliser for every text from outside: what people type, paste, import, search for, or write in a command.

What cannot be seen goes; a character that only looks like another becomes the other; the rest depends on the kind of
text (KINDS). Nothing is refused here, nothing is cut, and cleaning a second time changes nothing.

Sources: Unicode 16 (DerivedCoreProperties, Default_Ignorable_Code_Point; EquivalentUnifiedIdeograph; UAX #15, NFC; UAX
#38, kZVariant; the block of full-width forms), GB 18030-2022 and GBK (their private-use codes), GB/T 15835 and GB 11643
(numerals), ITU-T E.123 (how telephones are written), ISO 8601 (dates), RFC 5321 (e-mail).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MIDDLE_DOT = "\u00b7"

# --- what goes --------------------------------------------------------------------------------------------------------

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and interlinear annotation: zero-width and
# direction marks, soft hyphen, byte order mark, fillers, tags, variation selectors (a Han one picks a drawing, no word)
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# without tab and line breaks, which are white space, and NUL, which is refused
_CONTROLS = "\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
INVISIBLE = re.compile(f"[{_CONTROLS}{_IGNORABLE}]")

# --- what becomes something else --------------------------------------------------------------------------------------

HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff"  # 〇, Extension A, URO
    "\U00020000-\U0002a6df\U0002a700-\U0002b739\U0002b740-\U0002b81d\U0002b820-\U0002cea1"  # B, C, D, E
    "\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U00030000-\U0003134a\U00031350-\U000323af"  # F, I, G, H
)
COMPATIBILITY = "\uf900-\ufa6d\ufa70-\ufad9\U0002f800-\U0002fa1d"  # ideographs that NFC would change
_COMPATIBILITY_RUN = re.compile(f"([{COMPATIBILITY}]+)")

# CJK Radicals Supplement, as EquivalentUnifiedIdeograph.txt has them; Kangxi radicals fold by themselves (NFKC)
_CJK_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹"
    "⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱"
    "⻲⻳"
)
_CJK_RADICALS_AS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂"
    "肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜"
    "亀龟"
)
# GBK's private-use codes U+E815 to U+E864 as GB 18030-2022 has them (FE50 to FEA0), radicals folded like those above;
# before them the vertical punctuation U+E78D to U+E796, upright, and two letters of pinyin
_GBK_PRIVATE_AS = (
    "厂𠂇𠂉𠃌乙㑳㑇刀㔾龴㖞㘚㘎小心㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠牛𡗗龸𤴔䁖䅟𥫗䌷㓁羊𦍌𢦏䎱䎬聿䏝䓖䙡䙌龹䜣䜩䝼䞍𧾷䥇䥺䥽䦂"
    "䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)
_LOOKS_LIKE = (
    {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | str.maketrans("".join(_CJK_RADICALS), "".join(_CJK_RADICALS_AS))
    | dict(zip(range(0xE815, 0xE865), _GBK_PRIVATE_AS, strict=True))
    | dict(zip(range(0xE78D, 0xE797), "，。、：；！？〖〗…", strict=True))
    | {0xE7C7: "\u1e3f", 0xE7C8: "\u01f9"}
)
# two codes of one character in different shapes (Unihan's kZVariant): kept as typed, found by either
_DOUBLES = (
    "䎛㦳搉曶槩䱎𣢧倂值𠮟吴呉填壿𡉟奬獎娯娱嬀帲𢖽𢗿恒悦户戸捝插揷搖摇敚晩棁樧涚潙𤽜硏𥑘𥘯税𥡴絶絚緖腁脱茉蔿虁蜕詽説謡"
    "豣跺躛輧𨓜郞鄉鄕鋭鎮𨺓隸黒𢬎𩿲"
)
_DOUBLES_AS = (
    "㖈㘽㩁㫚㮣䱍䶾併値叱吳吳塡墫壯奨奨娛娛媯帡志怽恆悅戶戶挩挿挿揺揺敓晚梲榝涗溈皌研砞祙稅稽絕絙緒胼脫苿蒍蘷蛻訮說謠"
    "豜跥躗軿逸郎郷郷銳鎭隆隷黑𢫮𩿣"
)

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_FULL_WIDTH_ALPHANUMERIC = {code: to for code, to in _FULL_WIDTH.items() if chr(to).isalnum()}
_DASH = "\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u30fc\uff70"
_DASHES = re.compile(f"[{_DASH}]+")
_DASH_IN_A_NUMBER = re.compile(f"(?<=[0-9A-Za-z])[{_DASH}](?=[0-9A-Za-z])")
_DOTS = re.compile("[\u00b7\u0387\u16eb\u2022\u2027\u2219\u22c5\u2981\u2e31\u2e33\u30fb\ua78f\uff65\u25cf]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bb\u02bc\u00b4\u0060]")
_HAN_OR_COMPATIBILITY = f"{HAN}{COMPATIBILITY}"
_BETWEEN_HAN = re.compile(
    rf"(?<=[{_HAN_OR_COMPATIBILITY}]) *[-.。｡'{MIDDLE_DOT}][-.。｡'{MIDDLE_DOT} ]*(?=[{_HAN_OR_COMPATIBILITY}])"
)
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN_OR_COMPATIBILITY}]) (?=[{_HAN_OR_COMPATIBILITY}])")
_FOLDED_AWAY = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Ps", "Pe"})  # of identity documents
_MONEY = re.compile("[\u00a5,，元]")

Step = Callable[[str], str]


def visible(text: str) -> str:
    """Return the text without what cannot be seen: zero-width and direction marks, fillers, control characters."""
    return INVISIBLE.sub("", text)


def _unified(text: str) -> str:
    """Radicals and GBK's private-use codes as what they stand for; NFC, but compatibility ideographs stay."""
    pieces = _COMPATIBILITY_RUN.split(text.translate(_LOOKS_LIKE))
    # split() returns what lies between the runs at even places, the runs themselves at odd ones
    return "".join(run if place % 2 else unicodedata.normalize("NFC", run) for place, run in enumerate(pieces))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(_one_line(line) for line in text.splitlines()).strip("\n")


def _half_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _digits(text: str) -> str:
    """Digits of every script as 0 to 9."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def _numerals(text: str) -> str:
    """Full-width digits and Latin letters as ASCII, and a dash between two of them; all else as it was typed."""
    return _DASH_IN_A_NUMBER.sub("-", text.translate(_FULL_WIDTH_ALPHANUMERIC))


def _dashes(text: str) -> str:
    return _DASHES.sub("-", text)


def _no_spaces(text: str) -> str:
    return "".join(text.split())


def _person(text: str) -> str:
    """One middle dot, one apostrophe, one dash; between Han characters all of them are the dot, and spaces go."""
    text = _dashes(_APOSTROPHES.sub("'", _DOTS.sub(MIDDLE_DOT, text)))
    text = _BETWEEN_HAN.sub(MIDDLE_DOT, text)
    text = re.sub(f" *{MIDDLE_DOT} *", MIDDLE_DOT, text)
    return _SPACE_BETWEEN_HAN.sub("", text)


def _document(text: str) -> str:
    """Without spaces, dashes, brackets, and the strokes of 1/234567/8."""
    return "".join(one for one in text if unicodedata.category(one) not in _FOLDED_AWAY and one not in "−/")


def _ideographic_stops(text: str) -> str:
    return text.replace("。", ".").replace("｡", ".")


def _money(text: str) -> str:
    return _MONEY.sub("", text)


@dataclass(frozen=True)
class Kind:
    """A kind of text: what it is, and the steps that follow visible() and _unified(), in order."""

    label: str
    steps: tuple[Step, ...]


KINDS: Mapping[str, Kind] = {
    # kept as typed, full-width punctuation and letters too: they may be part of what something is called
    "words": Kind("一行文字：单位、学校、专业、岗位、理由", (_one_line,)),
    "lines": Kind("几行文字：公告、说明", (_lines,)),
    "name": Kind("人的姓名（names.py 另有检查）", (_half_width, _one_line, _person)),
    "address": Kind("地址：其中的数字、字母为半角", (_numerals, _one_line)),
    "number": Kind("证书等的编号：不含空格", (_numerals, _no_spaces)),
    "code": Kind("代码、登记号、验证码：不含空格，字母大写", (_half_width, _digits, _dashes, _no_spaces, str.upper)),
    "document_number": Kind("证件号码（id_number.py 另有检查）", (_half_width, _digits, _document, str.upper)),
    "mobile": Kind("手机号码（id_number.py 另有检查）", (_half_width, _digits, _document)),
    "telephone": Kind("电话（contacts.py 另有检查）", (_half_width, _digits, _dashes, _one_line)),
    "postcode": Kind("邮政编码（contacts.py 另有检查）", (_half_width, _digits, _dashes, _one_line)),
    "email": Kind("电子邮箱：大小写保留", (_half_width, _ideographic_stops, _no_spaces)),
    "identifier": Kind("登录名、用户名、单位等的代码", (_half_width, _dashes, _no_spaces)),
    "date": Kind("日期、年月", (_half_width, _digits, _dashes, _ideographic_stops, _no_spaces)),
    "moment": Kind("日期和时刻", (_half_width, _digits, _dashes, _one_line)),
    "money": Kind("金额：不含千分位和货币符号", (_half_width, _digits, _money, _no_spaces)),
    "search": Kind("查找的内容", (_half_width, _one_line)),
}
# what a column's name ends in, with its model's before it -> its kind, the first that fits; everything else is words
_ENDINGS = (
    ("account.name", "name"),
    ("reviewer.name", "name"),
    ("application.name", "name"),
    ("document_number", "document_number"),
    ("registration_number", "code"),
    ("certificate_number", "number"),
    ("diploma_number", "number"),
    ("degree_number", "number"),
    ("licence_number", "number"),
    ("practice_number", "number"),
    ("legal_representative", "name"),
    ("address", "address"),
    ("postcode", "postcode"),
    ("telephone", "telephone"),
    ("mobile", "mobile"),
    ("email", "email"),
    ("order_number", "identifier"),
    ("trade_number", "identifier"),
    ("username", "identifier"),
    ("code", "identifier"),
    ("amount", "money"),
    ("_at", "moment"),
    ("_opens", "moment"),
    ("_closes", "moment"),
)


def clean(text: str, kind: str = "words") -> str:
    """Return the one stored spelling of a text of this kind, a key of KINDS."""
    text = _unified(visible(text))
    for step in KINDS[kind].steps:
        text = step(text)
    return _unified(text)  # once more: a full-width letter may have got its accent


def kind_of(field: str) -> str:
    """Return the kind of text that a column or field of this name holds: `postcode`, `application.name`."""
    return next((kind for ending, kind in _ENDINGS if field.endswith(ending)), "words")


# --- what names are found by ------------------------------------------------------------------------------------------

# of a name taken apart (NFKD): the other shape of a character, letters that Unicode does not take apart, capitals; and
# what does not count: accents, dots, dashes, apostrophes, spaces
_KEY = {
    **str.maketrans("".join(_DOUBLES), "".join(_DOUBLES_AS)),
    **str.maketrans("ØøĐđĦħıŁłŦŧ", "OODDHHILLTT"),
    **{code: chr(code - 32) for code in range(ord("a"), ord("z") + 1)},
    **dict.fromkeys([*range(0x300, 0x370), *map(ord, f" '.-{MIDDLE_DOT}")]),
}


def name_key(name: str) -> str:
    """Return what a name is found by, however it was typed; the database has the same function (NameKey).

    Neither case, accents, dots, dashes and spaces count, nor which of two codes of one character was typed: that of a
    radical, a compatibility ideograph, GBK's private use, or the other shape that Unicode lists as kZVariant.
    """
    return unicodedata.normalize("NFKD", clean(name, "name")).translate(_KEY)
