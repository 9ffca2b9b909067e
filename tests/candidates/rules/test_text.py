"""What cannot be seen is no part of a text: in no form, no import, no reason, and not where a document is printed."""

import io
import json
import sys
import unicodedata
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.contrib import admin
from django.core.management import BaseCommand, call_command, get_commands, load_command_class
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from candidates.applications.form import editable_fields
from candidates.forms.fields import DayField, MomentField, RowField, WholeNumberField
from candidates.forms.second_factor import RecoveryField
from candidates.forms.sections import FORMS
from candidates.models import Application, Unit
from candidates.rules.refusals import Refused
from candidates.rules.text import _KEY, KINDS, clean, name_key, visible
from materials import submitting
from materials.printing.fonts import missing_characters
from review.cases import decisions
from tests.candidates.posting import a_section
from tests.factories import make_application, make_operator, make_units
from tests.review import casework

INVISIBLE = "\u200b\u200d\u202d\u202c\u2066\ufeff\u00ad\u2060\ufe0f\U000e0100\u3164\u180e\x0b\x7f"
PASSWORDS = {"password", "password1", "password2", "answer"}  # and what a passkey answers: nobody types it


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


TYPED = [
    # the table of the cases that came from the field
    ("telephone", "\u202d0571-12345678\u202c", "0571-12345678"),
    ("address", "示例省示例市\u200b示例路1号", "示例省示例市示例路1号"),
    ("code", "pdy99000001\ufeff", "PDY99000001"),
    ("words", "住院\u200b医师", "住院医师"),
    ("words", "北京\ue863医院", "北京䶮医院"),
    ("words", "北京\u2f24学第\u2f00医院", "北京大学第一医院"),
    ("name", "马\u2f42\u2f45", "马文方"),
    ("name", "古丽米热 · 艾比布力", "古丽米热·艾比布力"),
    ("document_number", "1/234567/8", "12345678"),
    # what each kind folds, and what it keeps
    ("words", "第１附属医院（东区），\u3000Ａ座", "第１附属医院（东区）， Ａ座"),
    ("words", "e\u0301cole \uf9dc\U0002f804 “x”", "école \uf9dc\U0002f804 “x”"),
    ("words", "⻁⺼\ue815\ue78d", "虎肉厂，"),
    ("lines", " 第一行\r\n\r\n\t第 二\u3000行 \n", "第一行\n\n第 二 行"),
    ("address", "示例路１２－３号（东）Ａ座", "示例路12-3号（东）A座"),
    ("number", "第１２３ 号－Ａ（补）", "第123号－A（补）"),
    ("code", "ｐｄｙ９９ ０－１", "PDY990-1"),
    ("mobile", "（１３８）００００—０００１", "13800000001"),
    ("telephone", "０１０－１２３４５６７８　转\u30008", "010-12345678 转 8"),
    ("email", "Ａ.b＠example。com ", "A.b@example.com"),
    ("identifier", "ｌａｂ－r1\u200b", "lab-r1"),
    ("date", "２０２５－０３", "2025-03"),
    ("date", "2025 年 3 月", "2025年3月"),
    ("moment", "２０２７／０１／１０　０９：００", "2027/01/10 09:00"),
    ("money", "￥１，２６０．００ 元", "1260.00"),
    ("name", "Ｊｏｓｅ\u0301　Ｏ’Brien", "José O'Brien"),
    ("search", "\u202e２０２７　张\ue863", "2027 张䶮"),
]


@pytest.mark.parametrize(("kind", "typed", "kept"), TYPED)
def test_each_kind_has_one_spelling(kind, typed, kept):
    assert clean(typed, kind) == kept


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30), kind=st.sampled_from(sorted(KINDS)))
def test_cleaning_twice_changes_nothing(text, kind):
    once = clean(text, kind)
    assert clean(once, kind) == once


