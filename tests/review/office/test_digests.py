"""待办摘要: what waits, told once a day to who has an e-mail, unless the unit's head has switched it off."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from candidates.models import Message
from review.models import OfficeSetting
from review.office import digests
from tests.factories import make_application, make_reviewer, make_units

pytestmark = pytest.mark.django_db


def run(*words):
    out = StringIO()
    call_command("send_digests", *words, stdout=out)
    return out.getvalue()


def told():
    found = Message.objects.filter(kind__in=digests.KINDS).select_related("account").order_by("account__username")
    return [(one.account.username, one.kind) for one in found]


@pytest.fixture
def people():
    """A case that waits for the site, and who works there."""
    case = make_application("site_review")
    site = make_units()["1101"]
    type(case).objects.filter(pk=case.pk).update(question_answered=True)
    make_reviewer(site, username="a-head", email="head@example.org", is_head=True)
    make_reviewer(site, username="b-reviewer", email="one@example.org")
    make_reviewer(site, username="c-silent")
    make_reviewer(site, username="d-gone", email="gone@example.org", is_active=False)
    make_reviewer(make_units()["12"], username="e-idle", email="idle@example.org")
    return case


def test_reviewers_and_heads_with_an_email_are_told_once_a_day(people):
    assert run("--dry-run") == "检查完成（未写入），将写入 2 份待办摘要。\n"
    assert told() == []
    assert run() == "已写入 2 份待办摘要，由 send_messages 发送。\n"
    assert told() == [("a-head", "digest_head"), ("b-reviewer", "digest")]
    assert run() == "已写入 0 份待办摘要，由 send_messages 发送。\n"


def test_it_says_what_waits(people):
    run()
    one = Message.objects.get(kind="digest_head")
    assert one.subject == "北京第一考点有 1 份等待审核"
    assert one.text == (
        "北京第一考点：等待审核 1 份，其中已逾期 0 份、今天到期 0 份；询问中 0 份，考生已答复 1 份；"
        "抽查复核等第二人 0 份、等负责人裁定 0 份；疑似重复 0 份。"
    )


def test_the_next_day_it_is_told_again(people):
    run()
    assert sum(digests.send(timezone.now() + timedelta(days=1))) == 2


def test_a_unit_whose_head_has_switched_it_off_is_not_told(people):
    OfficeSetting.objects.create(unit=make_units()["1101"], digest=False)
    run()
    assert told() == []
