"""Pictures in an S3 bucket, by NMEC_STORAGE=s3."""

import contextlib

from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from materials.files.storage import STORAGE_ERRORS


class PictureBucket(S3Storage):
    """One request a picture: a PUT that the provider has kept whole when it answers, a GET that reads it whole.

    Pictures have at most 200 KB, so nothing is sent in parts or by other threads. Raises FileNotFoundError where there
    is no such object, else what STORAGE_ERRORS names.
    """

    def drafts(self):
        return Drafts(self)

    def _save(self, name, content):
        content.seek(0)
        key = self._normalize_name(name)
        self.bucket.Object(key).put(Body=content.read(), **self._get_write_parameters(name, content))
        return name

    def _open(self, name, mode="rb"):
        try:
            answer = self.bucket.Object(self._normalize_name(name)).get()
        except ClientError as error:
            if error.response["ResponseMetadata"].get("HTTPStatusCode") == 404:
                raise FileNotFoundError(name) from error
            raise
        return ContentFile(answer["Body"].read(), name)


class Drafts:
    """As materials.files.storage.Drafts, but nothing is sent before `keep`: a bucket takes an object whole."""

    def __init__(self, bucket):
        self.bucket = bucket
        self.begun = {}  # key -> content

    def __enter__(self):
        return self

    def begin(self, key, content):
        self.begun.setdefault(key, content)

    def keep(self):
        """Store all that has been begun, or nothing of it, as far as the provider still answers.

        What was stored though nobody said so is swept (verify_storage): a store in trouble is not asked once more.
        """
        stored = []
        try:
            for key, content in self.begun.items():
                stored.append(self.bucket.save(key, ContentFile(content)))
        except BaseException:
            for key in stored:
                with contextlib.suppress(*STORAGE_ERRORS):
                    self.bucket.delete(key)
            raise

    def __exit__(self, *_):
        self.begun.clear()
