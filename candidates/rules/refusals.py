"""How the portal says no: one family, each with the sentence that people read and what to do next in it.

Caught by name, once, in the view: candidates/views/answers.py makes pages and JSON of them.
"""

import errno
from collections.abc import Mapping
from typing import Any

# the system's own words for these are English
FILES = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已经存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "那里只能读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
}


class NotAllowed(Exception):
    """Not this actor's to do, or not now; str() is the sentence to show."""


class AlreadyMoved(Exception):
    """The page was drawn before somebody else acted. `record` is what they did, a Record; None where it is unknown."""

    def __init__(self, record: Any) -> None:
        self.record = record
        super().__init__("该申请已由他人处理")


class Refused(Exception):
    """Something the action needs is missing. `problems`: key (what it is about) -> sentence, in order."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("；".join(self.problems.values()))


class PictureRefused(Exception):
    """A file that cannot be taken: a stable code, which scripts may rely on, and one sentence for the candidate."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


def of_file(error: Exception) -> str:
    """Return why a file or a storage could not be read or written, in words to go on from."""
    if not isinstance(error, OSError):
        return str(error)
    return FILES.get(error.errno or 0) or error.strerror or str(error)
