import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.payments.money import LARGEST, fen, yuan


@given(st.integers(1, LARGEST))
def test_what_is_written_is_read_back(amount):
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize(("text", "amount"), [("260.00", 26000), ("260.5", 26050), ("260", 26000), ("0.01", 1)])
def test_yuan_are_read_with_none_one_or_two_decimals(text, amount):
    assert fen(text) == amount


@pytest.mark.parametrize("text", ["", "0", "0.00", "-1", "1.001", "1e3", "1,000", "２６０", "nan", "99999999.99"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError) as refusal:
        fen(text)
    assert str(refusal.value) == text
