import tracemalloc
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

from review.reports import archives

AT = datetime(2027, 3, 8, 23, 59, 58)


def written(files):
    return b"".join(archives.stream(files))


def test_every_file_comes_out_as_it_went_in():
    files = [("王某某_2毕业证书_1.jpg", AT, b"\xff\xd8" * 1000), ("empty.txt", AT, b"")]
    with ZipFile(BytesIO(written(files))) as archive:
        assert archive.testzip() is None
        assert [(one.filename, archive.read(one), one.date_time) for one in archive.infolist()] == [
            (name, content, (2027, 3, 8, 23, 59, 58)) for name, _, content in files
        ]


def test_an_empty_archive_is_one():
    with ZipFile(BytesIO(written([]))) as archive:
        assert archive.namelist() == []


def test_more_than_65_535_files_are_all_there():
    with ZipFile(BytesIO(written((f"{number}.txt", AT, b"x") for number in range(66_000)))) as archive:
        assert (len(archive.namelist()), archive.read("65999.txt")) == (66_000, b"x")


def test_what_lies_beyond_4_gb_is_found(monkeypatch):
    monkeypatch.setattr(archives, "MOST_32", 100)  # the same records, written as if the limit were near
    content = written([("a.txt", AT, b"a" * 200), ("b.txt", AT, b"b" * 200)])
    assert archives.OFFSET_64.pack(1, 8, 235) in content


def test_memory_does_not_grow_with_the_number_of_files():
    assert peak(20_000) <= 1.2 * peak(2000)


def peak(number):
    """The most bytes held while `number` files of 4 kB pass through."""
    tracemalloc.start()
    for _ in archives.stream((f"{one}.jpg", AT, bytes(4096)) for one in range(number)):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most
