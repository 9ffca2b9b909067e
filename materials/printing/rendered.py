"""The store of printed documents: what was rendered once is served again until what it prints has changed.

A document is known by the keyed hash of all that its template prints and of how it is printed; a row points to the
file, one per application and document. The packet is not kept.
"""

import hashlib
import json
import logging
import uuid
from collections.abc import Callable
from functools import lru_cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from candidates.encryption import keyed_hash
from candidates.models import Application
from candidates.prepared import Prepared
from materials.files import sealing
from materials.files.storage import STORAGE_ERRORS
from materials.models import RenderedDocument
from materials.printing import documents, fonts, pdf

logger = logging.getLogger(__name__)

FOR_EMPLOYER = "-employer"  # behind a slug: kept beside the one whose employer's part is empty
_KEPT = Prepared(lambda: RenderedDocument.objects.filter(application_id=0))

# all that changes how a page looks while its words stay the same
HOW_IT_IS_PRINTED = (
    *("templates/documents/**/*.html", "static/css/documents.css", "static/fonts/*.ttf"),
    *(
        "materials/printing/pdf.py",
        "materials/printing/engine.py",
        "materials/printing/tags.py",
        "materials/printing/fonts.py",
        "materials/printing/codes.py",
    ),
    "materials/templatetags/documents.py",
)


@lru_cache(maxsize=1)
def version() -> str:
    """Return a hash of what prints: templates, styles, fonts, code, WeasyPrint's version and the fallback fonts."""
    found = hashlib.sha256(metadata.version("weasyprint").encode())
    for pattern in HOW_IT_IS_PRINTED:
        for path in sorted(pdf.PROJECT.glob(pattern)):
            found.update(_digest(str(path.relative_to(pdf.PROJECT)).encode()) + _digest(path.read_bytes()))
    for _, font in fonts.SYSTEM_FONTS:
        found.update(_digest(f"{font.name} {_size(font)}".encode()))
    return found.hexdigest()


def fetch(slug: str, application: Application, *, employer: bool = False) -> bytes:
    """Return the prefilled PDF, from the store where it has it, else rendered and kept.

    `employer`: with the part that is left to the employer. Raises KeyError, documents.NoNotice, or what pdf.render
    raises; a storage that fails is no reason to refuse it.
    """
    page = documents.prefilled(slug, application, employer=employer)
    return fetch_page(f"{slug}{FOR_EMPLOYER}" if employer else slug, application, page, documents.html_of)


def fetch_page(
    slug: str, application: Application, page: dict[str, Any], html_of: Callable[[dict[str, Any]], str]
) -> bytes:
    """Return the PDF of this page as fetch() does: one that a higher app has made, of plain values."""
    data_hash = _data_hash(page)
    row = _row(application, slug)
    if row and row.data_hash == data_hash and (kept := _read(application, row)):
        return kept

    html = html_of(page)
    content = pdf.render(html)
    _keep(application, slug, data_hash, content, missing=pdf.gaps_of(html).code_points)
    return content


def is_kept(slug: str, application: Application) -> bool:
    """Return whether fetch() would serve it without rendering. Raises KeyError, documents.NoNotice."""
    row = _row(application, slug)
    wanted = _data_hash(documents.prefilled(slug, application))
    return row is not None and row.data_hash == wanted and _read(application, row) is not None


def _data_hash(page: dict[str, object]) -> str:
    return keyed_hash(json.dumps([version(), page], ensure_ascii=False, sort_keys=True, default=str))


def _row(application: Application, slug: str) -> RenderedDocument | None:
    return next((row for row in _KEPT(application.pk) if row.slug == slug), None)


def _read(application: Application, row: RenderedDocument) -> bytes | None:
    """Return the bytes of the file, or None where there is none, or not as it was written."""
    if not row.file:
        return None
    try:
        content = sealing.read(application, row.file)
    except STORAGE_ERRORS:
        return None
    return content if hashlib.sha256(content).hexdigest() == row.sha256 else None


def _keep(application: Application, slug: str, data_hash: str, content: bytes, *, missing: str) -> None:
    """Keep a rendering, and which characters it has gaps for.

    Storage first, row second: a crash may leave an orphan file, never a row without its file.
    """
    name = uuid.uuid4().hex
    key = sealing.key_for(f"documents/{name[:2]}/{name}.pdf")
    try:
        default_storage.save(key, ContentFile(sealing.sealed(application, key, content)))
    except STORAGE_ERRORS as error:
        logger.error("a rendered document could not be stored: %s", type(error).__name__)
        return
    sha256 = hashlib.sha256(content).hexdigest()
    _save(application, slug, data_hash, file=key, size=len(content), sha256=sha256, missing=missing)


def _save(
    application: Application,
    slug: str,
    data_hash: str,
    *,
    file: str,
    size: int,
    sha256: str,
    missing: str,
) -> None:
    """Write the document's row: its file, and the characters that no font had."""
    defaults = {
        "data_hash": data_hash,
        "file": file,
        "size": size,
        "sha256": sha256,
        "missing": missing,
        "rendered_at": timezone.now(),
    }
    with transaction.atomic():
        held = RenderedDocument.objects.select_for_update().filter(application=application, slug=slug)
        former = held.values_list("file", flat=True).first()
        row, created = RenderedDocument.objects.get_or_create(application=application, slug=slug, defaults=defaults)
        if not created:
            former = row.file  # of whoever was quicker
            RenderedDocument.objects.filter(pk=row.pk).update(**defaults)
        if former:
            transaction.on_commit(partial(_remove, former))


def _remove(key: str) -> None:
    try:
        default_storage.delete(key)
    except STORAGE_ERRORS as error:
        logger.error("a replaced document could not be removed: %s", type(error).__name__)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