def test_gbks_private_use_codes_are_those_of_gb_18030():
    pairs = {0xE815 + at: bytes([0xFE, 0x50 + at + (at > 0x2E)]) for at in range(80)}
    decoded = {code: pair.decode("gb18030") for code, pair in pairs.items()}
    known = {code: clean(one) for code, one in decoded.items() if one != chr(code)}  # Python's table is that of 2000
    assert (len(known), {code: clean(chr(code)) for code in known}) == (66, known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("古丽米热·艾比布力", "古丽米热．艾比布力"),
        ("古丽米热·艾比布力", "古丽米热艾比布力"),
        ("MARÍA JOSÉ O'BRIEN", "maria-jose O’Brien"),
        ("Łukasz", "LUKASZ"),
        ("㛃㛃", "㛃\u3000㛃"),
        ("福", "\ufa1b"),
        ("吳說", "吴説"),
        ("䶮", "\ue863"),
    ],
)
def test_names_that_are_the_same_have_one_key(one, other):
    assert name_key(one) == name_key(other)


def test_names_that_are_others_have_other_keys():
    assert len({name_key(one) for one in ("张三", "张王", "㛃", "洁", "李", "Li")}) == 6


@pytest.mark.django_db
def test_the_database_has_the_same_key():
    names = ["古丽米热·艾比布力", "María O'Brien-Łuc Jr.", "孙\uf9dc\U0002f804", "吳說㛃\U00020000", "Nguyễn Văn A"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT candidates_name_key(one) FROM unnest(%s) AS one", [[*names, *map(chr, _KEY)]])
        assert [key for (key,) in cursor] == [name_key(one) for one in names] + [
            unicodedata.normalize("NFKD", chr(code)).translate(_KEY) for code in _KEY
        ]


def every_argument():
    """(command, argument) of every command of ours that takes something typed."""
    for name, app in sorted(get_commands().items()):
        if app in ("candidates", "materials", "review"):
            own = {one.dest for one in BaseCommand().create_parser("manage.py", name)._actions}
            for action in load_command_class(app, name).create_parser("manage.py", name)._actions:
                if action.dest not in own and action.nargs != 0:
                    yield name, action


def test_every_argument_of_every_command_has_its_kind_or_is_a_file():
    found = list(every_argument())
    assert len(found) > 30
    assert [(name, one.dest) for name, one in found if one.type is not Path and not hasattr(one.type, "kind")] == []


def every_form_class():
    """Every form that the code names; a form that is made by another one has its fields there."""
    found, seen = list(forms.BaseForm.__subclasses__()), set()
    while found:
        one = found.pop()
        found += one.__subclasses__()
        if one.__module__.startswith(("candidates.", "materials.", "review.", "nmec_portal.")):
            seen.add(one)
    return seen


def typed_into(field):
    """What comes of it, in the field's own spelling where that goes further (a recovery code)."""
    kept = str(field.to_python("a\u2f24" + INVISIBLE))
    return kept.upper() if isinstance(field, RecoveryField) else kept


PLAIN = (  # a Django field that reads what is typed, and ours that reads it in its one spelling
    (forms.IntegerField, WholeNumberField),
    (forms.DateField, DayField),
    (forms.SplitDateTimeField, MomentField),
)


def is_strict(field):
    """Whether the field would refuse a number or a day for what cannot be seen in it."""
    if isinstance(field, forms.ModelChoiceField):  # from a list nothing is typed
        return isinstance(field.widget, forms.TextInput) and not isinstance(field, RowField)
    return any(isinstance(field, django) and not isinstance(field, ours) for django, ours in PLAIN)


def dull(fields):
    """Names of the fields that would keep what cannot be seen in a text, or stumble over it."""
    return [name for name, field in fields.items() if is_strict(field)] + [
        name
        for name, field in fields.items()
        if isinstance(field, forms.CharField) and name not in PASSWORDS and not field.disabled
        if getattr(field, "kind", "") not in KINDS or clean("a\u2f24" + INVISIBLE, field.kind) != typed_into(field)
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
