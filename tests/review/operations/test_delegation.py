"""What a head does with accounts: of the own unit and those below, never beside, above or oneself."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from candidates.accounts import second_factor
from candidates.models import Account, Message, SecondFactor
from candidates.rules.refusals import NotAllowed, Refused
from candidates.trail import audit
from review.models import ReviewerAct
from review.operations import delegation
from tests import races
from tests.factories import make_operator, make_reviewer, make_units
from tests.review.casework import log_in, said

pytestmark = pytest.mark.django_db

PAGE = "/review/office/reviewers/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def told_by_mail(settings):
    settings.SENDER = "mail"


@pytest.fixture
def units():
    return make_units()


@pytest.fixture
def head(units):
    return make_reviewer(units["1101"], username="head", is_head=True)


@pytest.fixture
def anna(units):
    return make_reviewer(units["1101"], username="anna", email="anna@example.org")


def enrolled(account):
    SecondFactor.objects.create(
        user=account, secret=second_factor.new_secret(), last_step=-1, enrolled_at=timezone.now()
    )
    return account


def create(head, unit, **more):
    return delegation.create(
        unit, by=head, **{"username": "new.one", "name": "新某", "email": "new@example.org", **more}
    )


def password_sent(account):
    told = Message.objects.get(account=account, kind="staff_password")
    return told.text.partition("一次性密码是 ")[2].partition("，")[0]


def acts(account):
    return list(ReviewerAct.objects.filter(account=account).order_by("id").values_list("act", "by__username"))


# --- whom -------------------------------------------------------------------------------------------------------------


def test_a_head_manages_the_own_unit_and_those_below_and_never_beside_above_or_oneself(units, head):
    places = {
        code: make_reviewer(units[code], username=f"at-{code}") for code in ("11", "1101", "1101001", "1102", "12")
    }
    may = [code for code, one in places.items() if delegation.may_manage(head, one)]
    assert (may, delegation.may_manage(head, head)) == (["1101", "1101001"], False)


EVERY = {
    "disable": delegation.disable,
    "enable": delegation.enable,
    "password": delegation.reset_password,
    "second factor": delegation.reset_second_factor,
    "head": lambda pk, by: delegation.name_head(pk, by=by, is_head=True),
    "no head": lambda pk, by: delegation.name_head(pk, by=by, is_head=False),
}


@pytest.mark.parametrize("act", EVERY)
@pytest.mark.parametrize("who", ["oneself", "colleague", "beside", "below", "disabled head", "operator"])
def test_nothing_is_done_by_whoever_does_not_lead(units, head, act, who):
    anna = enrolled(make_reviewer(units["1101"], username="anna", email="a@example.org", is_head=True))
    by = {
        "oneself": anna,
        "colleague": make_reviewer(units["1101"], username="colleague"),
        "beside": make_reviewer(units["1102"], username="beside", is_head=True),
        "below": make_reviewer(units["1101001"], username="below", is_head=True),
        "disabled head": make_reviewer(units["1101"], username="off", is_head=True, is_active=False),
        "operator": make_operator(),
    }[who]
    before = Account.objects.filter(pk=anna.pk).values().get()
    with pytest.raises(NotAllowed):
        EVERY[act](anna.pk, by=by)
    assert (Account.objects.filter(pk=anna.pk).values().get(), acts(anna)) == (before, [])


@pytest.mark.parametrize("code", ["11", "1102", "12"])
def test_no_account_is_made_beside_or_above(units, head, code):
    with pytest.raises(NotAllowed):
        create(head, units[code])
    assert not Account.objects.filter(username="new.one").exists()


# --- making -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["1101", "1101001"])
def test_a_new_one_gets_the_password_by_mail_and_has_to_change_it(units, head, code):
    account = create(head, units[code])
    assert account.check_password(password_sent(account))
    assert (account.kind, account.unit.code, account.must_change_password) == ("reviewer", code, True)
    assert acts(account) == [("created", "head")]


def test_a_mobile_of_a_reviewer_is_no_login_name_and_may_be_a_candidates_too(units, head, settings):
    settings.SENDER = "console"
    account = create(head, units["1101"], email="", mobile="13800000001")
    account.refresh_from_db()
    assert (account.mobile, account.mobile_hash) == ("13800000001", None)


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"username": "1x"}, "username"),
        ({"username": "HEAD"}, "username"),
        ({"name": " "}, "name"),
        ({"email": "nonsense"}, "email"),
        ({"email": "", "mobile": ""}, "email"),
        ({"email": "", "mobile": "13800000001"}, "email"),
    ],
)
def test_what_is_wrong_with_a_new_one_is_told_by_its_field(units, head, more, key):
    with pytest.raises(Refused) as refusal:
        create(head, units["1101"], **more)
    assert list(refusal.value.problems) == [key]
    assert (Account.objects.filter(name="新某").count(), Message.objects.count()) == (0, 0)


# --- resetting --------------------------------------------------------------------------------------------------------


def test_a_reset_password_goes_to_the_person_alone_and_ends_the_old_one(client, head, anna):
    old = anna.get_session_auth_hash()
    delegation.reset_password(anna.pk, by=head)
    anna.refresh_from_db()
    assert anna.check_password(password_sent(anna))
    assert (anna.must_change_password, anna.get_session_auth_hash() == old) == (True, False)
    page = log_in(client, head).get(PAGE).content.decode()
    assert password_sent(anna) not in page
    assert acts(anna) == [("password", "head")]


def test_who_cannot_be_reached_is_not_reset(units, head):
    bert = make_reviewer(units["1101"], username="bert")
    with pytest.raises(NotAllowed):
        delegation.reset_password(bert.pk, by=head)
    assert (Account.objects.get(pk=bert.pk).password, acts(bert)) == (bert.password, [])


def test_a_second_factor_is_reset_and_enrolled_anew(head, anna):
    delegation.reset_second_factor(enrolled(anna).pk, by=head)
    assert (SecondFactor.objects.count(), acts(anna)) == (0, [("second_factor", "head")])
    with pytest.raises(NotAllowed):
        delegation.reset_second_factor(anna.pk, by=head)


@pytest.mark.parametrize("first", ["password", "second factor"])
def test_both_keys_of_an_account_are_not_given_by_one_person_within_a_day(units, head, anna, first):
    second = "second factor" if first == "password" else "password"
    other = make_reviewer(units["11"], username="region", is_head=True)
    EVERY[first](enrolled(anna).pk, by=head)
    if first == "second factor":
        enrolled(anna)
    with pytest.raises(NotAllowed):
        EVERY[second](anna.pk, by=head)
    EVERY[second](anna.pk, by=other)
    assert [one for _, one in acts(anna)] == ["head", "region"]


def test_after_a_day_the_same_person_may(head, anna):
    now = timezone.now()
    delegation.reset_password(enrolled(anna).pk, by=head, now=now)
    with pytest.raises(NotAllowed):
        delegation.reset_second_factor(anna.pk, by=head, now=now + DAY - timedelta(seconds=1))
    delegation.reset_second_factor(anna.pk, by=head, now=now + DAY)
    assert len(acts(anna)) == 2


def test_who_has_made_an_account_does_not_reset_its_second_factor_that_day(units, head):
    account = enrolled(create(head, units["1101"]))
    with pytest.raises(NotAllowed):
        delegation.reset_second_factor(account.pk, by=head)


def test_an_operator_in_the_back_office_does_not_reset_both_either(client, anna):
    log_in(client, make_operator())
    address = f"/admin/review/reviewer/{enrolled(anna).pk}"
    assert "一次性密码" in client.post(f"{address}/password/").content.decode()
    told = said(client.post(f"{address}/second-factor/"))
    assert told == ["一天之内，同一个人不能先后重设同一账号的密码和两步验证：请另一位负责人或操作员办理。"]
    assert (SecondFactor.objects.count(), acts(anna)) == (1, [("password", "operator")])


# --- on, off, head ----------------------------------------------------------------------------------------------------


def test_off_and_on_and_head_and_no_head_are_done_once_and_recorded(head, anna):
    for act in ("disable", "enable", "head", "no head"):
        EVERY[act](anna.pk, by=head)
        with pytest.raises(NotAllowed):
            EVERY[act](anna.pk, by=head)
    assert [one for one, _ in acts(anna)] == ["disabled", "enabled", "head", "no_head"]


def test_who_is_off_does_not_become_head(head, anna):
    delegation.disable(anna.pk, by=head)
    with pytest.raises(NotAllowed):
        EVERY["head"](anna.pk, by=head)


def test_what_was_done_stays_written_and_nobody_acts_on_oneself(head, anna):
    delegation.disable(anna.pk, by=head)
    for change in (
        lambda: ReviewerAct.objects.update(by=anna),
        lambda: ReviewerAct.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        delegation.note(head, "head", head)


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_who_switch_one_another_off_one_stays(units, head):
    other = make_reviewer(units["1101"], username="other", is_head=True)
    each = [
        races.Act(delegation.disable, other.pk, by=head),
        races.Act(delegation.disable, head.pk, by=other),
    ]
    with races.while_they_wait(*each):
        list(Account.objects.select_for_update().filter(pk__in=[head.pk, other.pk]).order_by("pk"))
    assert sorted(type(one.outcome).__name__ for one in each) == ["Account", "NotAllowed"]
    assert Account.objects.filter(is_active=True, pk__in=[head.pk, other.pk]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_both_keys_given_at_once_by_one_person_one_is_refused(head, anna):
    enrolled(anna)
    each = [
        races.Act(delegation.reset_password, anna.pk, by=head),
        races.Act(delegation.reset_second_factor, anna.pk, by=head),
    ]
    with races.while_they_wait(*each):
        list(Account.objects.select_for_update().filter(pk__in=[head.pk, anna.pk]).order_by("pk"))
    assert sorted(type(one.outcome).__name__ for one in each) == ["Account", "NotAllowed"]
    assert len(acts(anna)) == 1


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_is_a_heads_alone_and_of_the_units_led(client, units, head, anna):
    answers = [log_in(client, one).get(PAGE).status_code for one in (anna, make_operator())]
    log_in(client, head)
    codes = ["", "?unit=1101", "?unit=1101001", "?unit=11", "?unit=1102", "?unit=12", "?unit=x"]
    assert answers == [404, 404]
    assert [client.get(PAGE + one).status_code for one in codes] == [200, 200, 200, 404, 404, 404, 404]


def test_each_act_is_asked_first_and_done_on_posting(client, head, anna):
    log_in(client, head)
    address = f"{PAGE}{anna.pk}/disable/"
    assert f'href="{address}"' in client.get(PAGE).content.decode()
    assert "下一次请求起不能再使用" in client.get(address).content.decode()
    assert Account.objects.get(pk=anna.pk).is_active
    assert said(client.post(address)) == ["anna：已停用。"]
    assert (client.post(address).status_code, Account.objects.get(pk=anna.pk).is_active) == (409, False)


@pytest.mark.parametrize("deed", ["disable", "enable", "password", "second-factor", "head", "no-head"])
def test_the_addresses_of_somebody_not_led_are_not_there(client, units, head, deed):
    others = [make_reviewer(units[code], username=f"at-{code}") for code in ("11", "1102", "12")]
    log_in(client, head)
    assert [client.post(f"{PAGE}{one.pk}/{deed}/").status_code for one in others] == [404] * 3
    assert client.post(f"{PAGE}{head.pk}/{deed}/").status_code == 409
    assert client.post(f"{PAGE}999999/{deed}/").status_code == 404


def test_a_new_one_is_made_on_the_page_and_what_is_wrong_stays_typed(client, units, head):
    log_in(client, head)
    bad = client.post(PAGE, {"unit": "1101001", "username": "x", "name": "新某", "email": "new@example.org"})
    page = bad.content.decode()
    assert (bad.status_code, 'value="new@example.org"' in page, "应以英文字母开头" in page) == (422, True, True)
    good = client.post(PAGE, {"unit": "1101001", "username": "new.one", "name": "新某", "email": "new@example.org"})
    assert (good.url, Account.objects.get(username="new.one").unit.code) == (f"{PAGE}?unit=1101001", "1101001")


def test_a_unit_that_is_not_led_cannot_be_chosen_on_the_page(client, units, head):
    sent = {"unit": "11", "username": "new.one", "name": "新某", "email": "new@example.org"}
    assert log_in(client, head).post(PAGE, sent).status_code == 422
    assert not Account.objects.filter(username="new.one").exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_many_queries_for_one_as_for_three(client, units, head, number, django_assert_num_queries):
    for one in range(number):
        make_reviewer(units["1101"], username=f"more-{one}")
    log_in(client, head).get(PAGE)
    with django_assert_num_queries(9):
        client.get(PAGE)


# --- at a terminal ----------------------------------------------------------------------------------------------------


def at_terminal(monkeypatch, who, command, *names):
    monkeypatch.setattr(audit, "operating_system_user", lambda: who)
    out = StringIO()
    call_command(command, *names, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("first", ["reset_password", "reset_second_factor"])
def test_both_keys_are_not_given_by_one_user_of_a_terminal_within_a_day(anna, monkeypatch, first):
    second = "reset_second_factor" if first == "reset_password" else "reset_password"
    at_terminal(monkeypatch, "eva", first, enrolled(anna).username)
    enrolled(anna) if first == "reset_second_factor" else None
    with pytest.raises(CommandError, match="同一个人不能先后重设"):
        at_terminal(monkeypatch, "eva", second, anna.username)
    assert anna.username in at_terminal(monkeypatch, "otto", second, anna.username)


def test_a_terminal_and_the_back_office_may_be_one_person(client, anna, monkeypatch):
    at_terminal(monkeypatch, "eva", "reset_password", enrolled(anna).username)
    log_in(client, make_operator())
    told = said(client.post(f"/admin/review/reviewer/{anna.pk}/second-factor/"))
    assert told == [delegation.OTHER_PERSON]


def test_after_the_back_office_a_terminal_waits(client, anna, monkeypatch):
    log_in(client, make_operator())
    client.post(f"/admin/review/reviewer/{enrolled(anna).pk}/second-factor/")
    with pytest.raises(CommandError, match="没有更改任何密码"):
        at_terminal(monkeypatch, "eva", "reset_password", anna.username)
    assert Account.objects.get(pk=anna.pk).must_change_password is False


@pytest.mark.parametrize("command", ["reset_password", "reset_second_factor"])
def test_the_person_is_told_of_a_reset(anna, monkeypatch, command):
    at_terminal(monkeypatch, "eva", command, enrolled(anna).username)
    told = Message.objects.get(account=anna, kind="access_reset")
    assert told.subject == {"reset_password": "您的登录密码已被重设"}.get(command, "您的两步验证已被重设")
