"""负责人: the page of a head, its settings, and figures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Account
from review.cases import decisions
from review.models import ExportMade, OfficeSetting, ReviewerFigures, ReviewTerm
from review.office import assignments, presence, samples
from tests import xlsx
from tests.factories import make_application, make_operator, make_reviewer, make_session, make_units, pass_on
from tests.review.casework import actor, fresh, log_in, reviewer, said

pytestmark = pytest.mark.django_db

OFFICE, SETTINGS, FIGURES = "/review/office/", "/review/office/settings/", "/review/office/figures/"
BOOK = f"{FIGURES}figures.xlsx"


def a_head(code, **more):
    return make_reviewer(make_units()[code], username=f"{code}-head", is_head=True, **more)


@pytest.fixture
def case():
    return make_application("site_review")


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "asked", "answers"),
    [
        ("1101", "", (200, 302, 200, 200)),
        ("1101", "1101001", (200, 404, 200, 200)),
        ("1101", "11", (404, 404, 404, 404)),
        ("1101", "1102", (404, 404, 404, 404)),
        ("11", "1101", (200, 404, 200, 200)),
        ("12", "1101", (404, 404, 404, 404)),
    ],
)
def test_a_head_sees_the_own_unit_and_those_below_and_sets_the_own_alone(client, case, code, asked, answers):
    log_in(client, a_head(code))
    query = f"?unit={asked}" if asked else ""
    got = [
        client.get(OFFICE + query).status_code,
        client.post(SETTINGS + query, {"share": "5", "digest": "on"}).status_code,
        client.get(FIGURES + query).status_code,
        client.get(BOOK + query).status_code,
    ]
    assert tuple(got) == answers


def test_where_two_years_wait_each_is_named(client, case):
    log_in(client, a_head("1101"))
    one_year = client.get(OFFICE).content.decode()
    make_application("site_review", session=make_session(case.session.year + 1))
    both = client.get(OFFICE).content.decode()
    assert "各个年度合计" not in one_year
    assert f"（{case.session.year} 年度 1 份，{case.session.year + 1} 年度 1 份；以下也是各个年度合计）" in both


def test_who_is_no_head_has_the_own_figures_and_no_more(client, case):
    log_in(client, make_reviewer(case.site, username="somebody"))
    got = [client.get(one).status_code for one in (OFFICE, FIGURES, BOOK, f"{FIGURES}?unit=1101001")]
    assert (got, client.post(SETTINGS, {"share": "0"}).status_code) == ([404, 200, 200, 404], 404)


def test_an_operator_chooses_a_unit_and_may_set_it(client, case):
    log_in(client, make_operator())
    assert [client.get(one).status_code for one in (OFFICE, FIGURES, BOOK)] == [200, 200, 404]
    assert client.post(f"{SETTINGS}?unit=1101", {"share": "3", "digest": "on"}).status_code == 302
    assert OfficeSetting.objects.get().share == 3


@pytest.mark.parametrize("address", [OFFICE, FIGURES, BOOK])
def test_staff_without_a_second_factor_reach_none_of_it(client, case, settings, address):
    settings.SECOND_FACTOR = True
    assert log_in(client, a_head("1101")).get(address).url.startswith("/second-factor/enrol/")


def test_the_navigation_leads_heads_and_operators_there(client, case):
    plain = reviewer(case)
    people = (a_head("1101"), plain, make_operator())
    pages = [log_in(client, one).get("/review/progress/").content.decode() for one in people]
    assert [f'href="{OFFICE}"' in page for page in pages] == [True, False, True]


def test_it_leads_the_head_of_the_unit_to_what_the_head_does(client, case):
    pages = [log_in(client, one).get(f"{OFFICE}?unit=1101").content.decode() for one in (a_head("1101"), a_head("11"))]
    ways = ("assignment", "presence", "reviewers")
    assert [[f'href="{OFFICE}{way}/"' in page for way in ways] for page in pages] == [[True] * 3, [False, True, False]]


def test_it_says_who_is_away_and_who_has_how_many(client, case):
    head, away = a_head("1101"), make_reviewer(case.site, username="away")
    today = timezone.localdate()
    presence.mark(away, by=away, first=today, last=today)
    assignments.give(case.site, [case.pk], by=head, to=away)
    page = log_in(client, head).get(OFFICE).content.decode()
    assert f'缺勤至 {today:%Y-%m-%d}</span></td><td class="number">1</td>' in page


# --- what it says -----------------------------------------------------------------------------------------------------


def test_it_says_what_waits_and_who_has_done_what(client, case, monkeypatch):
    monkeypatch.setattr(samples, "is_drawn", lambda pk, round, level, share: True)
    OfficeSetting.objects.create(unit=case.site, share=20)
    decisions.pass_on(case.pk, actor=actor(case), seen=case.last_record_id)
    make_application("site_review", session=case.session)
    page = log_in(client, a_head("1101")).get(OFFICE)
    waits = page.context["waits"]
    assert (waits.all, waits.second, waits.head, waits.asked, waits.late) == (2, 1, 0, 0, "")
    people = {line.account.username: (line.today, line.handled, line.median) for line in page.context["lines"]}
    assert people == {"1101-head": (0, 0, "—"), "site-1101": (1, 1, "—")}
    assert [word in page.content.decode() for word in (case.number, "等第二人复核", "site-1101")] == [True] * 3


def test_what_is_late_and_what_is_due_today_is_counted_where_the_level_has_a_term(client, case):
    ReviewTerm.objects.create(level="site", days=1)
    late = make_application("site_review", session=case.session)
    type(late).objects.filter(pk=late.pk).update(status_since=timezone.now() - timedelta(days=30))
    waits = log_in(client, a_head("1101")).get(OFFICE).context["waits"]
    assert (waits.all, waits.late, waits.last_day) == (2, "1 份", "0 份")


def test_the_point_has_no_second_looks_to_set(client):
    make_application("point_review")
    page = log_in(client, a_head("1101001")).get(OFFICE).content.decode()
    assert ("抽查复核的比例" in page, "每天发送待办摘要" in page) == (False, True)


def test_a_share_is_set_and_who_has_set_it_stays(client, case):
    log_in(client, a_head("1101"))
    assert said(client.post(SETTINGS, {"share": "5", "digest": "on"})) == ["设置已保存。"]
    kept = OfficeSetting.objects.get()
    assert (kept.unit, kept.share, kept.digest) == (case.site, 5, True)
    assert [one.pgh_context["account"] for one in kept.history.all()] == [Account.objects.get(username="1101-head").pk]


@pytest.mark.parametrize("share", ["21", "-1", "", "viel", "5.5"])
def test_a_share_that_cannot_be_is_told_beside_it(client, case, share):
    page = log_in(client, a_head("1101")).post(SETTINGS, {"share": share, "digest": "on"})
    assert (page.status_code, "field-error" in page.content.decode(), OfficeSetting.objects.count()) == (422, True, 0)


def test_the_page_asks_as_often_for_one_case_as_for_three(client, case, django_assert_num_queries):
    log_in(client, a_head("1101"))
    client.get(OFFICE)
    with django_assert_num_queries(QUERIES):
        client.get(OFFICE)
    for _ in range(2):
        one = make_application("site_review", session=case.session)
        make_reviewer(case.site, username=f"more-{one.pk}")
    with django_assert_num_queries(QUERIES):
        client.get(OFFICE)


QUERIES = 18  # the log-in, the unit, its level below, what waits, and who is away: one each


# --- figures ----------------------------------------------------------------------------------------------------------


def test_the_figures_are_a_table_a_chart_and_a_workbook(client, case):
    pass_on(fresh(case))
    log_in(client, a_head("1101"))
    page = client.get(FIGURES).content.decode()
    assert [word in page for word in ("site-1101", 'class="chart"', "本年度办理")] == [True] * 3
    book = xlsx.read(b"".join(client.get(BOOK).streaming_content))
    assert book["审核员"][1:] == [
        ["1101-head", "审核员", 0, 0, "—", "—", "—", "—"],
        ["site-1101", "审核员", 1, 1, "—", "0（0%）", "0（0%）", "—"],
    ]
    assert book["每日办理"][-1] == [f"{timezone.localdate():%Y-%m-%d}", 1]


def test_a_reviewer_reads_the_own_line_alone(client, case):
    me, colleague = reviewer(case), make_reviewer(case.site, username="colleague")
    ReviewerFigures.objects.create(session=case.session, unit=case.site, account=colleague, passed=7)
    log_in(client, me)
    page = client.get(FIGURES)
    assert [line.account.username for line in page.context["lines"]] == ["site-1101"]
    book = xlsx.read(b"".join(client.get(BOOK).streaming_content))
    assert [row[0] for row in book["审核员"][1:]] == ["site-1101"]
    taken = ExportMade.objects.get()
    assert (taken.account, taken.kind, taken.held) == (me, "figures", {"unit": "1101", "year": str(case.session.year)})


def test_who_has_left_keeps_the_figures_and_who_was_switched_off_without_any_is_not_listed(client, case):
    reviewer(case)
    gone = make_reviewer(make_units()["1102"], username="gone")
    make_reviewer(case.site, username="off", is_active=False)
    ReviewerFigures.objects.create(session=case.session, unit=case.site, account=gone, passed=3)
    page = log_in(client, a_head("1101")).get(OFFICE)
    assert [line.account.username for line in page.context["lines"]] == ["1101-head", "gone", "site-1101"]
    assert "已调离" in page.content.decode()
