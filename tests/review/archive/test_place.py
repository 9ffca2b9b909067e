"""What is sealed is there whole and for the private key alone, or not at all, and is never written over."""

import pytest

from review.archive import place
from review.archive.place import ArchiveError
from tests.review.archive.conftest import needs_age

pytestmark = needs_age


def test_what_is_sealed_opens_with_the_private_key_and_shows_nothing_without(folder, identity):
    secret = "欧阳𬀩龙 110101199003070011".encode() * 1000
    sealed = place.seal([secret[:7], secret[7:]], folder / "wal" / "one", compress=False)
    lying = (folder / "wal" / "one").read_bytes()
    assert secret[:20] not in lying
    assert (sealed.size, sealed.inside_size) == (len(lying), len(secret))
    with place.opened(folder / "wal" / "one", identity) as stream:
        assert stream.read() == secret


def test_another_key_opens_nothing_and_one_changed_byte_is_noticed(folder, identity, tmp_path):
    import subprocess

    path = folder / "wal" / "one"
    place.seal([b"x" * 200_000], path, compress=False)
    subprocess.run(["age-keygen", "-o", tmp_path / "other"], check=True, capture_output=True)
    with pytest.raises(ArchiveError, match="one 打不开"), place.opened(path, tmp_path / "other") as stream:
        stream.read()
    spoilt = bytearray(path.read_bytes())
    spoilt[-1] ^= 1
    path.write_bytes(spoilt)
    with pytest.raises(ArchiveError, match="one 打不开"), place.opened(path, identity) as stream:
        stream.read()


def test_a_file_is_never_written_over(folder):
    place.seal([b"first"], folder / "wal" / "one")
    before = (folder / "wal" / "one").read_bytes()
    with pytest.raises(ArchiveError, match="已经存在，没有改写"):
        place.seal([b"second"], folder / "wal" / "one")
    assert (folder / "wal" / "one").read_bytes() == before


def test_what_breaks_off_leaves_nothing(folder):
    def broken():
        yield b"x" * 100
        raise OSError(28, "No space left on device")

    with pytest.raises(ArchiveError, match="磁盘已满。请看磁盘的空间"):
        place.seal(broken(), folder / "wal" / "one")
    assert list((folder / "wal").iterdir()) == []


def test_an_archive_is_one_databases_alone(folder):
    with pytest.raises(ArchiveError, match="是另一个数据库的备份"):
        place.prepare(folder, "2")


def test_a_folder_that_cannot_be_used_is_told_with_what_to_look_at(settings, identity, tmp_path):
    from dataclasses import replace

    public = next(line.split()[-1] for line in identity.read_text().splitlines() if "public key" in line)
    settings.BACKUP = replace(settings.BACKUP, recipients=(public,))
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError) as refused:
        place.prepare(tmp_path / "file", "1")
    assert str(refused.value) == (
        f"备份的文件夹 {tmp_path}/file 不能用：路径中有一段不是文件夹。"
        "请看 NMEC_BACKUP_FOLDER、它的主人，以及硬盘是否挂上。"
    )


def test_without_a_public_key_nothing_is_archived(folder, settings):
    from dataclasses import replace

    settings.BACKUP = replace(settings.BACKUP, recipients=())
    with pytest.raises(ArchiveError, match="备份不加密就不做"):
        place.prepare(folder, "1")
