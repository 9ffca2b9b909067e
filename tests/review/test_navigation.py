"""The reviewers' links: each for those whose page it is, the one that one is on marked."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template

from tests.factories import make_operator, make_reviewer, make_units


def links(account, here="", **context):
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name=here))
    page = Template("{% load navigation %}{% reviewers_links %}")
    drawn = page.render(Context({"user": account, "request": request, **context}))
    return re.findall(r'<a href="([^"]+)"( aria-current="page")?>([^<]+)</a>', drawn)


def words(account, **context):
    return [word for *_, word in links(account, **context)]


@pytest.mark.django_db
def test_everybody_has_the_links_of_their_work():
    units = make_units()
    assert words(make_reviewer(units["1101001"])) == ["审核队列", "受理窗口", "缺勤与代理", "进度", "审核员", "消息"]
    assert words(make_reviewer(units["1101"])) == ["审核队列", "缺勤与代理", "进度", "审核员", "消息"]
    assert words(make_operator()) == ["审核队列", "负责人", "进度", "审核员", "消息", "后台管理"]


@pytest.mark.django_db
def test_with_a_second_factor_its_page_is_linked():
    assert words(make_operator(), second_factor=True)[-1] == "两步验证"


@pytest.mark.django_db
def test_the_page_that_one_is_on_is_marked():
    marked = [(address, word) for address, mark, word in links(make_operator(), "review:progress") if mark]
    assert marked == [("/review/progress/", "进度")]


def test_nobody_in_particular_has_none():
    assert links(AnonymousUser()) == []
