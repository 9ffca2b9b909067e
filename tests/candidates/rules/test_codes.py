"""Codes that people read and type."""

from candidates.rules.codes import ALPHABET, readable_code


def test_a_code_is_as_long_as_asked_and_of_clear_signs_only():
    codes = {readable_code(16) for _ in range(200)}
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) == set(ALPHABET)  # of 3,200 drawn each is among them
    assert set(ALPHABET) & set("0O1IL") == set()


def test_no_two_are_alike():
    assert len({readable_code(10) for _ in range(1000)}) == 1000
