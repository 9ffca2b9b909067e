"""Where pictures lie in these tests: in a folder, or with TEST_STORAGE=s3 (`make test-s3`) on a real S3 server."""

import os
import uuid

import pytest

from tests.materials.files import s3_rclone

ON_S3 = os.environ.get("TEST_STORAGE") == "s3"
needs_a_folder = pytest.mark.skipif(ON_S3, reason="about a folder as such, not about storage")


@pytest.fixture(scope="session")
def s3(tmp_path_factory):
    with s3_rclone.serving(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def bucket(s3, settings):
    """The folder of a new bucket, which is this test's storage."""
    name = f"pictures-{uuid.uuid4().hex}"
    backend = {"BACKEND": "materials.files.s3.PictureBucket", "OPTIONS": s3.options(name)}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    return s3.bucket(name)


@pytest.fixture(autouse=True)
def media_root(media_root, settings, request):
    """What lies in it is what the storage has; on S3 the bucket's folder."""
    if ON_S3:
        settings.MEDIA_ROOT = request.getfixturevalue("bucket")
    return settings.MEDIA_ROOT
