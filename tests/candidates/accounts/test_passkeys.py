"""Passkeys beside an authenticator: of this account, for this portal, each challenge once."""

import pytest
from django.test import Client
from django.utils import timezone

from candidates.accounts import passkeys, second_factor
from candidates.models import OperatorAct, Passkey, SecondFactor
from candidates.rules.refusals import Refused
from tests.candidates.accounts.authenticator import Device
from tests.factories import PASSWORD, make_candidate, make_operator, make_reviewer, make_session, make_units

pytestmark = pytest.mark.django_db
CHALLENGE, ANOTHER = b"c" * 32, b"d" * 32


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.SECOND_FACTOR, settings.BASE_URL = True, "https://portal.example"


@pytest.fixture
def reviewer():
    return enrolled(make_reviewer(make_units()["11"]))


def enrolled(account):
    secret = second_factor.new_secret()
    second_factor.enrol(account, secret, f"{second_factor.totp(secret, timezone.now()).token():06}")
    return account


def added(account, device=None, label="办公室电脑"):
    device = device or Device()
    passkeys.add(account, CHALLENGE, device.make(CHALLENGE), label)
    return device


def refusal(act, *arguments):
    with pytest.raises(Refused) as refused:
        act(*arguments)
    return next(iter(refused.value.problems.values()))


def test_what_its_device_signs_proves_the_factor_and_is_noted(reviewer):
    device = added(reviewer)
    passkeys.prove(reviewer, ANOTHER, device.sign(ANOTHER))
    found = Passkey.objects.get()
    assert (found.label, found.uses, found.used_at is not None) == ("办公室电脑", 2, True)


@pytest.mark.parametrize(
    "forged",
    [
        lambda device: device.sign(CHALLENGE),  # an earlier page's challenge
        lambda device: Device().sign(ANOTHER),  # a key that nobody has added
        lambda device: spoilt(device.sign(ANOTHER)),
        lambda device: moved(device, origin="https://portal.example.evil").sign(ANOTHER),
        lambda device: moved(device, host="evil").sign(ANOTHER),
        lambda device: moved(device, uses=0).sign(ANOTHER),  # a copy, which has not counted along
        lambda device: "",
        lambda device: "[]",
        lambda device: '{"id": 1}',
        lambda device: '{"id": "' + "A" * 30_000 + '"}',
    ],
)
def test_what_is_not_signed_by_it_now_and_here_proves_nothing_and_costs_a_pause(reviewer, forged):
    device = added(reviewer)
    device.sign(CHALLENGE)
    Passkey.objects.update(uses=5)
    device.uses = 5
    assert refusal(passkeys.prove, reviewer, ANOTHER, forged(device)).startswith("这个通行密钥不属于这个账号")
    assert (SecondFactor.objects.get().throttling_failure_count, Passkey.objects.get().used_at) == (1, None)


def spoilt(answer):
    return answer.replace('"signature": "ME', '"signature": "MF')


def moved(device, **changes):
    vars(device).update(changes)
    return device


def test_anothers_passkey_opens_nothing(reviewer):
    added(reviewer)
    theirs = added(enrolled(make_operator()), label="别人的")
    assert refusal(passkeys.prove, reviewer, ANOTHER, theirs.sign(ANOTHER)).startswith("这个通行密钥不属于")


def test_during_a_pause_a_right_one_is_refused_too(reviewer):
    device = added(reviewer)
    refusal(passkeys.prove, reviewer, ANOTHER, "")
    assert refusal(passkeys.prove, reviewer, ANOTHER, device.sign(ANOTHER)).startswith("连续输错")


def test_one_device_is_added_once_and_no_account_has_more_than_ten(reviewer, monkeypatch):
    device = added(reviewer)
    assert refusal(passkeys.add, reviewer, CHALLENGE, device.make(CHALLENGE), "再一次") == "这个通行密钥已经添加过。"
    monkeypatch.setattr(passkeys, "MOST", 1)
    assert refusal(passkeys.add, reviewer, CHALLENGE, Device().make(CHALLENGE), "多").startswith("最多 1 个")


def test_a_challenge_of_another_page_adds_nothing(reviewer):
    assert refusal(passkeys.add, reviewer, CHALLENGE, Device().make(ANOTHER), "名称") == passkeys.UNREADABLE
    assert not Passkey.objects.exists()


def test_resetting_the_second_factor_takes_the_passkeys_along(reviewer):
    added(reviewer)
    second_factor.reset(reviewer)
    assert not Passkey.objects.exists()


def test_where_the_portal_has_an_address_and_no_name_there_are_none(settings):
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert not passkeys.is_offered()


def test_the_audit_knows_that_one_came_and_went(reviewer):
    added(reviewer)
    passkeys.remove(reviewer, Passkey.objects.get().pk)
    assert [one.command for one in OperatorAct.objects.order_by("id")][-2:] == ["add_passkey", "remove_passkey"]


# --- the pages ---


def logged_in(account):
    client = Client()
    client.post("/login/", {"username": account.username, "password": PASSWORD})
    return client


def challenge_in(client):
    from base64 import b64decode

    return b64decode(client.session["passkey"])


def test_a_log_in_is_proved_with_one_and_each_challenge_once(reviewer):
    make_session()
    device = added(reviewer)
    client = logged_in(reviewer)
    client.get("/second-factor/passkey/")
    answer = device.sign(challenge_in(client))
    assert client.post("/second-factor/passkey/", {"answer": answer}).url == "/review/applications/"
    assert client.get("/review/applications/").status_code == 200
    again = logged_in(reviewer)
    again.get("/second-factor/passkey/")
    refused = again.post("/second-factor/passkey/", {"answer": answer})
    assert refused.url == "/second-factor/passkey/"
    assert list(again.get(refused.url).context["form"].errors) == ["__all__"]


def test_with_the_password_alone_nobody_adds_or_removes_one(reviewer):
    added(reviewer)
    client = logged_in(reviewer)
    assert client.get("/second-factor/passkeys/").url == "/second-factor/"
    client.post("/second-factor/passkeys/remove/", {"passkey": Passkey.objects.get().pk})
    assert Passkey.objects.count() == 1


def test_nobody_removes_anothers(reviewer):
    device, theirs = added(reviewer), enrolled(make_operator())
    added(theirs)
    client = logged_in(reviewer)
    client.get("/second-factor/passkey/")
    client.post("/second-factor/passkey/", {"answer": device.sign(challenge_in(client))})
    for key in (theirs.passkeys.get().pk, "x", ""):
        client.post("/second-factor/passkeys/remove/", {"passkey": key})
    assert theirs.passkeys.count() == 1


def test_candidates_have_none():
    client = Client()
    client.force_login(make_candidate(), backend="candidates.accounts.auth.LoginNameBackend")
    assert client.get("/second-factor/passkeys/").status_code == 404
