"""Pictures and printed documents at rest: sealed by their application's own data key, which its row keeps sealed.

A thief of the storage or of its backups reads nothing, a file in another's place does not open, and who purges an
application's key has made all its files unreadable. What is sealed ends in ENDING: what was stored before, or with
NMEC_SEAL_FILES=0, lies as it is, and is read all the same.
"""

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from candidates.encryption import Undecryptable, seal, unseal
from candidates.models import Application
from candidates.models.application import new_data_key

ENDING = ".sealed"
KEY = ("data_key", "account_id", "session_id")  # what has to be read of an application to open its files


class Altered(OSError):
    """A sealed file that its application's key does not open: another's, or not as it was stored."""


def key_for(key: str) -> str:
    """Return the storage key under which a new file goes."""
    return f"{key}{ENDING}" if settings.SEAL_FILES else key


def is_sealed(key: str) -> bool:
    return key.endswith(ENDING)


def sealed(application: Application, key: str, content: bytes) -> bytes:
    """Return the bytes to store under this key: sealed for it and for the application, where its ending says so."""
    return seal(content, _place(application, key), _data_key(application)) if is_sealed(key) else content


def read(application: Application, key: str) -> bytes:
    """Return a stored file's content. Raises what STORAGE_ERRORS names; where it does not open Altered, one of them."""
    with default_storage.open(key) as file:
        content: bytes = file.read()
    if not is_sealed(key):
        return content
    try:
        return unseal(content, _place(application, key), [_data_key(application)])
    except Undecryptable:
        raise Altered(f"{key} was not sealed for this application, or has changed") from None


def _place(application: Application, key: str) -> str:
    return f"file of {application.pk}: {key}"  # the key says what kind of file it is


def _data_key(application: Application) -> bytes:
    """Return 32 bytes; an application from before this gets its key when it is first wanted."""
    if not application.data_key:
        with transaction.atomic():
            row = Application.objects.select_for_update().only(*KEY).get(pk=application.pk)
            if not row.data_key:
                row.data_key = new_data_key()
                row.save(update_fields=["data_key"])
        application.data_key = row.data_key
    return bytes.fromhex(application.data_key)
