"""A look of staff and the candidate's recall at the same moment: whoever comes second sees what the first has done."""

import pytest
from django.db import connection
from django.test import Client

from candidates.applications.workflow import Actor
from candidates.models import Application, Look
from candidates.rules.refusals import NotAllowed
from materials import recalling
from review.reports import exports
from tests.factories import make_application, make_reviewer
from tests.races import Act, while_they_wait

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case():
    return make_application("point_review")


@pytest.fixture
def reviewer(case):
    return make_reviewer(case.point)


def recall(case):
    return recalling.recall(case.pk, actor=Actor.of(case.account))


def fetched(account, address):
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client.get(address)


def addresses(case):
    number, image = case.number, case.images.first().pk
    return {
        "case": f"/review/applications/{number}/",
        "document": f"/review/applications/{number}/documents/notice.pdf",
        "packet": f"/review/applications/{number}/packet.pdf",
        "picture": f"/materials/images/{image}/",
    }


@pytest.mark.parametrize("kind", ["case", "document", "packet", "picture"])
def test_who_opens_it_while_it_is_recalled_sees_nothing_of_it(case, reviewer, kind):
    opening = Act(fetched, reviewer, addresses(case)[kind])
    with while_they_wait(opening):
        recall(case)
    listed = kind == "case"  # number, name and status, as of everybody who has not submitted
    assert opening.outcome.status_code == (200 if listed else 404)
    assert "填报信息" not in (opening.outcome.content.decode() if listed else "")
    assert Look.objects.count() == 0


def test_who_has_opened_it_first_is_not_recalled_from_under_his_eyes(case, reviewer):
    recalled = Act(recall, case)
    with while_they_wait(recalled):
        Application.objects.select_for_update().get(pk=case.pk)
        assert fetched(reviewer, addresses(case)["case"]).status_code == 200
    assert isinstance(recalled.outcome, NotAllowed)
    assert Application.objects.get(pk=case.pk).status == "point_review"


def test_an_export_leaves_out_what_is_recalled_at_that_moment(case, reviewer):
    other = make_application("point_review", point=case.point)
    export = Act(lambda: [row[0] for row in exports.rows(Application.objects.of_unit(case.point), reviewer)])
    with while_they_wait(export):
        recall(case)
    assert export.outcome == [other.number]
    assert list(Look.objects.values_list("application", flat=True)) == [other.pk]
    connection.close()
