"""What was stored before is cleaned: counted, a row at a time, and no bad row stops it."""

from importlib import import_module

import pytest
from django.db import connection

from candidates.encryption import keyed_hash
from candidates.migrations._cleaning import clean_table, sealed_as_then
from candidates.models import Account, Application
from candidates.rules.id_number import identity_key
from tests.factories import a_resident_id, make_application, make_candidate

pytestmark = pytest.mark.django_db
TABLES = import_module("candidates.migrations.0019_clean_text").TABLES


def cleaned(table):
    return dict(clean_table("default", table, TABLES[table]))


def test_words_names_and_numbers_get_their_spelling_and_are_counted():
    application = make_application("registered")
    rows = [{"name": "分院", "registration_number": "ｐｄｙ９", "period_from": "2025-03-01"}]
    Application.objects.update(
        name="古丽米热 · 艾比布力", school="北京\u2f24学", address="示例路１２号", further_institutions=rows
    )
    assert cleaned("candidates_application") == {
        "name cleaned": 1,
        "school cleaned": 1,
        "address cleaned": 1,
        "further_institutions cleaned": 1,
    }
    application.refresh_from_db()
    assert (application.name, application.school) == ("古丽米热·艾比布力", "北京大学")
    assert application.further_institutions == [{**rows[0], "registration_number": "PDY9"}]
    assert cleaned("candidates_application") == {}


def test_a_sealed_number_and_the_hash_that_finds_it_change_together():
    person, number = make_candidate(mobile="13912345678"), a_resident_id(77)
    Account.objects.filter(pk=person.pk).update(
        document_number=sealed_as_then(f"{number[:6]} {number[6:].lower()}"),
        identity_hash=keyed_hash("of another spelling"),
        mobile=sealed_as_then("139-1234-5678"),
    )
    assert cleaned("candidates_account") == {
        "document_number cleaned": 1,
        "identity_hash cleaned": 1,
        "mobile cleaned": 1,
    }
    person.refresh_from_db()
    assert (person.document_number, person.mobile) == (number, "13912345678")
    assert person.identity_hash == keyed_hash(identity_key("resident_id", number))


def test_a_row_that_cannot_be_cleaned_stays_and_the_others_are_cleaned(caplog):
    first, same, unreadable, last = (make_candidate() for _ in range(4))
    Account.objects.filter(pk=same.pk).update(document_number=sealed_as_then(f"{first.document_number} "))
    Account.objects.filter(pk=unreadable.pk).update(document_number=b"of a key that is gone")
    Account.objects.filter(pk=last.pk).update(name="王\u2f2d")
    assert cleaned("candidates_account") == {"rows left": 1, "not readable": 1, "name cleaned": 1}
    assert caplog.messages == [f"candidates_account {same.pk} could not be cleaned: IntegrityError"]
    assert Account.objects.defer("document_number").get(pk=last.pk).name == "王山"


def test_what_somebody_has_changed_meanwhile_stays(monkeypatch):
    application = make_application("registered")
    Application.objects.update(school="北京\u2f24学")
    module = import_module("candidates.migrations._cleaning")
    rows = module._rows("default", "candidates_application", ("school",), 0)
    Application.objects.update(school="上海大学")
    module._clean_row("default", "candidates_application", ("school",), rows[0], module.Counter())
    application.refresh_from_db()
    assert application.school == "上海大学"


@pytest.mark.parametrize("level", ["region", "site", "point"])
def test_a_name_is_found_by_an_index_of_each_level(level):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [f"name_keys_of_{level}"])
        (definition,) = cursor.fetchone()
    assert f"({level}_id, candidates_name_key((name)::text) text_pattern_ops)" in definition
