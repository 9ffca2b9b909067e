import pytest
from django.db import IntegrityError, transaction

from candidates.rules.refusals import Refused
from review.cases import saved_lists
from review.models import SavedList
from tests.factories import make_reviewer, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make_reviewer(make_units()["1101001"])


def test_a_list_is_kept_without_the_place_that_one_is_at(account):
    saved = saved_lists.keep(account, name="中医", query="category=1&show=unit&show=held&after=1-2&list=x")
    assert saved.query == "category=1&show=unit&show=held"


def test_a_name_is_used_again_for_another_list(account):
    for query in ("order=number", "order=waiting"):
        saved_lists.keep(account, name="我的", query=query)
    assert [one.query for one in saved_lists.of(account)] == ["order=waiting"]


@pytest.mark.parametrize(("name", "query"), [("", "order=number"), ("空", ""), ("长", "x=" + "1" * 500)])
def test_what_names_nothing_or_is_no_list_is_refused(account, name, query):
    with pytest.raises(Refused):
        saved_lists.keep(account, name=name, query=query)
    assert saved_lists.of(account) == []


def test_a_reviewer_keeps_only_so_many(account, monkeypatch):
    monkeypatch.setattr(saved_lists, "MOST", 1)
    saved_lists.keep(account, name="一", query="order=number")
    with pytest.raises(Refused, match="最多保存 1 个列表"):
        saved_lists.keep(account, name="二", query="order=number")


def test_the_database_keeps_a_name_once(account):
    saved_lists.keep(account, name="一", query="order=number")
    with pytest.raises(IntegrityError, match="a_list_is_saved_once_by_its_name"), transaction.atomic():
        SavedList.objects.create(account=account, name="一", query="x=1")


def test_nobody_deletes_a_colleagues_list(account):
    saved = saved_lists.keep(account, name="一", query="order=number")
    saved_lists.forget(make_reviewer(account.unit, username="colleague"), saved.pk)
    assert saved_lists.of(account) == [saved]


def test_of_ones_lists_the_one_that_is_named_is_deleted(account):
    one, another = (saved_lists.keep(account, name=name, query="order=number") for name in ("一", "二"))
    saved_lists.forget(account, one.pk)
    assert saved_lists.of(account) == [another]
