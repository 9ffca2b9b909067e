"""The table of picture formats: which files are taken, how they are known, and what they are called.

Who needs anything of a format asks here: the check, serving, exports, the packet, the database's constraint, the
upload page and its script. A new one is a row here, its decoder (decode.py), and a migration of the constraint.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """One row: a format that is taken, and in which its upright pictures are stored."""

    name: str  # what Pillow and people call it
    signature: bytes  # that its files begin with
    endings: tuple[str, ...]  # of its files' names, without the dot; ours get the first
    content_type: str
    may_be_transparent: bool = False

    @property
    def ending(self) -> str:
        return self.endings[0]


# what is recoded becomes this, and so does what the page makes smaller; every thumbnail is one
JPEG = Format("JPEG", b"\xff\xd8\xff", ("jpg", "jpeg"), "image/jpeg")
PNG = Format("PNG", b"\x89PNG\r\n\x1a\n", ("png",), "image/png", may_be_transparent=True)
FORMATS = (JPEG, PNG)

ENDINGS = tuple(ending for one in FORMATS for ending in one.endings)
CONTENT_TYPES = tuple(one.content_type for one in FORMATS)
ACCEPT = ",".join((*(f".{ending}" for ending in ENDINGS), *CONTENT_TYPES))  # of the page's file input


def of_content(content: bytes) -> Format | None:
    """Return the format whose signature these bytes begin with."""
    return next((one for one in FORMATS if content.startswith(one.signature)), None)


def of_type(content_type: str) -> Format:
    """Return the format of a stored picture. Raises KeyError."""
    return {one.content_type: one for one in FORMATS}[content_type]


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence has them: "JPEG 或 PNG", ".jpg、.jpeg 或 .png"."""
    *first, last = names
    return f"{'、'.join(first)} 或 {last}" if first else last


def as_json() -> str:
    """Return the table for the page's script: the first row is what it makes of a picture."""
    rows = [
        {"name": one.name, "signature": list(one.signature), "endings": one.endings, "type": one.content_type}
        for one in FORMATS
    ]
    return json.dumps(rows)


@dataclass(frozen=True)
class Foreign:
    """A format that is not taken: its marks, of which one stands `at` this byte, and what is told about it."""

    marks: tuple[bytes, ...]
    what: str
    advice: str = "请用看图软件打开，另存为 JPEG 后再上传"
    at: int = 0
    inside: bytes = b""  # what stands somewhere behind the mark

    def is_that_of(self, content: bytes) -> bool:
        return content.startswith(self.marks, self.at) and self.inside in content


_NAMES = listed(one.name for one in FORMATS)
_NOT_ONE = f"，不是 {_NAMES}（只改文件名没有用）"
_BY_THE_PAGE = "请把需要的每一页分别导出或拍成 JPEG 图片后再上传"
_BY_CAMERA = "请把材料拍照或扫描成 JPEG 图片后再上传"
_ZIP, _OLE = (b"PK\3\4",), (b"\xd0\xcf\x11\xe0",)
_HEIC = ("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1")
# the first that fits is told: within a kind of container, what is known of it before what is not
FOREIGN = (
    Foreign(
        tuple(f"ftyp{brand}".encode() for brand in _HEIC),
        f"是 HEIC 照片，不是 {_NAMES}",
        "请在手机上把照片导出为 JPEG（或截屏）后再上传",
        at=4,
    ),
    Foreign((b"ftypavif", b"ftypavis"), f"是 AVIF 图片{_NOT_ONE}", at=4),
    Foreign((b"ftyp",), "是视频，不是图片", _BY_CAMERA, at=4),
    Foreign((b"%PDF",), "是 PDF 文件，不是图片", _BY_THE_PAGE),
    Foreign(_ZIP, "是 OFD 版式文件，不是图片", _BY_THE_PAGE, inside=b"OFD.xml"),
    Foreign(_ZIP, "是 Word 文档，不是图片", _BY_THE_PAGE, inside=b"word/"),
    Foreign(_ZIP, "是 Excel 表格，不是图片", _BY_THE_PAGE, inside=b"xl/"),
    Foreign(_ZIP, "是演示文稿，不是图片", _BY_THE_PAGE, inside=b"ppt/"),
    Foreign((b"{\\rtf",), "是 Word 文档（RTF），不是图片", _BY_THE_PAGE),
    Foreign(_OLE, "是 Word、Excel 或 WPS 文档，不是图片", _BY_THE_PAGE),
    Foreign(
        (*_ZIP, b"Rar!", b"7z\xbc\xaf"),
        "是文档或压缩包，不是图片",
        "请先解压；里面是文档的，拍照或扫描成 JPEG 图片后再上传",
    ),
    Foreign((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), f"是 TIFF 图片{_NOT_ONE}"),
    Foreign((b"GIF8",), f"是 GIF 图片{_NOT_ONE}"),
    Foreign((b"BM",), f"是 BMP 图片{_NOT_ONE}"),
    Foreign((b"WEBP",), f"是 WebP 图片{_NOT_ONE}", at=8),
    Foreign((b"8BPS",), f"是 Photoshop 文件{_NOT_ONE}"),
    Foreign((b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51", b"\0\0\0\x0cJXL "), f"是 JPEG 2000 或 JPEG XL 图片{_NOT_ONE}"),
    # scanners put something of theirs before the mark
    Foreign((b"",), "是 PDF 文件，不是图片", _BY_THE_PAGE, inside=b"%PDF-"),
)
UNKNOWN = Foreign((), f"的内容不是 {_NAMES} 图片", "请选择材料的照片或扫描图片，存为 JPEG 后再上传")


def foreign(content: bytes) -> Foreign:
    """Return what is told about bytes that are of no format of the table."""
    return next((one for one in FOREIGN if one.is_that_of(content)), UNKNOWN)
