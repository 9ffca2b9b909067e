"""Nonsense at every address and in every parameter that the resolver, the views and the forms know: never an error.

What is sent is written as it travels (percent-encoded bytes), since no browser's library would send it. Each request is
undone. A new address, view or form is taken along by itself.
"""

import inspect
import re
from functools import cache, partial
from urllib.parse import quote, urlencode
from zlib import crc32

import pytest
from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from candidates.rules.sections import SECTIONS
from materials.printing import pdf
from tests.candidates.posting import a_registration, a_section
from tests.factories import PASSWORD, make_application, make_operator, make_reviewer

pytestmark = pytest.mark.django_db

NONSENSE = {
    "NUL": "%00",
    "NUL within": "1%00a",
    "lone surrogate": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "long": "9" * 300,
    "long text": quote("错" * 300),
    "huge": str(10**30),
    "negative": "-1",
    "no number": "NaN",
    "year 0": "0000-00-00",
    "year 99999": "99999-12-31",
    "brackets": "%5B" * 40 + "%7B%22a%22:",
    "digit that int() takes": quote("٣²"),
}
OTHERS = tuple(NONSENSE.values())[1:]
LOOKUPS = ("exact", "in", "isnull", "gte", "regex", "year", "icontains", "range", "no_such_lookup")
PAGE, SCRIPT = "text/html", "application/json"
FORM = "application/x-www-form-urlencoded"
ASKED = re.compile(r"""request\.(GET|POST)(?:\.get(?:list)?\(|\[)\s*"(\w+)"|"(\w+)" (?:not )?in request\.(GET|POST)""")
BEFORE = {"candidate": "/application/", "reviewer": "/review/", "operator": "/admin/"}  # whose pages lie there


@pytest.fixture
def case():
    return make_application("point_review")


@pytest.fixture
def people(case):
    accounts = {
        "candidate": make_application("registered").account,
        "reviewer": make_reviewer(case.point),
        "operator": make_operator(),
    }
    return {"stranger": Client(raise_request_exception=False)} | {
        name: logged_in(account) for name, account in accounts.items()
    }


def logged_in(account):
    client = Client(raise_request_exception=False)
    client.force_login(account)
    return client


@pytest.fixture(autouse=True)
def documents_once(monkeypatch):
    monkeypatch.setattr(pdf, "render", cache(pdf.render))  # the same page is the same bytes


def ask(client, address, posted=None, accept=PAGE):
    """Return the answer's status; the request is undone."""
    session = client.cookies.get("sessionid")
    with transaction.atomic():
        if posted is None:
            got = client.get(address, HTTP_ACCEPT=accept)
        else:
            got = client.post(address, posted, content_type=FORM, HTTP_ACCEPT=accept)
        if got.streaming:
            b"".join(got.streaming_content)
        transaction.set_rollback(True)
    client.cookies.clear()
    if session:
        client.cookies["sessionid"] = session.value
    return got.status_code


# --- what there is to ask ---


def addresses(resolver=None, route=""):
    """Every view with its route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        where = route + str(pattern.pattern).removeprefix("^").removesuffix("$").replace("\\", "")
        if isinstance(pattern, URLPattern):
            yield pattern.callback, re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", where)
        else:
            yield from addresses(pattern, where)


def filled(route, value):
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: value(part[1]), route)


def real(case):
    """Fill the routes' places so that the view itself is reached."""
    known = {
        "number": case.number,
        "image_id": str(case.images.first().pk),
        "pk": str(case.pk),
        "code": case.notice_versions.get().code,
        "slug": "notice",
        "provider": "alipay",
        "action": "pass",
        "category": "diploma",
        "object_id": str(case.point.pk),
    }
    return lambda name: known.get(name, "1")


def view_of(callback):
    """Return the function that was written for this address, behind what is wrapped around it."""
    found = inspect.unwrap(getattr(callback, "view_class", callback))
    if isinstance(found, partial):
        return view_of(found.func)
    for cell in getattr(found, "__closure__", None) or ():
        if inspect.isfunction(cell.cell_contents) and found.__name__ in ("guarded", "inner", "wrapper"):
            return view_of(cell.cell_contents)
    return found


