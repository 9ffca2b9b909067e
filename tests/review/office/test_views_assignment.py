"""The head's page of assignment, the queue's chosen rows, and days of absence, as people meet them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.applications.states import WAITING_AT
from review.models import Absence, AssignmentAct
from review.office import assignments, presence
from tests.factories import make_application, make_operator, make_reviewer, make_units
from tests.review.casework import fresh, here, log_in, said

pytestmark = pytest.mark.django_db

PAGE, CHOSEN, FREE = (f"/review/office/assignment/{one}" for one in ("", "chosen/", "free/"))
PRESENCE, QUEUE = "/review/office/presence/", "/review/applications/"


@pytest.fixture
def cases(unit):
    return [make_application("point_review") for _ in range(3)]


@pytest.fixture
def desk(client, head, anna):
    return log_in(client, head)


def whose(cases):
    return [one.assigned_to.username if one.assigned_to else None for one in map(fresh, cases)]


def rows(*cases):
    return [f"{one.number}:{one.last_record_id}" for one in cases]


def asked(**more):
    return {"rule": "even", "source": "", "number": "", "people": ["anna", "head"], **more}


# --- who may ----------------------------------------------------------------------------------------------------------

HEADS_ONLY = [("get", PAGE), ("post", PAGE), ("post", CHOSEN), ("post", FREE)]


@pytest.mark.parametrize(("method", "address"), HEADS_ONLY)
def test_these_addresses_are_there_for_heads_alone(client, anna, cases, method, address):
    sent = {"to": "anna", "person": "anna", "case": rows(*cases), **asked(confirmed="1")}
    people = [anna, make_operator(), cases[0].account, make_reviewer(anna.unit.parent)]
    answers = [getattr(log_in(client, one), method)(address, sent).status_code for one in people]
    assert (answers, whose(cases)) == ([404] * 4, [None] * 3)


def test_a_head_beside_or_above_reaches_no_case_of_this_point(client, anna, cases):
    for code in ("1101002", "1101", "12"):
        other = make_reviewer(make_units()[code], username=f"head-{code}", is_head=True)
        log_in(client, other).post(CHOSEN, {"case": rows(*cases), "to": f"head-{code}"})
        log_in(client, other).post(CHOSEN, {"case": rows(*cases), "to": "anna"})
        log_in(client, other).post(FREE, {"person": "anna"})
    assert (whose(cases), AssignmentAct.objects.filter(number__gt=0).count()) == ([None] * 3, 0)


def test_no_head_without_the_second_factor(client, settings, head):
    settings.SECOND_FACTOR = True
    assert log_in(client, head).get(PAGE).status_code == 302


# --- chosen rows ------------------------------------------------------------------------------------------------------


def test_a_head_chooses_rows_of_the_queue_and_gives_them_to_somebody(desk, anna, cases):
    page = desk.get(QUEUE).content.decode()
    assert [word in page for word in ("选中的申请分派给", f'value="{rows(cases[0])[0]}"')] == [True, True]
    answer = desk.post(CHOSEN, {"case": rows(*cases[:2]), "to": "anna", "list": "order=number"})
    assert (answer.url, said(answer)) == (f"{QUEUE}?order=number", ["已分派 2 份：anna 2 份。"])
    assert whose(cases) == ["anna", "anna", None]


def test_who_is_no_head_is_offered_no_assignment(client, anna, cases):
    page = log_in(client, anna).get(QUEUE).content.decode()
    assert ("选中的申请分派给" in page, 'name="case"' in page) == (False, False)


def test_nobody_chosen_lets_go_and_no_row_chosen_is_told(desk, anna, cases):
    desk.post(CHOSEN, {"case": rows(*cases), "to": "anna"})
    told = said(desk.post(CHOSEN, {"case": rows(cases[0]), "to": ""})), said(desk.post(CHOSEN, {"to": "anna"}))
    assert [one[-1] for one in told] == ["已放开 1 份。", "请先在列表中勾选要分派的申请。"]
    assert whose(cases) == [None, "anna", "anna"]


@pytest.mark.parametrize("name", ["nobody", "point-1101002"])
def test_somebody_who_does_not_work_here_is_refused_in_words(desk, cases, name):
    make_reviewer(make_units()["1101002"])
    assert said(desk.post(CHOSEN, {"case": rows(*cases), "to": name})) == [assignments.GONE]


def test_giving_to_somebody_who_is_away_is_done_and_said(desk, anna, cases):
    today = timezone.localdate()
    presence.mark(anna, by=anna, first=today, last=today)
    told = said(desk.post(CHOSEN, {"case": rows(cases[0]), "to": "anna"}))
    assert told == ["已分派 1 份：anna 1 份。", f"请注意：anna 缺勤至 {today:%Y-%m-%d}。"]


# --- by rule ----------------------------------------------------------------------------------------------------------


def test_what_would_be_given_is_shown_first_and_nothing_is_done(desk, cases):
    page = desk.post(PAGE, asked()).content.decode()
    assert ['分派 <span class="figure">3</span> 份' in page, "确认分派" in page, whose(cases)] == [
        True,
        True,
        [None] * 3,
    ]


def test_confirmed_it_is_done_and_told(desk, cases):
    answer = desk.post(PAGE, asked(confirmed="1"))
    assert said(answer) == ["已分派 3 份：anna 2 份，head 1 份。"] or said(answer) == [
        "已分派 3 份：head 1 份，anna 2 份。"
    ]
    assert sorted(whose(cases)) == ["anna", "anna", "head"]


def test_posted_twice_the_second_finds_nothing_left(desk, cases):
    desk.post(PAGE, asked(confirmed="1"))
    again = desk.post(PAGE, asked(confirmed="1"))
    assert (again.status_code, "没有可以分派的申请。" in again.content.decode()) == (422, True)


def test_a_group_goes_to_whom_the_preview_says_and_one_without_anybody_stays(desk, cases):
    digits = sorted({one.number[-1] for one in cases})
    page = desk.post(PAGE, asked(rule="digit")).content.decode()
    assert [f'name="group-{one}"' in page for one in digits] == [True] * len(digits)
    desk.post(PAGE, asked(rule="digit", confirmed="1", **{f"group-{digits[0]}": "anna"}))
    assert [one == "anna" for one in whose(cases)] == [one.number[-1] == digits[0] for one in cases]
    assert set(whose(cases)) <= {"anna", None}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"people": []}, "请选择至少一个人。"),
        ({"people": ["nobody"]}, "所选的人已经停用或不在本单位，请重新选择。"),
        ({"number": "0"}, "至少 1 份。"),
        ({"number": "5001"}, "一次最多 5,000 份，可以分几次。"),
        ({"number": "许多"}, "请填写数字。"),
        ({"source": "anna"}, "anna 手上的申请不能再分派给本人。"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(desk, cases, sent, sentence):
    answer = desk.post(PAGE, asked(rule="digit", **sent))
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, 'value="digit" selected' in page) == (422, True, True)
    assert whose(cases) == [None] * 3


def test_a_rule_gives_nothing_to_somebody_who_is_away(desk, anna, cases):
    presence.mark(anna, by=anna, first=timezone.localdate(), last=timezone.localdate())
    page = desk.post(PAGE, asked(confirmed="1"))
    assert (page.status_code, "anna 今天缺勤" in page.content.decode(), whose(cases)) == (422, True, [None] * 3)
    assert "checked" not in desk.get(PAGE).content.decode().partition('value="anna"')[2].partition(">")[0]


def test_the_point_is_offered_no_rule_by_units_below_and_the_region_is(client, head, anna):
    assert "按下级单位" not in log_in(client, head).get(PAGE).content.decode()
    region = make_reviewer(make_units()["11"], username="head-11", is_head=True)
    assert "按下级单位" in log_in(client, region).get(PAGE).content.decode()


def test_what_somebody_has_is_let_go_by_one_button(desk, anna, cases):
    desk.post(CHOSEN, {"case": rows(*cases[:2]), "to": "anna"})
    assert said(desk.post(FREE, {"person": "anna"}))[-1] == "已放开 2 份，任何人都可以取到。"
    assert whose(cases) == [None] * 3


def test_the_page_says_who_has_how_many_and_what_was_done(desk, anna, cases):
    desk.post(CHOSEN, {"case": rows(*cases[:2]), "to": "anna"})
    page = desk.get(PAGE).content.decode()
    assert ['?assigned=anna">2</a>' in page, "逐份选定" in page, "未分派" in page] == [True] * 3


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_many_queries_for_one_as_for_three(desk, unit, cases, number, django_assert_num_queries):
    for name in range(number):
        make_reviewer(unit, username=f"more-{name}")
    desk.get(PAGE)
    with django_assert_num_queries(10):
        desk.get(PAGE)


# --- lists and the next one -------------------------------------------------------------------------------------------


def listed(client, query):
    return [row["case"].pk for row in client.get(f"{QUEUE}?{query}").context["rows"]]


def test_lists_show_mine_what_nobody_has_and_one_persons(client, head, anna, cases):
    assignments.give(head.unit, [cases[0].pk], by=head, to=anna)
    log_in(client, anna)
    assert [listed(client, f"assigned={one}") for one in ("mine", "free", "head", "anna")] == [
        [cases[0].pk],
        [one.pk for one in cases[1:]],
        [],
        [cases[0].pk],
    ]


def test_a_list_of_a_stranger_or_of_nonsense_is_told_and_shows_all(client, anna, cases):
    page = log_in(client, anna).get(f"{QUEUE}?assigned=point-1101002")
    assert (page.status_code, len(page.context["rows"]), "分派：" in page.content.decode()) == (200, 3, True)


def test_the_next_case_of_anothers_list_is_anothers(client, head, anna, cases):
    assignments.give(head.unit, [one.pk for one in cases], by=head, to=anna)
    log_in(client, head)
    assert client.post(f"{QUEUE}next/", {}).url == QUEUE
    assert client.post(f"{QUEUE}next/", {"list": "assigned=anna"}).url.startswith(here(cases[0]))


def test_the_case_says_whose_it_is_and_how_it_came_so(client, head, anna, cases):
    assignments.give(head.unit, [cases[0].pk], by=head, to=anna)
    page = log_in(client, head).get(here(cases[0])).content.decode()
    assert ["分派给 anna" in page, "逐份选定" in page] == [True, True]
    log_in(client, cases[0].account)
    assert "anna" not in client.get("/application/").content.decode()


# --- days of absence --------------------------------------------------------------------------------------------------


def days(first=0, last=1):
    today = timezone.localdate()
    return {"first": f"{today + timedelta(days=first)}", "last": f"{today + timedelta(days=last)}"}


def test_one_marks_and_ends_ones_own_days(client, head, anna, cases):
    assignments.give(head.unit, [cases[0].pk], by=head, to=anna)
    log_in(client, anna)
    answer = client.post(PRESENCE, days())
    absence = Absence.objects.get()
    assert said(answer)[0].endswith("缺勤已登记。手上未开始的 1 份已放开。")
    page = client.get(PRESENCE).content.decode()
    assert [cases[0].number in page, "结束 anna 的缺勤" in page] == [True, True]
    assert client.post(f"{PRESENCE}{absence.pk}/end/").status_code == 302
    assert client.post(f"{PRESENCE}{absence.pk}/end/").status_code == 409


def test_a_head_marks_the_days_of_those_led_and_nobody_elses(client, head, anna):
    other = make_reviewer(make_units()["1101002"])
    log_in(client, head)
    assert client.post(PRESENCE, {**days(), "person": "anna"}).status_code == 302
    assert client.post(PRESENCE, {**days(), "person": other.username}).status_code == 422
    assert [one.account for one in Absence.objects.all()] == [anna]


def test_who_is_no_head_marks_oneself_whatever_the_form_says(client, head, anna):
    answer = log_in(client, anna).post(PRESENCE, {**days(), "person": "head"})
    assert (answer.status_code, Absence.objects.count()) == (422, 0)


def test_an_absence_of_somebody_else_is_not_there_to_be_ended(client, head, anna):
    absence = presence.mark(head, by=head, first=timezone.localdate(), last=timezone.localdate())
    people = [anna, make_operator(), make_reviewer(make_units()["1101002"], is_head=True)]
    answers = [log_in(client, one).post(f"{PRESENCE}{absence.pk}/end/").status_code for one in people]
    assert answers == [404, 404, 404]


def test_bad_days_are_told_and_stay_in_the_form(client, anna):
    answer = log_in(client, anna).post(PRESENCE, {"first": "2027-02-30", "last": "不知道"})
    page = answer.content.decode()
    assert (answer.status_code, 'value="不知道"' in page, Absence.objects.count()) == (422, True, 0)
    past = client.post(PRESENCE, days(-1, 1))
    assert "只能登记今天和以后的日子。" in past.content.decode()


def test_operators_and_candidates_have_no_absences(client, cases):
    assert [log_in(client, one).get(PRESENCE).status_code for one in (make_operator(), cases[0].account)] == [404, 404]


def test_every_level_has_an_assignment(client):
    for level, status in WAITING_AT.items():
        case = make_application(status)
        head = make_reviewer(case.unit_at(level), username=f"head-of-{level}", is_head=True)
        log_in(client, head).post(PAGE, asked(people=[head.username], confirmed="1"))
        assert fresh(case).assigned_to == head
