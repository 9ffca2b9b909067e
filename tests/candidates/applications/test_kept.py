"""What was posted after the session had ended: kept for an hour, for its account and its page."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from candidates.applications import kept
from candidates.models import Application, FormDraft
from tests.candidates.posting import a_section
from tests.factories import make_application

pytestmark = pytest.mark.django_db
EDIT = "/application/edit/"


@pytest.fixture
def application():
    return make_application("registered")


def logged_in(application, client=None):
    client = client or Client()
    client.force_login(application.account)
    return client


def posted_late(client, application, **changes):
    """The answer to a section that is saved once the session is gone."""
    form_of = re.search(r'name="form_of" value="([^"]+)"', unescape(client.get(EDIT).content.decode()))[1]
    client.cookies.pop("sessionid")
    return as_a_browser(client, {**a_section(application, "work", **changes), "form_of": form_of})


def as_a_browser(client, sent):
    return client.post(EDIT, urlencode(sent), content_type=kept.FORM)


def offered(client):
    """What stands in the form as typed."""
    found = re.search(r'name="post" value="([^"]*)"', client.get(EDIT).content.decode())
    return found[1]


def test_it_is_offered_after_logging_in_and_not_saved(application):
    client = logged_in(application)
    answer = posted_late(client, application, post="主治医师")
    assert answer["Location"].startswith("/login/")
    assert offered(logged_in(application, client)) == "主治医师"
    assert Application.objects.get().post == application.post


def test_another_account_never_sees_it(application):
    client = logged_in(application)
    posted_late(client, application, post="主治医师")
    other = make_application("registered", session=application.session, post="护士")
    assert offered(logged_in(other, client)) == "护士"


def test_after_an_hour_it_is_gone(application, monkeypatch):
    client = logged_in(application)
    posted_late(client, application, post="主治医师")
    logged_in(application, client)
    FormDraft.objects.update(offered_until=timezone.now())
    assert offered(client) == application.post


def test_the_page_says_since_when_it_is_not_saved_and_until_when_it_is_shown(application):
    client = logged_in(application)
    posted_late(client, application, post="主治医师")
    draft = FormDraft.objects.get()
    page = logged_in(application, client).get(EDIT).content.decode()
    at, until = timezone.localtime(draft.kept_at), timezone.localtime(draft.offered_until)
    assert f"这是您 {at.year} 年 {at.month} 月 {at.day} 日 {at:%H:%M} 未保存的内容" in page
    assert f"（{until:%H:%M} 后不再显示）" in page


def test_saving_its_section_ends_it_and_saving_another_does_not(application):
    client = logged_in(application)
    posted_late(client, application, post="主治医师")
    logged_in(application, client)
    client.post(EDIT, a_section(application, "education"))
    assert offered(client) == "主治医师"
    shown = FormDraft.objects.get().stamp
    client.post(EDIT, a_section(application, "work", post="副主任医师", draft=shown))
    assert (FormDraft.objects.count(), offered(client)) == (0, "副主任医师")


@pytest.mark.parametrize("form_of", ["", "nonsense", "AAAA", "é"])
def test_without_the_forms_token_nothing_is_kept(client, application, form_of):
    answer = as_a_browser(client, {**a_section(application, "work"), "form_of": form_of})
    assert answer.status_code == 302
    assert FormDraft.objects.count() == 0


def a_page_of(application, *, days):
    drawn = timezone.now() - timedelta(days=days)
    form_of = kept.token(application.account, EDIT, drawn)
    return {**a_section(application, "work", post="主治医师"), "form_of": form_of}


def test_a_page_that_lay_open_too_long_keeps_nothing_and_says_so(application):
    client = Client()
    answer = client.post(EDIT, urlencode(a_page_of(application, days=2)), content_type=kept.FORM, follow=True)
    assert FormDraft.objects.count() == 0
    assert [str(one) for one in answer.context["messages"]] == [kept.TOO_OLD]


def test_a_night_and_a_shift_later_what_was_typed_is_still_kept(application):
    as_a_browser(Client(), a_page_of(application, days=1.9))
    assert FormDraft.objects.count() == 1


def test_a_page_from_long_before_another_login_says_that_nothing_is_kept(application):
    client = logged_in(application, Client(enforce_csrf_checks=True))
    page = as_a_browser(client, a_page_of(application, days=3)).content.decode()
    assert (kept.TOO_OLD in page, FormDraft.objects.count()) == (True, 0)


def test_every_section_is_kept_however_long(application):
    client = logged_in(application)
    posted_late(client, application, post="字" * 20_000)
    assert offered(logged_in(application, client)) == "字" * 20_000


def test_a_form_of_another_account_is_not_saved(application):
    client = logged_in(application)
    form_of = kept.token(make_application("registered", session=application.session).account, EDIT)
    answer = client.post(EDIT, {**a_section(application, "work", post="主治医师"), "form_of": form_of})
    assert answer.status_code == 409
    assert "这一页是用另一个账号打开的" in answer.content.decode()
    assert Application.objects.get(pk=application.pk).post == application.post


def test_a_page_from_before_another_login_keeps_what_was_typed(application):
    client = Client(enforce_csrf_checks=True)
    logged_in(application, client)
    sent = {**a_section(application, "work", post="主治医师"), "form_of": kept.token(application.account, EDIT)}
    answer = as_a_browser(client, sent)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert f'href="{EDIT}"' in page
    assert "登录过期后提交的只暂存 1 小时" in page  # what the page kept before stays longer
    assert offered(client) == "主治医师"
