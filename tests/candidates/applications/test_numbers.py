"""Application numbers: consecutive within a point, never two alike."""

import copy
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models.base import ModelState

from candidates.applications.registration import complete
from candidates.applications.workflow import Actor
from candidates.models import Account, Application, NumberCounter
from candidates.rules.refusals import Refused
from tests.candidates.posting import save
from tests.factories import make_application, make_units

pytestmark = pytest.mark.django_db


def test_completing_gives_a_number_of_session_point_and_serial():
    first, second = make_application("registered"), make_application("registered")
    year = first.session.year
    assert [one.number for one in (first, second)] == [f"{year}110100100001", f"{year}110100100002"]


def test_a_full_point_says_so():
    application = make_application("draft")
    NumberCounter.objects.create(session=application.session, point=application.point, last=99_999)
    with pytest.raises(Refused) as refused:
        complete(application.pk, actor=Actor.of(application.account))
    assert list(refused.value.problems) == ["point"]


def test_a_number_stays_when_the_point_changes():
    application = make_application("registered")
    save(application, "exam", point=make_units()["1102001"])
    again = Application.objects.get(pk=application.pk)
    assert (again.number, again.site.code) == (application.number, "1102")


@pytest.mark.django_db(transaction=True)
def test_a_second_completion_at_the_same_point_waits_and_gets_the_next_number():
    one, two = make_application("draft"), make_application("draft")
    done = threading.Event()

    def second():
        complete(two.pk, actor=Actor.of(two.account))
        done.set()
        connection.close()

    with transaction.atomic():
        complete(one.pk, actor=Actor.of(one.account))
        thread = threading.Thread(target=second)
        thread.start()
        assert not done.wait(0.5)
    thread.join(10)
    numbers = [Application.objects.get(pk=pk).number[-5:] for pk in (one.pk, two.pk)]
    assert numbers == ["00001", "00002"]


@pytest.mark.django_db(transaction=True)
def test_two_hundred_completions_at_once_get_two_hundred_consecutive_numbers():
    drafts = copies(make_application("draft"), 200)

    def finish(pk):
        try:
            return complete(pk, actor=Actor(level="candidate", account=Application.objects.get(pk=pk).account)).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(finish, [draft.pk for draft in drafts]))
    assert [int(number[-5:]) for number in numbers] == list(range(1, 201))


def copies(draft, count):
    """The same complete form for other candidates."""
    _ = draft.document_number, draft.mobile, draft.data_key  # opened, and so sealed for each copy's own row
    accounts = [copy.copy(draft.account) for _ in range(count)]
    for serial, account in enumerate(accounts):
        account.document_number = account.mobile = ""
        account.pk, account._state = None, ModelState()
        account.identity_hash, account.mobile_hash = f"{serial:064}", f"{serial:064}"
    applications = [copy.copy(draft) for _ in range(count)]
    for application, account in zip(applications, Account.objects.bulk_create(accounts), strict=True):
        application.pk, application._state, application.account_id = None, ModelState(), account.pk
    return Application.objects.bulk_create(applications)
