"""The links of the reviewers' header, drawn here: on every page of theirs, and each for some of them only."""

from collections.abc import Callable
from functools import cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from candidates.models import Account

register = template.Library()

# the page's name, what the link says, who has it
LINKS: tuple[tuple[str, str, Callable[[Account], bool]], ...] = (
    ("review:queue", "审核队列", lambda account: True),
    ("review:desk", "受理窗口", lambda account: account.unit is not None and account.unit.level == "point"),
    ("review:office", "负责人", lambda account: account.is_head or account.is_operator),
    ("review:presence", "缺勤与代理", lambda account: account.is_reviewer),
    ("review:progress", "进度", lambda account: True),
    ("review:reviewers", "审核员", lambda account: True),
    ("review:messages", "消息", lambda account: True),
    ("admin:index", "后台管理", lambda account: account.is_operator),
)
SECOND_FACTOR = ("recovery_codes", "两步验证")
address = cache(reverse)  # nine of them are looked up for each page otherwise


@register.simple_tag(takes_context=True)
def reviewers_links(context: template.Context) -> SafeString:
    """Draw them for who is logged in; the page that one is on is marked. Context: user, request, second_factor."""
    account, match = context["user"], context["request"].resolver_match
    if not account.is_authenticated:
        return SafeString()
    here = match.view_name if match else ""
    links = [(name, words) for name, words, is_shown in LINKS if is_shown(account)]
    if context.get("second_factor"):
        links.append(SECOND_FACTOR)
    return SafeString("\n".join(_link(name, words, name == here) for name, words in links))


def _link(name: str, words: str, is_here: bool) -> str:
    mark = ' aria-current="page"' if is_here else ""
    return f'<a href="{address(name)}"{mark}>{words}</a>'
