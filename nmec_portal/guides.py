"""The guides of docs/ as pages under /help/: one Markdown source for the repository and for the portal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from PIL import Image

if TYPE_CHECKING:
    from markdown_it.token import Token

DOCS = settings.BASE_DIR / "docs"
PICTURES = "guides"  # where docs/pictures/ lies among the static files (STATICFILES_DIRS)
SHOWN = ("candidates", "reviewers", "operators")  # docs/<name>.md is shown at /help/<name>/
GUIDE = re.compile(rf"^({'|'.join(SHOWN)})\.md")
PHONE = 800  # pixels: a narrower picture is a phone's, at two pixels for one


@dataclass(frozen=True)
class Guide:
    title: str
    contents: tuple[tuple[str, str], ...]  # anchor and words of every section
    body: SafeString


@cache
def read(name: str) -> Guide:
    """Return a guide of SHOWN; a changed file takes effect when the portal is started again."""
    return rendered((DOCS / f"{name}.md").read_text())


def rendered(source: str) -> Guide:
    from markdown_it import MarkdownIt

    # raw HTML stays text; a table without alignment has no style attribute
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(source)
    title, contents = "", []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            words = "".join(child.content for child in inline.children or ())
            token.attrSet("id", anchor(words))
            title = title or words
            contents += [(anchor(words), words)] if token.tag == "h2" else []
    for token in _all(tokens):
        _fit(token)
        _join(token.children or [])
    body = tokens[3:] if tokens and tokens[0].tag == "h1" else tokens  # the page has the title already
    return Guide(title, tuple(contents), mark_safe(markdown.renderer.render(body, markdown.options, {})))  # noqa: S308


def anchor(words: str) -> str:
    """Make anchors as GitHub does, so that a link works in both places."""
    return re.sub(r"[^\w-]", "", words.lower().replace(" ", "-"))


def _all(tokens: "list[Token]") -> "Iterator[Token]":
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _fit(token: "Token") -> None:
    """Point what is relative to docs/ at the portal, and dress a table as the portal does."""
    if token.type == "image":
        name = str(token.attrs["src"]).removeprefix("pictures/")
        width, height = _size(DOCS / "pictures" / name)
        token.attrs |= {"src": static(f"{PICTURES}/{name}"), "width": width, "height": height, "loading": "lazy"}
        token.attrSet("class", "phone" if width < PHONE else "desk")
    elif token.type == "link_open":
        token.attrSet("href", GUIDE.sub(lambda guide: reverse(f"{guide[1]}_guide"), str(token.attrs["href"])))
    elif token.type == "table_open":
        token.attrSet("class", "table")
    elif token.type == "th_open":
        token.attrs = {"scope": "col"}
    elif token.type == "td_open":
        token.attrs = {}  # alignment would be a style


def _join(inline: "list[Token]") -> None:
    """Make the end of a line a space between two Latin words, and nothing between Chinese characters."""
    for before, token, after in zip(inline, inline[1:], inline[2:], strict=False):
        ends, begins = before.content[-1:], after.content[:1]
        if token.type == "softbreak" and not (ends and ends.isascii() and begins and begins.isascii()):
            token.type = "text"


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size
