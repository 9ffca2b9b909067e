"""Two exam sessions side by side: which is under way, which application is the current one, what a slip may change."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from candidates.models import Application, ExamSession
from candidates.models.session import SHANGHAI, WINDOWS, possible_years
from tests.factories import (
    end_session,
    make_application,
    make_candidate,
    make_operator,
    make_reviewer,
    make_session,
    make_units,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FAR = 2972  # what a finger makes of a year
RUNNING = ("draft", "registered", "point_review", "site_review", "region_review", "returned", "payment_due", "paid")


def logged_in(status, **named):
    application = make_application(status, **named)
    client = Client()
    client.force_login(application.account)
    return client, application


def next_year(session, **windows):
    return make_session(session.year + 1, **windows)


def in_advance():
    now = timezone.now()
    return {window: (now + 40 * DAY, now + 60 * DAY) for window in WINDOWS}


# --- which session is open today -------------------------------------------------------------------------------------


def test_a_session_is_under_way_from_its_registration_to_its_last_date():
    session = make_session()
    opens, over = session.registration_opens, session.over_at
    moments = (opens - DAY, opens, over - DAY, over)
    year_fits = [session.year in possible_years(at) for at in moments]
    assert [session.is_under_way(at) for at in moments] == [False, year_fits[1], year_fits[2], False]


def test_its_last_date_is_that_of_owed_papers_or_the_last_window():
    session = make_session()
    assert session.over_at == max(session.owed_until, session.payment_closes)
    late = session.owed_until + 10 * DAY
    session.payment_closes = late
    assert session.over_at == late


def test_a_session_opened_in_advance_is_not_under_way_and_leaves_the_current_one():
    session = make_session()
    coming = next_year(session, **in_advance())
    assert ExamSession.under_way() == [session]
    assert ExamSession.current() == session
    end_session(session)
    assert (ExamSession.under_way(), ExamSession.current()) == ([], coming)


def test_of_two_under_way_the_older_is_the_current_one():
    session = make_session(timezone.localtime().year)
    other = next_year(session)
    assert ExamSession.under_way() == [session, other]
    assert ExamSession.current() == session


def test_a_year_that_cannot_be_is_never_under_way():
    session = make_session()
    make_session(FAR)
    assert (ExamSession.under_way(), ExamSession.current()) == ([session], session)


@pytest.mark.parametrize("over", [False, True])
def test_where_nothing_is_under_way_the_next_to_begin_comes_before_the_last_that_is_over(over):
    last = end_session(make_session())
    coming = None if over else make_session(**in_advance())
    assert ExamSession.current() == (coming or last)


# --- a newer session hides nothing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", RUNNING)
def test_the_running_application_wins_whatever_has_been_opened(status):
    client, application = logged_in(status)
    next_year(application.session), make_session(FAR)
    assert client.get("/application/").context["application"] == application
    for path in ("/materials/", "/payment/", "/application/documents/"):
        assert client.get(path).context["application"] == application


def test_every_page_of_a_running_application_is_of_its_year():
    client, application = logged_in("point_review")
    next_year(application.session)
    for path in ("/application/", "/messages/", "/account/", "/help/", "/units/", "/requirements/"):
        assert client.get(path).context["session"] == application.session


def test_a_picture_goes_to_the_running_application():
    client, application = logged_in("registered")
    next_year(application.session)
    with open("static/specimens/identity.jpg", "rb") as file:
        client.post("/materials/identity/", {"images": file})
    assert application.images.count() == 1


def test_a_slip_into_the_far_future_changes_no_page():
    """What a stranger, a candidate and a reviewer read is what they read before."""
    client, application = logged_in("point_review")
    reviewer = Client()
    reviewer.force_login(make_reviewer(application.region))
    newcomer = Client()
    newcomer.force_login(make_candidate())
    pages = [
        *((Client(), path) for path in ("/", "/help/", "/requirements/")),
        *((client, path) for path in ("/application/", "/materials/", "/payment/", "/", "/help/")),
        *((reviewer, path) for path in ("/review/progress/", "/review/applications/")),
        (newcomer, "/application/"),
    ]

    def read():
        return [told(one.get(path)) for one, path in pages]

    before = read()
    make_session(FAR)
    assert read() == before


def told(answer) -> str:
    lines = answer.content.decode().splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


# --- last year's -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["point_review", "site_review", "region_review", "returned"])
def test_what_is_reviewed_or_returned_outlasts_its_session(status):
    client, application = logged_in(status)
    end_session(application.session)
    session = make_session()
    page = client.get("/application/").context
    assert (page["application"], page["to_start"]) == (application, [session])


@pytest.mark.parametrize("status", ["draft", "registered", "payment_due", "paid", "rejected", "withdrawn"])
def test_what_is_over_gives_way_to_the_new_year(status):
    client, application = logged_in(status)
    end_session(application.session)
    session = make_session()
    page = client.get("/application/").context
    assert (page["session"], page["is_open"], page["earlier"]) == (session, True, [application])


def test_a_return_whose_deadline_is_over_too_gives_way():
    client, application = logged_in("returned")
    end_session(application.session)
    make_session()
    Application.objects.update(return_deadline=timezone.now() - DAY)
    assert client.get("/application/").context["earlier"] == [application]


def test_a_payment_that_is_still_open_keeps_last_years_session_under_way():
    client, application = logged_in("payment_due")
    session = end_session(application.session)
    session.payment_closes = timezone.now() + DAY
    session.save()
    new = make_session()
    assert ExamSession.under_way() == [session, new]
    page = client.get("/application/").context
    assert (page["application"], page["next"].address) == (application, "/payment/")


# --- beside, never instead -------------------------------------------------------------------------------------------


def test_the_new_year_is_offered_beside_while_its_registration_is_open():
    client, application = logged_in("payment_due")
    session = next_year(application.session)
    assert client.get("/application/").context["to_start"] == [session]
    assert f"开始 {session.year} 年度报名" in client.get("/application/").content.decode()


def test_a_year_whose_registration_is_not_open_is_not_offered():
    client, application = logged_in("payment_due")
    next_year(application.session, **in_advance())
    assert client.get("/application/").context["to_start"] == []


def test_starting_it_leads_to_its_form_and_leaves_the_other_one_within_reach():
    client, application = logged_in("registered")
    session = next_year(application.session)
    form = client.post("/application/start/", {"year": session.year}, follow=True)
    draft = form.context["application"]
    assert (draft.session, draft.status) == (session, "draft")
    assert client.get("/application/").context["running"] == [application]
    assert client.get(f"/application/?year={application.session.year}").context["application"] == application
    assert client.get("/materials/").context["application"] == application


def test_starting_twice_makes_one():
    client, application = logged_in("paid")
    session = next_year(application.session)
    for _ in range(2):
        client.post("/application/start/", {"year": session.year})
    assert Application.objects.filter(session=session).count() == 1


@pytest.mark.parametrize("year", [FAR, 1999, "x", "２０２７"])
def test_a_year_that_is_not_offered_is_not_started(year):
    client, _ = logged_in("registered")
    make_session(FAR)
    assert client.post("/application/start/", {"year": year}).status_code == 404
    assert Application.objects.count() == 1


def test_a_form_without_a_year_starts_the_one_that_is_offered():
    session = make_session()
    make_session(FAR)
    client = Client()
    client.force_login(make_candidate())
    client.post("/application/start/")
    assert Application.objects.get().session == session


def test_of_two_that_run_the_nearest_deadline_comes_first_unless_another_is_asked_for():
    client, application = logged_in("registered")
    soon = timezone.now() + DAY
    session = next_year(application.session, registration=(soon - 2 * DAY, soon))
    draft = make_application(account=application.account, session=session)
    assert client.get("/application/").context["application"] == draft
    assert client.get(f"/application/?year={FAR}").context["application"] == draft
    client.get(f"/application/?year={application.session.year}")
    assert client.get("/materials/").context["application"] == application


def test_what_was_meant_for_one_year_never_falls_to_the_other():
    """The page of one year stands in one tab while the other year is open in another."""
    client, application = logged_in("registered")
    session = next_year(application.session)
    draft = make_application(account=application.account, session=session)
    desk = client.get(f"/materials/?year={application.session.year}").content.decode()
    to = re.search(r'action="(/materials/identity/[^"]*)"', desk)[1]
    client.get(f"/application/?year={session.year}")
    with open("static/specimens/identity.jpg", "rb") as file:
        client.post(to, {"images": file})
    assert (application.images.count(), draft.images.count()) == (1, 0)


def test_withdrawing_twice_withdraws_one():
    client, application = logged_in("draft")
    other = make_application(account=application.account, session=next_year(application.session))
    sent = {"application": other.pk, "seen": "0"}
    for _ in range(2):
        client.post("/application/withdraw/", sent)
    assert dict(Application.objects.values_list("pk", "status")) == {application.pk: "draft", other.pk: "withdrawn"}


def test_every_form_about_an_application_says_which(client):
    application = make_application("draft")
    client.force_login(application.account)
    field = f'name="application" value="{application.pk}"'
    for path, forms in (("/application/edit/", 5), ("/application/check/", 1), ("/application/withdraw/", 1)):
        assert client.get(path).content.decode().count(field) == forms


def test_a_form_about_somebody_elses_application_is_a_miss():
    client, application = logged_in("draft")
    make_application(account=application.account, session=next_year(application.session))
    other = make_application("draft")
    assert client.post("/application/withdraw/", {"application": other.pk}).status_code == 404
    assert set(Application.objects.values_list("status", flat=True)) == {"draft"}


def test_papers_owed_to_one_year_are_told_on_the_pages_of_the_other():
    client, application = logged_in("payment_due")
    Application.objects.filter(pk=application.pk).update(owed=["probation"])
    session = next_year(application.session)
    make_application(account=application.account, session=session)
    page = client.get(f"/application/?year={session.year}").context
    assert (page["application"].session, page["owed_line"]["until"]) == (session, application.session.owed_until)


def test_two_years_at_once_cost_my_application_no_more_queries(django_assert_num_queries):
    client, application = logged_in("registered")
    session = next_year(application.session)
    make_application(account=application.account, session=session)
    client.get("/application/")
    with django_assert_num_queries(8):
        client.get("/application/")


def test_the_home_page_shows_the_dates_of_both():
    session = make_session(timezone.localtime().year)
    other = next_year(session)
    page = Client().get("/")
    assert [year for year, _ in page.context["years"]] == [session.year, other.year]


# --- the reviewers' figures ------------------------------------------------------------------------------------------


def test_progress_counts_the_current_year_and_any_other_that_is_asked_for():
    application = make_application("point_review")
    other = next_year(application.session)
    client = Client()
    client.force_login(make_reviewer(application.region))
    page = client.get("/review/progress/").context
    assert (page["session"], page["sum"], page["years"]) == (application.session, 1, [other.year])
    page = client.get(f"/review/progress/?year={other.year}").context
    assert (page["session"], page["sum"]) == (other, 0)
    assert client.get("/review/progress/?year=1999").status_code == 404


# --- slips are refused -----------------------------------------------------------------------------------------------


def filled(year, **changes):
    """What the back office's form sends."""
    now = timezone.now().astimezone(SHANGHAI)
    sent = {"year": year, "state": "open", "correction_days": 7, "confirmed": "on"}
    for place, window in enumerate(WINDOWS):
        for end, at in (("opens", now + place * DAY), ("closes", now + (30 + place) * DAY)):
            at = changes.get(f"{window}_{end}", at)
            sent |= {f"{window}_{end}_0": f"{at:%Y-%m-%d}", f"{window}_{end}_1": f"{at:%H:%M:%S}"}
    return sent


