import pytest
from django.db import connection

from candidates import encryption
from candidates.encryption import decrypt, encrypt, keyed_hash
from candidates.models import Account
from tests.factories import a_resident_id, make_candidate


def test_the_same_text_is_sealed_differently_each_time_and_opens():
    first, second = encrypt("100101199003070012"), encrypt("100101199003070012")
    assert first != second
    assert (decrypt(first), decrypt(second)) == ("100101199003070012",) * 2


def test_an_old_key_still_opens_what_it_sealed(settings):
    sealed = encrypt("13800000001")
    settings.FIELD_KEYS = [b"\x01" * 32, *settings.FIELD_KEYS]
    assert decrypt(sealed) == "13800000001"
    assert decrypt(encrypt("13800000001")) == "13800000001"


def test_a_value_changed_in_the_database_does_not_open():
    sealed = bytearray(encrypt("13800000001"))
    sealed[-1] ^= 1
    with pytest.raises(encryption.Undecryptable):
        decrypt(bytes(sealed))


def test_the_keyed_hash_needs_the_key(settings):
    before = keyed_hash("13800000001")
    settings.INDEX_KEY = b"\x02" * 32
    assert keyed_hash("13800000001") != before


@pytest.mark.django_db
def test_number_and_mobile_are_not_in_the_table_in_clear():
    number = a_resident_id(77)
    account = make_candidate(document_number=number, mobile="13812340077")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM candidates_account t WHERE id = %s", [account.pk])
        row = cursor.fetchone()[0]
    sealed_as_hex = [text.encode().hex() for text in (number, "13812340077")]
    assert [text for text in (number, "13812340077", *sealed_as_hex) if text in row] == []
    again = Account.objects.get(pk=account.pk)
    assert (again.document_number, again.mobile) == (number, "13812340077")


@pytest.mark.django_db
def test_an_encrypted_field_refuses_to_be_searched():
    with pytest.raises(TypeError, match="cannot be searched"):
        Account.objects.filter(mobile="13800000001").exists()


def test_a_sealed_field_takes_what_is_sealed_already_and_nothing_for_nothing():
    field = Account._meta.get_field("document_number")
    sealed = encrypt("13800000001")
    assert field.get_prep_value(sealed) is sealed
    assert field.get_prep_value(None) is None
    assert field.get_prep_value("") == b""
    assert field.from_db_value(None, None, None) is None
    assert field.from_db_value(b"", None, None) == ""


@pytest.mark.parametrize("lookup", ["", "__contains", "__in"])
def test_a_sealed_field_is_never_searched(lookup):
    with pytest.raises(TypeError, match="use the keyed hash"):
        Account.objects.filter(**{f"document_number{lookup}": "13800000001"})
