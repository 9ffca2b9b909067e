"""The first row of a table: English or Chinese headings, and what is told of one that is wrong."""

import pytest

from candidates.reference.headings import columns_of
from candidates.reference.outcomes import BadFile

KNOWN = {"code": "代码|单位代码", "name": "名称", "postcode": "邮编"}


def refused(header, needed=("code", "name"), known=KNOWN):
    with pytest.raises(BadFile) as bad:
        columns_of(header.split(","), needed, known, 1)
    return bad.value.problems[0]


@pytest.mark.parametrize(
    "header", ["code,name,postcode", "代码,名称,邮编", "单位代码,名称（name）,POSTCODE", " 代 码,name,邮编"]
)
def test_each_spelling_names_the_column(header):
    assert columns_of(header.split(","), ("code", "name"), KNOWN, 1) == ["code", "name", "postcode"]


def test_a_column_without_a_heading_has_no_name():
    assert columns_of(["code", "", "name", ""], ("code", "name"), KNOWN, 1) == ["code", "", "name", ""]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("code,nmae", "第 1 行：表头缺少列 name（名称）；有无法识别的列 nmae（是不是 name？）。"),
        ("code,name,邮编号", "第 1 行：表头有无法识别的列 邮编号（是不是 邮编？）：请改正列名或删去该列。"),
        ("code,name,Xyz", "第 1 行：表头有无法识别的列 Xyz：请改正列名或删去该列。"),
        ("code,代码,name", "第 1 行：表头的列 code（代码） 不止一次：请只留一列。"),
    ],
)
def test_a_heading_that_is_wrong_is_told_with_the_nearest_one(header, sentence):
    assert refused(header).startswith(sentence)


def test_where_any_column_may_be_there_only_what_is_like_a_missing_one_is_told():
    told = refused("order_nubmer,对方账户,备注", ("order_number",), None)
    assert told == "第 1 行：表头缺少列 order_number；有无法识别的列 order_nubmer（是不是 order_number？）。"
