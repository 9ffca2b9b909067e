"""A JPEG's scans decoded at a scale, and the search for one that ends before the picture does."""

from PIL import Image

from materials.pictures.jpeg import COSTLY, TRAILER, Jpeg
from materials.pictures.limits import THUMBNAIL_SIDE, corrupt

_BLOCK = 8  # pixels a side, of a JPEG's blocks
_ENORMOUS = 500_000_000  # scans x pixels above which not all is decoded twice
_TRAILERS_END = b"SEFT"  # Samsung's
_GUESSED = 3  # bytes: of fewer a decoder may guess what is missing
# by a JPEG's components: Pillow's mode, and the order of the decoder's bytes
_MODES = {1: ("L", "L"), 3: ("RGB", "RGB"), 4: ("CMYK", "CMYK;I")}


def scaled(header: Jpeg, content: bytes, long_side: int) -> Image.Image:
    """Decode a JPEG to the last byte at the smallest scale (1, 1/2, 1/4 or 1/8) that leaves `long_side` pixels.

    By Pillow's decoder alone, without its reader: what that would look for in the segments `header` has.
    """
    longest = max(header.width, header.height)
    scale = next((one for one in (8, 4, 2) if one * long_side <= longest), 1)
    mode, raw = _MODES[header.components]
    size = -(-header.width // scale), -(-header.height // scale)
    return Image.frombytes(mode, size, content, "jpeg", raw, "", scale, 0)


def ended(header: Jpeg) -> Jpeg:
    """Return a JPEG that lacks its end mark with it, at the end of its last scan. Raises PictureRefused (corrupt).

    Some phones leave it out and write more behind the data (Samsung's panoramas). Where one scan is the whole picture,
    its decoder runs out of anything shorter: that is found by halving, to a byte or two, and then nothing may follow
    but such a trailer. Behind several scans nothing may follow, and bytes put there must change nothing.
    """
    limit = header.scan_ends[-1]
    if not header.unended:
        whole = header.ended_at(limit)
        is_followed = header.content.endswith(_TRAILERS_END)
        padded = None if is_followed or header.scanned > COSTLY else whole.padded()
        if padded is None or not _is_same(whole, padded):
            raise corrupt("文件在图像结束之前就断了")
        return whole

    start, end = header.content.rindex(b"\xff\xda", 0, limit), limit
    while end - start > 1:
        middle = (start + end) // 2
        start, end = (start, middle) if _is_decoded(header, middle) else (middle, end)
    if limit - end < _GUESSED and limit == len(header.content):
        return header.ended_at(limit)
    if trailer := TRAILER.search(header.content, end, end + _GUESSED + 4):
        return header.ended_at(trailer.start())
    raise corrupt("图像数据之后没有结束标记")


def _is_decoded(header: Jpeg, end: int) -> bool:
    """Return whether the decoder has all of the picture in what stands before this offset."""
    try:
        scaled(header, header.unended_at(end), THUMBNAIL_SIDE)
    except (OSError, ValueError):
        return False
    return True


def _is_same(header: Jpeg, other: bytes) -> bool:
    """Return whether other bytes of the same size are the same picture."""
    longest = max(header.width, header.height)
    return scaled(header, header.content, longest).tobytes() == scaled(header, other, longest).tobytes()


def refuse_early_end(header: Jpeg, image: Image.Image, long_side: int | None) -> None:
    """Refuse a picture of several scans of which one ends too early: the decoder leaves out its rest without a word.

    That leaves the last block flat, and there alone a second, scaled decode is worth its time: bytes behind the data
    change nothing in a whole picture. Where there is one scan, the first decode has found it (see Jpeg.unended). Of a
    picture with _ENORMOUS scans x pixels only what an eighth of it shows is decoded again: all of it takes a second.

    `long_side`: the scale (see scaled) at which `image` is the picture, None where it is whole.
    """
    if header.unended or not _is_last_block_flat(header, image):
        return

    is_enormous = header.scanned > _ENORMOUS
    looked_at = header.coarse() if is_enormous else header
    padded = looked_at.padded()
    if padded is None:
        return

    if is_enormous or not long_side:
        long_side = THUMBNAIL_SIDE
        image = scaled(header, looked_at.content, long_side)
    if image.tobytes() != scaled(header, padded, long_side).tobytes():
        raise corrupt("图像数据比文件头写明的少")


def _is_last_block_flat(header: Jpeg, image: Image.Image) -> bool:
    """Return whether what can be seen of it, at the decode's scale, has one colour."""
    right, bottom = image.size
    across = max(1, ((header.width - 1) % _BLOCK + 1) * right // header.width)
    down = max(1, ((header.height - 1) % _BLOCK + 1) * bottom // header.height)
    return len(image.crop((right - across, bottom - down, right, bottom)).getcolors() or ()) == 1