@pytest.fixture
def office():
    client = Client()
    client.force_login(make_operator())
    return client


@pytest.mark.parametrize(("ahead", "saved"), [(-2, False), (-1, True), (0, True), (2, True), (3, False), (45, False)])
def test_the_back_office_takes_last_year_to_two_years_ahead(office, ahead, saved):
    year = timezone.localtime().year + ahead
    answer = office.post("/admin/candidates/examsession/add/", filled(year))
    assert ExamSession.objects.filter(year=year).exists() == saved
    if not saved:
        assert f"请核对“{year}”" in answer.context["errors"][0][0]


def test_windows_that_open_or_close_out_of_order_are_refused(office):
    year, wrong = timezone.localtime().year, timezone.now().astimezone(SHANGHAI) - 9 * DAY
    answer = office.post("/admin/candidates/examsession/add/", filled(year, payment_opens=wrong))
    assert "缴费的开始时间早于审核的开始时间" in str(answer.context["errors"])
    assert ExamSession.objects.count() == 0


def test_a_session_of_long_ago_can_still_be_written():
    session = make_session(2015)
    session.full_clean()
    session.pk, session._state.adding, session.year = None, True, 2016
    with pytest.raises(ValidationError):
        session.full_clean()


def test_an_empty_session_is_deleted_in_the_back_office(office):
    session = make_session(FAR, state="draft")
    page = f"/admin/candidates/examsession/{session.pk}"
    assert "还没有任何内容，可以删除" in office.get(f"{page}/change/").content.decode()
    assert "/delete/" in office.get(f"{page}/change/").content.decode()
    assert office.post(f"{page}/delete/", {"post": "yes"}).status_code == 302
    assert ExamSession.objects.count() == 0


