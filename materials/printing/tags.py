"""What a screen reader says of a table's cells: which headers each has, and whether a header reads across or down.

WeasyPrint gives a cell every header of its row and of its column, those behind it and of another section too. Here a
cell has the headers before it and above it that HTML would give it: a nearer one hides one further off of the same
rows or columns, and a header above reaches to the end of its `<tbody>`. Called by printing.engine before the PDF is
written (WeasyPrint's `finisher`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes


@dataclass(frozen=True, eq=False)
class _Cell:
    box: Any
    row: int

    @property
    def is_header(self) -> bool:
        return bool(self.box.element_tag == "th")

    @property
    def reads_across(self) -> bool:
        return self.box.element.get("scope") in ("row", "rowgroup")

    @property
    def extent(self) -> tuple[int, int]:
        """The rows that a header reads across, or the columns it reads down: the first, and how many."""
        return (self.row, self.box.rowspan) if self.reads_across else (self.box.grid_x, self.box.colspan)


def mend(document: Any, pdf: pydyf.PDF) -> None:
    """Rewrite `Headers` and `Scope` of every table of the document."""
    for page in document.pages:
        for rows in _groups(page._page_box):
            _mend_group([_Cell(box, y) for y, row in enumerate(rows) for box in row.children])


def _groups(box: Any) -> Iterator[list[Any]]:
    """Yield the rows of each `<tbody>` below a box, in order, behind those of its table's `<thead>`."""
    if isinstance(box, boxes.TableBox):
        groups = [child for child in box.children if isinstance(child, boxes.TableRowGroupBox)]
        head = [row for group in groups if group.element_tag == "thead" for row in group.children]
        yield from ([*head, *group.children] for group in groups if group.element_tag == "tbody")
    elif isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
        for child in box.children:
            yield from _groups(child)


def _mend_group(cells: list[_Cell]) -> None:
    grid = {
        (cell.row + down, cell.box.grid_x + right): cell
        for cell in cells
        for down in range(cell.box.rowspan)
        for right in range(cell.box.colspan)
    }
    for cell in cells:
        attributes = cell.box.mark["A"]
        if cell.is_header:
            attributes["Scope"] = "/Row" if cell.reads_across else "/Column"
            continue
        before = (grid.get((cell.row, x)) for x in range(cell.box.grid_x - 1, -1, -1))
        above = (grid.get((y, cell.box.grid_x)) for y in range(cell.row - 1, -1, -1))
        headers = [*_headers(before, across=True), *_headers(above, across=False)]
        attributes["Headers"] = pydyf.Array(header.box.mark["ID"] for header in headers)


def _headers(cells: Iterable[_Cell | None], *, across: bool) -> list[_Cell]:
    """Return the headers that read this way and that no nearer one hides, of cells in order of their distance."""
    found: list[_Cell] = []
    hidden: set[tuple[int, int]] = set()
    for cell in cells:
        if cell is None or not cell.is_header or cell.reads_across != across:
            hidden.update(header.extent for header in found)
        elif cell not in found and cell.extent not in hidden:
            found.append(cell)
    return found
