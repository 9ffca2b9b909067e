"""Which way a message takes, and when."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from candidates.messages import outbox, routes
from candidates.messages.kinds import KINDS, STANDS_IN, VISITS
from candidates.messages.outbox import Delivered, deliver_due
from candidates.messages.writing import tell, tell_account
from candidates.models import Account, Application, KindRule, Message, SmsCount
from candidates.rules.moments import SHANGHAI
from tests.factories import make_application, make_candidate

pytestmark = pytest.mark.django_db
DAY = timezone.now().astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
NIGHT = DAY.replace(hour=23)
MORNING = DAY.replace(hour=8) + timedelta(days=1)
DAYS = timedelta(days=3)
SENT: list[str] = []


def keep(account, subject, text):
    SENT.append(subject)


@pytest.fixture(autouse=True)
def nothing_sent(settings):
    SENT.clear()
    settings.SENDER = f"{__name__}.keep"


def a_message(kind, **account):
    switched = {name: account.pop(name) for name in ("no_sms", "no_mail") if name in account}
    mine = make_candidate(**account)
    Account.objects.filter(pk=mine.pk).update(**{"no_sms": False, **switched})
    mine.refresh_from_db()
    return tell_account(kind, mine, at=DAY, reason="请核对", code="123456")


@pytest.mark.parametrize(
    ("kind", "order"),
    [("code", ["sms", "mail"]), ("returned", ["sms", "mail"]), ("paid", ["mail", "sms"])],
)
def test_what_is_urgent_goes_to_the_phone_first(kind, order):
    assert routes.channels(a_message(kind, email="z@example.org"), []) == order


@pytest.mark.parametrize(("kind", "order"), [("returned", ["sms", "mail"]), ("paid", ["mail"])])
def test_what_is_switched_off_is_not_used_for_what_can_wait(kind, order):
    assert routes.channels(a_message(kind, email="z@example.org", no_sms=True), []) == order


def test_operators_set_the_order_of_a_kind():
    KindRule.objects.create(kind="returned", order="mail,sms")
    assert routes.channels(a_message("returned", email="z@example.org"), []) == ["mail", "sms"]


@pytest.mark.parametrize("switched", [{}, {"no_sms": True, "no_mail": True}])
def test_what_is_wanted_in_the_portal_alone_is_neither_sent_nor_unreached(switched):
    if not switched:
        KindRule.objects.create(kind="paid", order="portal")
    message = a_message("paid", email="z@example.org", **switched)
    assert deliver_due(DAY) == Delivered()
    message.refresh_from_db()
    assert (SENT, outbox.state_of(message)) == ([], "not_to_be_sent")


def test_the_database_knows_no_code_in_the_portal_alone():
    with pytest.raises(IntegrityError), transaction.atomic():
        KindRule.objects.create(kind="code", order="portal")


def test_a_kind_without_a_template_goes_where_words_go(settings):
    settings.ALIYUN_SMS = {"templates": {"code": "SMS_1"}}
    settings.SENDER = "aliyun,mail"
    assert routes.channels(a_message("returned", email="z@example.org"), []) == ["mail"]


@pytest.mark.parametrize(
    ("hour", "until"),
    [(7, 8), (8, None), (20, None), (21, 32), (23, 32)],
)
def test_the_night_ends_at_eight(hour, until):
    day = DAY.replace(hour=0)
    assert routes.end_of_quiet(DAY.replace(hour=hour)) == (until and day + timedelta(hours=until))


def test_at_night_a_code_goes_and_the_rest_waits_for_the_morning():
    message = a_message("returned")
    Message.objects.update(next_try_at=NIGHT)
    tell_account("code", make_candidate(), at=NIGHT, code="123456", purpose="重置密码")
    assert deliver_due(NIGHT) == Delivered(sent=1)
    assert SENT == ["重置密码验证码"]
    message.refresh_from_db()
    assert message.next_try_at == MORNING
    assert deliver_due(MORNING) == Delivered(sent=1)


def test_a_mail_rings_no_phone_and_goes_at_night():
    a_message("paid", email="z@example.org")
    assert deliver_due(NIGHT) == Delivered(sent=1)


def test_at_the_cap_the_rest_of_a_kind_waits_and_codes_go_on(settings, caplog):
    settings.SMS_A_DAY = 1
    a_message("returned"), a_message("returned"), a_message("extended"), a_message("code"), a_message("code")
    assert deliver_due(DAY) == Delivered(sent=4)
    assert (SENT.count("材料被退回，请补正"), routes.at_cap(DAY)) == (1, ["extended", "returned"])
    assert SmsCount.objects.get(kind="code").number == 2
    assert "SMS of kind returned: the day's cap is reached" in caplog.text
    assert outbox.due(MORNING).get().next_try_at == MORNING


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("submitted", "not_to_be_sent"),  # one's own act, seen on the page: no SMS is made for it
        ("moved", "unreachable"),  # an SMS tells it, and the operators have no template
    ],
)
def test_what_no_sms_is_made_for_is_not_unreached_where_there_is_no_mail(settings, kind, state):
    settings.ALIYUN_SMS, settings.SENDER = {"templates": {"code": "SMS_1"}}, "aliyun,mail"
    message = a_message(kind, email="")
    deliver_due(DAY)
    message.refresh_from_db()
    assert outbox.state_of(message) == state


# --- overtaken --------------------------------------------------------------------------------------------------------


def by_the_morning(kind, made, status, **parameters):
    """What becomes of a message of the night about an application that stands elsewhere in the morning."""
    application = make_application(made)
    Message.objects.all().delete()
    message = tell(kind, application, NIGHT, parameters)
    deliver_due(NIGHT)
    Application.objects.filter(pk=application.pk).update(status=status)
    deliver_due(MORNING)
    message.refresh_from_db()
    return outbox.state_of(message), len(SENT)


def test_who_has_paid_in_the_night_is_not_asked_in_the_morning_to_pay():
    assert by_the_morning("payment_due", "payment_due", "paid") == ("not_to_be_sent", 0)


def test_who_still_has_to_pay_is_asked_in_the_morning():
    assert by_the_morning("payment_due", "payment_due", "payment_due") == ("sent", 1)


def test_who_has_corrected_in_the_night_is_not_told_of_the_return():
    assert by_the_morning("returned", "point_review", "point_review") == ("not_to_be_sent", 0)


def test_a_question_that_was_answered_in_the_night_is_not_asked_in_the_morning():
    assert by_the_morning("question", "point_review", "point_review", level="point") == ("not_to_be_sent", 0)


@pytest.mark.parametrize(
    ("until", "state"), [(MORNING - timedelta(minutes=1), "not_to_be_sent"), (MORNING + DAYS, "sent")]
)
def test_a_deadline_that_is_over_by_the_morning_is_not_told(until, state):
    found = by_the_morning("reminder_upload", "registered", "registered", deadline=until.isoformat())
    assert found == (state, int(state == "sent"))


def test_an_appointment_that_was_given_up_in_the_night_is_not_reminded_of():
    tomorrow = (MORNING + timedelta(hours=2)).isoformat()
    assert by_the_morning("appointment_eve", "registered", "registered", deadline=tomorrow) == ("not_to_be_sent", 0)


def test_what_may_be_overtaken_is_of_a_kind():
    assert {*STANDS_IN, *VISITS} <= set(KINDS)
