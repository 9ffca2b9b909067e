"""Text that lies sealed in its column, bound to table, column and row (candidates/encryption.py)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from candidates.encryption import seal, unseal

if TYPE_CHECKING:
    _TextInBytes = models.Field[str, str]  # to the type checker, which takes a BinaryField's attribute for bytes
else:
    _TextInBytes = models.BinaryField


class Sealed(bytes):
    """A value as the database has it, not opened yet."""


class _Opening(DeferredAttribute):
    """Opens a value when it is asked for: to open it the row has to be there, and most pages never ask."""

    def __get__(self, instance, cls=None):
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.open(value, instance)
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedField(_TextInBytes):
    """Text in Python, sealed bytes in the database. Cannot be searched: keep a keyed hash beside it.

    `bound_to` names the columns that say whose row it is, which never change: the key by default. It has to be known
    before the row is written. What values() gives is still sealed.
    """

    descriptor_class = _Opening

    def __init__(self, *args, bound_to=("pk",), **kwargs):
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)
        self.bound_to = tuple(bound_to)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "bound_to": self.bound_to}

    def _check_str_default_value(self):
        return []  # in Python it is text, and so is its default

    def place(self, instance: models.Model) -> str:
        """Return what a value of this row is bound to. Raises ValueError while the row has no key."""
        row = [getattr(instance, name) for name in self.bound_to]
        if row == [None]:
            raise ValueError(f"{self.name} is bound to the row's key: give it one before it is saved.")
        return " ".join([f"{self.model._meta.db_table}.{self.column}", *map(_spelt, row)])

    def open(self, value: bytes, instance: models.Model) -> str:
        """Return the text. Raises Undecryptable, also where the value is another row's."""
        return unseal(value, self.place(instance)).decode()

    def pre_save(self, instance, add):
        value = instance.__dict__.get(self.attname)  # what nobody has opened stays as it is
        if not value or isinstance(value, bytes):
            return value
        return Sealed(seal(value.encode(), self.place(instance)))

    def get_prep_value(self, value):
        if value is None or isinstance(value, (bytes, memoryview)):
            return value
        if value:
            raise TypeError(f"{self.name} is sealed for its row: save the object, an update does not know the row.")
        return b""

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        return Sealed(value) if value else ""

    def get_db_prep_value(self, value, connection, prepared=False):
        if not prepared:
            value = self.get_prep_value(value)
        return super().get_db_prep_value(value, connection, prepared=True)

    def value_to_string(self, obj):
        return self.value_from_object(obj)

    def to_python(self, value):
        return value

    def get_lookup(self, name):
        if name != "isnull":
            raise TypeError("An encrypted field cannot be searched: use the keyed hash beside it.")
        return super().get_lookup(name)


def _spelt(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)
