"""Another key, another cipher, what lies in clear: all of it is sealed anew, and is readable all the time."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.storage import default_storage
from django.db import connection

from candidates.encryption import head_now
from candidates.models import Account, Application, Message
from materials.files import sealing
from materials.models import MaterialImage, RenderedDocument, Submission
from materials.printing import rendered
from review.models import ArchiveState
from review.operations import resealing
from tests import factories

pytestmark = pytest.mark.django_db
NEW_KEY = b"\x07" * 32


@pytest.fixture(autouse=True)
def nobody_reads_old_files(monkeypatch):
    monkeypatch.setattr(resealing, "STILL_READ", 0)


def reseal():
    return resealing.reseal(lambda done, total: None)


def heads(model, *columns):
    """Return the heads of what is sealed in these columns."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table}")
        return {bytes(value)[:6] for row in cursor.fetchall() for value in row if value}


def test_with_the_key_that_seals_nothing_is_left_to_do():
    factories.make_application("point_review")
    assert set(resealing.left().values()) == {0}
    assert reseal() == {"values": 0, "files": 0, "unreadable": 0, "lost": 0}


@pytest.mark.parametrize("other", ["key", "cipher"])
def test_all_that_is_sealed_is_sealed_anew_and_says_the_same(settings, other):
    case = factories.make_application("point_review")
    was = Application.objects.get(pk=case.pk)
    before = {
        "number": was.document_number,
        "mobile": was.account.mobile,
        "key": was.data_key,
        "form": Submission.objects.get(application=case).filled,
        "told": sorted(one.text for one in Message.objects.all()),
    }
    if other == "key":
        settings.FIELD_KEYS = [NEW_KEY, *settings.FIELD_KEYS]
    else:
        settings.CIPHER = "sm4"
    assert sum(resealing.left().values()) > 0
    counts = reseal()
    assert (counts["unreadable"], sum(resealing.left().values())) == (0, 0)
    assert heads(Account, "document_number", "mobile") == {head_now()}
    assert heads(Application, "document_number", "mobile", "data_key") == {head_now()}
    assert heads(Submission, "form") == {head_now()}
    if other == "key":
        settings.FIELD_KEYS = [NEW_KEY]  # the old one is gone
    now = Application.objects.get(pk=case.pk)
    assert before == {
        "number": now.document_number,
        "mobile": now.account.mobile,
        "key": now.data_key,
        "form": Submission.objects.get(application=case).filled,
        "told": sorted(one.text for one in Message.objects.all()),
    }
    image = MaterialImage.objects.filter(application=case).first()
    assert len(sealing.read(now, image.file)) == image.size


def test_what_was_bound_to_nothing_is_bound_to_its_row(settings):
    account = factories.make_candidate(mobile="13812340077")
    nonce = os.urandom(12)
    unbound = nonce + AESGCM(settings.FIELD_KEYS[0]).encrypt(nonce, b"13812340077", None)
    Account.objects.filter(pk=account.pk).update(mobile=unbound)
    assert Account.objects.get(pk=account.pk).mobile == "13812340077"
    assert reseal()["values"] == 2  # its number with it
    assert heads(Account, "mobile") == {head_now()}
    assert Account.objects.get(pk=account.pk).mobile == "13812340077"


def test_a_value_that_no_key_opens_is_counted_and_stays(settings):
    account = factories.make_candidate()
    Account.objects.filter(pk=account.pk).update(mobile=b"of a key that is gone")
    assert reseal()["unreadable"] == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile FROM candidates_account WHERE id = %s", [account.pk])
        assert bytes(cursor.fetchone()[0]) == b"of a key that is gone"


def test_more_rows_than_are_held_at_a_time_are_all_done(settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    for _ in range(5):
        factories.make_candidate()
    settings.FIELD_KEYS = [NEW_KEY, *settings.FIELD_KEYS]
    told = []
    resealing.reseal(lambda done, total: told.append((done, total)))
    assert told[0] == (0, 5)
    assert told[-1] == (5, 5)
    assert resealing.left()["candidates_account"] == 0


def test_who_is_stopped_goes_on_where_it_was(settings, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 1)
    for _ in range(3):
        factories.make_candidate()
    settings.FIELD_KEYS = [NEW_KEY, *settings.FIELD_KEYS]

    def told(done, total):
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        resealing.reseal(told)
    assert resealing.left()["candidates_account"] == 1
    assert reseal()["values"] == 2  # number and mobile of the third


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def clear(settings):
    """A submitted application whose pictures and notice lie in clear, as they did before files were sealed."""
    settings.SEAL_FILES = False
    case = factories.make_application("payment_due")
    rendered.fetch("notice", case)
    settings.SEAL_FILES = True
    return case


def contents(case):
    """Return every picture's and thumbnail's content, by its category, and the documents'."""
    found = [*MaterialImage.objects.filter(application=case).order_by("category")]
    documents = RenderedDocument.objects.filter(application=case).order_by("slug")
    return [
        *(sealing.read(case, key) for one in found for key in (one.file, one.thumbnail)),
        *(sealing.read(case, one.file) for one in documents),
    ]


def test_files_that_lay_in_clear_are_sealed_and_the_clear_ones_are_gone(clear, media_root):
    before = contents(clear)
    counts = reseal()
    assert counts["files"] == len(before)
    assert contents(clear) == before
    left = [path.name for path in media_root.rglob("*") if path.is_file()]
    assert len(left) == len(before)
    assert {name.endswith(".sealed") for name in left} == {True}
    assert all(content not in path.read_bytes() for path in media_root.rglob("*.sealed") for content in before)


def test_where_files_are_to_lie_in_clear_they_stay(clear, settings):
    settings.SEAL_FILES = False
    assert reseal()["files"] == 0
    assert not MaterialImage.objects.filter(file__endswith=".sealed").exists()


def test_a_file_that_the_storage_has_lost_is_counted_and_the_others_are_sealed(clear, media_root):
    lost = MaterialImage.objects.filter(application=clear).first()
    (media_root / lost.file).unlink()
    assert reseal()["lost"] == 1
    assert MaterialImage.objects.filter(application=clear).exclude(file__endswith=".sealed").get() == lost


def test_who_has_read_the_row_before_still_finds_the_clear_file(clear, monkeypatch):
    old = MaterialImage.objects.filter(application=clear).first()
    was = sealing.read(clear, old.file)
    seen = []

    def told(done, total):
        if MaterialImage.objects.get(pk=old.pk).file != old.file:
            seen.append(default_storage.exists(old.file))

    monkeypatch.setattr(resealing, "STILL_READ", 0.2)
    resealing.reseal(told)
    assert seen[0] is True
    assert not default_storage.exists(old.file)
    assert sealing.read(clear, MaterialImage.objects.get(pk=old.pk).file) == was


def test_a_document_that_was_printed_anew_meanwhile_is_left_as_it_is(clear, monkeypatch):
    row = RenderedDocument.objects.get(application=clear)
    sealed = sealing.sealed

    def printed_anew(application, key, content):
        RenderedDocument.objects.filter(pk=row.pk).update(file="documents/ab/newer.pdf.sealed")
        return sealed(application, key, content)

    monkeypatch.setattr(sealing, "sealed", printed_anew)
    reseal()
    assert RenderedDocument.objects.get(pk=row.pk).file == "documents/ab/newer.pdf.sealed"
    assert not default_storage.exists(f"{row.file}.sealed")


def test_the_archive_is_asked_to_look_through_all_files_again(clear):
    ArchiveState.objects.create(seen_at=clear.created_at)
    reseal()
    assert ArchiveState.objects.get().all_asked_at is not None
