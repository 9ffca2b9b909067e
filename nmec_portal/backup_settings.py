"""The archive's settings: nothing of it without NMEC_BACKUP_FOLDER."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "NMEC_BACKUP_"
PUBLIC_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")


@dataclass(frozen=True)
class Backup:
    folder: Path | None  # where the archive lies; None: there is none
    recipients: tuple[str, ...]  # public keys of age
    every: int  # seconds, at most, until what was committed is in the archive
    hour: int  # of the day, when a base backup is made
    days: int  # any minute of so many days can be restored


def read(environ: Mapping[str, str], number: Callable[..., int]) -> Backup:
    """Return the settings of the archive. Raise ImproperlyConfigured with the variable's name."""
    folder = environ.get("NMEC_BACKUP_FOLDER", "")
    recipients = [one.strip() for one in environ.get("NMEC_BACKUP_RECIPIENTS", "").split(",") if one.strip()]
    if wrong := [one for one in recipients if not PUBLIC_KEY.fullmatch(one)]:
        raise ImproperlyConfigured(f"NMEC_BACKUP_RECIPIENTS: {wrong[0]!r} is no public key of age (age1…).")
    if folder and not recipients:
        raise ImproperlyConfigured("NMEC_BACKUP_FOLDER needs NMEC_BACKUP_RECIPIENTS: nothing is kept unsealed.")
    return Backup(
        folder=Path(folder) if folder else None,
        recipients=tuple(recipients),
        every=number("NMEC_BACKUP_EVERY", 30, 5, 600),
        hour=number("NMEC_BACKUP_HOUR", 2, 0, 23),
        days=number("NMEC_BACKUP_DAYS", 35, 1, 3650),
    )


def storages(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what STORAGES has for the copies elsewhere: `backups`, or nothing where none are wanted."""
    endpoint, name, keys = (environ.get(f"NMEC_BACKUP_S3_{one}", "") for one in ("ENDPOINT", "BUCKET", "KEYS_FILE"))
    region, way = environ.get("NMEC_BACKUP_S3_REGION", ""), environ.get("NMEC_BACKUP_S3_ADDRESSING", "") or "auto"
    if not any((endpoint, name, keys)):
        return {}
    if not all((endpoint, name, keys)):
        names = ("ENDPOINT", "BUCKET", "KEYS_FILE")
        raise ImproperlyConfigured(f"Copies elsewhere need {', '.join(f'NMEC_BACKUP_S3_{one}' for one in names)}.")
    if urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname:
        raise ImproperlyConfigured(f"NMEC_BACKUP_S3_ENDPOINT={endpoint!r} is not an http or https address.")
    if way not in ("auto", "path", "virtual"):
        raise ImproperlyConfigured(f"NMEC_BACKUP_S3_ADDRESSING={way!r} is none of auto, path, virtual.")
    options = {
        **_keys_in(Path(keys)),
        "endpoint_url": endpoint,
        "bucket_name": name,
        "region_name": region or "us-east-1",
        "file_overwrite": True,
        "client_config": _configuration(way),
    }
    return {"backups": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}


def _keys_in(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text().split()
    except OSError as error:
        raise ImproperlyConfigured(f"NMEC_BACKUP_S3_KEYS_FILE cannot be read: {error.strerror}.") from None
    if len(lines) != 2:
        raise ImproperlyConfigured("NMEC_BACKUP_S3_KEYS_FILE holds two lines: the access key and the secret key.")
    return {"access_key": lines[0], "secret_key": lines[1]}


def _configuration(way: str) -> Any:
    from botocore.config import Config

    return Config(
        connect_timeout=5,
        read_timeout=60,
        retries={"total_max_attempts": 2},
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": way},
    )
