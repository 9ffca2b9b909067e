"""Who has not done something yet is reminded, after a count and a question, at most once a day."""

import io
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.applications.workflow import moment
from candidates.models import Message
from review.operations import reminders
from tests import factories

pytestmark = pytest.mark.django_db


def run(*words) -> str:
    out = StringIO()
    call_command("remind", *words, stdout=out)
    return out.getvalue()


def told() -> list[tuple[int, str]]:
    reminded = Message.objects.filter(kind__in=reminders.TOLD).order_by("pk")
    return list(reminded.values_list("application", "kind"))


def test_each_is_reminded_of_what_is_missing_and_once_a_day():
    draft, returned = factories.make_application("draft"), factories.make_application("returned")
    expected = [
        (draft.pk, reminders.KINDS["drafts"].told),
        (returned.pk, reminders.KINDS["returned"].told),
    ]
    assert run("drafts", "returned", "unpaid", "--yes") == (
        f"{draft.session}\n"
        "报名表没有填完：1 人\n退回后没有再提交：1 人\n没有缴费：0 人\n已写入 2 条提醒，由 send_messages 发送。\n"
    )
    assert told() == expected
    text = Message.objects.get(application=returned, record=None).text
    assert moment(returned.return_deadline) in text
    assert run("drafts", "returned", "--yes").endswith("没有发送任何提醒。\n")
    assert told() == expected


def test_who_will_not_be_sent_anything_is_said_before(settings):
    settings.SENDER = "candidates.messages.sending.mail"
    factories.make_application("registered")
    reached = factories.make_application("registered")
    reached.account.email = "z@example.org"
    reached.account.save()
    assert run("not_submitted", "--yes") == (
        f"{reached.session}\n材料没有提交：2 人（其中 1 人没有可用的联系方式，只能登录后看到）\n"
        "已写入 2 条提醒，由 send_messages 发送。\n"
    )


def test_the_next_day_is_another_day():
    draft = factories.make_application("draft")
    kind, now = reminders.KINDS["drafts"], timezone.now()
    assert [sum(reminders.remind(kind, draft.session, now + timedelta(days=days))) for days in (0, 0, 1)] == [1, 0, 1]


def test_nobody_is_reminded_of_what_is_too_late():
    now = timezone.now()
    session = factories.make_session()
    draft = factories.make_application("draft", session=session)
    factories.make_session(session.year, registration=(now - timedelta(days=9), now - timedelta(days=1)))
    assert run("drafts", "--yes") == f"{session}\n报名表没有填完：0 人\n没有发送任何提醒。\n"
    assert draft.messages.count() == 0


@pytest.mark.parametrize(("answer", "count"), [("yes\n", 1), ("y\n", 0), ("", 0)])
def test_it_asks_before_it_sends(answer, count, monkeypatch):
    factories.make_application("registered")
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    if count:
        run("not_submitted")
    else:
        with pytest.raises(CommandError, match="已取消，没有发送任何提醒。"):
            run("not_submitted")
    assert len(told()) == count
    assert Message.objects.filter(kind__in=reminders.TOLD, next_try_at=None).count() == 0


def test_a_dry_run_only_counts():
    session = factories.make_application("registered").session
    assert run("not_submitted", "--dry-run") == f"{session}\n材料没有提交：1 人\n没有发送任何提醒。\n"
    assert told() == []
