"""Every address of the portal against everybody who might open it, taken from the URL resolver.

A new address fails until it has its line in ADDRESSES: name: (method, address, what each of PEOPLE gets). Codes are the
answer's status; L leads to the login page. A disabled account and a stranger get the same. POSTs are sent empty and
undone.
"""

import re
from functools import cache

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from candidates.applications.workflow import Actor
from candidates.models import Account
from materials import duplicates
from materials.printing import pdf
from review.office import notes, presence, questions
from tests.factories import make_application, make_candidate, make_operator, make_reviewer, make_units

PEOPLE = ("stranger", "owner", "another candidate", "point", "site", "region", "beside", "operator")
ADDRESSES = {
    "home": ("GET", "/", "200 200 200 200 200 200 200 200"),
    "healthz": ("GET", "/healthz", "200 200 200 200 200 200 200 200"),
    "readyz": ("GET", "/readyz", "200 200 200 200 200 200 200 200"),
    "session": ("GET", "/session/", "L 200 200 200 200 200 200 200"),
    "metrics": ("GET", "/metrics", "404 404 404 404 404 404 404 404"),
    "help": ("GET", "/help/", "200 200 200 200 200 200 200 200"),
    "candidates_guide": ("GET", "/help/candidates/", "200 200 200 200 200 200 200 200"),
    "reviewers_guide": ("GET", "/help/reviewers/", "L 404 404 200 200 200 200 200"),
    "operators_guide": ("GET", "/help/operators/", "L 404 404 404 404 404 404 200"),
    "privacy": ("GET", "/privacy/", "200 200 200 200 200 200 200 200"),
    "units": ("GET", "/units/", "200 200 200 200 200 200 200 200"),
    "announcements": ("GET", "/announcements/", "200 200 200 200 200 200 200 200"),
    "requirements": ("GET", "/requirements/", "200 200 200 200 200 200 200 200"),
    "requirements_preview": ("GET", "/admin/materials/preview/", "L 404 404 404 404 404 404 200"),
    "materials:blank_form": ("GET", "/forms/practice-certificate.pdf", "200 200 200 200 200 200 200 200"),
    "materials:verify": ("GET", "/verify/{code}/", "200 200 200 302 302 302 200 200"),
    "register": ("GET", "/register/", "200 302 302 302 302 302 302 302"),
    "login": ("GET", "/login/", "200 302 302 302 302 302 302 302"),
    "logout": ("POST", "/logout/", "302 302 302 302 302 302 302 302"),
    "password": ("GET", "/password/", "200 200 200 200 200 200 200 200"),
    "password_code": ("GET", "/password/code/", "302 302 302 302 302 302 302 302"),
    "password_change": ("GET", "/password/change/", "L 200 200 200 200 200 200 200"),
    # with NMEC_SECOND_FACTOR=1: test_views_second_factor.py
    "second_factor": ("GET", "/second-factor/", "L 404 404 404 404 404 404 404"),
    "enrol_second_factor": ("GET", "/second-factor/enrol/", "L 404 404 404 404 404 404 404"),
    "recover_second_factor": ("GET", "/second-factor/recovery/", "L 404 404 404 404 404 404 404"),
    "recovery_codes": ("GET", "/second-factor/codes/", "L 404 404 404 404 404 404 404"),
    "confirm_mobile": ("GET", "/mobile/", "302 302 302 302 302 302 302 302"),
    "confirm_email": ("GET", "/mobile/email/", "302 302 302 302 302 302 302 302"),
    "mobile_code": ("POST", "/mobile/code/", "302 302 302 404 404 404 404 404"),
    "account": ("GET", "/account/", "L 200 200 404 404 404 404 404"),
    "channels": ("POST", "/account/channels/", "L 302 302 404 404 404 404 404"),
    "my_data": ("GET", "/account/data/", "L 200 200 404 404 404 404 404"),
    "delete_account": ("GET", "/account/delete/", "L 200 200 404 404 404 404 404"),
    # with NMEC_RECEIPT_TOKEN: test_views_receipts.py
    "sms_receipt": ("POST", "/messages/receipts/aliyun/none/", "404 404 404 404 404 404 404 404"),
    "messages": ("GET", "/messages/", "L 200 200 404 404 404 404 404"),
    "application": ("GET", "/application/", "L 200 200 404 404 404 404 404"),
    "start": ("POST", "/application/start/", "L 302 302 404 404 404 404 404"),
    "edit": ("GET", "/application/edit/", "L 200 302 404 404 404 404 404"),
    "keep_draft": ("POST", "/application/edit/draft/", "L 404 404 404 404 404 404 404"),
    "find_institution": ("POST", "/application/institutions/", "L 200 200 404 404 404 404 404"),
    "check": ("GET", "/application/check/", "L 302 404 404 404 404 404 404"),
    "withdraw": ("GET", "/application/withdraw/", "L 409 404 404 404 404 404 404"),
    "earlier": ("GET", "/application/earlier/{pk}/", "L 200 404 404 404 404 404 404"),
    "materials:recall": ("GET", "/application/recall/", "L 200 404 404 404 404 404 404"),
    "materials:documents": ("GET", "/application/documents/", "L 200 404 404 404 404 404 404"),
    "materials:document": ("GET", "/application/documents/notice.pdf", "L 200 404 404 404 404 404 404"),
    "materials:desk": ("GET", "/materials/", "L 200 404 404 404 404 404 404"),
    "materials:submit": ("POST", "/materials/submit/", "L 302 404 404 404 404 404 404"),
    "materials:upload": ("POST", "/materials/diploma/", "L 302 404 404 404 404 404 404"),
    "materials:picture": ("GET", "/materials/images/{image}/", "L 200 404 200 200 200 404 200"),
    "materials:thumbnail": ("GET", "/materials/images/{image}/thumbnail/", "L 200 404 200 200 200 404 200"),
    "materials:delete": ("POST", "/materials/images/{image}/delete/", "L 409 404 404 404 404 404 404"),
    "materials:move": ("POST", "/materials/images/{image}/move/", "L 302 404 404 404 404 404 404"),
    "payment:pay": ("GET", "/payment/", "L 200 302 404 404 404 404 404"),
    "payment:receipt": ("GET", "/payment/receipt.pdf", "L 404 404 404 404 404 404 404"),
    "payment:window": ("GET", "/payment/wechat/window/", "L 404 404 404 404 404 404 404"),
    "verify_receipt": ("GET", "/verify/2027ABCDEFGHJKMNPQRS/", "404 404 404 404 404 404 404 404"),
    "payment:check": ("POST", "/payment/check/", "L 302 404 404 404 404 404 404"),
    "payment:go": ("POST", "/payment/alipay/", "L 405 405 404 404 404 404 404"),
    "payment:notify": ("POST", "/payment/alipay/notify/", "404 404 404 404 404 404 404 404"),
    "review:index": ("GET", "/review/", "L 404 404 302 302 302 302 302"),
    "review:progress": ("GET", "/review/progress/", "L 404 404 200 200 200 200 200"),
    "review:progress_xlsx": ("GET", "/review/progress/progress.xlsx", "L 404 404 200 200 200 200 200"),
    "review:reviewers": ("GET", "/review/reviewers/", "L 404 404 200 200 200 200 200"),
    # for a head: tests/review/office/test_views_assignment.py
    "review:assignment": ("GET", "/review/office/assignment/", "L 404 404 404 404 404 404 404"),
    "review:assign_chosen": ("POST", "/review/office/assignment/chosen/", "L 404 404 404 404 404 404 404"),
    "review:free_assigned": ("POST", "/review/office/assignment/free/", "L 404 404 404 404 404 404 404"),
    "review:presence": ("GET", "/review/office/presence/", "L 404 404 200 200 200 200 404"),
    "review:end_absence": ("POST", "/review/office/presence/{absence}/end/", "L 404 404 302 404 404 404 404"),
    # for a head, and for who is lent: tests/review/office/test_views_deputies.py
    "review:deputies": ("GET", "/review/office/deputies/", "L 404 404 200 200 200 200 200"),
    "review:end_deputy": ("POST", "/review/office/deputies/1/end/", "L 404 404 404 404 404 404 404"),
    "review:begin_deputy": ("POST", "/review/office/deputies/1/begin/", "L 404 404 404 404 404 404 404"),
    "review:give_back_deputy": ("POST", "/review/office/deputies/give-back/", "L 404 404 302 302 302 302 302"),
    # for a head: tests/review/operations/test_delegation.py
    "review:manage_reviewers": ("GET", "/review/office/reviewers/", "L 404 404 404 404 404 404 404"),
    "review:manage_reviewer": ("GET", "/review/office/reviewers/1/disable/", "L 404 404 404 404 404 404 404"),
    # a head, and what each sees of whose: tests/review/office/test_head_page.py
    "review:office": ("GET", "/review/office/", "L 404 404 404 404 404 404 200"),
    "review:office_settings": ("POST", "/review/office/settings/", "L 404 404 404 404 404 404 404"),
    "review:figures": ("GET", "/review/office/figures/", "L 404 404 200 200 200 200 200"),
    "review:figures_xlsx": ("GET", "/review/office/figures/figures.xlsx", "L 404 404 200 200 200 200 404"),
    "review:watermark": ("GET", "/review/watermark.svg", "L 404 404 200 200 200 200 200"),
    "review:queue": ("GET", "/review/applications/", "L 404 404 200 200 200 200 200"),
    "review:next": ("POST", "/review/applications/next/", "L 404 404 302 302 302 302 404"),
    "review:keep_list": ("POST", "/review/applications/lists/", "L 404 404 302 302 302 302 302"),
    "review:forget_list": ("POST", "/review/applications/lists/1/forget/", "L 404 404 302 302 302 302 302"),
    "review:ahead": ("GET", "/review/applications/ahead/", "L 404 404 200 200 200 200 404"),
    "review:pass_many": ("POST", "/review/applications/pass/", "L 404 404 409 302 302 302/409 409"),
    "review:export": ("GET", "/review/applications/export/", "L 404 404 200 200 200 200 200"),
    "review:export_progress": ("GET", "/review/applications/export/progress/", "L 404 404 200 200 200 200 200"),
    "review:export_table": ("GET", "/review/applications/export/applications.xlsx", "L 404 404 200 200 200 200 200"),
    "review:export_pictures": ("GET", "/review/applications/export/pictures.zip", "L 404 404 200 200 200 200 200"),
    "review:case": ("GET", "/review/applications/{number}/", "L 404 404 200 200 200 404 200"),
    "review:hold": ("POST", "/review/applications/{number}/hold/", "L 404 404 204 204 204 404 204"),
    "review:draft": ("POST", "/review/applications/{number}/draft/", "L 404 404 409 409 409 404 409"),
    "review:release": ("POST", "/review/applications/{number}/release/", "L 404 404 302 302 302 404 302"),
    "review:undo": ("POST", "/review/applications/{number}/undo/", "L 404 404 409 409 409 404 409"),
    "review:document": ("GET", "/review/applications/{number}/documents/notice.pdf", "L 404 404 200 200 200 404 200"),
    "review:packet": ("GET", "/review/applications/{number}/packet.pdf", "L 404 404 200 200 200 404 200"),
    "review:receipt": ("GET", "/review/applications/{number}/receipt.pdf", "L 404 404 404 404 404 404 404"),
    "review:decide": ("POST", "/review/applications/{number}/pass/", "L 404 404 409 409 409 404 409"),
    "review:settle_duplicate": (
        "GET",
        "/review/applications/{number}/duplicates/{twin}/",
        "L 404 404 404 200 200 404 200",
    ),
    "question": ("GET", "/question/{question}/", "L 200 404 404 404 404 404 404"),
    "review:ask": ("GET", "/review/applications/{number}/ask/", "L 404 404 409 409 409 404 409"),
    "review:note": ("GET", "/review/applications/{number}/notes/", "L 404 404 200 200 200 404 200"),
    "review:withdraw_note": (
        "POST",
        "/review/applications/{number}/notes/{note}/withdraw/",
        "L 404 404 302 409 409 404 409",
    ),
    "review:mobile": ("GET", "/review/applications/{number}/mobile/", "L 404 404 200 200 200 404 200"),
    "review:received": ("POST", "/review/applications/{number}/received/", "L 404 404 409 409 409 404 409"),
    "review:act": ("POST", "/review/applications/{number}/reject/", "L 404 404 200 409 409 404 409"),
}
BESIDE = ("1101002", "1102", "12")  # units at each level that the case does not lie in
BACK_OFFICE = "L 404 404"  # below /admin/, for a stranger, a candidate and a reviewer
FILLED = {"content_type_id": "1", "object_id": "1", "app_label": "candidates", "url": "nothing"}


