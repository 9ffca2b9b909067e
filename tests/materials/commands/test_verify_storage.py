"""manage.py verify_storage: every row has its file, every file its row."""

import os
import time
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from candidates.applications.workflow import Actor
from materials import uploads
from materials.files.storage import PROBES
from materials.files.verifying import YOUNG
from materials.management.commands.verify_storage import WORDS
from materials.models import MaterialImage
from tests import factories

pytestmark = pytest.mark.django_db


def verify(*options):
    """(the report's lines, whether the command ended well)"""
    out = StringIO()
    try:
        call_command("verify_storage", *options, stdout=out)
    except CommandError as error:
        return [*out.getvalue().splitlines(), str(error)], False
    return out.getvalue().splitlines(), True


def summary(**counts):
    """The report's last line; what is not given is as it is for one picture in order."""
    usual = {"相符的登记": 1, "相符的文件": 2}
    return "，".join(f"{word} {(usual | counts).get(word, 0)}" for word in WORDS.values()) + "。"


@pytest.fixture
def image(media_root, settings):
    settings.SEAL_FILES = False  # test_verifying tries both
    application = factories.make_application("registered")
    actor = Actor.of(application.account)
    image = uploads.add_image(application.pk, "identity", factories.a_picture(), actor=actor)
    grow_old(media_root)
    return image


def grow_old(folder):
    before = time.time() - 48 * 3600
    for path in folder.rglob("*.*"):
        os.utime(path, (before, before))


def test_what_belongs_together_is_counted_and_ends_well(image):
    assert verify() == ([summary()], True)


def test_what_a_killed_readiness_probe_left_is_swept(image, media_root):
    left = media_root / PROBES / "0123456789abcdef"
    left.parent.mkdir()
    left.write_bytes(bytes(16))
    assert verify("--fix")[1] and left.exists()  # too young to judge
    os.utime(left, (0, 0))
    assert verify("--fix")[1] and not left.exists()


def test_a_missing_file_is_named_and_ends_badly(image, media_root):
    (media_root / image.file).unlink()
    assert verify("--fix") == (
        [f"文件不存在：{image.file}", summary(文件不存在=1, 相符的文件=1), "缺失或损坏 1 处，多余的文件 0 个。"],
        False,
    )


@pytest.mark.parametrize("spoil", ["empty", "missing", "half", "of a phone"])
def test_a_thumbnail_that_does_not_show_is_named_and_made_anew(image, media_root, spoil):
    path = media_root / image.thumbnail
    good = path.read_bytes()
    path.unlink()
    if spoil != "missing":
        huge = BytesIO()
        Image.new("RGB", (321, 4)).save(huge, "JPEG")
        path.write_bytes({"empty": b"", "half": good[: len(good) // 2], "of a phone": huge.getvalue()}[spoil])
    assert verify()[0][0] == f"缩略图缺失或损坏：{image.thumbnail}"
    lines, ended_well = verify("--fix")
    assert (lines[0], ended_well) == (f"缩略图缺失或损坏：{image.thumbnail}（已重新生成）", True)
    assert path.read_bytes() == good
    assert verify() == ([summary()], True)


def test_a_file_with_other_bytes_or_more_of_them_is_named(image, media_root):
    content = (media_root / image.file).read_bytes()
    (media_root / image.file).write_bytes(content[:-1] + b"x")
    assert verify()[0][:2] == [f"内容不符：{image.file}", summary(内容不符=1)]
    (media_root / image.file).write_bytes(content + b"x")
    assert verify()[0][:2] == [f"大小不符：{image.file}", summary(大小不符=1)]


@pytest.mark.parametrize("name", ["images/ab/stray.jpg", "images/.half.part", "images/odd/stray.jpg"])
def test_a_file_without_a_row_is_swept_once_it_is_old(image, media_root, name):
    path = media_root / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    assert verify("--fix") == ([summary(**{WORDS[YOUNG]: 1})], True)
    grow_old(media_root)
    left = "缺失或损坏 0 处，多余的文件 1 个。"
    assert verify() == ([f"没有登记的文件：{name}", summary(没有登记的文件=1), left], False)
    assert verify("--fix") == ([f"没有登记的文件：{name}（已清除）", summary(没有登记的文件=1, 已清除的文件=1)], True)
    assert not path.exists()
    assert verify() == ([summary()], True)


def test_files_of_a_removed_picture_go_where_it_was_never_submitted(image, media_root):
    actor = Actor.of(image.application.account)
    uploads.remove_image(image.pk, actor=actor)  # the test's transaction never commits: the files stay
    lines, ended_well = verify("--fix")
    expected = summary(已删除图片的文件=2, 相符的登记=0, 相符的文件=0, 已清除的文件=2)
    assert lines[2] == expected
    assert ended_well is True
    assert [path for path in media_root.rglob("*.*")] == []


def test_files_of_a_removed_picture_stay_where_it_was_submitted(image):
    MaterialImage.objects.update(submitted=True)
    actor = Actor.of(image.application.account)
    MaterialImage.objects.filter(pk=image.pk).update(removed_at=image.uploaded_at, removed_by=actor.account)
    assert verify("--fix") == ([summary()], True)


def test_a_grace_time_under_an_hour_is_refused(image):
    lines, ended_well = verify("--grace", "0.5")
    assert len(lines) == 1
    assert ended_well is False
