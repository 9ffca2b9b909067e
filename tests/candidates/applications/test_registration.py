import copy
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.base import ModelState
from django.utils import timezone

from candidates.applications import registration
from candidates.applications.registration import complete, save_section, sign_up, start, withdraw
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import Actor
from candidates.models import Account, Application, NumberCounter, Record
from candidates.models.session import SHANGHAI
from candidates.rules.refusals import AlreadyMoved, NotAllowed, Refused
from materials import submitting, uploads
from tests.factories import (
    a_resident_id,
    make_application,
    make_candidate,
    make_category,
    make_session,
    make_units,
)

pytestmark = pytest.mark.django_db


def save(application, section, **values):
    actor = Actor.of(application.account)
    return save_section(application.pk, section, values, actor=actor, seen=application.last_record_id)


# --- accounts ---


def test_a_resident_id_gives_birth_date_and_sex():
    account = make_candidate(document_number=a_resident_id(2, born=date(1991, 4, 5)))
    assert (account.birth_date, account.sex) == (date(1991, 4, 5), "female")


def test_the_three_kinds_of_one_number_are_one_person():
    number = a_resident_id(3)
    make_candidate(document_number=number)
    with pytest.raises(Refused) as refused:
        make_candidate(document_type="temporary_id", document_number=number)
    assert list(refused.value.problems) == ["document_number"]


def test_one_number_under_two_other_types_is_two_people():
    make_candidate(document_type="officer", document_number="12345678")
    make_candidate(document_type="police", document_number="12345678")


def test_a_mobile_belongs_to_one_account():
    make_candidate(mobile="13812345678")
    with pytest.raises(Refused) as refused:
        make_candidate(mobile="13812345678")
    assert list(refused.value.problems) == ["mobile"]


def test_consent_is_kept_with_its_version_and_time():
    now = timezone.now()
    account = sign_up(
        name="王某", document_type="passport", document_number="E12345678", valid_until=date(2030, 1, 1),
        mobile="13900001111", email="", password="kestrel-over-the-hill", now=now,
    )  # fmt: skip
    assert (account.consent_version, account.consented_at) == (registration.PRIVACY_VERSION, now)


# --- the form ---


def test_starting_twice_gives_the_same_draft():
    account, session = make_candidate(), make_session()
    first = start(account, session=session, actor=Actor.of(account))
    assert start(account, session=session, actor=Actor.of(account)) == first


