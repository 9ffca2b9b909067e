"""Chains of records are read whole, application by application (the command: test_verify_records)."""

import pgtrigger
import pytest

from candidates.models import Application, Record
from candidates.trail import chains
from tests.factories import make_application

pytestmark = pytest.mark.django_db


def told():
    return [(one.application, one.records, one.problem) for one in chains.chains()]


def test_every_application_has_its_chain_also_one_without_records():
    first, draft, second = make_application("registered"), make_application("draft"), make_application("withdrawn")
    assert told() == [(first.pk, 1, ""), (draft.pk, 0, ""), (second.pk, 2, "")]
    assert [one.number for one in chains.chains()] == [first.number, "", second.number]


def test_a_record_that_was_changed_is_named_by_its_key():
    application = make_application("withdrawn")
    first = application.records.first()
    with pgtrigger.ignore("candidates.Record:records_are_append_only"):
        Record.objects.filter(pk=first.pk).update(level="operator")
    assert told() == [(application.pk, 2, f"办理记录 {first.pk}（complete）与摘要链不符")]


def test_a_record_that_was_taken_out_breaks_the_chain_at_the_next():
    application = make_application("withdrawn")
    complete, withdraw = application.records.all()
    with pgtrigger.ignore("candidates.Record:records_are_append_only"):
        complete.note.delete()
        complete.message.delete()
        Record.objects.filter(pk=complete.pk).delete()
    assert told() == [(application.pk, 1, f"办理记录 {withdraw.pk}（withdraw）与摘要链不符")]


def test_a_status_that_no_record_made_is_found():
    application = make_application("registered")
    Application.objects.update(status="draft", number=None)
    assert told() == [(application.pk, 1, "状态是 draft，最后一条办理记录的新状态是 registered")]
