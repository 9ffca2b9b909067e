"""Cut Bootstrap's style sheet to what the pages use: `python -m nmec_portal.local.bootstrap PUBLISHED.css`.

PUBLISHED.css is `dist/css/bootstrap.min.css` as published (npm pack bootstrap@5.3.9). What is written lies where the
pages have it from, static/vendor; its checksum goes into the manifest. A rule stays where every class that it names
stands in a template, a script or a form; a variable where something refers to it. `tests/test_vendor.py` finds a class
that is used and was cut away: then this is done again.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
VENDOR = PROJECT / "static" / "vendor"
FOLDER = "bootstrap-5.3.9"
CUT = VENDOR / FOLDER / "bootstrap.used.min.css"
NAMES = Path(__file__).with_name("bootstrap_classes.txt")  # all that the published sheet knows; the test compares
ATTRIBUTE = re.compile(r'\bclass="((?:[^"{]|\{%.*?%\}|\{\{.*?\}\}|\{)*)"')
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
IN_CODE = re.compile(r"""(["'`])(.*?)\1""")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
VARIABLE = re.compile(r"var\((--[\w-]+)")


def used() -> set[str]:
    """Return every word that stands where a class may: in templates, in scripts' texts, in the forms' attributes."""
    found: set[str] = set()
    for path in (PROJECT / "templates").rglob("*.html"):
        for value in ATTRIBUTE.findall(path.read_text()):
            found |= _words(value)
    for path in (PROJECT / "static" / "js").glob("*.js"):
        for _, text in IN_CODE.findall(path.read_text()):
            found |= set(text.replace(".", " ").split())
    for app in ("candidates", "materials", "review", "nmec_portal"):
        for path in (PROJECT / app).rglob("*.py"):
            for line in path.read_text().splitlines():
                if "class" in line or "layout" in line:
                    found |= {word for _, text in IN_CODE.findall(line) for word in re.findall(r"[\w-]+", text)}
    return found


def _words(value: str) -> set[str]:
    """Return the classes of an attribute, whatever its conditions choose: btn-{% if a %}x{% else %}y{% endif %}."""
    pieces = [piece for part in TAG.split(value) for piece in part.split() if piece]
    beginnings = [piece for piece in pieces if piece.endswith("-")]
    return {*pieces, *(begun + piece for begun in beginnings for piece in pieces)}


def cut(css: str, classes: set[str], referred: set[str]) -> str:
    """Return the sheet without other classes' rules, and variables that nothing in it or `referred` asks for."""
    kept = "".join(_rules(css, classes))
    while True:
        again = _without(kept, {*re.findall(r"(--bs-[\w-]+):", kept)} - {*VARIABLE.findall(kept), *referred})
        again = re.sub(r"(?<=[{}])[^{}]*\{\}", "", again)
        if again == kept:
            return kept.replace(";}", "}")
        kept = again


def _without(css: str, variables: set[str]) -> str:
    return re.sub(r"(--bs-[\w-]+):[^;{}]*(?:;|(?=\}))", lambda one: "" if one[1] in variables else one[0], css)


def _rules(css: str, classes: set[str]) -> Iterator[str]:
    for head, body in _blocks(css):
        if head.startswith("@media"):
            inside = "".join(_rules(body, classes))
            if inside:
                yield f"{head}{{{inside}}}"
        elif not head.startswith("@"):  # our pages animate nothing of Bootstrap's
            left = [one for one in _selectors(head) if _is_used(one, classes)]
            if left:
                yield f"{','.join(left)}{{{body}}}"


def _is_used(selector: str, classes: set[str]) -> bool:
    """Tell whether all that it names may be there; our pages are light, and no page is written from right to left."""
    if "data-bs-theme=dark" in selector or "[data-bs-popper" in selector:
        return False
    plain = re.sub(r":not\([^()]*\)", "", selector)
    return set(CLASS.findall(plain)) <= classes


def _selectors(head: str) -> list[str]:
    """Split at the commas that are not within brackets."""
    return [one.strip() for one in re.split(r",(?![^(\[]*[)\]])", head)]


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield each rule as its head and what is between its braces."""
    at = 0
    while (opening := css.find("{", at)) >= 0:
        head = css[at:opening]
        depth, end = 1, opening + 1
        while depth:
            end += 1
            depth += {"{": 1, "}": -1}.get(css[end - 1], 0)
        yield head.strip(), css[opening + 1 : end - 1]
        at = end


def classes_of(css: str) -> set[str]:
    """Return the classes that a sheet's selectors name."""
    return {name for head in _heads(css) for name in CLASS.findall(head)}


def _heads(css: str) -> Iterator[str]:
    for head, body in _blocks(css):
        if head.startswith("@media"):
            yield from _heads(body)
        elif not head.startswith("@"):
            yield head


def referred() -> set[str]:
    """Return the variables that our own sheets and scripts ask for."""
    own = (*(PROJECT / "static" / "css").glob("*.css"), *(PROJECT / "static" / "js").glob("*.js"))
    return {name for path in own for name in VARIABLE.findall(path.read_text())}


def write(published: str) -> None:
    licence = re.findall(r"/\*!.*?\*/", published, re.S)[0]
    bare = re.sub(r"/\*.*?\*/|@charset[^;]*;", "", published, flags=re.S)
    CUT.write_text(f"{licence}\n{cut(bare, used(), referred())}\n")
    NAMES.write_text("\n".join(sorted(classes_of(bare))) + "\n")
    _tell_the_manifest()


def _tell_the_manifest() -> None:
    manifest = VENDOR / "manifest.json"
    packages = json.loads(manifest.read_text())
    ours = next(one for one in packages if one["name"] == "bootstrap")
    ours["files"][CUT.relative_to(VENDOR).as_posix()] = hashlib.sha256(CUT.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(packages, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]).read_text())
