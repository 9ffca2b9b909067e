"""materials/pictures/words.py: the warnings of a picture as sentences."""

from materials.pictures.warnings import WARNINGS
from materials.pictures.words import warning_sentences


def test_every_warning_has_its_sentence_in_order():
    assert warning_sentences(list(WARNINGS)) == list(WARNINGS.values())


def test_the_same_bytes_elsewhere_are_told_with_the_categorys_title():
    assert warning_sentences(["same_as:diploma"]) == [
        "与“毕业证书”中的一张图片完全相同，请确认没有放错类别。",
    ]


def test_a_picture_without_warnings_has_none():
    assert warning_sentences([]) == []


def test_what_a_stored_picture_was_once_warned_of_and_is_no_longer_is_not_told():
    assert warning_sentences(["upside_down", "sideways", "dark"]) == [WARNINGS["dark"]]
