"""What is longer, more, or stranger than usual: nothing is cut or leaves its cell, one page stays one page."""

import re

import pytest

from materials.printing import documents
from tests.materials.applications import (
    FOUR_PLACES,
    GAPS,
    LATIN,
    LONGEST,
    MANY_LINES,
    NOTICE,
    YEAR,
    application,
)
from tests.materials.printing.layout import cells, laid_out, outside_their_cells, words

EXTREMES = {
    "longest": LONGEST,
    "latin": LATIN,
    "gaps": GAPS,
    "places": {"further_institutions": FOUR_PLACES},
    "all": {**LONGEST, "further_institutions": FOUR_PLACES},
}
SEAL = 42  # mm


def page_of(slug: str, values: dict, **more) -> str:
    context = documents.context(
        documents.get(slug), year=YEAR, application=application(values), notice=NOTICE, employer=True
    )
    return documents.html_of(context | more)


def expected_pages(slug: str, kind: str) -> int:
    """Return one for each copy of a form; the notice has two, and a third where all that there is is at its longest."""
    if slug == "notice":
        return 3 if kind == "all" else 2
    return documents.copies_of(documents.get(slug), application(EXTREMES[kind]))


@pytest.mark.parametrize("kind", EXTREMES)
@pytest.mark.parametrize("slug", [document.slug for document in documents.DOCUMENTS])
def test_nothing_leaves_its_cell_or_its_page(slug, kind):
    pages = laid_out(page_of(slug, EXTREMES[kind]))
    assert outside_their_cells(pages) == []
    assert len(pages) == expected_pages(slug, kind)


@pytest.mark.parametrize("many", [1, 6, 12])
@pytest.mark.parametrize("slug", [document.slug for document in documents.DOCUMENTS])
def test_the_note_on_gaps_is_written_over_nothing(slug, many):
    strange = "".join(chr(0xE000 + at) for at in range(many))
    pages = laid_out(page_of(slug, {"name": f"张{strange}"}))
    found = words(pages)
    notes = [word for word in found if "U+E0" in word.text or "没有可用的字体" in word.text]
    others = [word for word in found if word not in notes]
    assert [(note.text, other.text) for note in notes for other in others if note.lies_over(other)] == []


@pytest.mark.parametrize(("slug", "heads"), [("notice", "勾选材料名称提交备注"), ("checklist", "材料名称提交备注")])
def test_thirty_lines_go_on_between_lines_under_the_same_heads(slug, heads):
    pages = laid_out(page_of(slug, {}, lines=MANY_LINES, further=MANY_LINES))
    assert outside_their_cells(pages) == []
    named = [cell for cell in cells(pages) if re.match(r"第 \d+ 项材料", cell.text)]
    assert [cell.text for cell in named] == [line.document for line in MANY_LINES]
    on_pages = {word.page for cell in named for word in cell.words}
    assert len(on_pages) > 1
    for number in on_pages:
        found = "".join(word.text for word in words(pages) if word.page == number)
        assert heads in re.sub(r"\s", "", found)
        assert f"第 {number} 页 / 共 {len(pages)} 页" in found


def test_one_page_alone_counts_no_pages():
    pages = laid_out(page_of("checklist", {}))
    assert [word.text for word in words(pages) if "/ 共" in word.text] == []


@pytest.mark.parametrize(
    ("slug", "seals"),
    [
        ("probation-certificate", ["单位公章", "报名点公章："]),
        ("practice-certificate", ["单位公章", "报名点公章："]),
        ("supplementary-test", ["单位盖章：", "考点盖章：", "考区盖章："]),
    ],
)
def test_a_seal_finds_42_mm_square(slug, seals):
    found = cells(laid_out(page_of(slug, {})))
    places = [next(cell.place for cell in found if seal in cell.text) for seal in seals]
    assert [min(place.width, place.height) >= SEAL for place in places] == [True] * len(seals)


@pytest.mark.parametrize("slug", ["probation-certificate", "practice-certificate"])
def test_usual_values_are_printed_at_full_size(slug):
    usual = {"major": "中西医临床医学"}
    shown = application(usual)
    shown.exam_category.name = "师承和确有专长的中医执业医师"
    page = documents.html_of(documents.context(documents.get(slug), year=YEAR, application=shown))
    assert re.findall(r'class="pt\d+"', page) == []
    assert ">中西医临床医学<" in page and ">师承和确有专长的中医执业医师<" in page


def test_the_blank_for_the_certificates_number_takes_27_digits_by_hand():
    page = documents.html_of(documents.context(documents.get("practice-certificate"), year=YEAR))
    opening, closing = (
        next(word for word in words(laid_out(page)) if word.text.strip().endswith("（")),
        next(word for word in words(laid_out(page)) if word.text.strip().startswith("）")),
    )
    assert closing.left - opening.right >= 27 * 4


def test_what_is_the_employers_is_left_to_the_employer():
    certificate = documents.get("practice-certificate")
    mine = application(further_institutions=FOUR_PLACES)
    page = documents.context(certificate, year=YEAR, application=mine)
    printed = documents.html_of(page)
    whose = [one["for"] for one in page["copies"]]
    assert (whose[0], len(whose)) == (mine.employer_name, 4)
    assert [printed.count(value) for value in (mine.employer_address, "（2025）年", "N4N4")] == [0, 0, 0]
    assert documents.html_of(page | documents.context(certificate, year=YEAR, application=mine, employer=True)).count(
        mine.employer_address
    )
