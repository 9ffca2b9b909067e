"""Identity documents: types, one stored spelling of a number, what a number tells, and how it is shown.

Source: Attachment 2, 二.1 (which documents count); GB 11643-1999 (length, birth date and check character); GA 2102-2023
(外国人永久居留身份证: 18 characters that begin with 9, the same check character; earlier cards: 3 letters, 12 digits).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from candidates.rules.names import is_han
from candidates.rules.text import clean


@dataclass(frozen=True)
class DocumentType:
    """A kind of identity document: its name on screen, and the residencies whose people may hold it."""

    label: str
    residencies: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What a GB 11643 number tells; sex is "male" or "female"."""

    birth_date: date
    sex: str


class InvalidNumber(ValueError):
    """Not a number of its kind; the message is a Chinese sentence for the person who typed it."""


DOCUMENT_TYPES = {
    "resident_id": DocumentType("居民身份证", ("mainland",)),
    "temporary_id": DocumentType("临时居民身份证", ("mainland",)),
    "officer": DocumentType("军官证", ("mainland",)),
    "police": DocumentType("警官证", ("mainland",)),
    "civil_cadre": DocumentType("文职干部证", ("mainland",)),
    "soldier": DocumentType("士兵（官）证", ("mainland",)),
    "military_student": DocumentType("军队学员证", ("mainland",)),
    "hmt_permit": DocumentType("港澳台居民居住证", ("hongkong", "macao", "taiwan")),
    "hk_id": DocumentType("香港居民身份证", ("hongkong",)),
    "macao_id": DocumentType("澳门居民身份证", ("macao",)),
    "tw_id": DocumentType("台湾居民身份证", ("taiwan",)),
    "passport": DocumentType("护照", ("foreign",)),
    "permanent_resident": DocumentType("外国人永久居留身份证", ("foreign",)),
}
GB11643_TYPES = frozenset({"resident_id", "temporary_id", "hmt_permit"})
PERMIT_RESIDENCIES = {"81": "hongkong", "82": "macao", "83": "taiwan"}

_LENGTHS = {
    "officer": (4, 20),
    "police": (4, 20),
    "civil_cadre": (4, 20),
    "soldier": (4, 20),
    "military_student": (4, 20),
    "hk_id": (8, 9),
    "macao_id": (8, 8),
    "tw_id": (10, 10),
    "passport": (6, 20),
}
_HAN_TYPES = frozenset({"officer", "police", "civil_cadre", "soldier", "military_student"})
_LONGEST_TYPED = 100
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_PERMANENT_RESIDENT = re.compile(r"9[0-9]{16}[0-9X]")
_PERMANENT_RESIDENT_BEFORE = re.compile(r"[A-Z]{3}[0-9]{12}")
_GB11643 = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_OVERSEAS = re.compile(r"(?:\+|00)(?!86)([1-9][0-9]{7,14})")  # ITU-T E.164: country and number, 15 digits at most
_EARLIEST_BIRTH_YEAR = 1900
# whose holders may have no mainland mobile, or none at all
MAY_BE_OVERSEAS = frozenset({"hmt_permit", "hk_id", "macao_id", "tw_id", "passport", "permanent_resident"})


def normalise(document_type: str, number: str) -> str:
    """Return a number's one stored spelling; raise InvalidNumber with the reason, KeyError for no such type.

    Full-width characters become ASCII, letters upper case; spaces, dashes and brackets go. The GB 11643 types are
    checked by length, birth date and check character; whether the birth date lies in the future is the caller's.
    """
    label = DOCUMENT_TYPES[document_type].label
    text = _folded(number, "document_number")
    if not text:
        raise InvalidNumber(f"请填写{label}号码。")

    if document_type in GB11643_TYPES:
        return _checked_gb11643(document_type, label, text)
    if document_type == "permanent_resident":
        return _checked_permanent_resident(text)

    shortest, longest = _LENGTHS[document_type]
    letters = "字母、数字或汉字" if document_type in _HAN_TYPES else "字母和数字"
    length = f"{shortest}" if shortest == longest else f"{shortest} 至 {longest}"
    if not shortest <= len(text) <= longest:
        raise InvalidNumber(f"{label}号码应为 {length} 位，现在是 {len(text)} 位：请对照证件核对。")
    if not all(_allowed(document_type, character) for character in text):
        raise InvalidNumber(f"{label}号码只能包含{letters}：请对照证件核对。")
    return text


def facts(document_type: str, number: str) -> Facts | None:
    """Return birth date and sex, where the number is a valid GB 11643 one; None for every other."""
    if document_type not in GB11643_TYPES:
        return None
    try:
        text = normalise(document_type, number)
    except InvalidNumber:
        return None
    return Facts(_birth_date(text), "male" if int(text[16]) % 2 else "female")


