from candidates.rules import levels


def test_a_case_goes_up_from_the_point_and_comes_back_down():
    assert levels.LEVELS == ("point", "site", "region")
    assert [levels.above(level) for level in levels.LEVELS] == ["site", "region", ""]
    assert [levels.below(level) for level in levels.LEVELS] == ["", "point", "site"]


def test_below_no_level_at_all_is_the_top():
    assert levels.below("") == "region"


def test_a_units_code_says_its_level_and_the_unit_above():
    codes = ["11", "1101", "1101001", "110", ""]
    assert [levels.level_of(code) for code in codes] == ["region", "site", "point", "", ""]
    assert [levels.code_above(code) for code in codes] == ["", "11", "1101", "", ""]


def test_only_digits_of_a_known_length_are_a_code():
    assert [text for text in ("11", "1101", "1101001", "1", "１１", "ab", "") if levels.is_code(text)] == [
        "11",
        "1101",
        "1101001",
    ]
