"""Tables that operators upload: tried, kept sealed, taken in as they were looked through."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone

from candidates.models import OperatorAct, Unit
from candidates.reference.outcomes import BadFile, Unconfirmed
from candidates.rules.refusals import NotAllowed
from review.models import ImportDraft, Payment
from review.operations import importing
from tests.factories import make_operator, make_units
from tests.review.payments.case import make_due, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make_operator()


def keep(text, account, kind="units", **options):
    return importing.keep(kind, BytesIO(text.encode()), "../a/表.csv", options, account=account)


def test_a_table_lies_sealed_until_it_is_taken_in(operator):
    draft = keep("code,name\n31,上海考区\n", operator)
    assert (draft.name, "上海".encode() in bytes(draft.content)) == ("表.csv", False)
    assert importing.try_out(draft).summary.startswith("新增 1")
    assert Unit.objects.count() == 0
    _, report = importing.take_in(draft.pk, account=operator, confirmed=False)
    assert (report.counts["new"], Unit.objects.get().code, ImportDraft.objects.count()) == (1, "31", 0)
    assert OperatorAct.objects.get().arguments == {"file": f"sha256:{draft.sha256}"}


def test_what_has_to_be_confirmed_is_not_taken_in_without(operator):
    make_units()
    draft = keep("code,name\n11,北京考区\n", operator, complete=True)
    with pytest.raises(Unconfirmed):
        importing.take_in(draft.pk, account=operator, confirmed=False)
    assert Unit.objects.filter(is_active=False).count() == 0
    importing.take_in(draft.pk, account=operator, confirmed=True)
    assert Unit.objects.filter(is_active=False).count() == 8


def test_a_bad_table_stays_for_another_look(operator):
    draft = keep("code,name\n3x,坏\n", operator)
    with pytest.raises(BadFile):
        importing.take_in(draft.pk, account=operator, confirmed=True)
    assert ImportDraft.objects.get() == draft


def test_a_file_that_is_no_table_is_told_of(operator):
    assert importing.try_out(keep("\0\0", operator)).can_be_done is False
    assert importing.try_out(keep("x", operator, kind="statement", provider="bank")).can_be_done is False


def test_of_a_statement_with_lines_that_cannot_be_read_every_line_is_told(operator):
    order = make_order(make_due())
    text = "order_number,trade_number,amount,paid_at\n"
    text += f"{order.number},B1,200.00,{timezone.localtime():%Y-%m-%d %H:%M}\n,1.23E+17,x,2027-13-01\n"
    draft = keep(text, operator, kind="statement", provider="bank")
    report = importing.try_out(draft)
    assert [(one.line, one.kind, len(one.said)) for one in report.outcomes] == [(2, "new", 0), (3, "refused", 3)]
    with pytest.raises(BadFile) as bad:
        importing.take_in(draft.pk, account=operator, confirmed=True)
    assert (bad.value.report.outcomes, bad.value.report.can_be_done) == (report.outcomes, False)
    assert Payment.objects.count() == 0


def test_it_is_its_own_operators_and_gone_after_a_day(operator):
    draft = keep("code,name\n31,上海考区\n", operator)
    for account in (make_operator("operator-2"), operator):
        with pytest.raises(NotAllowed, match="重新上传"):
            importing.of(draft.pk, account=account)
        ImportDraft.objects.update(at=timezone.now() - timedelta(days=2))
    importing.forget_old(timezone.now())
    assert ImportDraft.objects.count() == 0


def test_a_larger_one_is_left_to_the_command(operator, monkeypatch):
    monkeypatch.setattr(importing, "LARGEST", 8)
    with pytest.raises(NotAllowed, match="load_units"):
        keep("code,name\n31,上海考区\n", operator)


def test_every_table_of_the_commands_can_be_uploaded():
    assert set(importing.KINDS) == set(importing.TABLES) | {"statement"}
    assert {one.command for one in importing.KINDS.values()} >= {"load_units", "open_session", "import_payments"}
