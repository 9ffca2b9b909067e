"""Notices to all: an operator writes them, everybody sees them while they last."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from candidates.models import Announcement
from candidates.trail import history
from tests.factories import make_candidate, make_operator, make_reviewer, make_session, make_units

pytestmark = pytest.mark.django_db


def announce(title, *, begins=-1, ends=None, **fields):
    """Shown from `begins` to `ends`, in hours from now."""
    now = timezone.now()
    ends_at = None if ends is None else now + timedelta(hours=ends)
    starts_at = now + timedelta(hours=begins)
    return Announcement.objects.create(title=title, text="内容", starts_at=starts_at, ends_at=ends_at, **fields)


def page(address, account=None):
    browser = Client()
    if account:
        browser.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return browser.get(address).content.decode()


def test_an_operator_writes_it_and_everybody_sees_it_on_every_page():
    make_session()
    region = make_units()["11"]
    operator, browser = make_operator(), Client()
    browser.force_login(operator)
    written = {
        "title": "今晚 22 时系统维护",
        "text": "预计一小时。\n\n详见 https://www.example.org/ <b>",
        "pinned": "on",
    }
    browser.post(
        "/admin/candidates/announcement/add/", {**written, "starts_at_0": "2026-01-01", "starts_at_1": "08:00"}
    )
    pinned = Announcement.objects.get()
    assert history.of(pinned)[0].who == "operator"
    link = f'<a href="/announcements/#notice_{pinned.pk}">今晚 22 时系统维护</a>'
    people = ((None, "/help/"), (make_candidate(), "/application/"), (make_reviewer(region), "/review/applications/"))
    for account, address in (*people, (operator, "/admin/")):
        assert page(address, account).count(link) == 1
    whole = page("/announcements/")
    assert whole.count('<a href="https://www.example.org/" rel="nofollow">') == 1
    assert "&lt;b&gt;" in whole
    assert "<b>" not in whole


def test_what_is_not_pinned_is_on_the_first_page_and_among_the_notices_only():
    announce("准考证打印时间")
    assert [page(address).count("准考证打印时间") for address in ("/", "/announcements/", "/help/")] == [1, 1, 0]


def test_it_is_shown_from_its_beginning_to_its_end_newest_first():
    announce("旧", begins=-3)
    announce("新", begins=-2, pinned=True)
    announce("昨天的事", begins=-5, ends=-1, pinned=True)
    announce("将来", begins=1, pinned=True)
    assert [one.title for one in Announcement.objects.shown()] == ["新", "旧"]
    assert ["昨天的事" in page("/help/"), "将来" in page("/announcements/")] == [False, False]


def test_it_ends_after_it_starts_and_the_form_says_so(client):
    with pytest.raises(IntegrityError, match="announcement_ends_after_it_starts"), transaction.atomic():
        announce("x", begins=1, ends=0)
    client.force_login(make_operator())
    day = {"starts_at_0": "2026-01-02", "starts_at_1": "08:00", "ends_at_0": "2026-01-01", "ends_at_1": "08:00"}
    answer = client.post("/admin/candidates/announcement/add/", {"title": "x", "text": "y", **day})
    assert "停止显示的时间应晚于开始显示的时间。" in answer.content.decode()


def test_it_is_ended_and_not_deleted(client):
    notice = announce("x")
    client.force_login(make_operator())
    assert client.post(f"/admin/candidates/announcement/{notice.pk}/delete/", {"post": "yes"}).status_code == 403
