import tracemalloc
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from materials.files import zips

AT = datetime(2027, 3, 8, 23, 59, 58)
UTF_8, SIZES_FOLLOW = 0x800, 0x008  # flags of an entry (PKWARE APPNOTE 4.4.4)
WIDE = slice(20, 28)  # in an entry's ZIP64 field: where its file begins


def written(files):
    return b"".join(zips.zipped(files))


def test_every_file_comes_out_as_it_went_in():
    files = [("王某某_2毕业证书_1.jpg", AT, b"\xff\xd8" * 1000), ("empty.txt", AT, b"")]
    with ZipFile(BytesIO(written(files))) as archive:
        assert archive.testzip() is None
        assert [(one.filename, archive.read(one), one.date_time) for one in archive.infolist()] == [
            (name, content, (2027, 3, 8, 23, 59, 58)) for name, _, content in files
        ]


def test_files_are_stored_their_names_are_utf_8_and_their_sizes_stand_before_them():
    with ZipFile(BytesIO(written([("王某某.jpg", AT, b"x" * 1000), ("a.txt", AT, b"y")]))) as archive:
        facts = [(one.compress_type, one.flag_bits & (UTF_8 | SIZES_FOLLOW)) for one in archive.infolist()]
    assert facts == [(ZIP_STORED, UTF_8)] * 2


def test_an_empty_archive_is_one():
    with ZipFile(BytesIO(written([]))) as archive:
        assert archive.namelist() == []


def test_more_than_65_535_files_are_all_there():
    with ZipFile(BytesIO(written((f"{number}.txt", AT, b"x") for number in range(66_000)))) as archive:
        assert (len(archive.namelist()), archive.read("65999.txt")) == (66_000, b"x")


def test_what_lies_beyond_4_gb_is_found():
    with ZipFile(BytesIO(written([("a.txt", AT, b"a" * 200), ("b.txt", AT, b"b" * 200)]))) as archive:
        entries = archive.infolist()
    begins = [int.from_bytes(one.extra[WIDE], "little") for one in entries]  # 64 bits, wherever the file lies
    assert begins == [one.header_offset for one in entries]


def test_of_what_has_gone_only_a_line_of_the_directory_stays_in_memory():
    assert (peak(20_000) - peak(2000)) / 18_000 < 512


def peak(number):
    """The most bytes held while `number` files of 4 kB pass through."""
    tracemalloc.start()
    for _ in zips.zipped((f"{one}.jpg", AT, bytes(4096)) for one in range(number)):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most
