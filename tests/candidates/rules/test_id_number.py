from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.rules.id_number import (
    DOCUMENT_TYPES,
    GB11643_TYPES,
    Facts,
    InvalidNumber,
    check_character,
    facts,
    identity_key,
    identity_keys,
    masked,
    masked_mobile,
    missing_mobile,
    mobile_does_not_fit,
    normalise,
    normalise_any_mobile,
    normalise_mobile,
    residency_of,
)

# region code 100007 is not assigned
WOMAN = "10000719900307008X"
TAIWAN_PERMIT = "830000199003070019"


def number_of(region, birth_date, sequence):
    digits = f"{region}{birth_date:%Y%m%d}{sequence:03d}"
    return digits + check_character(digits)


def test_the_samples_of_gb_11643_are_right():
    assert [check_character(digits) for digits in ("11010519491231002", "44052418800101001")] == ["X", "4"]


@given(
    st.integers(100000, 659999),
    st.dates(date(1900, 1, 1), date(2026, 12, 31)),
    st.integers(1, 999),
    st.integers(0, 16),
    st.integers(1, 9),
)
def test_a_resident_number_tells_birth_and_sex_and_no_single_wrong_digit_passes(region, born, sequence, place, change):
    number = number_of(region, born, sequence)
    assert facts("resident_id", number) == Facts(born, "male" if sequence % 2 else "female")
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    with pytest.raises(InvalidNumber):
        normalise("resident_id", wrong)


@pytest.mark.parametrize(
    "typed",
    [
        "10000719900307008x",
        " 100007 19900307 008X ",
        "100007-19900307-008X",
        "１００００７１９９００３０７００８Ｘ",
        "100007\u20111990\u20140307\u00a0008ｘ",
        "\u200b100007（19900307）008X\n",
    ],
)
def test_a_number_has_one_stored_spelling(typed):
    assert normalise("resident_id", typed) == WOMAN


