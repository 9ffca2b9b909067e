"""Where pictures lie: a folder, or an S3 bucket (s3.py) with the same promise. A key is written once, never again."""

import contextlib
import os
import uuid

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage

PROBES = "ready"  # the folder in which /readyz tries the storage: a file stays there only where it was killed meanwhile
# what a storage raises when it does not do what it was asked; FileNotFoundError where there is no such file
STORAGE_ERRORS = (OSError, BotoCoreError, ClientError)


class DurableFileSystemStorage(FileSystemStorage):
    """A file is there whole and on the disk, or not at all: temporary file, sync, rename, sync of the folder."""

    def save_all(self, files):
        """Keeps the bytes of each key: when this returns all of them are on the disk, when it raises none is there."""
        paths = {self.path(key): content for key, content in files.items()}
        folders = {os.path.dirname(path) for path in paths}
        drafts = {path: os.path.join(os.path.dirname(path), f".{uuid.uuid4().hex}.part") for path in paths}
        try:
            for folder in folders:
                if not os.path.isdir(folder):
                    os.makedirs(folder, exist_ok=True)
            with contextlib.ExitStack() as opened:
                outs = [opened.enter_context(open(drafts[path], "xb")) for path in paths]
                for out, content in zip(outs, paths.values(), strict=True):
                    out.write(content)
                    out.flush()
                    begin_to_sync(out.fileno())
                for out in outs:
                    os.fsync(out.fileno())
            for path in paths:
                os.rename(drafts[path], path)
            for folder in folders:
                sync_folder(folder)
        except BaseException:
            for path in (*drafts.values(), *paths):
                with contextlib.suppress(OSError):
                    os.unlink(path)
            raise

    def _save(self, name, content):
        self.save_all({name: content.read()})
        return name


def begin_to_sync(handle):
    """Lets the disk begin with a file's bytes while others are written: two files take hardly longer than one."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)  # what is not on the disk yet is sent there


def sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
