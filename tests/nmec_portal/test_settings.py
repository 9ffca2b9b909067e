"""Nonsense in the environment is refused at start, with the variable's name."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

S3 = {
    "NMEC_STORAGE": "s3",
    "NMEC_S3_ENDPOINT": "https://s3.example.org",
    "NMEC_S3_BUCKET": "pictures",
    "NMEC_S3_ACCESS_KEY": "key",
    "NMEC_S3_SECRET_KEY": "secret",
}


def starting_with(**variables):
    """The last line of what a start with these variables says, or what it is asked to print."""
    code = "from nmec_portal import settings; print(settings.STORAGES['default']['BACKEND'], settings.ACCEL)"
    environment = {"PATH": os.environ["PATH"], "NMEC_DATA_DIR": str(settings.DATA_DIR), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1].rpartition("ImproperlyConfigured: ")[2]


def test_pictures_lie_in_a_folder_or_in_a_bucket():
    assert starting_with(NMEC_ACCEL="/pictures/") == "materials.storage.DurableFileSystemStorage /pictures/"
    assert starting_with(**S3) == "materials.s3.PictureBucket"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"NMEC_STORAGE": "ftp"}, "NMEC_STORAGE='ftp' is none of file, s3."),
        (
            {**S3, "NMEC_S3_ENDPOINT": "s3.example.org"},
            "NMEC_S3_ENDPOINT='s3.example.org' is not an http or https address.",
        ),
        ({"NMEC_ACCEL": "pictures"}, "NMEC_ACCEL='pictures' is not like /pictures/, or NMEC_STORAGE is not file."),
        (
            {**S3, "NMEC_S3_BUCKET": ""},
            "NMEC_STORAGE=s3 needs NMEC_S3_ENDPOINT, NMEC_S3_BUCKET, NMEC_S3_ACCESS_KEY, NMEC_S3_SECRET_KEY.",
        ),
    ],
)
def test_nonsense_about_the_storage_is_refused(variables, sentence):
    assert starting_with(**variables) == sentence
