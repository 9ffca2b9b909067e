import pytest

from candidates.rules.numbers import LENGTH, is_number


def test_a_number_has_sixteen_digits():
    assert LENGTH == 16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027110100100001", True),
        ("202711010010001", False),
        ("20271101001000012", False),
        ("202711010010000X", False),
        ("２０２７１１０１００１００００１", False),
        ("2027110100100001\n", False),
        ("", False),
    ],
)
def test_only_its_digits_are_one(text, expected):
    assert is_number(text) is expected
