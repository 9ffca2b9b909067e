"""What cannot be seen is no part of a text: in no form, no import, no reason, and not where a document is printed."""

import io
import json
import sys
import unicodedata
from importlib import import_module

import pytest
from django import forms
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from candidates.applications.form import editable_fields
from candidates.forms.fields import NameField
from candidates.forms.sections import FORMS
from candidates.models import Application, Unit
from candidates.rules.refusals import Refused
from candidates.rules.text import visible
from materials import submitting
from materials.printing.fonts import missing_characters
from review.cases import decisions
from tests.candidates.posting import a_section
from tests.factories import make_application, make_operator, make_units
from tests.review import casework

INVISIBLE = "\u200b\u200d\u202d\u202c\u2066\ufeff\u00ad\u2060\ufe0f\U000e0100\u3164\u180e\x0b\x7f"
PASSWORDS = {"password", "password1", "password2"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202d0571-12345678\u202c", "0571-12345678"),
        ("示例省示例市\u200b示例路1号", "示例省示例市示例路1号"),
        ("PDY99000001\ufeff", "PDY99000001"),
        ("住院\u200b医师", "住院医师"),
        (f"a{INVISIBLE}b", "ab"),
        ("第一行\r\n第二行\t\u3000末", "第一行\r\n第二行\t\u3000末"),
        ("\ue863\u2f24𠮷é·", "\ue863\u2f24𠮷é·"),
    ],
)
def test_what_cannot_be_seen_goes_and_everything_else_stays(typed, kept):
    assert visible(typed) == kept


def test_every_format_character_but_the_written_ones_goes():
    written = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}  # signs that enclose digits or join signs, and are drawn
    formats = {chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"}
    left = {unicodedata.name(one).partition(" ")[0] for one in formats if visible(one)}
    assert left == written


def every_form_class():
    """Every form that the code names; a form that is made by another one has its fields there."""
    found, seen = list(forms.BaseForm.__subclasses__()), set()
    while found:
        one = found.pop()
        found += one.__subclasses__()
        if one.__module__.startswith(("candidates.", "materials.", "review.", "nmec_portal.")):
            seen.add(one)
    return seen


def dull(fields):
    """Names of the text fields that would keep what cannot be seen."""
    return [
        name
        for name, field in fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field, NameField)  # of its own: test_names.py
        if name not in PASSWORDS and not field.disabled
        if "a" + INVISIBLE in str(field.to_python("a" + INVISIBLE))
    ]


@pytest.mark.django_db
def test_no_field_of_any_form_keeps_what_cannot_be_seen(rf):
    classes = [one for one in every_form_class() if not issubclass(one, forms.ModelForm)]
    found = {f"{one.__name__}.{name}" for one in classes for name in dull(one.base_fields)}
    application = make_application("draft")
    editable = editable_fields(application, timezone.now())
    found |= {f"{code}.{name}" for code, form in FORMS.items() for name in dull(form(application, editable).fields)}
    request = rf.get("/admin/")
    request.user = make_operator()
    written = [one for one in admin.site._registry.values() if one.has_add_permission(request)]
    assert len(written) > 5
    for back_office in written:
        found |= {f"{type(back_office).__name__}.{name}" for name in dull(back_office.get_form(request).base_fields)}
    assert found == set()


@pytest.mark.django_db
def test_what_is_pasted_into_the_form_is_saved_and_printed_without_it(client, media_root):
    application = make_application("registered")
    client.force_login(application.account)
    sent = a_section(application, "work", post="住院\u200b医师", employer_telephone="\u202d0571-12345678\u202c")
    client.post("/application/edit/", sent)
    saved = Application.objects.get()
    assert (saved.post, saved.employer_telephone) == ("住院医师", "0571-12345678")
    assert client.get("/application/documents/notice.pdf").status_code == 200


@pytest.mark.django_db
def test_what_is_stored_already_stops_no_document(client, media_root):
    application = make_application("registered")
    Application.objects.update(post="住院\u200b医师", employer_telephone="\u202d0571\x7f")
    client.force_login(application.account)
    assert missing_characters("住院\u200b医师\x7f") == set()
    assert client.get("/application/documents/notice.pdf").status_code == 200


@pytest.mark.django_db
def test_a_reviewers_reason_and_an_imported_line_lose_it_too(tmp_path):
    application = make_application("point_review")
    actor = casework.actor(application, "point")
    decisions.reject(application.pk, actor=actor, seen=application.last_record_id, reason="不\u200b符\ufeff")
    assert application.records.get(action="reject").note.reason == "不符"
    path = tmp_path / "units.csv"
    path.write_text("code,name\n\u200b11,北京\ufeff考区\n")
    call_command("load_units", path, stdout=io.StringIO())
    assert Unit.objects.get(code="11").name == "北京考区"


@pytest.mark.django_db
def test_a_reason_of_nothing_that_can_be_seen_is_none():
    application = make_application("point_review")
    actor = casework.actor(application, "point")
    with pytest.raises(Refused):
        decisions.reject(application.pk, actor=actor, seen=application.last_record_id, reason="\u200b \u2060")


@pytest.mark.django_db
def test_what_was_stored_before_is_cleaned_and_counted():
    migration = import_module("review.migrations.0011_text_without_invisible_characters")
    first, second = make_application("registered"), make_application("registered")
    Application.objects.filter(pk=first.pk).update(post=f"住院{INVISIBLE}医师", school="北\u200b京\n")
    make_units()
    Unit.objects.filter(code="1101001").update(telephone="\u202d010\u202c")
    before = Application.objects.filter(pk=second.pk).values().get()
    with connection.cursor() as cursor:
        counts = migration.clean(cursor)
        again = migration.clean(cursor)
    after = Application.objects.get(pk=first.pk)
    assert after.post == "住院医师"
    assert after.school == "北京\n"
    assert Unit.objects.get(code="1101001").telephone == "010"
    assert {table: count for table, count in counts.items() if count} == {
        "candidates_application": 1,
        "candidates_unit": 1,
    }
    assert set(again.values()) == {0}
    assert Application.objects.filter(pk=second.pk).values().get() == before


@pytest.mark.django_db
def test_the_migration_knows_every_invisible_character():
    migration = import_module("review.migrations.0011_text_without_invisible_characters")
    every = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT regexp_replace(%s, %s, '', 'g')", ["".join(every), migration.INVISIBLE])
        assert cursor.fetchone()[0] == visible("".join(every))


@pytest.mark.django_db
def test_a_field_that_was_cleaned_is_not_one_that_the_candidate_changed():
    application = make_application("returned")
    submission = application.submissions.get()
    form = json.loads(submission.form) | {"post": "住院\u200b医师"}
    submission.form = json.dumps(form)
    assert "post" not in submitting.changed_fields(submission, submitting.form_of(application))
