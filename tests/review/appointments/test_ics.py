"""The calendar's file: lines of at most 75 bytes, nothing cut within a character, nothing that ends a value early."""

from datetime import timedelta

from review.appointments import ics
from tests.review.onsite_days import NINE, NOW

WHERE = "北京一考点第一报名点; 示例路 3 号, 一层\\东" + "很长的地址" * 12


def lines(**changes):
    values = {"uid": "appointment-1@example.org", "sequence": 1, "starts": NINE, "ends": NINE + timedelta(minutes=30)}
    values |= {"at": NOW, "where": WHERE, "words": ("请带原件", "电话：010")}
    return ics.event(**{**values, **changes})


def unfolded(content):
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_every_line_ends_and_is_short():
    pieces = lines().split(b"\r\n")
    assert pieces[-1] == b""
    assert max(map(len, pieces)) <= 75


def test_unfolded_it_says_what_was_meant():
    found = unfolded(lines())
    assert "DTSTART:20270308T010000Z" in found
    assert "SEQUENCE:1" in found
    assert "DESCRIPTION:请带原件\\n电话：010" in found
    assert (
        f"LOCATION:{WHERE.replace(chr(92), chr(92) * 2).replace(';', chr(92) + ';').replace(',', chr(92) + ',')}"
        in found
    )


def test_a_name_cannot_begin_a_line_of_its_own():
    assert "SUMMARY:别的" not in unfolded(lines(where="点\r\nSUMMARY:别的"))
