"""撤回修改 as its candidate sees it."""

from html import unescape

import pgtrigger
import pytest
from django.utils import timezone

from candidates.models import Application, Look, Record
from candidates.trail import looks
from tests import factories
from tests.materials.uploading import DAY

pytestmark = pytest.mark.django_db
RECALL = "/application/recall/"


@pytest.fixture
def application():
    return factories.make_application("point_review")


@pytest.fixture
def candidate(client, application):
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def page_of(client, address):
    return unescape(client.get(address).content.decode())


def status(application):
    return Application.objects.get(pk=application.pk).status


@pytest.mark.parametrize("address", ["/application/", "/materials/"])
def test_it_is_offered_until_somebody_has_looked(candidate, application, address):
    assert f'href="{RECALL}"' in page_of(candidate, address)
    looks.record(factories.make_reviewer(application.point), application, "case")
    assert f'href="{RECALL}"' not in page_of(candidate, address)


def test_asking_changes_nothing(candidate, application):
    assert "要撤回这次提交吗？" in page_of(candidate, RECALL)
    assert (status(application), Record.objects.filter(action="recall").count()) == ("point_review", 0)


def test_it_leads_to_the_pictures_which_may_be_changed_again(candidate, application):
    answer = candidate.post(RECALL, {"seen": application.last_record_id}, follow=True)
    page = unescape(answer.content.decode())
    assert answer.redirect_chain == [("/materials/", 302)]
    assert "提交已撤回：现在可以修改，改好后请再次提交审核。" in page
    assert (page.count("tile-remove"), status(application)) == (4, "registered")


def test_pressed_twice_it_is_done_once(candidate, application):
    for _ in range(2):
        answer = candidate.post(RECALL, {"seen": application.last_record_id})
    assert (answer.status_code, answer.url) == (302, "/materials/")
    assert Record.objects.filter(action="recall").count() == 1


def test_a_page_from_before_another_act_recalls_nothing(candidate, application):
    answer = candidate.post(RECALL, {"seen": application.last_record_id - 1})
    assert (answer.status_code, status(application)) == (409, "point_review")


@pytest.mark.parametrize("method", ["get", "post"])
def test_once_somebody_has_looked_it_says_so_and_what_to_do(candidate, application, method):
    looks.record(factories.make_operator(), application, "export")
    answer = getattr(candidate, method)(RECALL)
    assert answer.status_code == 409
    assert "工作人员已经查看过您的材料，不能再撤回。需要修改的，请联系您的报名点。" in unescape(answer.content.decode())


@pytest.mark.parametrize("reached", ["registered", "returned", "site_review", "withdrawn"])
def test_in_another_state_it_is_refused(client, reached):
    application = factories.make_application(reached)
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    assert [client.get(RECALL).status_code, client.post(RECALL).status_code] == [409, 409]
    assert status(application) == reached


@pytest.mark.parametrize("reached", ["registered", "returned"])
def test_the_page_opened_again_after_the_recall_says_what_to_do(client, reached):
    application = factories.make_application(reached)
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    page = page_of(client, RECALL)
    assert "您的材料现在没有提交，可以直接修改，不用撤回。改好后请提交审核。" in page
    assert "不能由您进行" not in page


def test_before_the_lock_a_recall_is_promised_only_where_there_will_be_one(candidate, application):
    promised, none = "在工作人员查看以前可以撤回", "这次提交后不能撤回"
    candidate.post(RECALL, {"seen": application.last_record_id})
    page = page_of(candidate, "/materials/submit/")
    assert (promised in page, none in page) == (False, True)  # today's one is used
    with pgtrigger.ignore("candidates.Record:records_are_append_only"):
        Record.objects.filter(action="recall").update(at=timezone.now() - DAY)
    page = page_of(candidate, "/materials/submit/")
    assert (promised in page, none in page) == (True, False)


def test_the_units_see_of_what_was_recalled_what_they_saw_before(candidate, application):
    reviewer = factories.make_reviewer(application.point)
    candidate.post(RECALL, {"seen": application.last_record_id})
    candidate.force_login(reviewer, backend="candidates.accounts.auth.LoginNameBackend")
    page = page_of(candidate, f"/review/applications/{application.number}/")
    assert (application.name in page, application.document_number in page) == (True, False)
    assert candidate.get(f"/review/applications/{application.number}/packet.pdf").status_code == 404
    assert Look.objects.count() == 0
