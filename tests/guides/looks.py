"""What a guide's picture depends on: the words and elements of its page's templates, and the rules of their styles.

Addresses, conditions, expressions and comments are left out: they change often, and no picture shows them.
"""

import hashlib
import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path

from django.urls import resolve

from nmec_portal.local.setup import PROJECT
from nmec_portal.static_files import BUNDLES
from tests.test_nonsense import view_of

MANIFEST = Path(__file__).with_name("manifest.json")
TEMPLATES, STATIC = PROJECT / "templates", PROJECT / "static"
NAMED = re.compile(r"""["']([\w/-]+\.html)["']""")
STYLES = re.compile(r"""["'](css/[\w/-]+\.css)["']""")
BUNDLED = re.compile(r'bundle "([\w-]+\.css)"')
NOT_SEEN = re.compile(
    r'\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|/\*.*?\*/|(?:href|action|src)="[^"]*"|\s+', re.DOTALL
)


def look_of(address: str) -> str:
    """Return the checksum of what the page at this address looks like."""
    found = hashlib.sha256()
    for path in sorted(_templates(address)):
        source = (TEMPLATES / path).read_text()
        found.update(_seen(source))
        bundled = [part for name in BUNDLED.findall(source) for part in BUNDLES[name] if part.startswith("css/")]
        for style in (*bundled, *STYLES.findall(source)):
            found.update(_seen((STATIC / style).read_text()))
    return found.hexdigest()[:16]


def kept() -> dict[str, dict[str, str]]:
    """Return page and look of each picture, by its name, as they were when it was taken."""
    return json.loads(MANIFEST.read_text())


def keep(addresses: dict[str, str]) -> None:
    """Write down the page that each picture shows, with its look of today."""
    pages = {name: re.sub(r"\d{16}", "0" * 16, address) for name, address in sorted(addresses.items())}
    pictures = {name: {"page": page, "look": look_of(page)} for name, page in pages.items()}
    MANIFEST.write_text(json.dumps(pictures, indent=1) + "\n")


def _seen(source: str) -> bytes:
    return NOT_SEEN.sub(" ", source).encode()


def _source(view: Callable) -> str:
    """Return the source of a function with that of all others of its module that it speaks of."""
    beside = {name: one for name, one in vars(inspect.getmodule(view)).items() if inspect.isfunction(one)}
    source, waiting = "", [view]
    while waiting:
        said = inspect.getsource(waiting.pop())
        source += said
        waiting += [beside.pop(name) for name in [*beside] if re.search(rf"\b{name}\b", said)]
    return source


def _templates(address: str) -> set[str]:
    """Return those that the page's view names, or what it calls beside it, with what they extend and include."""
    found: set[str] = set()
    waiting = NAMED.findall(_source(view_of(resolve(address).func)))
    while waiting:
        path = waiting.pop()
        if path not in found and (TEMPLATES / path).is_file():
            found.add(path)
            waiting += NAMED.findall((TEMPLATES / path).read_text())
    return found
