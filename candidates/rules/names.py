"""Names of persons: one stored spelling, and a plain reason for every character that a name cannot have.

Han characters are those of GB 18030-2022 (with the extensions of Unicode 16), supplementary planes too.
"""

import re
import unicodedata

from candidates.rules.text import IGNORABLE

LONGEST = 50
MIDDLE_DOT = "\u00b7"

# A Latin letter is typed with three marks at most; longer text is refused before any work is done on it.
_LONGEST_TYPED = 4 * LONGEST
_MOST_MARKS = 2

_HAN = (
    (0x3007, 0x3007),  # 〇
    (0x3400, 0x4DBF),  # Extension A
    (0x4E00, 0x9FFF),  # URO
    (0x20000, 0x2A6DF),  # Extension B
    (0x2A700, 0x2B739),  # C
    (0x2B740, 0x2B81D),  # D
    (0x2B820, 0x2CEA1),  # E
    (0x2CEB0, 0x2EBE0),  # F
    (0x2EBF0, 0x2EE5D),  # I
    (0x30000, 0x3134A),  # G
    (0x31350, 0x323AF),  # H
)
_COMPATIBILITY_IDEOGRAPHS = ((0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x2F800, 0x2FA1D))
_COMPATIBILITY_RUN = re.compile("([\uf900-\ufa6d\ufa70-\ufad9\U0002f800-\U0002fa1d]+)")

_MIDDLE_DOTS = "\u0387\u16eb\u2022\u2027\u2219\u22c5\u2981\u2e31\u2e33\u30fb\ua78f\uff65\u25cf"
_APOSTROPHES = "\u2018\u2019\u02bb\u02bc\u00b4\u0060"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_FOLDED = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys(map(ord, _MIDDLE_DOTS), MIDDLE_DOT)
    | dict.fromkeys(map(ord, _APOSTROPHES), "'")
    | dict.fromkeys(map(ord, _DASHES), "-")
)
_PUNCTUATION = " -'." + MIDDLE_DOT
_REFUSED = {
    "Cc": "控制字符",
    "Zl": "控制字符",
    "Zp": "控制字符",
    "Co": "私有区字符（造字），无法在其他电脑上显示",
    "Cs": "残缺的字符",
}


class InvalidName(ValueError):
    """Not a name; the message is a Chinese sentence for the person who typed it."""


def is_han(character: str) -> bool:
    """Tell whether one character is a Han character that a name can have (compatibility ideographs too)."""
    return _in(character, _HAN) or _in(character, _COMPATIBILITY_IDEOGRAPHS)


def normalise(name: str) -> str:
    """Return the one stored spelling of a name of 1 to 50 characters; raise InvalidName with the reason.

    What cannot be seen goes; NFC, but compatibility ideographs stay as typed; middle dots become U+00B7; full-width
    Latin letters and punctuation become ASCII; spaces at the ends and between two Han characters go, a full stop
    between them is a middle dot, and other runs of spaces are one. Nothing else is cut.
    """
    if len(name) > _LONGEST_TYPED:
        raise InvalidName(f"姓名最长 {LONGEST} 个字符：请按证件填写。")
    _refuse_unprintable(name)
    text = _one_spelling(IGNORABLE.sub("", name))
    if not text:
        raise InvalidName("请填写姓名。")

    _refuse_strangers(text)
    if len(text) > LONGEST:
        raise InvalidName(f"姓名最长 {LONGEST} 个字符，现在是 {len(text)} 个：请按证件填写。")
    return text


def masked(name: str) -> str:
    """Return the first character and at most two stars: 张*, 欧**; a name of one character is a star."""
    return "*" if len(name) < 2 else name[0] + "*" * min(len(name) - 1, 2)


def _in(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


def _refuse_unprintable(name: str) -> None:
    for character in name:
        reason = _REFUSED.get(unicodedata.category(character))
        if reason:
            raise InvalidName(f"姓名中有{reason}（U+{ord(character):04X}）：请删去后按证件重新输入。")


def _one_spelling(name: str) -> str:
    spaced = "".join(" " if unicodedata.category(character) == "Zs" else character for character in name)
    pieces = _COMPATIBILITY_RUN.split(spaced.translate(_FOLDED))
    # split() returns what lies between the runs at even places, the runs themselves at odd ones
    whole = "".join(run if place % 2 else unicodedata.normalize("NFC", run) for place, run in enumerate(pieces))
    text = re.sub(" +", " ", whole).strip(" ")
    return "".join(_joined(text, place) for place in range(len(text)))


def _joined(text: str, place: int) -> str:
    """Return one character of a name as it is written between its neighbours."""
    character = text[place]
    if character not in " ." or not 0 < place < len(text) - 1:
        return character
    if not (is_han(text[place - 1]) and is_han(text[place + 1])):
        return character
    return "" if character == " " else MIDDLE_DOT


def _is_latin(character: str) -> bool:
    return unicodedata.category(character)[0] == "L" and unicodedata.name(character, "").startswith("LATIN ")


def _is_accent(character: str) -> bool:
    return 0x300 <= ord(character) <= 0x36F and unicodedata.category(character) == "Mn"


def _refuse_strangers(text: str) -> None:
    accents = _MOST_MARKS  # none may come first
    for character in text:
        if _is_accent(character):
            accents += 1
            if accents > _MOST_MARKS:
                raise InvalidName(f"姓名中的附加符号（U+{ord(character):04X}）不在拉丁字母上：请按证件重新输入。")
            continue
        if not (is_han(character) or _is_latin(character) or character in _PUNCTUATION):
            shown = character if character.isprintable() else ""
            raise InvalidName(
                f"姓名中不能有“{shown}”（U+{ord(character):04X}）：请按证件填写汉字，外籍考生填写拉丁字母姓名。"
            )
        accents = 0 if _is_latin(character) else _MOST_MARKS
    if not any(is_han(character) or _is_latin(character) for character in text):
        raise InvalidName("姓名中没有汉字或字母：请按证件填写。")
    if text[0] == MIDDLE_DOT or text[-1] == MIDDLE_DOT:
        raise InvalidName("姓名不能以间隔号“·”开头或结尾：请按证件填写。")
