"""Columns that lie sealed: bound to table, column and row."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from candidates.encryption import Undecryptable
from candidates.models import Account, Application, Message, MobileChange
from candidates.models.sealed import EncryptedField, Sealed
from tests.factories import a_resident_id, make_application, make_candidate

pytestmark = pytest.mark.django_db


def sealed_of(model, pk, column):
    """Return the bytes in the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table} WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def put(model, pk, column, sealed):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [sealed, pk])


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


def test_a_value_carried_into_another_row_does_not_open():
    victim, thief = make_candidate(), make_candidate()
    put(Account, thief.pk, "document_number", sealed_of(Account, victim.pk, "document_number"))
    with pytest.raises(Undecryptable):
        _ = Account.objects.get(pk=thief.pk).document_number


def test_a_value_carried_into_another_column_does_not_open():
    account = make_candidate()
    put(Account, account.pk, "mobile", sealed_of(Account, account.pk, "document_number"))
    with pytest.raises(Undecryptable):
        _ = Account.objects.get(pk=account.pk).mobile


def test_a_value_carried_into_another_table_does_not_open():
    application = make_application("registered")
    put(Application, application.pk, "mobile", sealed_of(Account, application.account_id, "mobile"))
    with pytest.raises(Undecryptable):
        _ = Application.objects.get(pk=application.pk).mobile


def test_every_sealed_column_is_bound_to_columns_that_its_table_has():
    from django.apps import apps

    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedField):
                names = {one.attname for one in model._meta.concrete_fields} | {"pk"}
                assert set(field.bound_to) <= names, field


def test_a_row_that_was_read_and_saved_again_keeps_what_nobody_has_opened():
    account = make_candidate()
    before = sealed_of(Account, account.pk, "mobile")
    again = Account.objects.get(pk=account.pk)
    again.name = "李某某"
    again.save()
    assert sealed_of(Account, account.pk, "mobile") == before


def test_a_changed_value_is_sealed_for_its_row():
    account = make_candidate()
    account.mobile = "13900000009"
    account.save(update_fields=["mobile"])
    assert Account.objects.get(pk=account.pk).mobile == "13900000009"


def test_a_column_left_out_is_read_when_it_is_asked_for():
    account = make_candidate(mobile="13812340077")
    assert Account.objects.defer("mobile").get(pk=account.pk).mobile == "13812340077"


def test_a_value_is_opened_once(monkeypatch):
    account = Account.objects.get(pk=make_candidate(mobile="13812340077").pk)
    assert account.mobile == "13812340077"
    monkeypatch.setattr("candidates.models.sealed.unseal", None)
    assert account.mobile == "13812340077"


def test_nothing_and_null_are_not_sealed():
    account = make_candidate()
    put(Account, account.pk, "mobile", b"")
    again = Account.objects.get(pk=account.pk)
    assert (again.mobile, again.former_contact) == ("", None)
    again.save()
    assert sealed_of(Account, account.pk, "mobile") == b""


def test_values_gives_what_lies_in_the_table():
    account = make_candidate()
    given = Account.objects.filter(pk=account.pk).values_list("mobile", flat=True)[0]
    assert (type(given), given) == (Sealed, sealed_of(Account, account.pk, "mobile"))


def test_an_update_refuses_what_is_not_sealed_for_its_row():
    account = make_candidate()
    with pytest.raises(TypeError, match="save the object"):
        Account.objects.filter(pk=account.pk).update(mobile="13900000009")


def test_a_row_without_a_key_is_refused_where_the_key_binds():
    account = Account(kind="candidate", name="张某某", mobile="13900000009")
    with pytest.raises(ValueError, match="give it one before it is saved"):
        account.save()


@pytest.mark.parametrize("lookup", ["", "__contains", "__in"])
def test_a_sealed_column_is_never_searched(lookup):
    with pytest.raises(TypeError, match="use the keyed hash"):
        Account.objects.filter(**{f"document_number{lookup}": "13800000001"})


def test_a_time_binds_to_the_microsecond_whatever_its_zone():
    at = datetime(2027, 9, 15, 12, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Shanghai"))
    account = make_candidate()
    message = Message.objects.create(account=account, at=at, contact="13900000009")
    assert Message.objects.get(pk=message.pk).contact == "13900000009"
    Message.objects.filter(pk=message.pk).update(at=at.replace(microsecond=123457))
    with pytest.raises(Undecryptable):
        _ = Message.objects.get(pk=message.pk).contact


def test_the_same_number_of_two_changes_is_sealed_for_each():
    application = make_application("registered")
    named = {"account": application.account, "application": application, "reason": "换号", "asked_by": make_candidate()}
    tokens = ("7b4f0f3e-0a5c-4d50-9a3f-000000000001", "7b4f0f3e-0a5c-4d50-9a3f-000000000002")
    now = timezone.now()
    first = MobileChange.objects.create(**named, mobile="13900000009", token=tokens[0], asked_at=now, dropped_at=now)
    second = MobileChange.objects.create(**named, mobile="13900000008", token=tokens[1], asked_at=timezone.now())
    put(MobileChange, second.pk, "mobile", sealed_of(MobileChange, first.pk, "mobile"))
    with pytest.raises(Undecryptable):
        _ = MobileChange.objects.get(pk=second.pk).mobile


def test_an_applications_data_key_is_its_own():
    one, other = make_application("registered"), make_application("registered")
    assert len(bytes.fromhex(one.data_key)) == 32
    assert one.data_key != other.data_key
    assert Application.objects.get(pk=one.pk).data_key == one.data_key
