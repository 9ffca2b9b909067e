import pytest
from django.db import connection
from django.utils import timezone

from candidates.messages.kinds import QUIET
from candidates.messages.writing import message, tell, tell_account
from candidates.models import Message
from tests.factories import make_application, make_candidate

pytestmark = pytest.mark.django_db


def test_a_message_about_an_application_knows_its_number():
    application, now = make_application("registered"), timezone.now()
    told = tell("moved", application, now, {"reason": "调整"})
    assert told.values == {"number": application.number, "reason": "调整"}
    assert (told.account, told.next_try_at) == (application.account, now)


def test_what_is_quiet_stands_in_the_portal_only():
    assert message("moved", make_application("draft"), timezone.now(), {}, urgency=QUIET).next_try_at is None


def test_telling_is_one_insert(django_assert_num_queries):
    account = make_candidate()
    with django_assert_num_queries(1):
        tell_account("code", account, code="123456", purpose="重置密码")
    assert Message.objects.get().values["code"] == "123456"


def test_what_is_told_and_to_whom_cannot_be_read_off_the_tables():
    tell("rejected", make_application("registered"), timezone.now(), {"reason": "张某某的学历不符"})
    tell_account("code", None, contact="13911112222", code="135790", purpose="注册")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(one)::text FROM candidates_message one ORDER BY id")
        rows = " ".join(row for (row,) in cursor.fetchall())
    assert [word for word in ("学历", "张某某", "13911112222", "135790") if word in rows] == []
