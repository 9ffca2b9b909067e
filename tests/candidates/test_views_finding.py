"""Institutions looked up on the form: what the script is answered, and the buttons without one; nothing is lost."""

import re

import pytest
from django.test import Client

from candidates.accounts.pace import Pace
from candidates.forms import finding
from candidates.models import Application, FormDraft, MedicalInstitution
from candidates.views import form as form_views
from candidates.views import institutions as views
from tests.candidates.posting import a_section
from tests.factories import a_further_institution, make_application, make_operator, make_reviewer

pytestmark = pytest.mark.django_db
EDIT, FIND = "/application/edit/", "/application/institutions/"
FIRST = {
    "name": "示例市第一医院",
    "address": "示例路1号",
    "postcode": "100001",
    "registration_number": "PDY00001",
    "legal_representative": "张某某",
    "telephone": "010-12345678",
}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    for module in (views, form_views):
        monkeypatch.setattr(module, "pace", Pace(60))


@pytest.fixture
def listed():
    MedicalInstitution.objects.create(registration_number="PDY00002", name="示例市第二医院")
    return MedicalInstitution.objects.create(**FIRST)


@pytest.fixture
def draft(client):
    application = make_application("draft")
    client.force_login(application.account)
    return application


def ask(client, by="name", typed="示例市第一"):
    return client.post(FIND, {"by": by, "typed": typed})


def post(client, application, **sent):
    return client.post(EDIT, a_section(application, "work", **sent))


def typed_on(answer, name) -> str:
    control = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.content.decode())[0]
    return value[1] if (value := re.search(r'value="([^"]*)"', control)) else ""


def found_on(answer) -> list[str]:
    return re.findall(r'name="choose_institution" value="(\w[\w-]*):', answer.content.decode())


def told_on(answer) -> str:
    found = re.search(r'class="finder-told" role="status">([^<]*)<', answer.content.decode())
    return found[1] if found else ""


# --- what the script is answered ---


def test_the_script_is_told_what_an_institutions_fields_hold(client, draft, listed):
    assert ask(client).json() == {"found": [FIRST]}
    assert ask(client, "registration_number", "pdy00001").json() == {"found": [FIRST]}


@pytest.mark.parametrize(("by", "typed"), [("name", "示"), ("address", "示例路"), ("name__contains", "第一"), ("", "")])
def test_nothing_else_is_answered(client, draft, listed, by, typed):
    assert ask(client, by, typed).json() == {"found": []}


def test_one_answer_holds_at_most_ten_and_costs_one_query(client, draft, django_assert_num_queries):
    for at in range(12):
        MedicalInstitution.objects.create(registration_number=f"PDY1{at:04}", name=f"示例诊所{at}")
    with django_assert_num_queries(2):  # who asks, what is found
        assert len(ask(client, typed="示例").json()["found"]) == 10


def test_who_asks_too_often_is_told_so_and_another_is_answered(client, draft, listed, monkeypatch):
    monkeypatch.setattr(views, "pace", Pace(1))
    other = Client()
    other.force_login(make_application("draft").account)
    answers = [ask(client), ask(client), ask(other)]
    assert [one.status_code for one in answers] == [200, 429, 200]
    assert answers[1].json() == {"message": finding.TOO_OFTEN}


def test_only_candidates_are_answered_and_only_a_post(client, draft, listed):
    for account in (make_reviewer(make_application("point_review").point), make_operator()):
        other = Client()
        other.force_login(account)
        assert ask(other).status_code == 404
    assert "/login/" in ask(Client()).headers["Location"]
    assert client.get(FIND).status_code == 405


# --- without a script ---


def test_the_button_shows_what_was_found_and_keeps_what_was_typed(client, draft, listed):
    answer = post(
        client,
        draft,
        employer_name="示例市第一",
        employer_registration_number="",
        post="外科",
        find_institution="employer_",
    )
    assert found_on(answer) == ["employer_"]
    assert [typed_on(answer, name) for name in ("employer_name", "post")] == ["示例市第一", "外科"]
    assert answer.content.decode().count(finding.HINT) == 2 + 1  # and in the row that a script makes new ones from
    assert Application.objects.get().post != "外科"


def test_one_chosen_is_filled_in_and_nothing_is_saved(client, draft, listed):
    answer = post(client, draft, post="外科", choose_institution=f"trial_:{listed.pk}")
    assert {cell: typed_on(answer, f"trial_{cell}") for cell in FIRST} == FIRST
    assert typed_on(answer, "post") == "外科"
    saved = Application.objects.get()
    assert (saved.trial_name, saved.saved_sections) == (draft.trial_name, draft.saved_sections)


