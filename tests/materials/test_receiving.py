"""What of a sent file reaches memory: one byte more than a picture may have."""

import pytest

from materials.pictures.limits import MAX_BYTES
from materials.receiving import BoundedUploadHandler


def received(*chunks):
    handler, start = BoundedUploadHandler(), 0
    handler.new_file("images", "a.jpg", "image/jpeg", None)
    for chunk in chunks:
        assert handler.receive_data_chunk(chunk, start) is None  # nobody else gets it
        start += len(chunk)
    return handler.file_complete(start)


def test_a_picture_is_kept_whole():
    file = received(b"one ", b"two")
    assert (file.size, file.read(), file.name) == (7, b"one two", "a.jpg")


@pytest.mark.parametrize("more", [1, 2, 10 * MAX_BYTES])
def test_of_a_larger_file_one_byte_above_the_limit_is_kept_and_the_rest_counted(more):
    file = received(bytes(MAX_BYTES), bytes(more))
    assert (file.size, len(file.read())) == (MAX_BYTES + more, MAX_BYTES + 1)


def test_an_empty_file_is_empty():
    file = received()
    assert (file.size, file.read()) == (0, b"")
