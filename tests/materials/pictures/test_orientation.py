"""materials/pictures/orientation.py: one number out of an EXIF block, whatever else the block says."""

import struct

import pytest

from materials.pictures import orientation
from tests.materials.picture_files import tiff


@pytest.mark.parametrize("value", range(1, 9))
def test_the_eight_orientations_are_read_in_both_byte_orders(value):
    little = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHH", 0x0112, 3, 1, value, 0)
    assert (orientation.read(tiff(value)), orientation.read(little)) == (value, value)


@pytest.mark.parametrize("value", [0, 9, 255, 65_535])
def test_a_value_that_means_nothing_counts_as_upright(value):
    assert orientation.read(tiff(value)) == orientation.UPRIGHT


def test_a_malformed_block_counts_as_upright():
    turned = tiff(6)
    longer, text = turned[:15] + b"\x02" + turned[16:], turned[:13] + b"\x02" + turned[14:]
    outside, endless = b"MM\0*\xff\xff\xff\xf0", b"MM\0*\0\0\0\x08\xff\xff" + bytes(40)
    blocks = [b"", b"MM", b"XX*\0" + turned[4:], turned[:18], longer, text, outside, endless]
    assert {orientation.read(block) for block in blocks} == {orientation.UPRIGHT}
