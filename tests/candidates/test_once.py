"""{% once %}: drawn the first time, and never of what concerns somebody."""

from django.template import Context, Template
from django.utils.safestring import SafeString


def test_what_concerns_somebody_is_not_drawn():
    page = Template("{% load once %}{% once %}<a>{{ person }}</a>{% endonce %}{{ person }}")
    assert [page.render(Context({"person": one})) for one in ("张*", "李*")] == ["<a></a>张*", "<a></a>李*"]


def test_an_address_is_looked_up_once(monkeypatch):
    page = Template("{% load once static %}{% once %}{% static 'icon.svg' %}{% endonce %}")
    first = page.render(Context())
    monkeypatch.setattr("django.templatetags.static.StaticNode.handle_simple", lambda path: "another")
    assert (first, page.render(Context())) == ("/static/icon.svg", "/static/icon.svg")


def test_what_is_kept_is_safe_as_it_was_drawn():
    page = Template("{% load once %}{% filter lower %}{% once %}<B>{% endonce %}{% endfilter %}")
    assert isinstance(page.render(Context()), SafeString)
    assert page.render(Context()) == "<b>"
