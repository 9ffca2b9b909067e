"""The table of kinds: every text can be made, and an SMS holds nothing but a few short, harmless words."""

import json

import pytest
from django.conf import settings
from django.utils import timezone

from candidates.applications.workflow import MESSAGES
from candidates.messages import kinds
from candidates.messages.kinds import KINDS, SHORT, SMS_PARAMETERS
from candidates.models import Message
from review.operations.reminders import TOLD
from tests.factories import make_candidate

WHOLE = {
    "number": "2027110100100017",
    "level": "site",
    "next": "region",
    "status": "returned",
    "reason": "请核对",
    "deadline": "2027-12-31T16:00:00+00:00",
    "closes": "2027-03-08T16:00:00+00:00",
    "code": "012345",
    "purpose": "重置密码",
    "point": "第一报名点",
    "contact": "手机号码",
    "which": "手机号码",
    "username": "point-1101001",
    "first": "abcd",
    "second": "efgh",
    "third": "jkmn",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_words(kind):
    said = kinds.subject(kind, WHOLE) + kinds.text(kind, WHOLE)
    assert not set(said) & set("{}")
    assert len(kinds.subject(kind, WHOLE)) <= 40


@pytest.mark.parametrize("kind", [name for name, one in KINDS.items() if one.sms])
def test_an_sms_holds_only_short_words_that_name_nobody(kind):
    values = kinds.sms(kind, WHOLE)
    assert set(values) <= set(SMS_PARAMETERS)
    assert [value for value in values.values() if not 0 < len(value) <= SHORT] == []
    assert "http" not in KINDS[kind].sms


def test_a_deadline_is_said_as_the_day_that_it_ends():
    assert kinds.sms("returned", WHOLE) == {"tail": "100017", "day": "12月31日", "time": "24:00"}
    assert "2027 年 12 月 31 日 24:00" in kinds.text("returned", WHOLE)


def test_levels_and_states_are_said_in_words():
    assert kinds.subject("passed", WHOLE) == "考点审核已通过，请等待考区审核"
    assert kinds.text("reopened", WHOLE) == "您的报名已恢复为“退回补正”。请核对"


def test_what_a_person_wrote_is_said_as_it_stands():
    assert (
        kinds.text("rejected", {"level": "point", "reason": "{deadline} {0} %s"})
        == "报名点的审核意见：{deadline} {0} %s 如有疑问，请联系作出决定的单位。"
    )


def test_what_the_provider_has_to_approve_can_be_read_off():
    assert kinds.sms_words("code") == "您的验证码是${code}，10分钟内有效。如非本人操作，请忽略。"


def test_the_operators_guide_has_the_words_to_be_approved():
    guide = (settings.BASE_DIR / "docs" / "operators.md").read_text()
    rows = [f"| `{name}` | {one.label} | `{kinds.sms_words(name)}` |" for name, one in KINDS.items() if one.sms]
    assert [row for row in rows if row not in guide and "`test`" not in row] == []


def test_all_that_is_told_is_of_a_kind():
    assert set(MESSAGES.values()) | set(TOLD) <= set(KINDS)


@pytest.mark.django_db
def test_parameters_lie_encrypted_and_are_read_as_they_were():
    values = {"reason": "证书编号 10001 不一致"}
    made = Message.objects.create(
        account=make_candidate(), at=timezone.now(), kind="rejected", parameters=json.dumps(values)
    )
    kept = Message.objects.extra(select={"raw": "parameters"}).get(pk=made.pk)
    assert (kept.values, b"10001" in bytes(kept.raw)) == (values, False)


@pytest.mark.django_db
def test_a_message_from_before_there_were_kinds_reads_as_it_was_written():
    made = Message.objects.create(account=make_candidate(), at=timezone.now(), old_subject="标题", old_text="内容")
    assert (made.subject, made.text) == ("标题", "内容")