def patterns(resolver=None, namespace="", route=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        where = route + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", where
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, inner, where)


def test_every_address_has_its_line():
    assert {name for name, _ in patterns() if not name.startswith("admin:")} == set(ADDRESSES)


@pytest.fixture
def case():
    return make_application("point_review")


@pytest.fixture
def people(case):
    """Logged-in browsers by PEOPLE's names; `beside` and the stranger (with the disabled) are several."""
    units = make_units()
    accounts = {level: make_reviewer(getattr(case, level)) for level in ("point", "site", "region")}
    accounts |= {"owner": case.account, "another candidate": make_candidate("李某某"), "operator": make_operator()}
    several = {name: [browser(account)] for name, account in accounts.items()}
    disabled = browser(make_reviewer(case.point, username="disabled"), is_active=False)
    return several | {
        "stranger": [Client(), disabled],
        "beside": [browser(make_reviewer(units[one])) for one in BESIDE],
    }


def browser(account, **changes):
    client = Client()
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    type(account).objects.filter(pk=account.pk).update(**changes) if changes else None
    return client


def answers(people, method, address):
    """Return what each of PEOPLE gets, as ADDRESSES says it; where several of a kind differ, all answers."""
    return " ".join("/".join(sorted({answer(one, method, address) for one in people[name]})) for name in PEOPLE)


