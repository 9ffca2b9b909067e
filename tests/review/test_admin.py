"""The back office: every page of it, for operators alone, in Chinese and with nothing inline."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.urls import reverse
from django.utils import timezone

from candidates.accounts import second_factor
from candidates.models import Account, OperatorAct
from review.cases import holds
from review.models import Fee, Hold, Payment, Reason
from tests.factories import (
    PASSWORD,
    make_application,
    make_candidate,
    make_operator,
    make_reviewer,
    make_session,
    make_units,
)
from tests.review.payments.case import make_due, make_order, pay

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label in ("candidates", "materials", "review")]
OURS = [model for model in MODELS if model._meta.app_label == "review"]


def log_in(client, account):
    client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def changelist(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens_for_an_operator_with_nothing_inline(client, model):
    make_application("point_review")
    answer = log_in(client, make_operator()).get(changelist(model))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)[^>]*>", page) == []


def test_nobody_but_operators_finds_the_back_office(client):
    make_session()
    addresses = ["/admin/", "/admin/login/", *(changelist(model) for model in MODELS)]
    for account in (make_candidate(), make_reviewer(make_units()["11"])):
        log_in(client, account)
        assert {client.get(address).status_code for address in addresses} == {404}
    client.logout()
    addresses.remove("/admin/login/")
    assert [client.get(address, follow=True).redirect_chain[-1][0] for address in addresses] == [
        f"/login/?next={address}" for address in addresses
    ]


def test_the_back_office_lists_nothing_of_the_libraries():
    registered = {model._meta.app_label for model in admin.site._registry}
    assert registered == {"candidates", "materials", "review"}


@pytest.mark.parametrize("model", OURS)
def test_every_column_has_a_chinese_heading(model):
    lists = admin.site._registry[model]
    headings = [str(label_for_field(name, model, lists)) for name in lists.list_display]
    assert [heading for heading in headings if not re.search(r"[\u4e00-\u9fff]", heading)] == []


def test_an_operator_adds_a_standard_reason(client):
    data = {"code": "faded", "label": "褪色", "sentence": "文字已褪色，请换一张。", "position": "9", "is_active": "on"}
    log_in(client, make_operator()).post("/admin/review/reason/add/", data)
    assert str(Reason.objects.get(code="faded")) == "褪色"


def test_an_operators_numbers_and_keys_are_read_however_they_are_typed(client):
    unit = make_units()["11"]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in str(unit.pk))
    data = {"code": "faded", "label": "褪色", "sentence": "文字已褪色，请换一张。", "is_active": "on", "unit": wide}
    log_in(client, make_operator()).post("/admin/review/reason/add/", {**data, "position": "\u200b９"})
    reason = Reason.objects.get(code="faded")
    assert (reason.position, reason.unit) == (9, unit)


def test_a_fee_is_asked_by_a_region_only(client):
    units, session = make_units(), make_session()
    log_in(client, make_operator())
    data = {"session": session.pk, "level": "physician", "amount": "25000"}
    refused = client.post("/admin/review/fee/add/", {**data, "region": units["1101"].pk})
    client.post("/admin/review/fee/add/", {**data, "region": units["11"].pk})
    assert refused.status_code == 200
    assert [fee.region.code for fee in Fee.objects.all()] == ["11"]


def test_money_to_refund_stays_listed_until_an_operator_says_what_became_of_it(client):
    order = make_order(make_due())
    wrong, right = pay(order, "wr-1", amount=1), pay(order, "ri-2")
    log_in(client, make_operator())
    address = reverse("admin:review_payment_change", args=[wrong.pk])
    still = changelist(Payment) + "?refund=open"
    assert ["wr-1" in client.get(still).content.decode(), "ri-2" in client.get(still).content.decode()] == [True, False]
    client.post(address, {"closed_reason": " "})
    assert "wr-1" in client.get(still).content.decode()
    client.post(address, {"closed_reason": "已原路退回。"}, follow=True)  # the page that says it is done names it
    wrong.refresh_from_db()
    assert wrong.closed_reason == "已原路退回。"
    assert "wr-1" not in client.get(still).content.decode()
    for payment in (wrong, right):  # neither a second time, nor what was settled
        answer = client.post(reverse("admin:review_payment_change", args=[payment.pk]), {"closed_reason": "再退。"})
        assert answer.status_code == 403


def test_operators_are_told_where_nobody_can_pay(client):
    make_session()
    make_units()
    page = log_in(client, make_operator()).get(changelist(Fee)).content.decode()
    assert "考生不能缴费：北京考区执业医师、北京考区执业助理医师、天津考区执业医师" in page


# --- reviewers ---


@pytest.fixture
def operator(client):
    return log_in(client, make_operator()) and make_units()


def acts():
    return list(OperatorAct.objects.order_by("id").values_list("command", "who", "arguments"))


def shown_password(answer):
    return re.search(r'class="once">([a-z0-9-]{14})<', answer.content.decode())[1]


def test_a_reviewer_is_added_with_a_password_that_is_shown_once(client, operator):
    data = {"unit": operator["1101"].pk, "username": "site-a", "name": "王某某", "email": ""}
    answer = client.post("/admin/review/reviewer/add/", data)
    account = Account.objects.get(username="site-a")
    assert (account.kind, account.unit.code, account.must_change_password) == ("reviewer", "1101", True)
    assert account.check_password(shown_password(answer)) is True
    assert "no-store" in answer.headers["Cache-Control"]
    assert acts() == [("add_reviewer", "operator", {"names": ["site-a"]})]


def test_a_user_name_that_could_be_a_number_is_refused(client, operator):
    data = {"unit": operator["1101"].pk, "username": "13800000000", "name": "王某某"}
    refused = client.post("/admin/review/reviewer/add/", data).content.decode()
    assert "应以英文字母开头" in refused
    assert Account.objects.filter(kind="reviewer").count() == 0
    assert client.post("/admin/review/reviewer/add/", {"username": "site-a", "name": "x"}).status_code == 200
    assert Account.objects.filter(kind="reviewer").count() == 0


def test_who_moves_to_another_unit_or_is_switched_off_holds_no_case(client):
    case = make_application("point_review")
    account = make_reviewer(case.point)
    holds.hold(case, account)
    log_in(client, make_operator())
    address = reverse("admin:review_reviewer_change", args=[account.pk])
    data = {"unit": case.point_id, "username": "renamed", "name": "新名", "is_active": "on"}
    client.post(address, data)
    assert Account.objects.get(pk=account.pk).username == account.username
    assert Hold.objects.count() == 1
    client.post(address, {**data, "is_active": ""})
    account.refresh_from_db()
    assert account.name == "新名"
    assert account.is_active is False
    assert Hold.objects.count() == 0
    assert [one for _, _, one in acts()] == [
        {"names": [account.username], "changed": ["name"]},
        {"names": [account.username], "changed": ["is_active"]},
    ]


def test_password_and_second_factor_are_reset_after_asking(client, operator):
    account = make_reviewer(operator["11"])
    secret = second_factor.new_secret()
    second_factor.enrol(account, secret, f"{second_factor.totp(secret, timezone.now()).token():06}")
    addresses = [reverse(f"admin:review_reviewer_{what}", args=[account.pk]) for what in ("password", "second_factor")]
    for address in addresses:
        assert "请先按规定核实是本人提出的。" in client.get(address).content.decode()
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert second_factor.codes_left(account) == 10
    password = shown_password(client.post(addresses[0]))
    # the other key is another person's to give
    client.force_login(make_operator("operator-2"), backend="candidates.accounts.auth.LoginNameBackend")
    client.post(addresses[1])
    client.post(addresses[1])  # nothing left to reset
    account.refresh_from_db()
    assert account.check_password(password)
    assert account.session_epoch == 1
    assert second_factor.codes_left(account) == 0
    assert [(name, who) for name, who, _ in acts() if name.startswith("reset")] == [
        ("reset_password", "operator"),
        ("reset_second_factor", "operator-2"),
    ]
    assert password not in str(acts())


def test_the_reviewers_pages_are_about_reviewers_only(client, operator):
    candidate = make_candidate()
    for page in ("password/", "second-factor/"):
        assert client.post(f"/admin/review/reviewer/{candidate.pk}/{page}").status_code == 404
    assert client.get(f"/admin/review/reviewer/{candidate.pk}/change/", follow=True).redirect_chain[-1][0] == "/admin/"
    assert Account.objects.get(pk=candidate.pk).check_password(PASSWORD) is True
