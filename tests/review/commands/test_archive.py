"""The archive by its commands, as an operator uses them: back up, look, restore, drill."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.models import OperatorAct
from review.archive import drill
from review.models import ArchiveState, Backup
from tests import factories
from tests.review.archive.conftest import (  # noqa: F401 -- fixtures
    archive,
    full_server,
    identity,
    living,
    needs_age,
    scratch,
)

pytestmark = needs_age


def run(*words):
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def test_a_night_with_the_archive(living, identity, scratch, monkeypatch):  # noqa: F811
    monkeypatch.setattr(drill, "SETTLED", timedelta(0))
    with pytest.raises(CommandError) as refused:
        run("list_backups")
    assert str(refused.value).splitlines()[0].startswith("归档服务没有运行：")

    application = factories.make_application("registered")
    factories.upload_required(application)
    assert run("base_backup", "--full", "--dry-run").startswith("检查通过（未写入）：")
    assert run("base_backup", "--full").startswith("已备份 ")
    living.turn()
    assert "  完整  " in run("list_backups", "--check")

    assert run("recover", "--identity", identity, "--data", scratch / "data", "--dry-run").startswith("基础备份 ")
    told = run("recover", "--identity", identity, "--data", scratch / "data").splitlines()
    assert told[2].startswith("其中报名 1 份，办理记录 1 条，最后一条在 ")
    assert told[3].startswith("图片和文书：备份中 8 个文件")
    assert run("drill", "--identity", identity).endswith("演练通过：行数和摘要全部相符。\n")
    with pytest.raises(CommandError, match="它不在这台机器上，请从保管处取来"):
        run("recover", "--identity", scratch / "none", "--data", scratch / "other")
    assert list(OperatorAct.objects.values_list("command", "phase").order_by("id")) == [
        *(("base_backup", "begun"), ("base_backup", "done")),
        *(("drill", "begun"), ("drill", "done")),
    ]


@pytest.mark.django_db
def test_a_disk_that_is_not_mounted_is_told(settings, tmp_path):
    settings.BACKUP = replace(settings.BACKUP, folder=tmp_path / "archive")
    now = timezone.now()
    ArchiveState.objects.create(seen_at=now, archived_until=now)
    Backup.objects.create(name="one", kind="full", began_at=now, ended_at=now, size=1)
    with pytest.raises(CommandError) as refused:
        run("list_backups")
    assert str(refused.value) == (f"{tmp_path}/archive 里一个备份也没有：请看 NMEC_BACKUP_FOLDER，以及硬盘是否挂上。")