def answer(client, method, address):
    session = client.cookies.get("sessionid")
    kept = session.value if session else ""
    with transaction.atomic():
        got = client.generic(method, address)
        if got.streaming:
            b"".join(got.streaming_content)
        transaction.set_rollback(True)
    client.cookies.clear()  # who has just logged out is logged in again
    client.cookies["sessionid"] = kept
    return "L" if got.status_code == 302 and got.url.startswith(("/login/", "/admin/login/")) else str(got.status_code)


@pytest.mark.django_db
def test_everybody_gets_what_is_theirs(case, people, monkeypatch):
    monkeypatch.setattr(pdf, "render", cache(pdf.render))  # the same page is the same bytes: drawn once for all
    code = case.notice_versions.get().code
    words = {"number": case.number, "image": case.images.first().pk, "pk": case.pk, "code": code}
    author = Account.objects.get(username="point-1101001")
    seen = case.last_record_id
    words["question"] = questions.ask(case.pk, actor=Actor.of(author), seen=seen, words="问题").pk
    twin = make_application("point_review", session=case.session, point=make_units()["1101002"])
    duplicates.mark(case.pk)
    words["twin"] = twin.number
    words["note"] = notes.write(case.pk, actor=Actor.of(author), words="备注").pk
    today = timezone.localdate()
    words["absence"] = presence.mark(author, by=author, first=today, last=today).pk
    got = {name: answers(people, method, address.format(**words)) for name, (method, address, _) in ADDRESSES.items()}
    assert got == {name: expected for name, (_, _, expected) in ADDRESSES.items()}


@pytest.mark.django_db
def test_the_back_office_is_the_operators_alone(people):
    got = {}
    for name, route in patterns():
        if name.startswith("admin:") and name not in ("admin:logout", "admin:password_change"):
            route = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route)
            address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: FILLED.get(part[1], "1"), route)
            asking = (people[name][0] for name in ("stranger", "owner", "region"))
            got[name] = " ".join(answer(client, "GET", address) for client in asking)
    assert {name: one for name, one in got.items() if one != BACK_OFFICE} == {}
