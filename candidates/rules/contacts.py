"""Postcodes, telephones and e-mails: one spelling of each, and what is wrong with one, said beside its field."""

import re

from candidates.rules.text import clean

_MAINLAND = re.compile(r"[0-9]{6}")
_ABROAD = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{1,9}")
_TELEPHONE = re.compile(r"[0-9+\-()（）# 转、,，/;；]*")
_LEAST = 7  # digits of a telephone number, without its area's


def folded_postcode(text: str) -> str:
    """Return a postcode with ASCII digits; six of them without the spaces and dashes that people put in between."""
    spaced = clean(text, "postcode")
    digits = re.sub(r"[ -]", "", spaced)
    return digits if _MAINLAND.fullmatch(digits) else spaced


def folded_telephone(text: str) -> str:
    """Return a telephone number with ASCII digits, dashes and brackets, and single spaces."""
    return clean(text, "telephone")


def is_email(contact: str) -> bool:
    """Tell an e-mail from a mobile, or from any other login name."""
    return "@" in contact


def folded_email(text: str) -> str:
    """Return the one spelling by which an e-mail is found; it is sent to as it was typed."""
    return clean(text, "email").casefold()


def wrong_postcode(text: str, *, may_be_abroad: bool = False) -> str:
    """Return what is wrong with a postcode; empty where nothing is, or where there is none."""
    if not text or _MAINLAND.fullmatch(text):
        return ""
    if may_be_abroad:
        return "" if _ABROAD.fullmatch(text) else "邮政编码应为 2 至 10 位数字或字母：请核对。"
    return "邮政编码应为 6 位数字：请核对。"


def wrong_telephone(text: str) -> str:
    """Return what is wrong with a telephone number; empty where nothing is, or where there is none."""
    if not text:
        return ""
    if not _TELEPHONE.fullmatch(text):
        return "电话只能包含数字、“+”、“-”、括号和“转”：请核对，例如 010-12345678 转 805。"
    if sum(one.isdigit() for one in text) < _LEAST:
        return f"电话至少要有 {_LEAST} 位数字：请连同区号填写，例如 010-12345678。"
    return ""
