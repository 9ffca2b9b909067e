"""Which headers a screen reader names before each cell."""

import pytest
from django.template.loader import render_to_string

from materials.printing import documents, engine, pdf, tags
from tests.materials.applications import NOTICE, YEAR, application


def words(box) -> str:
    return "".join(box.element.itertext()).split("\n")[0].strip()


def cells(box):
    if hasattr(box, "mark"):
        yield box
    for child in getattr(box, "children", ()):
        yield from cells(child)


def heard(html: str) -> dict[str, list[str]]:
    """The words of a data cell → the words of its headers, as they stand in the PDF's tags."""
    with engine.one() as place:
        document = engine.Page(string=html, url_fetcher=engine.Fetcher()).render(stylesheets=[place.stylesheet])
        document.write_pdf(finisher=tags.mend, pdf_variant="pdf/ua-1")
    found = [cell for page in document.pages for cell in cells(page._page_box)]
    names = {cell.mark["ID"].string: words(cell) for cell in found if cell.element_tag == "th"}
    return {
        words(cell): [names[key.string] for key in cell.mark["A"].get("Headers", [])]
        for cell in found
        if cell.element_tag == "td" and words(cell)
    }


def printed(slug: str, **changes) -> str:
    document = documents.get(slug)
    page = documents.context(document, year=YEAR, application=application(**changes), notice=NOTICE)
    return render_to_string(document.template, page).replace('href="static/', f'href="{pdf.STATIC.as_uri()}/')


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("checklist", {"本人有效身份证明复印件": ["材料名称", "提交材料目录"]}),
        (
            "probation-certificate",
            {
                "张某某": ["姓    名"],
                "临床医学": ["所学专业"],
                "100101199603050023": ["有效身份证件号码"],
                "示例市第三人民医院": ["名称", "试用机构"],
                "100013": ["邮编", "试用机构"],
                "李某": ["法定代表人", "试用机构"],
            },
        ),
        (
            "supplementary-test",
            {"张某某": ["姓   名", "个人信息"], "单位审核：单位盖章：负责人签字：年    月    日": []},
        ),
        (
            "notice",
            {"汉族": ["民族", "基本信息"], "北京一考点": ["考点", "报考信息"], "本科（全日制）": ["学历", "学历信息"]},
        ),
    ],
)
def test_a_cell_is_heard_with_the_headers_next_to_it(slug, expected):
    found = heard(printed(slug))
    assert {cell: found[cell] for cell in expected} == expected


def test_headers_across_and_down_reach_under_cells_that_span():
    html = """<table><tbody>
    <tr><th scope="rowgroup" rowspan="3">岗位</th><th rowspan="2">科室</th><th colspan="2">评价</th></tr>
    <tr><th>合格</th><th>不合格</th></tr><tr><td>内科</td><td>是</td><td>否</td></tr></tbody>
    <tbody><tr><td>其他</td></tr></tbody></table>"""
    assert heard(f'<html lang="zh-CN"><title>表</title><body>{html}') == {
        "内科": ["岗位", "科室"],
        "是": ["岗位", "合格", "评价"],
        "否": ["岗位", "不合格", "评价"],
        "其他": [],
    }
