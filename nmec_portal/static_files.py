"""The static files: in production without their comments and blanks, and joined where a page needs several together.

Twenty small files compress worse than one, and each is a request more; so the pages name a bundle ({% bundle %}). In
development its parts are linked one by one, as they lie in static/. What others wrote (static/vendor, Django's own) is
served as it was.
"""

from collections.abc import Iterator
from typing import Any

import rcssmin
import rjsmin
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# name → its parts, in the order in which they are read; the scripts are ours, strict, and ask for nothing by their tag
BUNDLES = {
    "page.css": (
        "vendor/bootstrap-5.3.9/bootstrap.used.min.css",
        *(f"css/{name}.css" for name in ("portal", "states", "forms", "candidates", "older")),
    ),
    "page.js": ("js/engines.js", "js/portal.js"),
    "form.js": tuple(f"js/{name}.js" for name in ("form_questions", "form_drafts", "form", "institutions")),
    "materials.css": ("css/materials.css", "css/materials_sheets.css"),
    "materials.js": (
        *(f"js/materials_{name}.js" for name in ("bytes", "pictures", "sending", "cards", "lines", "submitting")),
        "js/materials.js",
    ),
    "picture.js": ("js/materials_bytes.js", "js/materials_pictures.js"),
    "reviewer.css": ("css/review.css", "css/case.css"),
    "reviewer.js": ("js/session.js", "js/review_keys.js", "js/review_scans.js"),
    "case.js": (
        *(f"js/review_{name}.js" for name in ("pictures", "room", "onsite", "larger", "compare", "lists", "drafts")),
        *("js/case_return.js", "js/review_office.js", "js/review.js"),
    ),
}
FOLDER = "bundles"  # beside css/ and js/, as deep as they: what a style sheet refers to lies the same way from there
OURS = ("css/", "js/")


class PlainStorage(StaticFilesStorage):
    """The files as they lie in static/."""

    def bundled(self, name: str) -> list[str]:
        """Return the addresses of a bundle's parts."""
        return [self.url(part) for part in BUNDLES[name]]


class SmallStorage(CompressedManifestStaticFilesStorage):
    """What collectstatic makes for production: ours made smaller, the bundles, a hash in each name, .gz and .br."""

    def bundled(self, name: str) -> list[str]:
        """Return the address of a bundle."""
        return [self.url(f"{FOLDER}/{name}")]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Write what is made of the files into the folder that they were collected in; then as ever."""
        found = dict(paths)
        if not dry_run:
            texts = {name: _small(name, _read(place)) for name, place in paths.items() if _is_text(name)}
            for name, text in {**texts, **_joined(texts)}.items():
                self.delete(name)
                self._save(name, ContentFile(text.encode()))
                found[name] = (self, name)
        yield from super().post_process(found, dry_run=dry_run, **options)


def _is_text(name: str) -> bool:
    return name.startswith(OURS) or any(name in parts for parts in BUNDLES.values())


def _read(place: tuple[Any, str]) -> str:
    storage, path = place
    with storage.open(path) as file:
        return file.read().decode()


def _small(name: str, text: str) -> str:
    """Return a style sheet or script of ours without comments and blanks."""
    if not name.startswith(OURS):
        return text
    return rjsmin.jsmin(text) if name.endswith(".js") else rcssmin.cssmin(text)


def _joined(texts: dict[str, str]) -> dict[str, str]:
    return {f"{FOLDER}/{name}": "\n".join(texts[part] for part in parts) for name, parts in BUNDLES.items()}
