"""Further institutions of a trial or practice: what is missing or wrong in a row, and how rows are read aloud."""

from datetime import date

import pytest

from candidates.rules.institutions import CELLS, NEEDED, folded, is_enough, last_day, problems, sentence, words

TODAY = date(2026, 3, 15)
ROW = {
    "name": "示例市第二医院",
    "address": "示例路 9 号",
    "postcode": "",
    "registration_number": "PDY99000002",
    "legal_representative": "李某某",
    "telephone": "",
    "period_from": "2025-09-01",
    "period_to": "2026-02-01",
}


def found(*rows, ahead=False, missing=True):
    return problems(rows, today=TODAY, may_lie_ahead=ahead, missing=missing)


def test_a_whole_row_has_no_problem():
    assert found(ROW) == []


@pytest.mark.parametrize("cell", NEEDED)
def test_what_the_first_institution_needs_a_further_one_needs(cell):
    assert found({**ROW, cell: ""}) == [(0, cell, f"请填写“{CELLS[cell]}”。")]
    assert found({**ROW, cell: ""}, missing=False) == []


@pytest.mark.parametrize(
    ("months", "cell"),
    [
        ({"period_from": "2026-02-01", "period_to": "2026-01-01"}, "period_to"),
        ({"period_from": "2026-04-01", "period_to": "2026-05-01"}, "period_from"),
        ({"period_to": "2026-04-01"}, "period_to"),
    ],
)
def test_a_further_period_is_judged_as_the_first(months, cell):
    assert [(place, wrong) for place, wrong, _ in found(ROW, {**ROW, **months})] == [(1, cell)]


def test_a_period_may_begin_and_end_in_this_month():
    assert found({**ROW, "period_from": "2026-03-01", "period_to": "2026-03-01"}) == []


def test_a_fresh_graduates_further_period_may_end_in_the_future():
    assert found({**ROW, "period_to": "2026-08-01"}, ahead=True) == []


def test_rows_are_counted_from_the_second_institution_on():
    told = sentence(found(ROW, {**ROW, "name": ""}))
    assert told == "第 3 个机构：请填写“机构名称”。"


def test_rows_are_read_a_line_each():
    told = words([ROW, {"name": "示例诊所", "period_from": "2026-03-01"}])
    assert told.splitlines() == [
        "2. 示例市第二医院，2025-09 至 2026-02，地址 示例路 9 号，登记号 PDY99000002，法定代表人 李某某",
        "3. 示例诊所，2026-03 至 ",
    ]


@pytest.mark.parametrize(
    ("month", "last"), [((2024, 2), 29), ((2025, 2), 28), ((2025, 12), 31), ((2026, 4), 30), ((2026, 1), 31)]
)
def test_a_month_ends_on_its_last_day(month, last):
    assert last_day(date(*month, 1)) == date(*month, last)


@pytest.mark.parametrize(
    ("cell", "typed", "spelling"),
    [
        ("name", " 示例市\u200b第一医院（东\u3000区） ", "示例市第一医院（东 区）"),
        ("name", "示例市(东区)ＡＢc９医院", "示例市（东区）ABc9医院"),
        ("registration_number", "ｐdy 0000-1", "PDY0000-1"),
        ("postcode", "100 001", "100001"),
        ("telephone", "０１０—12345678", "010-12345678"),
    ],
)
def test_a_cell_has_one_spelling(cell, typed, spelling):
    assert folded(cell, typed) == spelling


@pytest.mark.parametrize(
    ("cell", "begins", "enough"),
    [
        ("name", "示", False),
        ("name", "示例", True),
        ("name", "示例\0", False),
        ("registration_number", "PDY", False),
        ("registration_number", "PDY0", True),
        ("address", "示例路", False),
    ],
)
def test_an_institution_is_looked_up_by_two_characters_of_its_name_or_four_of_its_number(cell, begins, enough):
    assert is_enough(cell, begins) is enough
