"""Messages by mail or SMS: claimed, sent, written down; never twice for one event."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail as mailing
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from candidates.messages import outbox, sending
from candidates.messages.kinds import NOW as URGENT
from candidates.messages.outbox import PAUSES, Delivered, deliver_due
from candidates.messages.sending import PerhapsSent, Unreachable
from candidates.messages.writing import tell_account
from candidates.models import Delivery, Message
from candidates.rules.moments import SHANGHAI
from tests.factories import make_application, make_candidate

NOW = timezone.now().astimezone(SHANGHAI).replace(hour=12)  # by day: at night no SMS is sent
SENT: list[tuple[str, str]] = []


class Killed(BaseException):
    """The process ends here."""


def keep(account, subject, text):
    SENT.append((account.mobile, subject))


def fail(account, subject, text):
    raise OSError(f"no way to {account.mobile}")


def wonder(account, subject, text):
    raise PerhapsSent


@sending.reaches("mobile")
def wonder_sms(account, subject, text):
    raise PerhapsSent


@sending.reaches("email")
def fail_mail(account, subject, text):
    raise OSError(f"no way to {account.email}")


@sending.reaches("mobile")
def fail_sms(account, subject, text):
    raise OSError(f"no way to {account.mobile}")


@sending.reaches("mobile")
def keep_sms(account, subject, text):
    SENT.append((account.mobile, subject))


def find_nobody(account, subject, text):
    raise Unreachable


def die(account, subject, text):
    raise Killed


def look_beside(account, subject, text):
    """While one sender is sending, another looks for work."""
    SENT.append((account.mobile, subject))
    assert deliver_due(NOW) == Delivered()


@pytest.fixture(autouse=True)
def nothing_sent():
    SENT.clear()


def use(settings, sender):
    settings.SENDER = f"{__name__}.{sender.__name__}"


def make_message(**changes) -> Message:
    values = {"account": make_candidate(), "at": NOW, "kind": "payment_due", "urgency": URGENT, "next_try_at": NOW}
    return Message.objects.create(**{**values, **changes})


def state(message):
    message.refresh_from_db()
    return message.next_try_at, message.claimed_at, message.sent_at, message.tries


@pytest.mark.django_db
def test_an_event_is_sent_once_with_what_to_do_as_its_subject(settings):
    use(settings, keep)
    application = make_application("registered")
    Message.objects.update(next_try_at=NOW)
    assert deliver_due(NOW) == Delivered(sent=1)
    assert deliver_due(NOW + timedelta(days=1)) == Delivered()
    sent = (application.mobile, "报名成功，请上传材料")
    assert [sent] == SENT


@pytest.mark.django_db
def test_what_is_not_due_yet_waits(settings):
    use(settings, keep)
    message = make_message(next_try_at=NOW + timedelta(seconds=1))
    assert deliver_due(NOW) == Delivered()
    assert SENT == []
    assert deliver_due(NOW + timedelta(seconds=1)) == Delivered(sent=1)
    assert state(message) == (None, None, NOW + timedelta(seconds=1), 1)


@pytest.mark.django_db
def test_while_one_sender_sends_another_finds_nothing_to_do(settings):
    use(settings, look_beside)
    make_message()
    assert deliver_due(NOW) == Delivered(sent=1)
    assert len(SENT) == 1


@pytest.mark.django_db
def test_what_fails_is_tried_again_after_growing_pauses_and_six_times_at_most(settings):
    use(settings, fail_mail)
    message, now = make_message(account=make_candidate(email="z@example.org")), NOW
    for tries, pause in enumerate(PAUSES, 1):
        assert deliver_due(now) == Delivered(failed=1)
        assert state(message) == (now + pause, None, None, tries)
        now += pause
    assert deliver_due(now) == Delivered(given_up=1)
    assert state(message) == (None, None, None, 6)
    assert list(outbox.given_up()) == [message]
    assert list(PAUSES) == sorted(PAUSES)


@pytest.mark.django_db
def test_one_that_fails_does_not_hold_up_the_others(settings):
    use(settings, fail)
    make_message(), make_message()
    assert deliver_due(NOW) == Delivered(failed=2)
    use(settings, keep)
    assert deliver_due(NOW + PAUSES[0]) == Delivered(sent=2)


@pytest.mark.django_db
def test_a_sending_that_was_cut_short_is_found_and_never_repeated(settings):
    use(settings, die)
    message = make_message()
    with pytest.raises(Killed):
        deliver_due(NOW)
    use(settings, keep)
    assert [outbox.settle(NOW + timedelta(minutes=minutes)) for minutes in (1, 11, 22)] == [0, 1, 0]
    assert deliver_due(NOW + timedelta(days=30)) == Delivered()
    assert SENT == []
    assert list(outbox.doubtful(NOW)) == [message]


@pytest.mark.django_db
def test_what_was_claimed_and_not_handed_over_when_the_process_died_is_not_lost(settings, monkeypatch):
    use(settings, keep)
    message = make_message()
    monkeypatch.setattr(outbox, "_hand_over", lambda *words: die(*words))
    with pytest.raises(Killed):
        deliver_due(NOW)
    monkeypatch.undo()
    use(settings, keep)
    later = NOW + timedelta(minutes=11)
    assert (outbox.settle(later), deliver_due(later)) == (1, Delivered(sent=1))
    assert state(message)[2:] == (later, 2)


@pytest.mark.django_db
def test_one_that_the_version_before_had_claimed_counts_as_handed_over(settings):
    use(settings, keep)
    message = make_message(kind="", old_subject="旧", next_try_at=None, claimed_at=NOW - timedelta(hours=1))
    assert (outbox.settle(NOW), deliver_due(NOW)) == (1, Delivered())
    assert list(outbox.doubtful(NOW)) == [message]


@pytest.mark.django_db
def test_what_may_have_been_sent_is_not_sent_again_that_way_but_goes_on_to_the_next(settings):
    settings.SENDER = f"{__name__}.wonder_sms,candidates.messages.sending.mail"
    both, mobile_only = make_message(account=make_candidate(email="z@example.org")), make_message()
    assert deliver_due(NOW) == Delivered(unclear=2, sent=1)
    assert deliver_due(NOW + timedelta(days=1)) == Delivered()
    assert [one.to for one in mailing.outbox] == [["z@example.org"]]
    assert list(outbox.doubtful(NOW + timedelta(days=1))) == [mobile_only]
    assert list(both.deliveries.values_list("channel", "outcome")) == [("sms", "perhaps"), ("mail", "sent")]


@pytest.mark.django_db
def test_the_database_refuses_to_hand_a_message_over_twice_by_one_channel(settings):
    use(settings, keep)
    message = make_message()
    deliver_due(NOW)
    with pytest.raises(IntegrityError, match="nobody_is_told_twice_by_one_channel"), transaction.atomic():
        Delivery.objects.create(message=message, channel="sms", sender="x", at=NOW)


@pytest.mark.django_db
def test_a_provider_that_fails_is_followed_by_the_next_of_the_chain(settings):
    settings.SENDER = f"{__name__}.fail_sms,{__name__}.keep"
    message = make_message()
    assert deliver_due(NOW) == Delivered(sent=1)
    assert list(message.deliveries.values_list("outcome", "code")) == [("later", "OSError"), ("sent", "")]


@pytest.mark.django_db
def test_a_code_goes_before_everything_and_nothing_of_it_is_kept(settings):
    use(settings, keep)
    make_message(next_try_at=NOW - timedelta(hours=1))
    tell_account("code", None, contact="13811112222", at=NOW, code="123456", purpose="手机号码")
    assert deliver_due(NOW, most=1) == Delivered(sent=1)
    assert SENT == [("13811112222", "手机号码验证码")]
    code = Message.objects.get(kind="code")
    assert (code.parameters, code.contact) == ("", "")
    outbox.forget_codes(NOW + timedelta(days=2))
    assert not Message.objects.filter(kind="code").exists()


@pytest.mark.django_db
def test_a_code_that_ran_out_while_the_provider_was_away_is_not_sent(settings):
    use(settings, keep)
    tell_account("code", None, contact="13811112222", at=NOW, code="123456", purpose="手机号码")
    assert deliver_due(NOW + timedelta(minutes=10)) == Delivered(given_up=1)
    assert (SENT, list(outbox.given_up())) == ([], [])


@pytest.mark.django_db
def test_a_code_for_nobody_is_written_and_counted_nowhere(settings):
    use(settings, keep)
    tell_account("code", None, at=NOW, code="123456", purpose="重置密码")
    assert deliver_due(NOW) == Delivered(unreachable=1)
    assert (SENT, list(outbox.unreachable())) == ([], [])


# --- receipts


@pytest.fixture
def sent(settings):
    settings.SENDER = f"{__name__}.keep_sms,candidates.messages.sending.mail"
    message = make_message(account=make_candidate(email="z@example.org"))
    deliver_due(NOW)
    message.deliveries.update(sender="aliyun", provider_id="biz-1")
    return message


@pytest.mark.django_db
def test_a_receipt_says_that_it_arrived(sent):
    assert outbox.receipt("aliyun", "biz-1", delivered=True, code="", now=NOW)
    assert sent.deliveries.get().delivered_at == NOW
    assert deliver_due(NOW) == Delivered()


@pytest.mark.django_db
def test_what_did_not_arrive_goes_on_to_the_next_channel_once(sent):
    told = [outbox.receipt("aliyun", "biz-1", delivered=False, code="MK:0001", now=NOW) for _ in range(2)]
    assert (told, deliver_due(NOW), deliver_due(NOW)) == ([True, True], Delivered(sent=1), Delivered())
    assert [one.to for one in mailing.outbox] == [["z@example.org"]]


@pytest.mark.django_db
@pytest.mark.parametrize("known", [("tencent", "biz-1"), ("aliyun", "biz-2"), ("aliyun", "")])
def test_a_receipt_of_what_was_never_sent_changes_nothing(sent, known):
    assert not outbox.receipt(*known, delivered=False, code="", now=NOW)
    assert deliver_due(NOW) == Delivered()


# ---


@pytest.mark.django_db
@pytest.mark.parametrize("sender", ["candidates.messages.sending.mail", f"{__name__}.find_nobody"])
def test_what_has_nowhere_to_go_is_never_counted_as_sent_nor_tried_again(settings, sender):
    settings.SENDER = sender
    message = make_message(account=make_candidate(email=""))
    assert deliver_due(NOW) == Delivered(unreachable=1)
    assert (state(message), message.unreachable_at) == ((None, None, None, 1), NOW)
    assert deliver_due(NOW + timedelta(days=1)) == Delivered()


@pytest.mark.django_db
def test_it_is_counted_until_it_has_been_read_in_the_portal(settings):
    use(settings, find_nobody)
    message = make_message(tries=5)
    deliver_due(NOW)
    assert (list(outbox.unreachable()), list(outbox.given_up()), list(outbox.doubtful(NOW))) == ([message], [], [])
    Message.objects.update(read_at=NOW)
    assert list(outbox.unreachable()) == []


@pytest.mark.django_db
def test_who_has_an_address_gets_it_beside_one_who_has_none(settings):
    settings.SENDER = "candidates.messages.sending.mail"
    make_message(account=make_candidate()), make_message(account=make_candidate(email="z@example.org"))
    assert deliver_due(NOW) == Delivered(sent=1, unreachable=1)
    assert [one.to for one in mailing.outbox] == [["z@example.org"]]


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["next_try_at", "claimed_at", "sent_at"])
def test_the_database_refuses_a_message_that_was_unreachable_and_something_else(other):
    message = make_message(next_try_at=None, unreachable_at=NOW)
    with pytest.raises(IntegrityError, match="unreachable_message_has_no_other_outcome"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**{other: NOW})


@pytest.mark.django_db
def test_every_message_is_in_one_state_the_same_for_the_row_and_the_database():
    ways = [
        {},
        {"claimed_at": NOW},
        {"sent_at": NOW},
        {"unreachable_at": NOW},
        {"doubtful_at": NOW},
        {"tries": 6},
        {"tries": 2},
    ]
    due, *others = [make_message(**{"next_try_at": None, **way}) for way in ways]
    Message.objects.filter(pk=due.pk).update(next_try_at=NOW)
    for message in Message.objects.all():
        found = [name for name, of in outbox.STATES.items() if Message.objects.filter(of, pk=message.pk).exists()]
        assert found == [outbox.state_of(message)]
    assert {outbox.state_of(one) for one in others} == set(outbox.STATES) - {"waiting"}


@pytest.mark.django_db
def test_the_log_holds_no_personal_data(settings, caplog):
    use(settings, fail)
    message = make_message()
    deliver_due(NOW)
    assert caplog.messages == [f"Message {message.pk}, try 1: {__name__}.fail: later OSError"]


@pytest.mark.django_db(transaction=True)
def test_a_message_that_another_sender_holds_is_left_to_it(settings):
    use(settings, keep)
    held, free = make_message(), make_message()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM candidates_message WHERE id = %s FOR UPDATE", [held.pk])
    assert deliver_due(NOW) == Delivered(sent=1)
    other.close()
    assert (state(held)[2], state(free)[2]) == (None, NOW)


@pytest.mark.django_db(transaction=True)
def test_the_claim_is_committed_before_the_sender_is_called(settings):
    use(settings, keep)
    make_message()
    with pytest.raises(RuntimeError), transaction.atomic():
        deliver_due(NOW)
    assert not SENT


def by_day(monkeypatch):
    monkeypatch.setattr("candidates.management.commands.send_messages.timezone.now", lambda: NOW)


@pytest.mark.django_db
def test_the_command_sends_what_is_due_and_lists_what_was_cut_short(settings, monkeypatch):
    use(settings, keep)
    by_day(monkeypatch)
    make_message(next_try_at=NOW)
    lost = make_message(next_try_at=None, doubtful_at=NOW, tries=1)
    cut_short = f"结果不明、不再自动发送的消息：{lost.pk}。\n"
    said = StringIO()
    call_command("send_messages", "--dry-run", stdout=said)
    assert said.getvalue() == f"到期待发送 1 条（未发送）。\n{cut_short}"
    assert SENT == []
    call_command("send_messages", stdout=(said := StringIO()))
    assert said.getvalue() == (f"已发送 1 条，失败待重试 0 条，放弃 0 条，结果不明 0 条。\n{cut_short}")


@pytest.mark.django_db
def test_the_command_says_how_many_had_nowhere_to_go(settings, monkeypatch):
    use(settings, find_nobody)
    by_day(monkeypatch)
    make_message()
    call_command("send_messages", stdout=(said := StringIO()))
    assert said.getvalue() == (
        "已发送 0 条，失败待重试 0 条，放弃 0 条，结果不明 0 条。\n"
        "没有可用的联系方式、没有发送 1 条。\n"
        "没有通知到、考生也还没有在站内看到的消息：共 1 条。\n"
    )
