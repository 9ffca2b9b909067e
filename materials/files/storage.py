"""Where pictures lie: a folder, or an S3 bucket (s3.py) with the same promise. A key is written once, never again."""

import contextlib
import os
import uuid
from contextlib import AbstractContextManager
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage

FILE_MODE, FOLDER_MODE = 0o640, 0o750  # nginx reads what is not sealed as one of the group
PROBES = "ready"  # /readyz tries the storage in this folder; a file stays there only where the probe was killed
# what a storage raises when it fails; FileNotFoundError where there is no such file
STORAGE_ERRORS = (OSError, BotoCoreError, ClientError)


class NewFiles(Protocol):
    """Files that are on their way, of either storage."""

    def begin(self, key: str, content: bytes) -> None: ...

    def keep(self) -> None: ...


class StorageOfDrafts(Protocol):
    """What both storages promise beside Django's."""

    def drafts(self) -> AbstractContextManager[NewFiles]: ...


class DurableFileSystemStorage(FileSystemStorage):
    """A file is there whole and on the disk, or not at all: temporary file, sync, rename, sync of the folder."""

    def drafts(self):
        return Drafts(self.path)

    def _save(self, name, content):
        with self.drafts() as drafts:
            drafts.begin(name, content.read())
            drafts.keep()
        return name


class Drafts:
    """New files that are there together or not at all; what has not been kept by the end of its block is gone."""

    def __init__(self, path_of):
        self.path_of = path_of  # key -> path
        self.begun = {}  # key -> path, temporary path, open file
        self.is_kept = False

    def __enter__(self):
        return self

    def begin(self, key, content):
        """Write a file under another name; the disk takes it up while the caller is at something else.

        A key has one content: what has been begun is not begun again. When this raises it has not been begun.
        """
        if key in self.begun:
            return

        path = self.path_of(key)
        folder = os.path.dirname(path)
        draft = os.path.join(folder, f".{uuid.uuid4().hex}.part")
        try:
            out = new_file(draft)
        except FileNotFoundError:
            make_folder(folder, FOLDER_MODE)
            out = new_file(draft)

        try:
            out.write(content)
            out.flush()
            begin_to_sync(out.fileno())
        except BaseException:
            forget(out, draft)
            raise
        self.begun[key] = path, draft, out

    def keep(self):
        """Keep what has been begun: when this returns, all of it is on the disk under its key."""
        for _, _, out in self.begun.values():
            os.fsync(out.fileno())
            out.close()
        for path, draft, _ in self.begun.values():
            os.rename(draft, path)
        for folder in {os.path.dirname(path) for path, *_ in self.begun.values()}:
            sync_folder(folder)
        self.is_kept = True

    def __exit__(self, *_):
        for path, draft, out in self.begun.values():
            if self.is_kept:
                forget(out)
            else:
                forget(out, draft, path)


def new_file(path):
    """Open a file that was not there, readable to its owner and its group; keep or __exit__ closes it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb")


def forget(out, *paths):
    with contextlib.suppress(OSError):  # a full disk says so a second time
        out.close()
    for path in paths:
        with contextlib.suppress(OSError):
            os.unlink(path)


def make_folder(folder, mode=0o777):
    """Make a folder that is on the disk when this returns: else what is synced in it would be lost with it."""
    parent = os.path.dirname(folder)
    if not os.path.isdir(parent):
        make_folder(parent, mode)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, mode)
    sync_folder(parent)


def begin_to_sync(handle):
    """Let the disk begin with a file's bytes while the processor is at something else."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)  # what is not on the disk yet is sent there


def sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
