"""My application: where it stands, what to do next."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from candidates.applications.states import STATUSES
from candidates.applications.workflow import Actor
from candidates.models import Application, ExamSession, Message
from review.cases.decisions import reopen
from tests.factories import (
    REASON,
    end_session,
    make_application,
    make_candidate,
    make_reviewer,
    make_session,
    make_units,
    upload_required,
)
from tests.materials.uploading import add, kept, remove, returned, save, submitted

pytestmark = pytest.mark.django_db
MINE = "/application/"


def logged_in(client, status, **named):
    application = make_application(status, **named)
    client.force_login(application.account)
    return application


def shown(client):
    return client.get(MINE).context


@pytest.mark.parametrize(
    ("status", "step", "address"),
    [
        ("draft", "报名", "/application/check/"),
        ("registered", "上传材料", "/materials/"),
        ("point_review", "报名点审核", ""),
        ("site_review", "考点审核", ""),
        ("region_review", "考区审核", ""),
        ("returned", "上传材料", "/application/edit/"),
        ("payment_due", "缴费", "/payment/"),
        ("paid", None, ""),
        ("rejected", "报名点审核", ""),
        ("cancelled", "完成", ""),
        ("withdrawn", None, ""),
    ],
)
def test_every_state_has_its_step_and_at_most_one_thing_to_do(client, status, step, address):
    logged_in(client, status)
    context = shown(client)
    now = [one["label"] for one in context["steps"] if one["state"] in ("current", "problem")]
    assert now == ([step] if step else [])
    assert context["next"].address == address


@pytest.mark.parametrize("status", STATUSES)
def test_every_state_is_said_in_words_and_has_one_primary_button_at_most(client, status):
    logged_in(client, status)
    page = client.get(MINE).content.decode()
    assert STATUSES[status] in page
    assert page.count("btn-primary") <= 1


def test_a_draft_that_lacks_something_leads_to_the_form(client):
    account = make_candidate()
    client.force_login(account)
    make_session()
    assert client.post("/application/start/").headers["Location"] == "/application/edit/"
    assert shown(client)["next"].address == "/application/edit/"


def test_the_reasons_of_a_return_say_where_to_mend_them(client):
    logged_in(client, "returned", named={"sections": {"work": "登记号不对。"}, "categories": {"diploma": "缺页。"}})
    assert shown(client)["returned"] == [
        ("报名表：工作与试用", "登记号不对。", "/application/edit/?section=work", False),
        ("材料：毕业证书", "缺页。", "/materials/#diploma", False),
    ]


def test_what_of_a_return_has_been_mended_says_so(client):
    named = {"sections": {"work": "登记号不对。"}, "categories": {"diploma": "缺页。"}}
    application = logged_in(client, "returned", named=named)
    save(application, "work", post="主治医师")
    add(application, "diploma", serial=7)
    assert [(what, mended) for what, _, _, mended in shown(client)["returned"]] == [
        ("报名表：工作与试用", True),
        ("材料：毕业证书", True),
    ]
    assert client.get(MINE).content.decode().count("已补正") == 2


def test_after_its_deadline_a_return_does_not_say_what_can_be_changed(client):
    logged_in(client, "returned", named={"sections": {"work": "登记号不对。"}})
    before = client.get(MINE).content.decode()
    Application.objects.update(return_deadline=timezone.now())
    after = client.get(MINE).content.decode()
    assert ["只有上面列出的内容可以修改" in page for page in (before, after)] == [True, False]
    assert "登记号不对。" in after


def test_a_refused_picture_is_mended_by_another_not_by_being_deleted(client):
    application = returned(submitted(), bad=["diploma"])
    client.force_login(application.account)
    remove(kept(application, "diploma")[0], application)
    assert [mended for *_, mended in shown(client)["returned"]] == [False]
    add(application, "diploma", serial=7)
    assert [mended for *_, mended in shown(client)["returned"]] == [True]


def test_a_form_that_cannot_be_changed_any_more_is_offered_to_be_read(client):
    draft = logged_in(client, "draft")
    assert "查看报名表" not in client.get(MINE).content.decode()
    draft.session.registration_closes = timezone.now()
    draft.session.save()
    page = client.get(MINE).content.decode()
    assert ("查看报名表" in page, "修改报名表" in page) == (True, False)


def test_a_rejection_gives_its_reason_until_it_is_reopened(client):
    rejected = logged_in(client, "rejected")
    assert shown(client)["reason"] == REASON
    reviewer = make_reviewer(make_units()["1101001"], username="second")
    reopen(rejected.pk, actor=Actor.of(reviewer), seen=rejected.last_record_id, reason="复核后恢复。")
    assert shown(client)["reason"] == ""


def test_what_is_owed_is_said_with_its_date_on_every_page(client):
    session = make_session()
    owing = {"fresh_graduate": True, "graduated_on": timezone.now().date().replace(session.year - 1, 1, 10)}
    logged_in(client, "point_review", session=session, **owing)
    for page in (
        MINE,
        "/application/documents/",
        "/materials/",
        "/application/edit/",
        "/account/",
        "/messages/",
        "/help/",
    ):
        answer = client.get(page)
        assert answer.context["owed_line"]["labels"] == ["医师资格考试试用期考核证明"]
        assert f"{session.year} 年 8 月 31 日 24:00" in answer.content.decode()


def test_what_was_received_or_never_owed_is_said_nowhere(client):
    application = logged_in(client, "registered")
    assert [bool(client.get(page).context["owed_line"]) for page in (MINE, "/account/")] == [False, False]
    Application.objects.filter(pk=application.pk).update(owed=["probation"])
    assert bool(client.get("/account/").context["owed_line"]) is True


def test_the_notice_is_not_offered_while_the_form_contradicts_itself(client):
    registered = logged_in(client, "registered")
    slugs = [slug for slug, _ in shown(client)["documents"]]
    Application.objects.filter(pk=registered.pk).update(fresh_graduate=True)
    left = [slug for slug, _ in shown(client)["documents"]]
    assert slugs == ["notice", "checklist", "probation-certificate"]
    assert left[0] == "checklist"


def test_nothing_is_printed_before_there_is_a_number(client):
    logged_in(client, "draft")
    assert shown(client)["documents"] == []


def test_the_number_of_the_document_is_not_on_the_page(client):
    application = logged_in(client, "registered")
    assert application.document_number not in client.get(MINE).content.decode()


# --- windows ---


@pytest.mark.parametrize(
    ("opens", "closes", "word"),
    [(1, 2, "开始"), (-2, -1, "截止，您没有报名"), (-1, 1, "开始报名")],
    ids=["soon", "over", "open"],
)
def test_without_an_application_the_page_says_when(client, opens, closes, word):
    now = timezone.now()
    make_session(registration=(now + timedelta(days=opens), now + timedelta(days=closes)))
    client.force_login(make_candidate())
    assert word in client.get(MINE).content.decode()


def test_registration_is_over_from_the_very_moment_that_was_announced(client, monkeypatch):
    now = timezone.now()
    make_session(registration=(now - timedelta(days=2), now + timedelta(hours=1)))
    client.force_login(make_candidate())
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=1))
    assert client.get(MINE).context["is_over"]


def test_without_a_session_the_page_says_so(client):
    client.force_login(make_candidate())
    assert "目前没有开放的考试年度" in client.get(MINE).content.decode()


def test_outside_its_window_no_application_is_started(client):
    now = timezone.now()
    make_session(registration=(now - timedelta(days=2), now - timedelta(days=1)))
    client.force_login(make_candidate())
    assert client.post("/application/start/").status_code == 409
    assert Application.objects.count() == 0


def test_starting_twice_is_one_draft(client):
    make_session()
    client.force_login(make_candidate())
    for _ in range(2):
        client.post("/application/start/")
    assert Application.objects.count() == 1


def test_getting_the_address_starts_nothing(client):
    make_session()
    client.force_login(make_candidate())
    assert client.get("/application/start/").status_code == 405
    assert Application.objects.count() == 0


# --- withdrawing ---


def test_withdrawing_asks_first_and_is_done_once(client):
    registered = logged_in(client, "registered")
    assert client.get("/application/withdraw/").status_code == 200
    registered.refresh_from_db()
    assert registered.status == "registered"
    for _ in range(2):
        client.post("/application/withdraw/", {"seen": str(registered.last_record_id)})
    registered.refresh_from_db()
    assert (registered.status, registered.records.filter(action="withdraw").count()) == ("withdrawn", 1)


def test_after_withdrawing_one_applies_anew_while_registration_is_open(client):
    withdrawn = logged_in(client, "withdrawn")
    assert shown(client)["may_start"] is True
    client.post("/application/start/")
    assert list(Application.objects.exclude(pk=withdrawn.pk).values_list("status", flat=True)) == ["draft"]


@pytest.mark.parametrize("status", ["point_review", "payment_due", "rejected"])
def test_what_has_been_submitted_cannot_be_withdrawn(client, status):
    application = logged_in(client, status)
    sent = {"seen": str(application.last_record_id)}
    answers = [client.get("/application/withdraw/"), client.post("/application/withdraw/", sent)]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert "btn-primary" in answers[0].content.decode()
    application.refresh_from_db()
    assert application.status == status


# --- earlier ones, messages ---


def test_an_earlier_application_is_read_only_and_ones_own(client):
    earlier = logged_in(client, "payment_due")
    end_session(earlier.session)
    make_session()
    path = f"/application/earlier/{earlier.pk}/"
    assert [one.pk for one in shown(client)["earlier"]] == [earlier.pk]
    assert client.get(path).context["application"] == earlier
    stranger = Client()
    stranger.force_login(make_candidate())
    assert stranger.get(path).status_code == 404


def test_reading_the_messages_marks_what_was_shown(client):
    registered = logged_in(client, "registered")
    others = make_application("registered")
    assert [one.subject for one in shown(client)["news"]] == ["报名成功，请上传材料"]
    client.get("/messages/")
    assert shown(client)["news"] == []
    assert Message.objects.filter(read_at=None).get().account == others.account
    assert registered.account != others.account


def test_my_application_costs_the_same_however_much_has_happened(django_assert_num_queries):
    # whether one step is left, and whether it can be taken back, is asked for where it may be so
    for status, queries in {"registered": 8, "point_review": 11, "site_review": 7}.items():
        client = Client()
        logged_in(client, status)
        with django_assert_num_queries(queries):
            client.get(MINE)


def test_with_everything_uploaded_my_application_says_that_one_step_is_left(client):
    application = logged_in(client, "registered")
    upload_required(application)
    page, context = client.get(MINE).content.decode(), shown(client)
    assert [one["label"] for one in context["steps"] if one["state"] == "current"] == ["提交审核"]
    assert context["next"].address == "/materials/submit/"
    assert ("还差一步：提交审核。" in page, "上传相关材料，然后" in page) == (True, False)


def test_withdrawing_on_a_page_from_before_another_act_withdraws_nothing(client):
    application = make_application("registered")
    client.force_login(application.account)
    answer = client.post("/application/withdraw/", {"seen": application.last_record_id - 1})
    assert answer.status_code == 409
    assert Application.objects.get().status == "registered"


def close(*windows):
    """Let these windows of every session be over since yesterday."""
    yesterday = timezone.now() - timedelta(days=1)
    for window in windows:
        ExamSession.objects.update(**{f"{window}_opens": yesterday - timedelta(days=9), f"{window}_closes": yesterday})


def step(page):
    """What the stepper says of the step that is marked, on a small screen."""
    return re.sub(r"\s+", "", re.search(r'class="stepper-small">\s*<summary>(.*?)</summary>', page, re.S)[1])


@pytest.mark.parametrize("address", [MINE, "/application/edit/", "/materials/", "/application/documents/"])
def test_every_page_says_that_the_time_for_the_step_is_over(client, address):
    logged_in(client, "registered")
    before = step(client.get(address).content.decode())
    close("registration", "upload")
    after = step(client.get(address).content.decode())
    assert [("进行中" in one, "已截止" in one) for one in (before, after)] == [(True, False), (False, True)]


def test_who_has_not_begun_reads_that_registration_is_over(client):
    client.force_login(make_candidate())
    make_session()
    close("registration")
    assert "已截止" in step(client.get(MINE).content.decode())


def test_the_payment_page_says_that_its_time_is_over(client):
    logged_in(client, "payment_due")
    close("payment")
    assert "已截止" in step(client.get("/payment/").content.decode())


def test_withdrawing_after_registration_has_closed_promises_no_new_one(client):
    logged_in(client, "registered")
    before = client.get("/application/withdraw/").content.decode()
    close("registration")
    after = client.get("/application/withdraw/").content.decode()
    assert ["前可以重新报名" in page for page in (before, after)] == [True, False]
    assert "现在撤销，本年度不能再报名。" in after
