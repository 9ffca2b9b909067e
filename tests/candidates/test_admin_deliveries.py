"""发送 in the back office: each handing over, for operators alone, and nothing in it says to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.messages.writing import tell, tell_account
from candidates.models import Delivery
from tests.factories import make_application, make_operator
from tests.review import casework

pytestmark = pytest.mark.django_db
LIST = "/admin/candidates/delivery/"


@pytest.fixture
def delivery():
    application = make_application("point_review")
    message = tell("question", application, timezone.now(), {"reason": "张某某 13800000000 是谁"})
    return handed_over(message, outcome="refused", code="isv.AMOUNT_NOT_ENOUGH", provider_id="900619746936498440^0")


def handed_over(message, **changes) -> Delivery:
    values = {"channel": "sms", "sender": "aliyun", "at": timezone.now(), "outcome": "sent", **changes}
    return Delivery.objects.create(message=message, **values)


@pytest.fixture
def operator(client):
    return casework.log_in(client, make_operator())


def rows(page) -> int:
    return page.content.decode().count('<th class="field-') + page.content.decode().count(
        '<td class="field-handed_over'
    )


def test_it_says_what_was_handed_over_and_what_the_provider_answered(operator, delivery):
    page = operator.get(LIST).content.decode()
    said = [delivery.message.application.number, "询问", "短信", "aliyun", "被服务商拒绝", "isv.AMOUNT_NOT_ENOUGH"]
    assert [word for word in said if word not in page] == []


def test_nothing_in_it_says_to_whom_or_what_was_said(operator, delivery):
    account = delivery.message.application.account
    handed_over(tell_account("code", None, contact="13911112222", code="135790", purpose="注册"))
    page = operator.get(LIST).content.decode()
    assert rows(operator.get(LIST)) == 2
    hidden = [
        account.mobile,
        account.document_number,
        account.name,
        "13911112222",
        "135790",
        "是谁",
        delivery.provider_id,
    ]
    assert [word for word in hidden if word in page] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("outcome__exact=refused", 1),
        ("outcome__exact=sent", 1),
        ("outcome__exact=perhaps", 0),
        ("channel__exact=mail", 1),
        ("sender=tencent", 0),
        ("sender=aliyun", 1),
    ],
)
def test_it_is_filtered_by_outcome_channel_and_sender(operator, delivery, query, found):
    handed_over(delivery.message, channel="mail", sender="mail")
    assert rows(operator.get(f"{LIST}?{query}")) == found


@pytest.mark.parametrize("query", ["message__account__name__startswith=张", "code__contains=isv", "outcome__regex=."])
def test_it_is_filtered_by_nothing_else(operator, delivery, query):
    assert operator.get(f"{LIST}?{query}").status_code == 400


def test_it_is_found_by_a_whole_number_of_an_application(operator, delivery):
    number = delivery.message.application.number
    assert [rows(operator.get(LIST, {"q": one})) for one in (number, number[:8], "张某某")] == [1, 0, 0]


def test_others_do_not_even_see_that_it_is_there(client, delivery):
    application = delivery.message.application
    assert client.get(LIST).status_code == 302
    for account in (application.account, casework.reviewer(application)):
        assert casework.log_in(client, account).get(LIST).status_code == 404


def test_nobody_writes_in_it(operator, delivery):
    for address in (f"{LIST}add/", f"{LIST}{delivery.pk}/change/", f"{LIST}{delivery.pk}/delete/"):
        assert operator.post(address, {"outcome": "sent"}).status_code in (403, 404), address
    assert list(Delivery.objects.values_list("outcome")) == [("refused",)]
    assert f"{LIST}{delivery.pk}/" not in operator.get(LIST).content.decode()


def test_as_many_queries_with_one_row_as_with_three(operator, delivery):
    operator.get(LIST)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            operator.get(LIST)
        counts.append(len(asked))
        for channel in ("mail", "sms"):
            handed_over(tell_account("paid", delivery.message.account), channel=channel)
    assert counts[0] == counts[1]
