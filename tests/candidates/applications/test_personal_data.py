"""Name, document and contacts belong to the account; a form writes to it what was changed there."""

from datetime import date

import pytest

from candidates.accounts.own_account import change_contact
from candidates.models import Application, Record
from tests.candidates.posting import save
from tests.factories import a_resident_id, make_application

pytestmark = pytest.mark.django_db


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
    change_contact(application.account_id, mobile="13811112222", email="")
    save(application, "basic", mobile=application.mobile, address="新地址")
    after = Application.objects.select_related("account").get()
    assert (after.account.mobile, after.mobile, after.address) == ("13811112222", "13811112222", "新地址")


def test_the_record_of_a_changed_number_shows_it_masked_only():
    application = make_application("registered")
    old, new = application.document_number, a_resident_id(999, born=date(1969, 1, 1))
    save(application, "basic", document_number=new)
    note = application.records.get(action="amend").note
    assert note.data["document_number"] == [f"{old[:6]}********{old[-4:]}", f"{new[:6]}********{new[-4:]}"]
