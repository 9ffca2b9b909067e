"""Attachments 4 to 8, cell by cell: as the source has them, as the project keeps them, as a page of ours has them.

A form is (what stands outside its table, the rows of its table, each of its cells), white space left out. The cell that
another from above reaches into is empty, as in the source.
"""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

DATA = Path(__file__).with_name("data") / "attachments.json"
Form = tuple[str, list[list[str]]]
# what the portal prints otherwise than the source: its year, its slip, and a picture left in its text
CORRECTED = (
    ("2022年", "{year}年"),
    ("今年8月31日", "{year}年8月31日"),
    ("报名点核意见", "报名点审核意见"),
    ("[image:]", ""),
)


def kept(year: int) -> dict[int, Form]:
    """Return the forms as the project keeps them, for the session of this year."""
    told = json.loads(DATA.read_text().replace("{year}", str(year)))
    return {int(number): (one["text"], one["rows"]) for number, one in told.items()}


def of_source(text: str) -> dict[int, Form]:
    """Return the forms of the source's text, with {year} and its slip corrected."""
    pieces = re.split(r"^附件(\d)\s*$", text, flags=re.MULTILINE)
    found = {int(number): piece for number, piece in zip(pieces[1::2], pieces[2::2], strict=True)}
    forms = {number: _form(found[number]) for number in range(4, 9)}
    approvals = forms[8][1][-1]
    forms[8][1][-1] = [f"{cell}年月日" for cell in approvals]  # a date beside each signature is our own
    return forms


def _form(text: str) -> Form:
    """Read a form: a tab begins a cell, and a paragraph that begins with one a row; the rest goes on with its cell."""
    outside: list[str] = []
    rows: list[list[str]] = []
    for paragraph in re.split(r"\n[ \xa0]*\n", text):
        lines = paragraph.strip("\n").split("\n")
        if lines[0].startswith("\t"):
            rows.append([])
        for line in lines:
            if line.startswith("\t"):
                if not rows:  # a table right below a line of text
                    rows.append([])
                rows[-1].append(line[1:])
            elif rows:
                rows[-1][-1] += line
            else:
                outside.append(line)
    return _corrected("".join(outside)), [[_corrected(cell) for cell in row] for row in rows]


def _corrected(text: str) -> str:
    text = squeezed(text)
    for theirs, ours in CORRECTED:
        text = text.replace(theirs, ours)
    return text


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def of_page(html: str) -> Form:
    """Return the form of one of our pages: its first table, and what stands outside it."""
    page = _Page()
    page.feed(html)
    return squeezed("".join(page.outside)), [list(_spread(page.rows, at)) for at in range(len(page.rows))]


def _spread(rows: list[list[dict]], at: int) -> Iterator[str]:
    """Yield the cells of a row, an empty one for each that reaches into it from above."""
    width = max(sum(cell["colspan"] for cell in row) for row in rows)
    taken: dict[tuple[int, int], dict] = {}
    for y, row in enumerate(rows):
        cells = iter(row)
        x = 0
        while x < width:
            if cell := taken.get((y, x)):
                text, x = "", x + cell["colspan"]
            elif cell := next(cells, None):
                for down in range(cell["rowspan"]):
                    taken[y + down, x] = cell
                text, x = squeezed(cell["text"]), x + cell["colspan"]
            else:
                break
            if y == at:
                yield text


class _Page(HTMLParser):
    """The cells of the first table of a page, and the text outside of it."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.rows: list[list[dict]] = []
        self._cell: dict | None = None
        self._tables = 0
        self._inside = self._body = False

    def handle_starttag(self, tag, attributes):
        if tag == "body":
            self._body = True
        if tag == "table":
            self._tables, self._inside = self._tables + 1, True
        if tag == "tr" and self._tables == 1:
            self.rows.append([])
        if tag in ("td", "th") and self._tables == 1:
            spans = {name: int(dict(attributes).get(name, 1)) for name in ("colspan", "rowspan")}
            self._cell = {"text": "", **spans}
            self.rows[-1].append(self._cell)

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._cell = None
        if tag == "table":
            self._inside = False

    def handle_data(self, data):
        if self._cell is not None:
            self._cell["text"] += data
        elif self._body and not self._inside:
            self.outside.append(data)
