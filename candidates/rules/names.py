"""Names of persons: one stored spelling, and a plain reason for every character that a name cannot have.

Han characters are those of GB 18030-2022 (with the extensions of Unicode 16), supplementary planes too.
"""

import re
import unicodedata

from candidates.rules.text import COMPATIBILITY, HAN, MIDDLE_DOT, clean

LONGEST = 50

# A Latin letter is typed with three marks at most; longer text is refused before any work is done on it.
_LONGEST_TYPED = 4 * LONGEST
_MOST_MARKS = 2
_HAN = re.compile(f"[{HAN}{COMPATIBILITY}]")

_PUNCTUATION = " -'." + MIDDLE_DOT
_REFUSED = {
    "Cc": "控制字符",
    "Co": "私有区字符（造字），无法在其他电脑上显示",
    "Cs": "残缺的字符",
}


class InvalidName(ValueError):
    """Not a name; the message is a Chinese sentence for the person who typed it."""


def is_han(character: str) -> bool:
    """Tell whether one character is a Han character that a name can have (compatibility ideographs too)."""
    return _HAN.fullmatch(character) is not None


def normalise(name: str) -> str:
    """Return the one stored spelling of a name of 1 to 50 characters; raise InvalidName with the reason.

    The spelling is text.py's; nothing is cut.
    """
    if len(name) > _LONGEST_TYPED:
        raise InvalidName(f"姓名最长 {LONGEST} 个字符：请按证件填写。")
    text = clean(name, "name")
    if not text:
        raise InvalidName("请填写姓名。")

    _refuse_strangers(text)
    if len(text) > LONGEST:
        raise InvalidName(f"姓名最长 {LONGEST} 个字符，现在是 {len(text)} 个：请按证件填写。")
    return text


def masked(name: str) -> str:
    """Return the first character and at most two stars: 张*, 欧**; a name of one character is a star."""
    return "*" if len(name) < 2 else name[0] + "*" * min(len(name) - 1, 2)


def _is_latin(character: str) -> bool:
    return unicodedata.category(character)[0] == "L" and unicodedata.name(character, "").startswith("LATIN ")


def _is_accent(character: str) -> bool:
    return 0x300 <= ord(character) <= 0x36F and unicodedata.category(character) == "Mn"


def _refuse_strangers(text: str) -> None:
    accents = _MOST_MARKS  # none may come first
    for character in text:
        if reason := _REFUSED.get(unicodedata.category(character)):
            raise InvalidName(f"姓名中有{reason}（U+{ord(character):04X}）：请删去后按证件重新输入。")
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
