"""Pictures in an S3 bucket, by NMEC_STORAGE=s3."""

import contextlib

from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from materials.storage import STORAGE_ERRORS


class PictureBucket(S3Storage):
    """One request a picture: a PUT that the provider has kept whole when it answers, a GET that reads it whole.

    Pictures have at most 200 KB, so nothing is sent in parts or by other threads. Raises FileNotFoundError where there
    is no such object, else what STORAGE_ERRORS names.
    """

    def save_all(self, files):
        """Keeps the bytes of each key: all of them or, as far as the provider still answers, none."""
        stored = []
        try:
            for key, content in files.items():
                stored.append(self.save(key, ContentFile(content)))
        except STORAGE_ERRORS:
            for key in stored:
                with contextlib.suppress(*STORAGE_ERRORS):
                    self.delete(key)
            raise

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
