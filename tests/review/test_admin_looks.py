"""后台管理: looks at pictures and exports, to read."""

import pytest

from candidates.trail import looks
from review.reports import export_runs
from tests.factories import make_application, make_operator
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client):
    client.force_login(make_operator(), backend="candidates.accounts.auth.LoginNameBackend")
    return make_application("point_review")


def page(client, model):
    return client.get(f"/admin/{model}/").content.decode()


def test_a_look_at_a_picture_is_listed_with_person_unit_and_case(client, case):
    mine, image = reviewer(case), case.images.first()
    looks.pictures(mine, case, [image.pk])
    told = page(client, "candidates/picturelook")
    assert [one in told for one in (mine.username, str(case.point), case.number, str(image.pk))] == [True] * 4


def test_an_export_is_listed_with_what_it_held(client, case):
    export_runs.made(reviewer(case), "table", {"status": "paid"}, 17)
    told = page(client, "review/exportmade")
    assert [one in told for one in ("表格", "报名完成", ">17<")] == [True] * 3


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_as_many_queries_for_one_as_for_three(client, case, number, django_assert_num_queries):
    images = list(case.images.all()[:number])
    looks.pictures(reviewer(case), case, [one.pk for one in images])
    page(client, "candidates/picturelook")
    with django_assert_num_queries(3):
        page(client, "candidates/picturelook")
