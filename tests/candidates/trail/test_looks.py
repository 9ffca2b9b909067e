import pytest
from django.db import DatabaseError, transaction

from candidates.models import Look
from candidates.trail import looks
from tests.factories import make_application, make_operator
from tests.review.casework import corrected_diploma, reviewer

pytestmark = pytest.mark.django_db


def kinds(account):
    return list(Look.objects.filter(account=account).values_list("kind", "round"))


def test_a_look_is_recorded_once_each_round():
    case = make_application("point_review")
    account = reviewer(case)
    looks.record(account, case, "case")
    looks.record(account, case, "case")
    looks.record(account, corrected_diploma(case), "case")
    assert kinds(account) == [("case", 1), ("case", 2)]


def test_a_picture_of_an_opened_case_is_part_of_that_look():
    case = make_application("point_review")
    account, operator = reviewer(case), make_operator()
    looks.record(account, case, "case")
    looks.record(account, case, "picture")
    looks.record(operator, case, "picture")
    assert (kinds(account), kinds(operator)) == ([("case", 1)], [("picture", 1)])


def test_a_candidates_own_look_is_none():
    case = make_application("point_review")
    looks.record(case.account, case, "picture")
    assert Look.objects.count() == 0


@pytest.mark.parametrize("change", [lambda: Look.objects.update(kind="packet"), lambda: Look.objects.all().delete()])
def test_the_database_refuses_to_change_a_look(change):
    case = make_application("point_review")
    looks.record(reviewer(case), case, "case")
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_a_picture_fetched_by_its_own_address_is_recorded(client):
    case = make_application("point_review")
    operator = make_operator()
    client.force_login(operator, backend="candidates.accounts.auth.LoginNameBackend")
    picture = case.images.first()
    client.get(f"/materials/images/{picture.id}/thumbnail/")
    client.get(f"/materials/images/{picture.id}/")
    assert kinds(operator) == [("picture", 1)]
