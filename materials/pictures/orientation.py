"""The orientation in an EXIF block (Exif 2.32, 4.6.4: tag 0x0112), read by hand; the rest is not touched."""

import struct

UPRIGHT = 1
_ORIENTATION, _SHORT = 0x0112, 3


def read(tiff: bytes) -> int:
    """Return 1 to 8 from a TIFF block (without the "Exif\\0\\0" before it); UPRIGHT where it says nothing sensible."""
    if tiff[:4] == b"II*\0":
        order = "<"
    elif tiff[:4] == b"MM\0*":
        order = ">"
    else:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for entry in range(count):
            tag, kind, length, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * entry)
            if tag == _ORIENTATION:
                return value if kind == _SHORT and length == 1 and 1 <= value <= 8 else UPRIGHT
    except struct.error:  # the block is cut off before the orientation
        return UPRIGHT
    return UPRIGHT