@pytest.mark.parametrize(
    ("document_type", "number", "sentence"),
    [
        ("resident_id", "  ", "请填写居民身份证号码。"),
        ("resident_id", WOMAN[:15], "居民身份证号码应为 18 位，现在是 15 位：请对照证件核对。"),
        (
            "resident_id",
            "1000071990030700XX",
            "居民身份证号码的前 17 位应是数字，最后一位是数字或 X：请对照证件核对。",
        ),
        ("resident_id", "10000719900230002X", "居民身份证号码第 7 至 14 位不是有效的出生日期：请对照证件核对。"),
        ("resident_id", "100007189912310021", "居民身份证号码第 7 至 14 位不是有效的出生日期：请对照证件核对。"),
        ("temporary_id", WOMAN[:17] + "1", "临时居民身份证号码的校验位不符，可能有一位填错：请对照证件核对。"),
        (
            "hmt_permit",
            WOMAN,
            "港澳台居民居住证号码应以 81（香港）、82（澳门）或 83（台湾）开头：请对照证件核对。",
        ),
        (
            "resident_id",
            number_of(830000, date(1990, 3, 7), 1),
            "以 81、82、83 开头的是港澳台居民居住证号码：证件类型请选择“港澳台居民居住证”。",
        ),
        ("hk_id", "A12345", "香港居民身份证号码应为 8 至 9 位，现在是 6 位：请对照证件核对。"),
        ("tw_id", "A12345678", "台湾居民身份证号码应为 10 位，现在是 9 位：请对照证件核对。"),
        ("passport", "E1234五678", "护照号码只能包含字母和数字：请对照证件核对。"),
        ("officer", "军字第1234567号!", "军官证号码只能包含字母、数字或汉字：请对照证件核对。"),
        ("passport", "1" * 101, "号码过长（101 个字符）：请对照证件核对。"),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong(document_type, number, sentence):
    with pytest.raises(InvalidNumber) as refusal:
        normalise(document_type, number)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("document_type", "typed", "stored", "residency"),
    [
        ("resident_id", WOMAN, WOMAN, "mainland"),
        ("temporary_id", WOMAN, WOMAN, "mainland"),
        ("officer", "军字第 1234567 号", "军字第1234567号", "mainland"),
        ("police", "京公字1234", "京公字1234", "mainland"),
        ("civil_cadre", "文字第0001号", "文字第0001号", "mainland"),
        ("soldier", "士字第1234号", "士字第1234号", "mainland"),
        ("military_student", "学字1234", "学字1234", "mainland"),
        ("hmt_permit", number_of(810000, date(1990, 3, 7), 1), number_of(810000, date(1990, 3, 7), 1), "hongkong"),
        ("hmt_permit", number_of(820000, date(1990, 3, 7), 1), number_of(820000, date(1990, 3, 7), 1), "macao"),
        ("hmt_permit", TAIWAN_PERMIT, TAIWAN_PERMIT, "taiwan"),
        ("hk_id", "a123456(3)", "A1234563", "hongkong"),
        ("macao_id", "1234567（8）", "12345678", "macao"),
        ("tw_id", "A123456789", "A123456789", "taiwan"),
        ("passport", "e12 345 678", "E12345678", "foreign"),
    ],
)
def test_the_residency_follows_the_document(document_type, typed, stored, residency):
    assert normalise(document_type, typed) == stored
    assert residency_of(document_type, typed) == residency
    assert residency in DOCUMENT_TYPES[document_type].residencies


def test_the_gb_11643_types_are_one_person_and_the_others_are_not():
    keys = {identity_key(document_type, WOMAN) for document_type in ("resident_id", "temporary_id")}
    assert keys == {f"gb11643:{WOMAN}"}
    assert identity_key("passport", "e1234567") == "passport:E1234567"
    assert identity_key("officer", "e1234567") == "officer:E1234567"


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (
            "e1234567",
            {"officer", "police", "civil_cadre", "soldier", "military_student", "hk_id", "macao_id", "passport"},
        ),
        (WOMAN, {"gb11643", "officer", "police", "civil_cadre", "soldier", "military_student", "passport"}),
        ("军字第1号", {"officer", "police", "civil_cadre", "soldier", "military_student"}),
        ("", set()),
    ],
)
def test_a_number_typed_without_its_type_has_every_key_it_can_have(typed, keys):
    assert {key.split(":")[0] for key in identity_keys(typed)} == keys


@given(st.sampled_from(list(DOCUMENT_TYPES)), st.text(max_size=120))
def test_whatever_is_typed_is_refused_or_stored_once(document_type, typed):
    try:
        stored = normalise(document_type, typed)
    except InvalidNumber:
        return
    assert normalise(document_type, stored) == stored


def test_other_documents_tell_nothing_of_birth_and_sex():
    assert [
        facts(document_type, "E1234567") for document_type in DOCUMENT_TYPES if document_type not in GB11643_TYPES
    ] == ([None] * 10)
    assert facts("resident_id", "1") is None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010519491231002X", "110105********002X"),
        ("A1234563", "A1****63"),
        ("A123456789", "A1******89"),
        ("士1234", "士***4"),
        ("军字1", "***"),
        ("", ""),
    ],
)
def test_a_number_is_shown_masked(number, shown):
    assert masked(number) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "+8613800000001",
        "(+86) 138 0000 0001",
        "008613800000001",
        "８６１３８０００００００１",
        "\u202d13800000001\u202c",
    ],
)
def test_a_mobile_number_has_one_stored_spelling(typed):
    assert normalise_mobile(typed) == "13800000001"
    assert masked_mobile("13800000001") == "138****0001"


@pytest.mark.parametrize("typed", ["", "12800000001", "1380000000", "138000000011", "+8513800000001", "13８0000000a"])
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(InvalidNumber):
        normalise_mobile(typed)


LENGTHS = {
    **dict.fromkeys(("officer", "police", "civil_cadre", "soldier", "military_student"), (4, 20)),
    "hk_id": (8, 9),
    "macao_id": (8, 8),
    "tw_id": (10, 10),
    "passport": (6, 20),
}


