"""Our stylesheets and scripts use nothing that a browser we hold lacks, unless a fallback stands beside it.

Read, not run: `make test-webkit` and `make test-old` run them (tests/engines).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from nmec_portal.static_files import BUNDLES
from tests.engines.lacking import CSS, FLEX_GAP, HELD, JS, Feature, found, lacking

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLES = [path for path in sorted((STATIC / "css").glob("*.css")) if path.name != "documents.css"]  # WeasyPrint's
SCRIPTS = sorted((STATIC / "js").glob("*.js"))

# what may be missing, and why nobody misses it
DECORATIVE = {
    "accent-color": "ticks and bars have the system's colour",
    "text-wrap": "a title breaks where it breaks",
    "text-underline-offset": "a line under a link is nearer",
    "overscroll-behavior": "the page behind a sheet may scroll along at its end",
    "scroll-behavior": "it says `auto`, which is what they do",
    "print-color-adjust": "-webkit-print-color-adjust stands before it; Firefox has no icons on paper",
    ":focus-visible": "the rule falls away, and the browser's own ring is drawn",
    "::backdrop": "with <dialog>: older.css draws the shade where there is none",
    "::marker": "the number of a step is smaller",
    "::file-selector-button": "older.css has its colour; the rest is the system's button",
    "overflow-wrap: anywhere": "older.css says it in the old words",
}
# {file: {feature: what stands in for it}}
EXCEPTIONS = {
    "materials.css": {"fit-content": "Firefox before 94 draws a sheet as high as the window"},
    "review_keys.js": {"showPicker": "asked for before it is called, else a sentence says what to do"},
}
TRIED = {
    "OffscreenCanvas": "where a worker has none to draw with, pictures are made in the page",
    "createImageBitmap": "where it is missing, pictures are made in the page",
}
MENDED = ("replaceChildren", "requestSubmit", "submitter", "<dialog>")  # engines.js makes them, on every page


class Rule(NamedTuple):
    selector: str
    body: str
    supports: str  # what the @supports around it asks for


def without_comments(text: str, *, script: bool) -> str:
    kept = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    comment = r"/\*.*?\*/|(?<![:\\/])//[^\n]*" if script else r"/\*.*?\*/"
    return re.sub(f"({kept})|{comment}", lambda match: match[1] or "", text, flags=re.DOTALL)


def rules_of(text: str, supports: str = "") -> Iterator[Rule]:
    """Yield every rule of a stylesheet, those of @media and @supports too."""
    at = 0
    while (opens := text.find("{", at)) >= 0:
        depth, closes = 1, opens + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[closes], 0)
            closes += 1
        head, body = text[at:opens].strip(), text[opens + 1 : closes - 1]
        if head.startswith("@") and "{" in body:
            yield Rule(head.partition("@supports")[0], "", "")
            asked = head.removeprefix("@supports") if head.startswith("@supports") else ""
            yield from rules_of(body, supports if asked.strip().startswith("not") else supports + asked)
        else:
            yield Rule(head, body, supports)
        at = closes


def lacked_by_a_rule(rule: Rule, feature: Feature) -> bool:
    body = re.sub(r"url\(.*?\)", "", rule.body)
    whole = f"{rule.selector} {{ {body} }}"
    stands_in = feature.instead and re.search(feature.instead, rule.body)
    return found(feature, whole) and not stands_in and not found(feature, rule.supports)


def used(path: Path) -> set[str]:
    """Return the features of the table that this file uses without a fallback in the same place."""
    text = without_comments(path.read_text(), script=path.suffix == ".js")
    if path.suffix == ".js":
        return {one.name for one in JS if lacking(one) and found(one, text)}
    rules = list(rules_of(text))
    return {one.name for one in CSS if lacking(one) and any(lacked_by_a_rule(rule, one) for rule in rules)}


@pytest.mark.parametrize("path", STYLES + SCRIPTS, ids=lambda path: path.name)
def test_nothing_is_used_that_a_held_browser_lacks(path):
    allowed = {*DECORATIVE, *EXCEPTIONS.get(path.name, ()), *(MENDED + tuple(TRIED) if path.suffix == ".js" else ())}
    assert used(path) - allowed == set()


def test_every_exception_is_needed():
    all_used = {path.name: used(path) for path in STYLES + SCRIPTS}
    anywhere = set().union(*all_used.values())
    named = {(name, feature) for name, features in EXCEPTIONS.items() for feature in features}
    assert [one for one in (*DECORATIVE, *MENDED) if one not in anywhere] == []
    assert [(name, feature) for name, feature in named if feature not in all_used[name]] == []


def test_what_the_script_of_all_pages_makes_is_there():
    engines = (STATIC / "js" / "engines.js").read_text()
    assert [one for one in ("replaceChildren", "requestSubmit", "submitter", "showModal") if one not in engines] == []
    assert BUNDLES["page.js"][0] == "js/engines.js"


def flex_with_a_gap(path: Path) -> set[str]:
    rules = rules_of(without_comments(path.read_text(), script=False))
    wanted = [rule for rule in rules if re.search(r"display:\s*(inline-)?flex", rule.body)]
    spaced = [rule.selector for rule in wanted if re.search(r"(?<![-\w])(column-)?gap:", rule.body)]
    return {one.strip().removesuffix(":not([hidden])") for selector in spaced for one in selector.split(",")}


def test_where_flex_items_have_no_gap_they_have_a_margin():
    assert lacking(FLEX_GAP) == ["chrome"]
    old = rules_of(without_comments((STATIC / "css" / "older.css").read_text(), script=False))
    margins = {one.strip().removeprefix("fieldset") for rule in old for one in rule.selector.split(",")}
    spaced = {one.rpartition(" > ")[0] or one.removesuffix("::before") for one in margins}
    # the back office has no older.css
    pages = [path for path in STYLES if path.name not in ("admin.css", "console.css")]
    assert set().union(*map(flex_with_a_gap, pages)) - spaced == set()


def test_every_row_of_the_table_says_what_a_held_browser_lacks():
    assert [one.name for one in (*CSS, *JS) if not lacking(one)] == []
    assert HELD == {"chrome": 80, "safari_ios": 14.5, "firefox": 78}