def test_the_database_refuses_a_second_application_in_a_session():
    application = make_application("draft")
    twin = Application.objects.get(pk=application.pk)
    twin.pk = None
    with pytest.raises(IntegrityError, match="one_application_per_candidate_and_session"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_section_is_saved_with_errors_elsewhere_and_half_filled():
    account = make_candidate()
    application = start(account, session=make_session(), actor=Actor.of(account))
    save(application, "education", school="示例医学院")
    application.refresh_from_db()
    assert (application.school, application.major, application.saved_sections) == ("示例医学院", "", ["education"])


def test_values_of_another_section_are_ignored():
    application = make_application("draft", school="示例医学院")
    save(application, "work", school="另一学校")
    assert Application.objects.get(pk=application.pk).school == "示例医学院"


def test_a_point_brings_its_site_and_region():
    application = make_application("draft", point=make_units()["1102001"])
    codes = [unit.code for unit in (application.region, application.site, application.point)]
    assert codes == ["11", "1102", "1102001"]


def test_a_change_of_the_name_reaches_the_account_and_makes_a_new_notice():
    application = make_application("registered")
    save(application, "basic", name="张𬀩")
    application.refresh_from_db()
    application.account.refresh_from_db()
    versions = list(application.notice_versions.order_by("version"))
    assert (application.name, application.account.name) == ("张𬀩", "张𬀩")
    assert [one.version for one in versions] == [1, 2]
    assert [one.replaced_at is None for one in versions] == [False, True]
    assert Record.objects.filter(application=application, action="amend").get().data == {"fields": ["name"]}


def test_a_mobile_that_the_account_has_got_since_is_not_taken_back():
    application = make_application("returned", named={"sections": {"basic": "请更正地址。"}})
    registration.change_contact(application.account_id, mobile="13811112222", email="")
    save(application, "basic", mobile=application.mobile, address="新地址")
    after = Application.objects.select_related("account").get()
    assert (after.account.mobile, after.mobile, after.address) == ("13811112222", "13811112222", "新地址")


def test_saving_without_a_change_makes_neither_record_nor_notice():
    application = make_application("registered")
    save(application, "basic", name=application.name)
    assert application.notice_versions.count() == 1
    assert application.records.count() == 1


def test_the_record_of_a_changed_number_shows_it_masked_only():
    application = make_application("registered")
    old, new = application.document_number, a_resident_id(999, born=date(1969, 1, 1))
    save(application, "basic", document_number=new)
    note = application.records.get(action="amend").note
    assert note.data["document_number"] == [f"{old[:6]}********{old[-4:]}", f"{new[:6]}********{new[-4:]}"]


def test_another_candidates_form_is_refused():
    application = make_application("draft")
    stranger = Actor.of(make_candidate())
    with pytest.raises(NotAllowed):
        save_section(application.pk, "basic", {"address": "x"}, actor=stranger, seen=None)


def test_a_page_drawn_before_another_tab_saved_is_stale():
    application = make_application("registered")
    save(application, "basic", address="新地址 1 号")
    with pytest.raises(AlreadyMoved):
        save(application, "basic", address="新地址 2 号")
    assert Application.objects.get(pk=application.pk).address == "新地址 1 号"


@pytest.mark.parametrize("status", ["point_review", "site_review", "region_review", "payment_due", "rejected"])
def test_a_locked_form_is_not_saved(status):
    application = make_application(status)
    with pytest.raises(NotAllowed):
        save(application, "basic", address="新地址 1 号")


def test_while_returned_only_what_was_named_can_change():
    application = make_application("returned", named={"sections": {"work": "请核对"}})
    with pytest.raises(NotAllowed, match="没有要求修改这一部分"):
        save(application, "education", school="另一学校")
    save(application, "work", trial_name="另一医院")
    application.refresh_from_db()
    assert application.trial_name == "另一医院"
    assert Unlocking.of(application).saved == ["work"]


def test_a_correction_that_conflicts_unlocks_the_field_elsewhere_and_no_more():
    application = make_application("returned", named={"sections": {"exam": "类别有误"}}, education="associate")
    save(application, "exam", exam_category=make_category("110"))
    application.refresh_from_db()
    assert Unlocking.of(application).fields == ["holds_assistant_licence"]
    save(application, "licence", holds_assistant_licence=True, licence_number="1")
    application.refresh_from_db()
    assert (application.holds_assistant_licence, application.licence_number) == (True, "")


def test_what_has_expired_since_in_a_section_not_named_is_not_judged_anew():
    application = make_application("returned", named={"sections": {"work": "请核对"}})
    Application.objects.filter(pk=application.pk).update(valid_until=date(2020, 1, 1))
    save(application, "work", trial_name="另一医院")
    application.refresh_from_db()
    assert Unlocking.of(application).fields == []
    assert submitting.obstacles(uploads.Desk.of(application)) == {}


def test_nothing_is_saved_after_the_returns_deadline():
    application = make_application("returned", named={"sections": {"work": "请核对"}})
    late = application.return_deadline
    values, actor = {"trial_name": "另一医院"}, Actor.of(application.account)
    with pytest.raises(NotAllowed, match="补正期限已于"):
        save_section(application.pk, "work", values, actor=actor, seen=application.last_record_id, now=late)
    save_section(
        application.pk, "work", values, actor=actor, seen=application.last_record_id, now=late - timedelta(seconds=1)
    )


# --- windows, to the second ---


def test_the_registration_window_opens_and_closes_to_the_second():
    opens = datetime(2027, 1, 10, 9, 0, 0, tzinfo=SHANGHAI)
    closes = datetime(2027, 1, 24, 0, 0, 0, tzinfo=SHANGHAI)
    session = make_session(2027, registration=(opens, closes))
    account = make_candidate()
    for moment, sentence in (
        (opens - timedelta(seconds=1), "网上报名将于 2027 年 1 月 10 日 09:00 开始"),
        (closes, "网上报名已于 2027 年 1 月 23 日 24:00 截止"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            start(account, session=session, actor=Actor.of(account), now=moment)
    assert start(account, session=session, actor=Actor.of(account), now=opens).status == "draft"


def test_a_registered_form_may_change_while_uploading_is_open():
    application = make_application("registered")
    session, now = application.session, timezone.now()
    session.registration_opens, session.registration_closes = now - timedelta(days=9), now - timedelta(days=8)
    session.save()
    save(application, "basic", address="新地址 1 号")
    assert Application.objects.get(pk=application.pk).address == "新地址 1 号"


# --- completing ---


def test_completing_gives_a_number_of_session_point_and_serial():
    first, second = make_application("registered"), make_application("registered")
    year = first.session.year
    assert [one.number for one in (first, second)] == [f"{year}110100100001", f"{year}110100100002"]


def test_an_unfinished_form_is_refused_with_every_problem_at_its_field():
    application = make_application("draft", school="", graduated_on=None, ethnicity="")
    with pytest.raises(Refused) as refused:
        complete(application.pk, actor=Actor.of(application.account))
    assert list(refused.value.problems) == ["ethnicity", "school", "graduated_on"]
    application.refresh_from_db()
    assert (application.status, application.number) == ("draft", None)


def test_completing_twice_is_refused_and_takes_no_second_number():
    application = make_application("registered")
    with pytest.raises(NotAllowed):
        complete(application.pk, actor=Actor.of(application.account))
    assert NumberCounter.objects.get().last == 1


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


def test_after_withdrawing_one_may_apply_anew():
    application = make_application("registered")
    withdraw(application.pk, actor=Actor.of(application.account))
    again = start(application.account, session=application.session, actor=Actor.of(application.account))
    assert (again.pk != application.pk, again.status) == (True, "draft")
    assert application.notice_versions.filter(replaced_at=None).count() == 0


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
    accounts = [copy.copy(draft.account) for _ in range(count)]
    for serial, account in enumerate(accounts):
        account.pk, account._state = None, ModelState()
        account.identity_hash, account.mobile_hash = f"{serial:064}", f"{serial:064}"
    applications = [copy.copy(draft) for _ in range(count)]
    for application, account in zip(applications, Account.objects.bulk_create(accounts), strict=True):
        application.pk, application._state, application.account_id = None, ModelState(), account.pk
    return Application.objects.bulk_create(applications)