def test_an_open_one_is_made_a_draft_first(office):
    page = f"/admin/candidates/examsession/{make_session(FAR).pk}"
    assert "先改为草稿，就可以删除" in office.get(f"{page}/change/").content.decode()
    assert office.post(f"{page}/delete/", {"post": "yes"}).status_code == 403


def test_a_window_that_opens_at_once_is_asked_about_and_saved_when_confirmed(office):
    year = timezone.localtime().year
    sent = filled(year)
    del sent["confirmed"]
    answer = office.post("/admin/candidates/examsession/add/", sent)
    assert f"{year} 年度的网上报名开始时间是" in str(answer.context["errors"])
    assert ExamSession.objects.count() == 0
    office.post("/admin/candidates/examsession/add/", {**sent, "confirmed": "on"})
    assert ExamSession.objects.get().state == "open"


def test_one_that_something_hangs_from_says_what_and_stays(office):
    session = make_application("registered").session
    page = f"/admin/candidates/examsession/{session.pk}"
    assert "不能删除，已经有：报名 1、报名编号计数 1。" in office.get(f"{page}/change/").content.decode()
    assert office.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    many = {"action": "delete_selected", "_selected_action": session.pk, "post": "yes"}
    office.post("/admin/candidates/examsession/", many)
    assert ExamSession.objects.get() == session


def test_the_list_says_which_is_under_way(office):
    make_session(), make_session(FAR)
    page = office.get("/admin/candidates/examsession/").content.decode()
    assert "进行中" in page
    assert "年度有误或早已结束" in page


def test_notices_are_asked_for_in_every_session_under_way(office):
    application = make_application("registered")
    next_year(application.session)
    sent = {"action": "print_notices", "_selected_action": make_units()["11"].pk}
    page = office.post("/admin/candidates/unit/", sent, follow=True).content.decode()
    assert f"{application.session}：1 个报名点有通知单，新申请 1 个后台任务" in page


def test_a_message_about_another_year_than_the_page_names_its_year():
    client, application = logged_in("registered")
    own, soon = application.session.year, timezone.now() + DAY
    session = next_year(application.session, registration=(soon - 2 * DAY, soon))
    make_application(account=application.account, session=session)
    pages = ("/application/", f"/application/?year={own}", f"/messages/?year={own}")
    said = [f"{own} 年度的报名 · " in client.get(page).content.decode() for page in pages]
    assert said == [True, False, False]
