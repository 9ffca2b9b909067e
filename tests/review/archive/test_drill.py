"""A drill passes when the archive is as the database, and says what is not."""

from datetime import timedelta

import pytest

from candidates.models import Account
from review.archive import bases, drill, keeping
from review.management import programs
from review.models import Backup
from tests import factories
from tests.review.archive.conftest import needs_age

pytestmark = needs_age


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(drill, "SETTLED", timedelta(0))


def test_what_was_archived_is_compared_and_the_backup_is_marked(living, identity):
    base = bases.make(living.folder, programs.find(), full=True)
    factories.upload_required(factories.make_application("registered"))
    living.turn()
    keeping.write_down(living.folder)
    done = drill.run(living.folder, identity, programs.own())
    assert (done.differing, done.missing, done.base) == ([], [], base.name)
    assert done.rows > 5
    assert done.files >= 8
    assert Backup.objects.get(name=base.name).drilled_at is not None


def test_a_row_that_the_archive_does_not_have_as_it_is_fails_the_drill(living, identity):
    bases.make(living.folder, programs.find(), full=True)
    account = factories.make_reviewer(factories.make_units()["11"])
    living.turn()
    Account.objects.filter(pk=account.pk).update(kind="operator", unit=None)
    done = drill.run(living.folder, identity, programs.own(), files=False)
    assert done.differing == ["账号：行数相同，内容不同"]
