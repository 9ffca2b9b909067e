"""Where things stand on the pages of a document, in millimetres: as WeasyPrint has laid them out, before it writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes

from materials.printing import engine, pdf

PX = 25.4 / 96
SLACK = 0.5  # mm: a line's box is higher than what is drawn of it, and in small cells than the line


@dataclass(frozen=True)
class Place:
    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def lies_in(self, other: "Place") -> bool:
        across = other.left - SLACK <= self.left and self.right <= other.right + SLACK
        return across and other.top - SLACK <= self.top and self.bottom <= other.bottom + SLACK

    def lies_over(self, other: "Place") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return self.page == other.page and across > SLACK and down > SLACK


@dataclass(frozen=True)
class Cell:
    place: Place
    words: tuple[Place, ...]  # each piece of a line that stands in it

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()


def laid_out(html: str) -> list[Any]:
    """Return the pages of a document, gaps framed, as printing.pdf has them laid out."""
    gaps = pdf.gaps_of(html)
    html = gaps.framed(html) if gaps.characters else html
    with engine.one() as place:
        pages: list[Any] = place.laid_out(html, None).pages
    return pages


def cells(pages: list[Any]) -> list[Cell]:
    return [
        Cell(_place(box, at, border=True), tuple(_words(box, at)))
        for at, page in enumerate(pages, 1)
        for box in _inside(page._page_box)
        if isinstance(box, boxes.TableCellBox)
    ]


def words(pages: list[Any]) -> list[Place]:
    """Return every piece of a line on the pages, those of the margins too."""
    return [word for at, page in enumerate(pages, 1) for word in _words(page._page_box, at)]


def outside_their_cells(pages: list[Any]) -> list[str]:
    """Return what stands, in part or whole, out of its own cell, or off the paper."""
    a4 = Place(0, 4, 4, 206, 293)
    found = [word.text for cell in cells(pages) for word in cell.words if not word.lies_in(cell.place)]
    return found + [word.text for word in words(pages) if not word.lies_in(a4)]


def _words(box: Any, at: int) -> Iterator[Place]:
    for one in _inside(box):
        if isinstance(one, boxes.TextBox) and one.text.strip():
            yield _place(one, at, text=one.text)


def _inside(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        child = getattr(child, "_box", child)  # of what is placed absolutely
        yield child
        yield from _inside(child)


def _place(box: Any, at: int, *, border: bool = False, text: str = "") -> Place:
    left, top = (box.border_box_x(), box.border_box_y()) if border else (box.position_x, box.position_y)
    width, height = (box.border_width(), box.border_height()) if border else (box.width, box.height)
    return Place(at, left * PX, top * PX, (left + width) * PX, (top + height) * PX, text)
