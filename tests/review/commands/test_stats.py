"""Numbers of a session: by region and status, pictures, how long the queues have waited."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.models import Application
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_numbers_add_up_and_name_nobody():
    waiting = factories.make_application("point_review")
    factories.make_application("draft")
    Application.objects.filter(pk=waiting.pk).update(status_since=timezone.now() - timedelta(days=5))
    out = StringIO()
    call_command("stats", stdout=out)
    lines = [line.split("\t") for line in out.getvalue().splitlines()]
    assert lines[2] == ["北京考区", "1", "0", "1", *["0"] * 8, "2"]
    assert lines[3][0] == "全部"
    assert lines[6][:1] + lines[6][2:] == ["4", "4"]
    assert ["待报名点审核", "1", "1", "0", "120"] in lines
    assert waiting.name not in out.getvalue()


def test_messages_are_told_apart_by_what_became_of_them():
    messages = factories.make_application("point_review").messages
    first = messages.first()
    first.next_try_at, first.unreachable_at = None, first.at
    first.save()
    out = StringIO()
    call_command("stats", stdout=out)
    assert [line.split("\t") for line in out.getvalue().splitlines()][-2:] == [
        ["消息", "待发送", "发送中", "已发送", "没有通知到", "结果不明", "多次失败，已放弃", "只在站内"],
        ["条数", str(messages.count() - 1), "0", "0", "1", "0", "0", "0"],
    ]


def test_without_a_session_there_is_nothing_to_count():
    with pytest.raises(CommandError, match="还没有开设考试年度"):
        call_command("stats")


def test_whoever_has_chosen_no_point_is_counted_apart():
    application = factories.make_application("draft")
    Application.objects.filter(pk=application.pk).update(point=None, site=None, region=None)
    call_command("stats", stdout=(out := StringIO()))
    assert [line.split("\t")[:2] for line in out.getvalue().splitlines() if line.startswith("未定")] == [["未定", "1"]]
