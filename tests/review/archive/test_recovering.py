"""To a minute and back: a real server's base backups and WAL, its end within them, and what is wrong with them."""

import time
from datetime import timedelta

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from candidates.models import Account
from materials.models import MaterialImage
from review.archive import bases, recovering
from review.archive.place import ArchiveError
from review.management import programs
from tests import factories
from tests.review.archive.conftest import needs_age
from tests.review.archive.test_bases import base, enter

pytestmark = needs_age


def ask(url, sql):
    connected = psycopg2.connect(url)
    try:
        with connected.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connected.close()


def moment():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("kind", ["full", "incremental"])
def test_a_database_comes_back_as_it_was_in_that_minute_with_its_pictures(living, identity, scratch, media_root, kind):
    bases.make(living.folder, programs.find(), full=True)
    application = factories.make_application("registered")
    factories.upload_required(application)
    if kind == "incremental":
        assert bases.make(living.folder, programs.find()).kind == "incremental"
    image = application.images.first()
    content = default_storage.open(image.file).read()
    number, minute = Account.objects.count(), moment()
    time.sleep(0.01)
    factories.make_candidate()
    MaterialImage.objects.all().update(width=1)  # the mistake
    living.turn()
    assert living.problem == ""

    default_storage.delete(image.file)
    server = programs.own()
    with recovering.restored(living.folder, identity, scratch / "data", server, to=minute) as restored:
        assert ask(restored.url, "SELECT count(*) FROM candidates_account") == [(number,)]
        assert ask(restored.url, "SELECT min(width) > 1 FROM materials_materialimage") == [(True,)]
        files, _, missing = recovering.put_back(living.folder, identity, restored.url, write=True)
    assert (files, missing) == (2 * MaterialImage.objects.count(), [])
    assert default_storage.open(image.file).read() == content
    assert "restore_command" not in (scratch / "data" / "postgresql.auto.conf").read_text()
    assert not (scratch / "data" / "recovery.signal").exists()


def test_what_cannot_be_restored_says_why(living, identity, scratch):
    with pytest.raises(ArchiveError, match="没有那个时间以前完成的基础备份。"):
        recovering.plan(living.folder, None)
    before = moment()
    base = bases.make(living.folder, programs.find(), full=True)
    living.turn()
    with pytest.raises(ArchiveError, match="最早可以恢复到"):
        recovering.plan(living.folder, before)
    (scratch / "data").mkdir()
    (scratch / "data" / "one").touch()
    server = programs.own()
    with pytest.raises(ArchiveError, match="不是空的"):
        next(recovering.restored(living.folder, identity, scratch / "data", server).gen)
    with pytest.raises(ArchiveError, match="归档到不了"):
        later = moment().replace(year=2099)
        next(recovering.restored(living.folder, identity, scratch / "other", server, to=later).gen)
    base.path(living.folder).unlink()
    with pytest.raises(ArchiveError, match="不在备份里，不能恢复"):
        recovering.plan(living.folder, None)


def test_what_goes_on_from_a_backup_begins_with_its_own_first_segment(folder):
    names = [f"{number:024X}" for number in range((1 << 64) + 3, (1 << 64) + 7)]
    for name in names:
        (folder / "wal" / f"{name}-{'0' * 16}.gz.age").touch()
    one = enter(folder, base("a", first=names[1]))
    one.path(folder).touch()
    assert recovering.plan(folder, None).segments == 3


@pytest.mark.parametrize("ahead", [None, timedelta(minutes=1)])
def test_a_backup_whose_own_wal_is_not_archived_is_told_of_before_anything_is_restored(folder, ahead):
    (folder / "wal" / f"{(1 << 64) + 3:024X}-{'0' * 16}.gz.age").touch()
    one = enter(folder, base("a", first=f"{(1 << 64) + 4:024X}"))
    one.path(folder).touch()
    with pytest.raises(ArchiveError, match="a 以后的 WAL 还没有归档"):
        recovering.plan(folder, one.ended_at + ahead if ahead else None)


def test_a_file_that_no_pack_has_is_named(living, identity, scratch):
    bases.make(living.folder, programs.find(), full=True)
    factories.upload_required(factories.make_application("registered"))
    image = MaterialImage.objects.order_by("-uploaded_at").first()
    living.turn()
    for path in (living.folder / "pictures").iterdir():
        path.unlink()
    default_storage.save("images/00/none.jpg", ContentFile(b"x"))
    with recovering.restored(living.folder, identity, scratch / "data", programs.own()) as restored:
        _, _, missing = recovering.put_back(living.folder, identity, restored.url, write=False)
    assert image.file in missing
