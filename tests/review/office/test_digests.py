"""待办摘要: what waits, told once a day to who has an e-mail, unless the unit's head has switched it off."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.models import Message
from review.models import OfficeSetting
from review.office import digests
from tests.factories import make_application, make_reviewer, make_session, make_units

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
    waits = f"{people.session.year} 年度：1 个单位有 1 份等待审核。\n"
    assert run("--dry-run") == f"{waits}检查完成（未写入），将写入 2 份待办摘要。\n"
    assert told() == []
    assert run() == f"{waits}已写入 2 份待办摘要，由 send_messages 发送。\n"
    assert told() == [("a-head", "digest_head"), ("b-reviewer", "digest")]
    assert run() == f"{waits}已写入 0 份待办摘要，由 send_messages 发送。\n"


def test_it_says_what_waits(people):
    run()
    one = Message.objects.get(kind="digest_head")
    assert one.subject == "北京第一考点有 1 份等待审核"
    assert one.text == (
        f"北京第一考点：等待审核 1 份（{people.session.year} 年度），其中已逾期 0 份、今天到期 0 份；"
        "询问中 0 份，考生已答复 1 份；"
        "抽查复核等第二人 0 份、等负责人裁定 0 份；疑似重复 0 份。"
    )


def test_the_next_day_it_is_told_again(people):
    run()
    later = timezone.now() + timedelta(days=1)
    assert [digests.send(unit, found, later) for unit, found in digests.due(later)] == [2]


def test_two_years_are_told_apart_in_one_digest(people):
    year = people.session.year
    make_application("site_review", session=make_session(year - 1))
    assert run() == (
        f"{year - 1} 年度：1 个单位有 1 份等待审核。\n{year} 年度：1 个单位有 1 份等待审核。\n"
        "已写入 2 份待办摘要，由 send_messages 发送。\n"
    )
    one = Message.objects.get(kind="digest")
    assert one.text.startswith(f"北京第一考点：等待审核 2 份（{year - 1} 年度 1 份，{year} 年度 1 份），其中")


def test_one_year_alone_is_told_where_it_is_named(people):
    year = people.session.year
    make_session(year - 1)
    assert run("--session", str(year - 1)) == (
        f"{year - 1} 年度：0 个单位有 0 份等待审核。\n已写入 0 份待办摘要，由 send_messages 发送。\n"
    )
    make_application("site_review", session=make_session(year - 1))
    run("--session", str(year))
    assert f"等待审核 1 份（{year} 年度）" in Message.objects.get(kind="digest").text


def test_a_year_that_there_is_not_is_refused(people):
    with pytest.raises(CommandError, match="没有 2031 年度"):
        run("--session", "2031")


def test_a_unit_whose_head_has_switched_it_off_is_not_told(people):
    OfficeSetting.objects.create(unit=make_units()["1101"], digest=False)
    run()
    assert told() == []
