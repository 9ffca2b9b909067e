import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.rules.names import InvalidName, is_han, masked, normalise


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "欧阳娜娜",
        "王\U00020000",  # Extension B
        "李\u9fff",
        "刘\u3400",
        "赵\U0002cea1",
        "\u3007一",
        "阿布都\u00b7买买提",
        "孙\uf9dc",  # a compatibility ideograph, kept as typed
        "周\U0002f804",
        "José María",
        "Nguyễn Văn A",
        "O'Brien-Smith Jr.",
        "Łukasz Þór",
        "x" * 50,
        "张",
    ],
)
def test_a_proper_name_is_stored_as_typed(name):
    assert normalise(name) == name


@pytest.mark.parametrize("dot", list("\u00b7\u0387\u2022\u2027\u2219\u22c5\u30fb\uff65\u25cf.．"))
def test_the_middle_dot_has_one_form(dot):
    assert normalise(f"阿布都{dot}买买提") == "阿布都\u00b7买买提"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 张三 ", "张三"),
        ("张\u3000三", "张三"),
        ("Jose\u0301", "José"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("John   Smith", "John Smith"),
        ("O\u2019Brien", "O'Brien"),
        ("Jean\u2010Luc", "Jean-Luc"),
        ("孙\uf9dce\u0301", "孙\uf9dc\u00e9"),
        ("\u202e张\u2067三\ufeff", "张三"),
        ("张\u200b三", "张三"),
        ("葛\U000e0100", "葛"),
        ("张\t三", "张三"),
        ("马\u2f42\u2f45", "马文方"),
        ("张\ue863", "张䶮"),
        ("古丽米热 · 艾比布力", "古丽米热·艾比布力"),
        ("古丽米热`艾比布力", "古丽米热·艾比布力"),
        ("阿力木—买买提", "阿力木·买买提"),
        ("阿力木－－买买提", "阿力木·买买提"),
        ("古丽米热。艾比布力", "古丽米热·艾比布力"),
    ],
)
def test_other_spellings_of_a_name_are_folded(typed, stored):
    assert normalise(typed) == stored


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "请填写姓名。"),
        ("\u3000 ", "请填写姓名。"),
        ("x" * 51, "姓名最长 50 个字符，现在是 51 个：请按证件填写。"),
        ("张\x00三", "姓名中有控制字符（U+0000）：请删去后按证件重新输入。"),
        ("张\ue000", "姓名中有私有区字符（造字），无法在其他电脑上显示（U+E000）：请删去后按证件重新输入。"),
        (
            "\U000f0000三",
            "姓名中有私有区字符（造字），无法在其他电脑上显示（U+F0000）：请删去后按证件重新输入。",
        ),
        ("张\ud800", "姓名中有残缺的字符（U+D800）：请删去后按证件重新输入。"),
        ("张3", "姓名中不能有“3”（U+0033）：请按证件填写汉字，外籍考生填写拉丁字母姓名。"),
        ("Иван", "姓名中不能有“И”（U+0418）：请按证件填写汉字，外籍考生填写拉丁字母姓名。"),
        ("张😀", "姓名中不能有“😀”（U+1F600）：请按证件填写汉字，外籍考生填写拉丁字母姓名。"),
        ("<b>", "姓名中不能有“<”（U+003C）：请按证件填写汉字，外籍考生填写拉丁字母姓名。"),
        ("张\u0301", "姓名中的附加符号（U+0301）不在拉丁字母上：请按证件重新输入。"),
        ("- .", "姓名中没有汉字或字母：请按证件填写。"),
        ("\u00b7买买提", "姓名不能以间隔号“·”开头或结尾：请按证件填写。"),
    ],
)
def test_a_refused_name_is_told_the_reason(name, sentence):
    with pytest.raises(InvalidName) as refusal:
        normalise(name)
    assert str(refusal.value) == sentence


def test_two_hundred_thousand_combining_marks_are_refused_quickly():
    """To put them in order would take a minute."""
    began = time.thread_time()
    with pytest.raises(InvalidName):
        normalise("a" + "\u0301\u0323" * 100_000)
    assert time.thread_time() - began < 1


def test_a_sentence_can_always_be_written_down():
    with pytest.raises(InvalidName) as refusal:
        normalise("\ud83d")
    assert str(refusal.value).encode() != b""


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_stored_once(typed):
    try:
        stored = normalise(typed)
    except InvalidName:
        return
    assert normalise(stored) == stored
    assert 1 <= len(stored) <= 50


HAN = st.integers(0x3400, 0x323AF).map(chr).filter(is_han)


@given(st.text(HAN, min_size=1, max_size=50))
def test_any_han_name_is_stored_to_the_letter(name):
    assert normalise(name) == name


def test_every_unified_ideograph_known_to_python_is_han():
    unified = [
        chr(code) for code in range(0x110000) if unicodedata.name(chr(code), "").startswith("CJK UNIFIED IDEOGRAPH")
    ]
    assert [character for character in unified if not is_han(character)] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张", "*"),
        ("张三", "张*"),
        ("欧阳娜", "欧**"),
        ("阿布都·买买提", "阿**"),
        ("\U00020000三", "\U00020000*"),
        ("John Smith", "J**"),
    ],
)
def test_a_name_is_shown_masked(name, shown):
    assert masked(name) == shown


def test_a_name_may_have_marks_but_not_a_pile_of_them():
    assert normalise("Nguye\u0302\u0303n Van") == "Nguyễn Van"
    with pytest.raises(InvalidName, match="附加符号"):
        normalise("q" + "\u0323" * 9)
