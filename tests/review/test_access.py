"""The addresses of a case against everybody who might ask for it, also by POST (all: tests/test_addresses.py)."""

import pytest
from django.urls import reverse

from candidates.models import Look
from review.models import Hold
from tests.factories import PASSWORD, make_application, make_candidate, make_operator, make_reviewer, make_units
from tests.review.casework import reviewer

pytestmark = pytest.mark.django_db

# address -> what its own reviewer (of the site, that has the case) is answered to a GET
ADDRESSES = {
    "index": 302,
    "progress": 200,
    "watermark": 200,
    "queue": 200,
    "next": 405,
    "pass_many": 405,
    "case": 200,
    "hold": 405,
    "document": 200,
    "packet": 200,
    "decide": 405,
    "received": 405,
    "act": 200,
}
OF_A_CASE = [name for name in ADDRESSES if name in ("case", "hold", "document", "packet", "decide", "received", "act")]
WORDS = {"document": {"slug": "checklist"}, "decide": {"action": "pass"}, "act": {"action": "send_back"}}


def address(name, case):
    words = {"number": case.number, **WORDS.get(name, {})} if name in OF_A_CASE else {}
    return reverse(f"review:{name}", kwargs=words)


@pytest.fixture
def case():
    return make_application("site_review")


def logged_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def statuses(client, case, names=ADDRESSES, method="get"):
    return {name: getattr(client, method)(address(name, case)).status_code for name in names}


def test_its_own_reviewer_is_answered(client, case):
    assert statuses(logged_in(client, reviewer(case)), case) == ADDRESSES


def test_the_units_above_and_below_read_it_and_are_told_who_acts(client, case):
    for level in ("point", "region"):
        assert statuses(logged_in(client, reviewer(case, level)), case) == {**ADDRESSES, "act": 409}


def test_an_operator_reads_it(client, case):
    assert statuses(logged_in(client, make_operator()), case) == {**ADDRESSES, "act": 409}


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_logged_in_is_led_to_the_login_page(client, case, method):
    answers = {name: getattr(client, method)(address(name, case)) for name in ADDRESSES}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert {answer.url.split("?")[0] for answer in answers.values()} == {"/login/"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_candidates_find_nothing_here_not_even_their_own(client, case, method):
    for account in (case.account, make_candidate()):
        logged_in(client, account)
        assert set(statuses(client, case, method=method).values()) == {404}


@pytest.mark.parametrize("code", ["1101002", "1102", "12"])
def test_units_beside_find_no_case(client, case, code):
    beside = make_reviewer(make_units()[code])
    logged_in(client, beside)
    assert set(statuses(client, case, [name for name in OF_A_CASE if ADDRESSES[name] != 405]).values()) == {404}
    assert set(statuses(client, case, OF_A_CASE, "post").values()) <= {404, 405}
    assert (Look.objects.count(), Hold.objects.count()) == (0, 0)
    assert case.number not in client.get("/review/applications/").content.decode()


def test_a_disabled_account_is_out_at_its_next_request(client, case):
    account = reviewer(case)
    logged_in(client, account)
    account.is_active = False
    account.save()
    assert client.get(address("case", case)).url == f"/login/?next={address('case', case)}"


def test_a_closed_unit_finds_nothing(client, case):
    account = reviewer(case)
    logged_in(client, account)
    account.unit.is_active = False
    account.unit.save()
    assert set(statuses(client, case).values()) == {404}


@pytest.mark.parametrize("number", ["1", "2027110100199999", "２" * 16, "2027110100100001%00"])
def test_a_number_that_is_none_is_no_trace(client, case, number):
    logged_in(client, reviewer(case))
    assert client.get(f"/review/applications/{number}/").status_code == 404


def test_before_the_first_submission_its_units_see_three_facts(client):
    case = make_application("registered", account=make_candidate("欧阳修远"))
    logged_in(client, make_reviewer(case.point))
    page = client.get(address("case", case)).content.decode()
    assert [fact in page for fact in (case.number, "欧阳修远", "报名成功，待上传材料")] == [True, True, True]
    assert [secret in page for secret in (case.document_number, case.mobile, case.school)] == [False, False, False]
    assert statuses(client, case, ["document", "packet", "act"]) == {"document": 404, "packet": 404, "act": 404}


def test_a_draft_is_not_shown_at_all(client):
    case = make_application("draft")
    logged_in(client, make_reviewer(case.point))
    assert case.name not in client.get("/review/applications/").content.decode()


def test_the_login_page_leads_a_reviewer_to_the_queue(client, case):
    account = reviewer(case)
    answer = client.post("/login/", {"username": account.username, "password": PASSWORD})
    assert answer.url == "/review/applications/"
