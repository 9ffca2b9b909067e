"""A query made once answers as Django's own does, and is asked with the value of each call."""

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q

from candidates.applications.workflow import RELATED
from candidates.models import Account, Application
from candidates.prepared import Prepared, PreparedValues
from tests.factories import make_application, make_candidate, make_reviewer, make_units

pytestmark = pytest.mark.django_db


def columns(instance):
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def test_rows_and_what_is_selected_beside_them_are_those_of_the_queryset(django_assert_num_queries):
    application = make_application("point_review")
    whole = Prepared(lambda: Application.objects.filter(pk=0).select_related(*RELATED))
    whole.one(application.pk)
    with django_assert_num_queries(1):
        found = whole.one(application.pk)
        beside = [columns(getattr(found, name)) for name in RELATED]
    expected = Application.objects.select_related(*RELATED).get(pk=application.pk)
    assert columns(found) == columns(expected)
    assert beside == [columns(getattr(expected, name)) for name in RELATED]
    assert (found._state.db, found._state.adding) == ("default", False)


def test_what_is_not_there_is_none():
    person, reviewer = make_candidate(), make_reviewer(make_units()["1101001"])
    with_unit = Prepared(lambda: Account.objects.filter(pk=0).select_related("unit"))
    assert (with_unit.one(person.pk).unit, with_unit.one(reviewer.pk).unit.code) == (None, "1101001")
    assert (with_unit.one(0), with_unit(0)) == (None, [])


def test_several_values_take_their_places_in_order():
    people = [make_candidate(), make_candidate()]
    either = Prepared(lambda: Account.objects.filter(kind="").filter(Q(pk=0) | Q(name="")).order_by("pk"))
    assert either("candidate", people[0].pk, people[1].name) == [
        one for one in people if one == people[0] or one.name == people[1].name
    ]
    assert either("operator", people[0].pk, people[1].name) == []


def test_a_query_without_values_is_asked_as_it_is():
    people = {make_candidate(), make_candidate()}
    assert set(Prepared(lambda: Account.objects.order_by())()) == people


def test_what_is_annotated_comes_along():
    person = make_candidate()
    named = Prepared(lambda: Account.objects.filter(pk=0).annotate(also=F("name")).select_related("unit"))
    found = named.one(person.pk)
    assert (found, found.also, found.unit) == (person, person.name, None)


def test_another_number_of_values_is_refused():
    with pytest.raises(ValueError, match="of 2 values, not of 1"):
        Prepared(lambda: Account.objects.filter(pk=0, name="张"))(1)
    assert Prepared(lambda: Account.objects.filter(pk=0, name=F("name")))(0) == []


@pytest.mark.django_db(transaction=True)
def test_rows_are_held_in_a_transaction_only():
    held = Prepared(lambda: Account.objects.filter(pk=0).select_for_update())
    with transaction.atomic():
        assert held(0) == []
    with pytest.raises(transaction.TransactionManagementError):
        held(0)


@pytest.mark.django_db(transaction=True)
def test_it_is_planned_once_in_a_connection_and_again_in_the_next(django_assert_num_queries):
    person = make_candidate()
    alone = Prepared(lambda: Account.objects.filter(pk=0))
    for _ in range(2):  # a connection that has ended took its statements with it
        with django_assert_num_queries(2):
            assert [alone.one(person.pk), alone.one(person.pk)] == [person, person]
        assert statements().count(alone._shape.statement.prepare) == 1
        connection.close()


def statements():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def test_tuples_are_those_of_the_queryset():
    make_application("paid"), make_application("draft")
    asked = (
        Application.objects.filter(number__isnull=False).values_list("status", "session__year").annotate(n=Count("*"))
    )
    made = PreparedValues(lambda: asked.filter(status=""))
    assert made("paid") == list(asked.filter(status="paid"))
    assert made("rejected") == []
