"""Postcodes, telephones and e-mails, as people type them."""

import pytest

from candidates.rules import contacts


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("100000", "100000"),
        (" １０００００ ", "100000"),
        ("100 000", "100000"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("1000", "1000"),
    ],
)
def test_a_postcode_has_one_spelling(typed, stored):
    assert contacts.folded_postcode(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("０１０－１２３４５６７８", "010-12345678"),
        ("010—12345678  转 805", "010-12345678 转 805"),
        ("（010）1234567", "(010)1234567"),
    ],
)
def test_a_telephone_has_one_spelling(typed, stored):
    assert contacts.folded_telephone(typed) == stored


@pytest.mark.parametrize("right", ["", "100000", "000000"])
def test_a_postcode_here_has_six_digits(right):
    assert contacts.wrong_postcode(right) == ""


@pytest.mark.parametrize("wrong", ["1", "10000", "1000000", "10000a", "x", "SW1A 1AA"])
def test_what_has_not_is_told(wrong):
    assert contacts.wrong_postcode(wrong) == "邮政编码应为 6 位数字：请核对。"


@pytest.mark.parametrize(("text", "right"), [("SW1A 1AA", True), ("999077", True), ("1", False), ("十万", False)])
def test_a_postcode_abroad_may_have_letters(text, right):
    assert (contacts.wrong_postcode(text, may_be_abroad=True) == "") is right


@pytest.mark.parametrize("right", ["", "010-00000000", "+852 2345 6789", "010-12345678 转 805", "13800000000"])
def test_a_telephone_that_can_be_called_is_taken(right):
    assert contacts.wrong_telephone(right) == ""


@pytest.mark.parametrize(("wrong", "told"), [("010", "至少要有 7 位数字"), ("没有电话", "只能包含数字")])
def test_one_that_cannot_is_told(wrong, told):
    assert told in contacts.wrong_telephone(wrong)


@pytest.mark.parametrize("typed", ["Ana@Example.com", " ana@example.com ", "ＡＮＡ＠example.com"])
def test_an_email_is_found_by_one_spelling(typed):
    assert contacts.folded_email(typed) == "ana@example.com"


def test_an_email_is_told_from_a_mobile():
    assert (contacts.is_email("ana@example.com"), contacts.is_email("+85251234567")) == (True, False)