@cache
def parameters(module, method):
    """Return what a view's module looks for in the address or in the post, and the fields of the forms it knows."""
    names = {
        name or other for one, name, other, two in ASKED.findall(inspect.getsource(module)) if method in (one, two)
    }
    for form in vars(module).values():
        if inspect.isclass(form) and issubclass(form, forms.BaseForm):
            names |= {*form.base_fields}
    return tuple(sorted(names))


def who_asks(route):
    """Return everybody, where it is everybody's; else whose pages these are."""
    own = [name for name, beginning in BEFORE.items() if f"/{route}".startswith(beginning)]
    return own or ["stranger", "candidate"]


def views():
    """Of ours: view, route, who asks."""
    for callback, route in addresses():
        view = view_of(callback)
        if view.__module__.split(".")[0] in ("candidates", "materials", "review", "nmec_portal"):
            yield inspect.getmodule(view), route, who_asks(route)


def some(*what):
    """NUL and another: which, follows from what it is for, so that all parameters together meet all of them."""
    return [NONSENSE["NUL"], OTHERS[crc32(repr(what).encode()) % len(OTHERS)]]


class Asked(dict):
    """What was answered, by who asked what; `broken` is what must be empty."""

    def ask(self, people, name, address, posted=None, accept=PAGE):
        self[name, address, posted, accept] = ask(people[name], address, posted, accept)

    @property
    def broken(self):
        return {what: status for what, status in self.items() if status >= 500}


# --- asking ---


def test_nonsense_within_a_path(people):
    asked = Asked()
    for route in sorted({route for _, route in addresses() if "<" in route}):
        for value in some(route):
            asked.ask(people, who_asks(route)[-1], filled(route, lambda name, value=value: value))
    assert asked.broken == {}


def test_nonsense_in_every_parameter(case, people):
    asked = Asked()
    for module, route, names in views():
        for name in names:
            for parameter in parameters(module, "GET"):
                for value in some(route, parameter):
                    asked.ask(people, name, f"{filled(route, real(case))}?{parameter}={value}")
                asked.ask(people, name, f"{filled(route, real(case))}?{parameter}=%00", accept=SCRIPT)
    assert asked.broken == {}


def test_nonsense_as_the_name_of_a_parameter_and_as_everything_that_is_posted(case, people):
    asked = Asked()
    for module, route, names in views():
        for name in names:
            for value in some(route, name):
                fields = parameters(module, "POST") or ("nothing",)
                address = f"{filled(route, real(case))}?{value}={value}"
                asked.ask(people, name, address, "&".join(f"{field}={value}" for field in fields))
    assert asked.broken == {}


def filters_of(site):
    """Every list of the back office, with what Django's admin takes in its address."""
    for model, one in site._registry.items():
        names = ["o", "p", "q", "e", "all", "_facets", "_popup", "_to_field", "_changelist_filters"]
        for found in one.list_filter:
            name = found[0] if isinstance(found, tuple) else getattr(found, "parameter_name", found)
            names += [name, *(f"{name}__{lookup}" for lookup in ("exact", "id__exact", "isnull"))]
        for field in model._meta.concrete_fields:
            names.append(f"{field.name}__{LOOKUPS[crc32(field.name.encode()) % len(LOOKUPS)]}")
        yield f"/admin/{model._meta.app_label}/{model._meta.model_name}/", names


def test_nonsense_in_the_lists_of_the_back_office(people):
    asked = Asked()
    for address, names in filters_of(admin.site):
        for name in names:
            is_refused = "__" in name  # nearly all of them, whatever the value
            for value in some(address, name)[1 if is_refused else 0 :]:
                asked.ask(people, "operator", f"{address}?{name}={value}")
    assert asked.broken == {}


