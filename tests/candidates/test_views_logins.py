"""Where I am logged in: what is said of a log-in that was ended. Which ones end: accounts/test_my_logins.py."""

import pytest
from django.test import Client

from tests.factories import make_candidate

pytestmark = pytest.mark.django_db


def said(client, address, sent=None):
    return [str(one) for one in client.post(address, sent, follow=True).context["messages"]]


def test_logging_out_there_says_so_and_the_next_time_that_it_is_over():
    here, there = Client(), Client()
    account = make_candidate()
    here.force_login(account), there.force_login(account)
    [mark] = [one.mark for one in there.get("/logins/").context["logins"] if one.is_here]
    assert said(here, "/logins/end/", {"login": mark}) == ["那里的登录已退出。"]
    assert said(here, "/logins/end/", {"login": mark}) == ["那里的登录已经结束。"]


def test_logging_out_everywhere_says_that_it_is_here_too(client):
    client.force_login(make_candidate())
    assert said(client, "/logins/end-all/") == ["所有手机、电脑上的登录都已退出，包括这里。"]


@pytest.mark.parametrize(("minutes", "said_as"), [(120, "2 小时"), (45, "45 分钟")])
def test_how_long_a_log_in_may_rest_is_said_in_hours_where_it_is_whole_hours(client, settings, minutes, said_as):
    settings.IDLE_CANDIDATES = minutes
    client.force_login(make_candidate())
    assert said_as in client.get("/logins/").text
