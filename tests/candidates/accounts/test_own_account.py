"""A candidate's own account: signing up, contact data, deleting it."""

from datetime import date
from unittest.mock import Mock

import pytest
from django.db import IntegrityError
from django.utils import timezone

from candidates.accounts import own_account
from candidates.accounts.own_account import NEEDS_MOBILE, PRIVACY_VERSION, change_contact, delete_account, save, sign_up
from candidates.models import Account
from candidates.rules.refusals import NotAllowed, Refused
from tests.factories import a_resident_id, make_application, make_candidate

pytestmark = pytest.mark.django_db


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
    assert (account.consent_version, account.consented_at) == (PRIVACY_VERSION, now)


def test_contact_data_can_be_changed_but_not_to_anothers_mobile():
    account = make_candidate(mobile="13812345678")
    changed = change_contact(account.pk, mobile="13912345678", email="a@example.com")
    assert (changed.mobile, changed.email) == ("13912345678", "a@example.com")
    make_candidate(mobile="13812345678")
    with pytest.raises(Refused) as refused:
        change_contact(account.pk, mobile="13812345678", email="")
    assert list(refused.value.problems) == ["mobile"]


def test_an_account_without_an_application_can_be_deleted_and_its_number_registered_anew():
    account = make_candidate(document_number=a_resident_id(4))
    delete_account(account.pk)
    with pytest.raises(NotAllowed, match="这个账号已经删除"):
        change_contact(account.pk, mobile="13912345678", email="")
    assert make_candidate(document_number=a_resident_id(4)).pk != account.pk


def test_an_account_with_an_application_stays():
    application = make_application("withdrawn")
    with pytest.raises(NotAllowed, match="账号不能自行删除"):
        delete_account(application.account_id)
    assert Account.objects.filter(pk=application.account_id).exists() is True


def test_what_the_database_refuses_for_another_reason_is_no_sentence_about_a_number():
    account = make_candidate()
    account.kind = "nobody"
    with pytest.raises(IntegrityError, match="account_has_a_kind"):
        save(account)


ABROAD = {"document_type": "passport", "document_number": "AB1234567", "mobile": "", "email": "Ana@example.com"}


def test_an_email_in_place_of_a_mobile_belongs_to_one_account():
    make_candidate(**ABROAD)
    with pytest.raises(Refused) as refused:
        make_candidate(**ABROAD | {"document_number": "AB7654321", "email": "ana@Example.com"})
    assert refused.value.problems == {"email": "这个电子邮箱已用于另一个账号：请换一个邮箱，或用它登录。"}


def test_who_has_a_mobile_may_share_an_email():
    make_candidate(**ABROAD)
    assert make_candidate(email=ABROAD["email"]).email_hash is None


def test_who_holds_a_mainland_document_cannot_do_without_a_mobile():
    with pytest.raises(Refused) as refused:
        make_candidate(mobile="", email="a@example.com")
    assert refused.value.problems == {"mobile": NEEDS_MOBILE}


def test_nobody_is_without_both_mobile_and_email():
    with pytest.raises(Refused) as refused:
        make_candidate(**ABROAD | {"email": ""})
    assert list(refused.value.problems) == ["mobile"]


def test_the_database_takes_no_email_for_a_login_name_beside_a_mobile():
    account = make_candidate()
    account.email_hash = "0" * 64
    with pytest.raises(IntegrityError, match="email_is_a_login_name_only_without_a_mobile"):
        account.save()


def test_a_mobile_ends_the_email_as_a_login_name():
    account = change_contact(make_candidate(**ABROAD).pk, mobile="13812345678", email="ana@example.com")
    assert (account.email_hash, account.mobile_hash is None) == (None, False)


def test_each_version_of_the_notice_is_agreed_to_once_and_kept(monkeypatch):
    account = make_candidate()
    monkeypatch.setattr(own_account, "PRIVACY_VERSION", "2028-01")
    for _ in range(2):
        own_account.agree(account)
    assert [one.version for one in account.consents.all()] == [PRIVACY_VERSION, "2028-01"]
    assert Account.objects.get().consent_version == "2028-01"


def test_an_agreement_is_kept_whole_or_not_at_all(monkeypatch):
    account = make_candidate()
    monkeypatch.setattr(own_account, "PRIVACY_VERSION", "2028-01")
    monkeypatch.setattr(account, "save", Mock(side_effect=OSError))
    with pytest.raises(OSError):
        own_account.agree(account)
    assert [one.version for one in account.consents.all()] == [PRIVACY_VERSION]


@pytest.mark.parametrize(("sms", "mail"), [(True, False), (False, True)])
def test_each_channel_is_chosen_by_itself(sms, mail):
    account = make_candidate()
    own_account.choose_channels(account.pk, sms=sms, mail=mail)
    account.refresh_from_db()
    assert (account.no_sms, account.no_mail) == (not sms, not mail)
