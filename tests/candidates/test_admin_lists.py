"""The back office's lists: no count, no numbered pages, one range of an index however deep."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates import admin_lists
from candidates.models import Job, OperatorAct, Unit
from tests.factories import make_application, make_operator, make_units

pytestmark = pytest.mark.django_db
LISTS = [model for model in admin.site._registry if model._meta.app_label in ("candidates", "materials", "review")]
MANY = [model for model in LISTS if admin.site._registry[model].is_many]


@pytest.fixture
def operator(client):
    client.force_login(make_operator())
    return client


def address(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def asked(client, where):
    """Return the SQL that the page asks of the tables, in order, and the page."""
    with CaptureQueriesContext(connection) as caught:
        page = client.get(where)
    assert page.status_code == 200
    return [one["sql"] for one in caught.captured_queries if one["sql"].startswith("SELECT")], page.content.decode()


def acts(number):
    now = timezone.now()
    return OperatorAct.objects.bulk_create(
        OperatorAct(phase="done", at=now, who="x", command=f"c{place:03}") for place in range(number)
    )


def commands(page):
    return re.findall(r'field-command">(c\d+)<', page)


@pytest.mark.parametrize("model", LISTS)
def test_no_list_counts_or_has_numbered_pages(operator, model):
    make_application("point_review")
    for where in (address(model), f"{address(model)}?p=3", f"{address(model)}?all="):
        sql, _ = asked(operator, where)
        own = [one for one in sql if f'FROM "{model._meta.db_table}"' in one]
        assert [one for one in own if "COUNT(" in one or "OFFSET" in one] == []
        assert own != []


@pytest.mark.parametrize("model", MANY)
def test_a_long_list_is_one_range_of_an_index(operator, model):
    make_application("point_review")
    table = model._meta.db_table
    sql, _ = asked(operator, address(model))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        plans = []
        for one in sql:
            if f'FROM "{table}"' in one and "LIMIT" in one:
                cursor.execute(f"EXPLAIN {one}")
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
    assert plans != []
    assert [plan for plan in plans if "Sort" in plan or f"Seq Scan on {table}" in plan] == []


@pytest.mark.parametrize(("model", "number"), [(OperatorAct, 3), (Unit, 2), (Job, 2)])
def test_a_list_asks_as_often_with_many_rows_as_with_one(operator, model, number):
    def rows():
        acts(30)
        make_units()

    asked(operator, address(model))
    before, _ = asked(operator, address(model))
    rows()
    after, _ = asked(operator, address(model))
    assert (len(before), len(after)) == (number, number)


def test_pages_follow_one_another_both_ways_without_a_gap(operator, monkeypatch):
    monkeypatch.setattr(admin.site._registry[OperatorAct], "list_per_page", 10)
    acts(25)
    where, pages = address(OperatorAct), []
    for _ in range(3):
        page = operator.get(where).content.decode()
        pages.append(commands(page))
        link = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        where = address(OperatorAct) + link[1] if link else ""
    assert [one for page in pages for one in page] == [f"c{place:03}" for place in reversed(range(25))]
    back = re.search(r'href="(\?[^"]*before=[^"]*)"', page)[1]
    assert commands(operator.get(address(OperatorAct) + back).content.decode()) == pages[1]


def test_a_filter_of_a_long_list_looks_through_so_many_rows_and_goes_on(operator, monkeypatch):
    monkeypatch.setattr(admin_lists, "WINDOW", 10)
    acts(25)
    where = f"{address(OperatorAct)}?command=c003"
    seen = []
    for _ in range(3):
        page = operator.get(where).content.decode()
        seen.append(commands(page))
        link = re.search(r'href="(\?[^"]*after=[^"]*)"[^>]*>在更早的里面接着找', page)
        where = address(OperatorAct) + link[1].replace("&amp;", "&") if link else where
    assert seen == [[], [], ["c003"]]
    assert "接着找" not in page


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "１"])
def test_a_key_that_is_none_is_the_first_page(operator, key):
    acts(2)
    assert commands(operator.get(f"{address(OperatorAct)}?after={key}").content.decode()) in (["c001", "c000"], [])


def test_rows_without_a_value_are_paged_through_too(operator, monkeypatch):
    make_units()
    monkeypatch.setattr(admin.site._registry[Unit], "list_per_page", 2)
    by_parent = f"{address(Unit)}?o=4"
    seen, where = [], by_parent
    for _ in range(6):
        page = operator.get(where).content.decode()
        seen += re.findall(r'field-code"><a[^>]*>(\d+)<', page)
        link = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        if not link:
            break
        where = address(Unit) + link[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(Unit.objects.values_list("code", flat=True))
    assert seen[-2:] in (["11", "12"], ["12", "11"])  # those without a parent come last