def test_nonsense_posted_to_the_back_office(people):
    asked = Asked()
    for model, one in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = [field.name for field in model._meta.concrete_fields]
        names += [f"{name}_{part}" for name in names for part in (0, 1)]  # a moment is posted as day and time
        actions = [action if isinstance(action, str) else action.__name__ for action in one.actions]
        for value in some(address):
            asked.ask(people, "operator", f"{address}add/", "&".join(f"{name}={value}" for name in names))
            for action in (value, "delete_selected", *actions):
                posted = f"action={action}&index=0&_selected_action={value}"
                asked.ask(people, "operator", address, posted)
    assert asked.broken == {}


def test_no_row_has_a_page_of_its_own_on_the_site(people):
    kinds = ContentType.objects.values_list("pk", flat=True)
    assert {ask(people["operator"], f"/admin/r/{kind}/1/") for kind in (*kinds, 0, 10**30)} == {404}


def test_nonsense_where_the_back_office_completes_what_is_typed(people):
    known = {"app_label": "candidates", "model_name": "unit", "field_name": "parent", "term": "1"}
    asked = Asked()
    for name in known:
        for value in NONSENSE.values():
            rest = urlencode({one: words for one, words in known.items() if one != name})
            asked.ask(people, "operator", f"/admin/autocomplete/?{rest}&{name}={value}")
    assert asked.broken == {}


def test_nonsense_in_each_field_of_a_form_that_is_right_otherwise(case, people):
    draft = make_application("draft")
    people |= {"draft": logged_in(draft.account)}
    image = f"image-{case.images.first().pk}"
    seen = str(case.last_record_id)
    number = f"/review/applications/{case.number}/"
    verdicts = {f"image-{one.pk}-verdict": "ok" for one in case.images.all()}
    returned = {"seen": seen, f"{image}-verdict": "not_ok", f"{image}-reason": "", f"{image}-words": "不清楚"}
    sent = [
        ("stranger", "/register/", a_registration()),
        ("stranger", "/login/", {"username": "13800000000", "password": PASSWORD, "next": "/"}),
        ("stranger", "/password/", {"username": "13800000000"}),
        ("stranger", "/mobile/", {"mobile": "13800000000"}),
        ("stranger", "/mobile/email/", {"email": "a@example.com"}),
        ("candidate", "/account/", {"mobile": "13800000000", "email": "a@example.com", "password": PASSWORD}),
        ("candidate", "/password/change/", {"password": PASSWORD, "password1": "a-new-1-of-mine", "password2": ""}),
        *(("draft", "/application/edit/", a_section(draft, code)) for code in SECTIONS),
        ("reviewer", "/review/applications/", {"text": case.number}),
        ("reviewer", "/review/applications/pass/", {"case": f"{case.number}:{seen}", "confirmed": "1"}),
        ("reviewer", f"{number}draft/", returned | verdicts),
        ("reviewer", f"{number}pass/", {"seen": seen, **verdicts, "then": "next"}),
        ("reviewer", f"{number}return/", returned),
        ("reviewer", f"{number}reject/", {"seen": seen, "reason": "不符合报考条件"}),
        ("reviewer", f"{number}mobile/", {"do": "ask", "mobile": "139", "document_tail": "1", "reason": "手机遗失"}),
        ("reviewer", f"{number}mobile/", {"do": "code", "code": "123456"}),
    ]
    asked = Asked()
    for name, address, fields in sent:
        for field in fields:
            for value in some(address, field):
                rest = urlencode({one: words for one, words in fields.items() if one != field})
                asked.ask(people, name, address, f"{rest}&{field}={value}")
    assert asked.broken == {}


@pytest.mark.parametrize(
    "header", ["HTTP_COOKIE", "HTTP_ACCEPT", "HTTP_X_REQUEST_ID", "HTTP_REFERER", "HTTP_USER_AGENT"]
)
@pytest.mark.parametrize("value", ["\0", "a\0b", "\xed\xa0\x80", "9" * 300, "sessionid=\0; known=\0; csrftoken=\0"])
def test_nonsense_in_a_header(header, value):
    client = Client(raise_request_exception=False)
    asked = [client.get(address, **{header: value}).status_code for address in ("/", "/login/", "/units/")]
    assert max(asked) < 500