def taken(document_type, length):
    try:
        return normalise(document_type, "A" * length) == "A" * length
    except InvalidNumber:
        return False


@pytest.mark.parametrize("document_type", sorted(LENGTHS))
def test_a_number_is_as_long_as_its_kind_may_be_and_no_longer(document_type):
    shortest, longest = LENGTHS[document_type]
    lengths = (shortest - 1, shortest, longest, longest + 1)
    assert [taken(document_type, length) for length in lengths] == [False, True, True, False]


def test_a_hundred_typed_characters_are_read_and_one_more_is_not():
    assert normalise("passport", "E12345678" + " " * 91) == "E12345678"
    with pytest.raises(InvalidNumber, match="号码过长（101 个字符）"):
        normalise("passport", "E12345678" + " " * 92)


# --- permanent residents' cards ---

RESIDENT = "911035619900307003"


def test_a_permanent_residents_card_has_gb_11643s_check_character_or_the_older_cards_form():
    assert [normalise("permanent_resident", one) for one in (f" {RESIDENT[:6]}-{RESIDENT[6:]}", "abc123456789012")] == [
        RESIDENT,
        "ABC123456789012",
    ]
    assert residency_of("permanent_resident", RESIDENT) == "foreign"
    assert facts("permanent_resident", RESIDENT) is None


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (RESIDENT[:17] + "4", "校验位不符"),
        ("1" + RESIDENT[1:], "应为以 9 开头的 18 位，旧证为 3 个字母加 12 位数字"),
        (RESIDENT[:17], "应为以 9 开头的 18 位"),
        ("AB1234567890123", "应为以 9 开头的 18 位"),
    ],
)
def test_what_is_none_of_them_is_told(number, told):
    with pytest.raises(InvalidNumber, match=told):
        normalise("permanent_resident", number)


@pytest.mark.parametrize("document_type", ["resident_id", "temporary_id"])
def test_a_number_that_begins_with_9_is_refused_as_a_residents_and_says_whose_it_is(document_type):
    with pytest.raises(InvalidNumber, match="证件类型请选择“外国人永久居留身份证”"):
        normalise(document_type, RESIDENT)


# --- overseas mobiles ---


@pytest.mark.parametrize("typed", ["+852 5123 4567", "00852-51234567", "＋852（5123）4567"])
def test_an_overseas_mobile_has_one_stored_spelling(typed):
    assert normalise_any_mobile(typed) == "+85251234567"
    assert masked_mobile("+85251234567") == "+852****4567"


@pytest.mark.parametrize("typed", ["13800000001", "+86 138 0000 0001", "0086 13800000001"])
def test_a_mainland_mobile_stays_one(typed):
    assert normalise_any_mobile(typed) == "13800000001"


@pytest.mark.parametrize("typed", ["51234567", "+852", "+0123456789", "+86 123", "+1234567890123456"])
def test_what_is_neither_is_refused(typed):
    with pytest.raises(InvalidNumber):
        normalise_any_mobile(typed)


@pytest.mark.parametrize(
    ("document_type", "mobile", "fits"),
    [
        ("passport", "+85251234567", True),
        ("hk_id", "+85251234567", True),
        ("resident_id", "+85251234567", False),
        ("officer", "+85251234567", False),
        ("resident_id", "13800000001", True),
        ("", "+85251234567", True),
    ],
)
def test_only_who_may_live_abroad_has_an_overseas_mobile(document_type, mobile, fits):
    assert (mobile_does_not_fit(document_type, mobile) == "") is fits


@pytest.mark.parametrize("document_type", DOCUMENT_TYPES)
def test_who_may_live_abroad_can_do_without_a_mobile_and_nobody_else(document_type):
    abroad = document_type in ("hmt_permit", "hk_id", "macao_id", "tw_id", "passport", "permanent_resident")
    assert (missing_mobile(document_type, "ana@example.com") == "") is abroad
    assert missing_mobile(document_type, "") != ""