def check_character(digits: str) -> str:
    """Return the eighteenth character, 0 to 9 or X, that GB 11643 gives to the first seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def residency_of(document_type: str, number: str) -> str | None:
    """Return the residency that type and number tell (a permit's begins with 81, 82 or 83); None if they do not."""
    if document_type == "hmt_permit":
        return PERMIT_RESIDENCIES.get(_folded(number[:_LONGEST_TYPED], "document_number")[:2])
    known = DOCUMENT_TYPES.get(document_type)
    return known.residencies[0] if known else None


def identity_key(document_type: str, number: str) -> str:
    """Return what is hashed for uniqueness: GB 11643 types are one person, the others unique by type and number.

    Raises what normalise() raises.
    """
    kind = "gb11643" if document_type in GB11643_TYPES else document_type
    return f"{kind}:{normalise(document_type, number)}"


def identity_keys(text: str) -> tuple[str, ...]:
    """Return every identity key that a number typed without its document's type can have, to log in and search by."""
    keys: dict[str, None] = {}
    for document_type in DOCUMENT_TYPES:
        try:
            keys[identity_key(document_type, text)] = None
        except InvalidNumber:
            continue
    return tuple(keys)


def masked(number: str) -> str:
    """Return its ends, and stars for the hidden: 6 and 4 characters of 18, else a quarter of it at either end."""
    head, tail = (6, 4) if len(number) == 18 else (len(number) // 4, len(number) // 4)
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def masked_mobile(mobile: str) -> str:
    """Return the mobile like 138****0001, an overseas one like +852****4567."""
    if mobile.startswith("+"):
        return mobile[:4] + "*" * (len(mobile) - 8) + mobile[-4:]
    return mobile[:3] + "****" + mobile[-4:] if len(mobile) == 11 else "*" * len(mobile)


def normalise_mobile(text: str) -> str:
    """Return the eleven digits of a mainland mobile number; raise InvalidNumber with the reason.

    +86 before it, spaces, dashes, brackets and full-width digits are folded.
    """
    digits = _folded(text, "mobile")
    for prefix in ("+86", "0086", "86"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 11:
            digits = digits.removeprefix(prefix)
            break
    if not digits:
        raise InvalidNumber("请填写手机号码。")
    if not _MOBILE.fullmatch(digits):
        raise InvalidNumber("手机号码应为 11 位数字，以 13 至 19 开头：请核对。")

    return digits


def normalise_any_mobile(text: str) -> str:
    """Return the stored spelling of a mainland mobile, or of an overseas one: + with country and number.

    Raises InvalidNumber with the reason.
    """
    overseas = _OVERSEAS.fullmatch(_folded(text, "mobile"))
    if overseas:
        return f"+{overseas[1]}"
    return normalise_mobile(text)


HOW_OVERSEAS = "境外手机请写“+”、国家或地区代码和号码，例如 +852 5123 4567。"


def mobile_does_not_fit(document_type: str, mobile: str) -> str:
    """Return why holders of this document cannot register with this mobile; empty where they can."""
    if not mobile.startswith("+") or not document_type or document_type in MAY_BE_OVERSEAS:
        return ""
    return "大陆居民请填写大陆的手机号码（11 位）；境外手机只限港澳台居民和外籍人员填写。"


def missing_mobile(document_type: str, email: str) -> str:
    """Return why holders of this document cannot do without a mobile; empty where a confirmed e-mail stands for it."""
    if document_type not in MAY_BE_OVERSEAS:
        return "请填写手机号码。"
    return "" if email else "请填写手机号码；没有手机的，请填写能收信的电子邮箱。"


def _folded(text: str, kind: str) -> str:
    if len(text) > _LONGEST_TYPED:
        raise InvalidNumber(f"号码过长（{len(text)} 个字符）：请对照证件核对。")
    return clean(text, kind)


def _allowed(document_type: str, character: str) -> bool:
    if character.isascii():
        return character.isalnum()
    return document_type in _HAN_TYPES and is_han(character)


def _checked_gb11643(document_type: str, label: str, text: str) -> str:
    for broken, sentence in _GB11643_CHECKS:
        if broken(text):
            raise InvalidNumber(sentence.format(label=label, length=len(text)))

    is_permit = text[:2] in PERMIT_RESIDENCIES
    if document_type == "hmt_permit" and not is_permit:
        raise InvalidNumber("港澳台居民居住证号码应以 81（香港）、82（澳门）或 83（台湾）开头：请对照证件核对。")
    if document_type != "hmt_permit" and is_permit:
        raise InvalidNumber("以 81、82、83 开头的是港澳台居民居住证号码：证件类型请选择“港澳台居民居住证”。")
    return text


def _checked_permanent_resident(text: str) -> str:
    if _PERMANENT_RESIDENT_BEFORE.fullmatch(text):
        return text
    if not _PERMANENT_RESIDENT.fullmatch(text):
        raise InvalidNumber(
            "外国人永久居留身份证号码应为以 9 开头的 18 位，旧证为 3 个字母加 12 位数字：请对照证件核对。"
        )
    if _wrong_check_character(text):
        raise InvalidNumber("外国人永久居留身份证号码的校验位不符，可能有一位填错：请对照证件核对。")
    return text


def _birth_date(text: str) -> date:
    return date(int(text[6:10]), int(text[10:12]), int(text[12:14]))


def _no_birth_date(text: str) -> bool:
    try:
        return _birth_date(text).year < _EARLIEST_BIRTH_YEAR
    except ValueError:
        return True


def _wrong_check_character(text: str) -> bool:
    return text[17] != check_character(text[:17])


_GB11643_CHECKS: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda text: len(text) != 18, "{label}号码应为 18 位，现在是 {length} 位：请对照证件核对。"),
    (lambda text: not _GB11643.fullmatch(text), "{label}号码的前 17 位应是数字，最后一位是数字或 X：请对照证件核对。"),
    (
        lambda text: text.startswith("9"),
        "以 9 开头的 18 位号码是外国人永久居留身份证号码：证件类型请选择“外国人永久居留身份证”。",
    ),
    (_no_birth_date, "{label}号码第 7 至 14 位不是有效的出生日期：请对照证件核对。"),
    (_wrong_check_character, "{label}号码的校验位不符，可能有一位填错：请对照证件核对。"),
)
