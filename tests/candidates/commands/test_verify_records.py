"""The chains of records are read again, and what was changed behind the portal's back is found."""

from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command

from candidates.models import Application, Record
from tests import factories

pytestmark = pytest.mark.django_db


def run() -> str:
    out = StringIO()
    try:
        call_command("verify_records", stdout=out)
    except CommandError as refusal:
        return out.getvalue() + str(refusal)
    return out.getvalue()


def test_whole_chains_are_counted():
    factories.make_application("site_review")
    factories.make_application("draft")
    assert run() == f"共 2 份报名，{Record.objects.count()} 条办理记录，全部相符。\n"


def test_a_changed_record_and_a_missing_last_one_are_named():
    first, second = factories.make_application("registered"), factories.make_application("withdrawn")
    complete, last = first.records.get(action="complete"), second.records.last()
    with pgtrigger.ignore("candidates.Record:records_are_append_only"):
        Record.objects.filter(pk=complete.pk).update(level="operator")
    Application.objects.filter(pk=second.pk).update(last_record=None)
    assert run() == (
        f"报名 {first.number}：办理记录 {complete.pk}（complete）与摘要链不符。\n"
        f"报名 {second.number}：最近一次办理应为 None，现有的最后一条是 {last.pk}。\n"
        f"共 2 份报名，{Record.objects.count()} 条办理记录，2 份不符。"
    )


def test_a_status_that_no_record_tells_of_is_found():
    application = factories.make_application("registered")
    Application.objects.filter(pk=application.pk).update(status="draft", number=None)
    assert run().splitlines()[0] == f"报名 {application.pk}：状态是 draft，最后一条办理记录的新状态是 registered。"