def test_what_was_chosen_is_kept_and_there_after_a_reload(client, draft, listed):
    post(client, draft, choose_institution=f"employer_:{listed.pk}")
    assert typed_on(client.get(EDIT), "employer_name") == FIRST["name"]
    assert FormDraft.objects.get().section == "work"


def test_a_further_institution_is_looked_up_and_chosen_too(client, draft, listed):
    row = {f"further_institutions-0-{cell}": "" for cell in a_further_institution()}
    row["further_institutions-0-registration_number"] = "PDY00001"
    answer = post(client, draft, **row, find_institution="further_institutions-0-")
    assert found_on(answer) == ["further_institutions-0-"]
    answer = post(client, draft, **row, choose_institution=f"further_institutions-0-:{listed.pk}")
    assert {cell: typed_on(answer, f"further_institutions-0-{cell}") for cell in FIRST} == FIRST


def test_what_the_list_does_not_know_stays_as_typed(client, draft, listed):
    MedicalInstitution.objects.update(telephone="")
    answer = post(client, draft, employer_telephone="010-99999999", choose_institution=f"employer_:{listed.pk}")
    assert typed_on(answer, "employer_telephone") == "010-99999999"


@pytest.mark.parametrize(
    ("number", "name", "sentence"),
    [
        ("", "示", finding.TOO_SHORT),
        ("PDY9", "没有的", finding.NONE),
        ("PDY9", "示例市第一", "从名单中找到（点一个即填入，保存后生效）："),
    ],
)
def test_it_is_told_what_looking_up_came_to(client, draft, listed, number, name, sentence):
    typed = {"employer_registration_number": number, "employer_name": name}
    assert told_on(post(client, draft, **typed, find_institution="employer_")) == sentence


def test_where_there_are_more_it_is_told(client, draft):
    for at in range(11):
        MedicalInstitution.objects.create(registration_number=f"PDY1{at:04}", name=f"示例诊所{at}")
    answer = post(client, draft, employer_registration_number="PDY1", find_institution="employer_")
    assert (len(found_on(answer)), told_on(answer).endswith(finding.MORE)) == (10, True)


def test_the_button_too_has_its_pace(client, draft, listed, monkeypatch):
    monkeypatch.setattr(form_views, "pace", Pace(0))
    answer = post(client, draft, employer_name="示例市", find_institution="employer_")
    assert (told_on(answer), found_on(answer)) == (finding.TOO_OFTEN, [])


@pytest.mark.parametrize(
    "sent", [{"find_institution": "x_"}, {"choose_institution": "id:1"}, {"choose_institution": "employer_:x"}]
)
def test_a_button_that_no_page_has_draws_the_section_as_typed(client, draft, listed, sent):
    answer = post(client, draft, post="外科", **sent)
    assert (typed_on(answer, "post"), found_on(answer)) == ("外科", [])


def test_in_another_section_the_buttons_mean_nothing(client, draft, listed):
    sent = a_section(draft, "education", find_institution="employer_")
    assert client.post(EDIT, sent).status_code == 302


def test_once_submitted_nothing_is_looked_up(client, listed):
    application = make_application("point_review")
    client.force_login(application.account)
    for button in ({"find_institution": "employer_"}, {"choose_institution": f"employer_:{listed.pk}"}):
        assert post(client, application, **button).status_code == 409


def test_another_candidate_changes_nothing(draft, listed):
    other = Client()
    other.force_login(make_application("draft").account)
    sent = a_section(draft, "work", choose_institution=f"employer_:{listed.pk}") | {"application": str(draft.pk)}
    other.post(EDIT, sent)
    assert FormDraft.objects.filter(application=draft).count() == 0


# --- where it is shown ---


def test_without_a_list_nothing_of_it_is_shown(client, draft):
    page = client.get(EDIT).content.decode()
    assert [word for word in ("data-find", "find_institution", finding.HINT) if word in page] == []


def test_with_a_list_each_institution_is_looked_up(client, listed):
    application = make_application("draft", further_institutions=[a_further_institution()])
    client.force_login(application.account)
    page = client.get(EDIT).content.decode()
    buttons = re.findall(r'name="find_institution" value="([^"]*)"', page)
    assert buttons == ["employer_", "trial_", "further_institutions-0-", "further_institutions-__n__-"]
    assert sorted(set(re.findall(r'data-find="([^"]*)"', page))) == sorted(buttons)


def test_where_the_section_is_closed_nothing_is_looked_up(client, listed):
    application = make_application("returned", named={"sections": {"education": "请核对。"}})
    client.force_login(application.account)
    assert "find_institution" not in client.get(EDIT).content.decode()


def test_it_costs_the_form_one_query_with_a_list_and_without(client, draft, django_assert_num_queries):
    for at in range(3):
        with django_assert_num_queries(9):
            client.get(EDIT)
        MedicalInstitution.objects.create(registration_number=f"PDY0000{at}", name="示例市第一医院")
