"""The backups that lie in a folder, as the back office shows them."""

import json
from datetime import timedelta

from django.utils import timezone

from review.operations import backup_list

NOW = timezone.now()


def backup(folder, name, age=timedelta(hours=2), **changes):
    (folder / name).mkdir()
    manifest = {"made_at": (NOW - age).isoformat(), "files": 3, "bytes": 100, "database": {"size": 50}, "missing": []}
    (folder / name / "manifest.json").write_text(json.dumps({**manifest, **changes}))


def test_the_newest_stands_first_with_its_size(tmp_path):
    backup(tmp_path, "old", timedelta(days=2))
    backup(tmp_path, "new")
    found = backup_list.look(str(tmp_path), NOW)
    assert [(one.name, one.files, one.size) for one in found.found] == [("new", 3, 150), ("old", 3, 150)]
    assert found.trouble == ""


def test_an_old_one_is_told_of(tmp_path):
    backup(tmp_path, "old", timedelta(days=3))
    assert backup_list.look(str(tmp_path), NOW).trouble == "最近一次完整的备份已有 3 天，应当每天备份。"


def test_what_is_no_whole_backup_says_why(tmp_path):
    (tmp_path / "cut").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "manifest.json").write_text("{")
    backup(tmp_path, "short", missing=["images/a"])
    found = {one.name: one.trouble for one in backup_list.look(str(tmp_path), NOW).found}
    assert found == {
        "cut": "没有做完，或不是备份：没有清单",
        "bad": "清单读不出",
        "short": "缺 1 个文件：请运行 verify_storage",
    }
    assert backup_list.look(str(tmp_path), NOW).trouble == "还没有一个完整的备份。"


def test_a_folder_that_is_not_there_or_not_set_is_told_of(tmp_path):
    assert "没有设置" in backup_list.look("", NOW).trouble
    assert "读不到备份文件夹" in backup_list.look(str(tmp_path / "none"), NOW).trouble
