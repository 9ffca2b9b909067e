"""A signed cookie remembers which accounts a browser has logged in to, and tells nobody else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from candidates.accounts import browsers
from tests.factories import make_candidate

pytestmark = pytest.mark.django_db


class Browser:
    """Keeps what answers set, and sends it along."""

    def __init__(self):
        self.kept = {}

    def request(self):
        request = RequestFactory().get("/")
        request.COOKIES.update(self.kept)
        return request

    def logs_in(self, account):
        answer = HttpResponse()
        browsers.remember(self.request(), answer, account)
        self.kept = {name: morsel.value for name, morsel in answer.cookies.items()}

    def name(self, account):
        return browsers.name_of(self.request(), account)


def test_a_browser_has_a_name_for_each_account_it_has_logged_in_to():
    browser, mine, other = Browser(), make_candidate(), make_candidate()
    assert browser.name(mine) == ""
    browser.logs_in(mine)
    assert (len(browser.name(mine)), browser.name(other)) == (16, "")


def test_logging_in_again_keeps_the_name():
    browser, account = Browser(), make_candidate()
    browser.logs_in(account)
    first = browser.name(account)
    browser.logs_in(account)
    assert browser.name(account) == first


def test_two_browsers_of_one_person_have_two_names():
    account, one, another = make_candidate(), Browser(), Browser()
    one.logs_in(account), another.logs_in(account)
    assert one.name(account) != another.name(account)


def test_a_new_password_makes_a_stranger_of_the_browser():
    browser, account = Browser(), make_candidate()
    browser.logs_in(account)
    account.set_password("heron-by-the-river")
    assert browser.name(account) == ""


def test_a_familys_five_accounts_are_remembered_the_oldest_forgotten_first():
    browser, accounts = Browser(), [make_candidate() for _ in range(6)]
    for account in accounts:
        browser.logs_in(account)
    assert [bool(browser.name(account)) for account in accounts] == [False, True, True, True, True, True]


def test_a_cookie_that_was_touched_is_none():
    browser, account = Browser(), make_candidate()
    browser.logs_in(account)
    browser.kept[browsers.COOKIE] = "a" + browser.kept[browsers.COOKIE]
    assert browser.name(account) == ""


def test_the_cookie_names_neither_account_nor_person():
    browser, account = Browser(), make_candidate()
    browser.logs_in(account)
    kept = browser.kept[browsers.COOKIE]
    assert [told for told in (account.mobile, account.document_number, account.identity_hash) if told in kept] == []
