import pytest

from materials.rules.certificates import folded


@pytest.mark.parametrize(
    ("number", "as_one"),
    [
        ("1234512018050012 34", "123451201805001234"),
        ("京教 证字〔2018〕第 0012-a 号", "京教证字2018第0012A号"),
        ("20111110-000001", "20111110000001"),
    ],
)
def test_spaces_signs_and_case_make_no_other_number(number, as_one):
    assert folded(number) == as_one


@pytest.mark.parametrize("number", ["", "无", "待发", "尚未取得", "12345", "000000000000", "ABCDEF123", "1111-1111"])
def test_what_cannot_tell_one_certificate_from_another_is_none(number):
    assert folded(number) == ""
