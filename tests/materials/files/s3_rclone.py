"""A real S3 server for tests: rclone, which serves a folder's subfolders as buckets and checks every signature."""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile

from materials.files.s3 import PictureBucket
from nmec_portal.local.serve import child

RCLONE = Path(sys.executable).with_name("rclone")
ACCESS_KEY, SECRET_KEY = "test-key", "test-secret"


class Server:
    """`folder` holds the buckets: what lies in a bucket's folder is what the bucket has."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def bucket(self, name: str) -> Path:
        (self.folder / name).mkdir()
        return self.folder / name

    def options(self, bucket: str) -> dict[str, Any]:
        """For materials.files.s3.PictureBucket, as settings.bucket() makes them."""
        return {
            "endpoint_url": f"http://127.0.0.1:{self.port}",
            "bucket_name": bucket,
            "access_key": ACCESS_KEY,
            "secret_key": SECRET_KEY,
            "region_name": "us-east-1",
            "client_config": Config(
                retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                signature_version="s3v4",
                s3={"payload_signing_enabled": True, "addressing_style": "path"},
            ),
        }


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Runs until the block ends; a forged signature has been refused by then, or nothing here would be a proof."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keys, server = ["--auth-key", f"{ACCESS_KEY},{SECRET_KEY}"], Server(folder, port)
    # what a test changes in the folder is seen at once; with 0 rclone spins
    at_once = ["--dir-cache-time", "1ms", "--config", "/dev/null"]
    with child([RCLONE, "serve", "s3", "--addr", f"127.0.0.1:{port}", *keys, *at_once, folder]) as process:
        deadline = time.monotonic() + 60
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        _refuse_a_forgery(server)
        yield server


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _refuse_a_forgery(server: Server) -> None:
    place = server.bucket("forgery")
    try:
        PictureBucket(**{**server.options("forgery"), "secret_key": "wrong"}).save("one", ContentFile(b"bytes"))
    except ClientError as error:
        assert error.response["Error"]["Code"] == "SignatureDoesNotMatch"
    else:
        raise AssertionError("the S3 server accepts a forged signature")
    assert list(place.iterdir()) == []
