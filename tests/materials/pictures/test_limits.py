"""materials/pictures/limits.py: the sentences say the file's own numbers."""

import pytest

from candidates.rules.refusals import PictureRefused
from materials.pictures import limits


@pytest.mark.parametrize(("size", "words"), [(204_800, "200 KB"), (204_801, "200.1 KB"), (1, "0.1 KB"), (0, "0 KB")])
def test_a_size_is_rounded_up(size, words):
    assert limits.kilobytes(size) == words


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (0, 300, "corrupt"),
        (10_001, 300, "too_large_side"),
        (5_001, 5_000, "too_many_pixels"),
        (199, 300, "too_small"),
    ],
)
def test_sides_beyond_the_limits_are_refused(width, height, code):
    with pytest.raises(PictureRefused) as refused:
        limits.check_sides(width, height, 200)
    assert refused.value.code == code


@pytest.mark.parametrize(("width", "height"), [(200, 200), (10_000, 2_500), (5_000, 5_000)])
def test_the_limits_themselves_are_taken(width, height):
    limits.check_sides(width, height, 200)


def test_every_refusal_says_what_to_do():
    refusals = [limits.too_large(300_000), limits.too_large_upright(), limits.corrupt("校验码不符")]
    assert [one.code for one in refusals] == ["too_large", "too_large", "corrupt"]
    assert all("请" in one.sentence and one.sentence.endswith("。") for one in refusals)
