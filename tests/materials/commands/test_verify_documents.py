"""Every stored document is read again and compared with what was written down of it."""

from hashlib import sha256
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from materials.models import RenderedDocument
from tests import factories

pytestmark = pytest.mark.django_db


def keep(application, slug: str, content: bytes, sha256: str) -> RenderedDocument:
    key = default_storage.save(f"documents/aa/{slug}.pdf", ContentFile(content))
    return RenderedDocument.objects.create(
        application=application,
        slug=slug,
        data_hash="x",
        file=key,
        size=4,
        sha256=sha256,
        rendered_at=timezone.now(),
    )


def test_what_is_as_it_was_written_is_counted_and_the_rest_is_named():
    application = factories.make_application("registered")
    good = sha256(b"%PDF").hexdigest()
    keep(application, "notice", b"%PDF", good)
    call_command("verify_documents", stdout=(out := StringIO()))
    assert out.getvalue() == "共 1 份文书，全部相符。\n"
    keep(application, "changed", b"%PDX", good)
    keep(application, "longer", b"%PDF-", good)
    default_storage.delete(keep(application, "gone", b"%PDF", good).file)
    with pytest.raises(CommandError, match="共 4 份文书，3 份不符。"):
        call_command("verify_documents", stdout=(out := StringIO()))
    assert [line.split(" ")[1] for line in out.getvalue().splitlines()] == [
        "changed：内容与摘要不符（documents/aa/changed.pdf）。",
        "longer：大小是",
        "gone：文件不存在（documents/aa/gone.pdf）。",
    ]


def test_a_document_that_the_storage_does_not_give_is_named(monkeypatch):
    application = factories.make_application("registered")
    keep(application, "notice", b"%PDF", sha256(b"%PDF").hexdigest())

    def broken(storage, key):
        raise OSError("unplugged")

    monkeypatch.setattr(type(default_storage._wrapped), "open", broken)
    with pytest.raises(CommandError, match="共 1 份文书，1 份不符。"):
        call_command("verify_documents", stdout=(out := StringIO()))
    assert "文件无法读取" in out.getvalue()
