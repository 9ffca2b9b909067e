"""Where pictures lie: a folder, or an S3 bucket (s3.py) with the same promise. A key is written once, never again."""

import contextlib
import os
import uuid

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import FileSystemStorage

# what a storage raises when it does not do what it was asked; FileNotFoundError where there is no such file
STORAGE_ERRORS = (OSError, BotoCoreError, ClientError)


class DurableFileSystemStorage(FileSystemStorage):
    """A file is there whole and on the disk, or not at all: temporary file, sync, rename, sync of the folder."""

    def _save(self, name, content):
        path = self.path(name)
        folder = os.path.dirname(path)
        os.makedirs(folder, exist_ok=True)
        draft = os.path.join(folder, f".{uuid.uuid4().hex}.part")
        try:
            with open(draft, "xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.rename(draft, path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)
            raise
        sync_folder(folder)
        return name


def sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
