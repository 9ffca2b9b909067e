"""Which characters can be printed, and how wide a line is."""

import pytest

from materials.printing import fonts
from tests.materials.printing.test_pdf import needs_rare_fonts


def test_the_bundled_font_has_what_names_and_forms_are_made_of():
    assert fonts.missing_characters("王某某 2027年3月8日（报名）ABC《》·☐☑") == set()
    assert not fonts.needs_fallback("王某某")


@needs_rare_fonts
def test_a_rare_character_comes_from_an_installed_font():
    assert (fonts.missing_characters("𠮷"), fonts.needs_fallback("𠮷")) == (set(), True)


@pytest.mark.parametrize("char", ["\ue000", "\U00031353"])
def test_a_character_that_no_font_has_is_missing(char):
    assert fonts.missing_characters(f"王{char}") == {char}


def test_white_space_and_what_is_not_drawn_are_never_missing():
    assert fonts.missing_characters("王 \n\t\u3000\u200b某") == set()


def test_without_the_fallback_fonts_rare_characters_are_missing(monkeypatch):
    monkeypatch.setattr(fonts, "SYSTEM_FONTS", ())
    assert fonts.missing_characters("王𠮷") == {"𠮷"}


def test_a_line_is_as_wide_as_its_characters():
    assert (fonts.text_width("王某某"), fonts.text_width("")) == (3.0, 0.0)
    assert fonts.text_width("𠮷") == 1.0  # of another font
    assert 0 < fonts.text_width("1") < 1
