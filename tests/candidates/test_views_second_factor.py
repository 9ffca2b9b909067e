"""A password alone opens nothing for reviewers and operators: enrolling, proving at every login, recovery codes."""

import base64
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from candidates.accounts import second_factor
from candidates.encryption import decrypt
from candidates.models import Account, OneTimeCode, Record, RecoveryCode, SecondFactor
from candidates.views.typed import PURPOSE
from tests.factories import (
    PASSWORD,
    make_application,
    make_candidate,
    make_operator,
    make_reviewer,
    make_session,
    make_units,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.SECOND_FACTOR = True
    make_session()


@pytest.fixture
def reviewer():
    return make_reviewer(make_units()["11"])


def log_in(account, wanted=""):
    browser = Client()
    browser.post("/login/", {"username": account.username or account.mobile, "password": PASSWORD, "next": wanted})
    return browser


def code_of(secret):
    return f"{second_factor.totp(secret, timezone.now()).token():06}"


def enrol(account):
    """The account's secret and recovery codes; no code is used up."""
    secret = second_factor.new_secret()
    codes = second_factor.enrol(account, secret, code_of(secret))
    SecondFactor.objects.filter(user=account).update(last_step=0)
    return secret, codes


def shown_secret(page):
    return re.search(r'enrolling-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def test_the_first_login_enrols_and_shows_the_recovery_codes_once(reviewer):
    browser = log_in(reviewer)
    answer = browser.get("/review/progress/")
    assert answer.url == "/second-factor/enrol/?next=%2Freview%2Fprogress%2F"
    page = browser.get(answer.url)
    secret = shown_secret(page.content.decode())
    assert page.context["picture"].startswith("data:image/svg+xml;")
    wrong = browser.post("/second-factor/enrol/", {"code": "000000", "next": "/review/progress/"}, follow=True)
    assert shown_secret(wrong.content.decode()) == secret  # the phone has read it already
    done = browser.post("/second-factor/enrol/", {"code": code_of(secret), "next": "/review/progress/"})
    codes = re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", done.content.decode())
    assert len(codes) == 10
    assert done.context["onward"] == "/review/progress/"
    assert done.headers["Cache-Control"][:8] == "max-age="
    assert "no-store" in done.headers["Cache-Control"]
    assert browser.get("/review/progress/").status_code == 200
    assert browser.get("/second-factor/enrol/").url == "/second-factor/"
    assert codes[0] not in browser.get("/second-factor/codes/").content.decode()
    assert secret not in str(dict(browser.session))


def test_the_pending_secret_lies_sealed_in_the_session(reviewer):
    browser = log_in(reviewer)
    secret = shown_secret(browser.get("/second-factor/enrol/").content.decode())
    kept = browser.session["enrolling"]
    assert secret not in kept
    assert secret.encode() not in base64.b64decode(kept)


def test_a_one_time_password_is_changed_before_enrolling(reviewer):
    Account.objects.update(must_change_password=True)
    browser = log_in(reviewer)
    for address in ("/review/applications/", "/second-factor/enrol/"):
        assert browser.get(address).url == "/password/change/"
    new = "heron-by-the-river"
    browser.post("/password/change/", {"password": PASSWORD, "password1": new, "password2": new})
    assert browser.get("/review/applications/").url.startswith("/second-factor/enrol/")


def test_who_is_enrolled_proves_it_before_a_one_time_password_is_changed(reviewer):
    secret, _ = enrol(reviewer)
    Account.objects.update(must_change_password=True)
    browser = log_in(reviewer)
    assert browser.get("/password/change/").url.startswith("/second-factor/?next=")
    assert browser.post("/second-factor/", {"code": code_of(secret)}).url == "/password/change/"
    assert browser.get("/password/change/").status_code == 200


STAFF = (
    *("/", "/review/", "/review/applications/", "/review/applications/{number}/", "/review/progress/progress.xlsx"),
    *("/review/applications/export/pictures.zip", "/admin/", "/admin/candidates/unit/", "/admin/jsi18n/"),
    *("/materials/images/{image}/", "/materials/images/{image}/thumbnail/", "/verify/{code}/", "/password/change/"),
    "/nowhere/",
)
POSTS = (
    *("/review/applications/{number}/pass/", "/review/applications/{number}/hold/", "/admin/candidates/unit/add/"),
    *("/review/applications/{number}/draft/", "/review/applications/next/", "/password/", "/application/start/"),
)


@pytest.mark.parametrize("is_enrolled", [True, False])
def test_with_the_password_alone_every_address_leads_to_the_second_factor(is_enrolled):
    case = make_application("point_review")
    words = {"number": case.number, "image": case.images.first().pk, "code": case.notice_versions.get().code}
    operator = make_operator()
    if is_enrolled:
        enrol(operator)
    before = Record.objects.count()
    browser, step = log_in(operator), "/second-factor/" if is_enrolled else "/second-factor/enrol/"
    for address in STAFF:
        address = address.format(**words)
        assert browser.get(address).url == f"{step}?next={quote(address, safe='')}"
    for address in POSTS:
        headers = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
        assert browser.post(address.format(**words), {"username": "x"}, headers=headers).url == step
    assert browser.get("/second-factor/codes/").url == "/second-factor/"
    assert [browser.get(address).status_code for address in ("/help/", "/announcements/")] == [200, 200]
    assert (Record.objects.count(), OneTimeCode.objects.count()) == (before, 0)
    assert browser.post("/logout/").url == "/"


def test_a_code_opens_this_login_and_no_other(reviewer):
    secret, _ = enrol(reviewer)
    first, second = log_in(reviewer), log_in(reviewer)
    key = first.session.session_key
    code = code_of(secret)  # read once: half a minute later the clock shows another one
    answer = first.post("/second-factor/", {"code": f" {code[:3]} {code[3:]}", "next": "/review/progress/"})
    assert answer.url == "/review/progress/"
    assert first.get("/review/progress/").status_code == 200
    assert first.session.session_key != key  # a copy of the old key opens nothing
    assert second.get("/review/progress/").url.startswith("/second-factor/")
    replayed = second.post("/second-factor/", {"code": code}, follow=True)
    assert "已经用过。请等 1 秒再试。" in replayed.content.decode()
    first.post("/logout/")
    first.post("/login/", {"username": reviewer.username, "password": PASSWORD})
    assert first.get("/review/progress/").url.startswith("/second-factor/")  # nothing is remembered


def test_a_recovery_code_opens_it_too_however_it_is_typed(reviewer):
    _, codes = enrol(reviewer)
    browser = log_in(reviewer)
    typed = codes[0].upper().replace("-", " － ")
    answer = browser.post("/second-factor/recovery/", {"code": typed, "next": "/review/applications/"})
    page = browser.get(answer.url).content.decode()
    assert answer.url == "/review/applications/"
    assert "还剩 9 个" in page
    assert (
        "恢复码不正确，或已经用过。"
        in log_in(reviewer).post("/second-factor/recovery/", {"code": codes[0]}, follow=True).content.decode()
    )


def test_new_recovery_codes_are_made_for_a_code(reviewer):
    secret, old = enrol(reviewer)
    browser = log_in(reviewer)
    browser.post("/second-factor/recovery/", {"code": old[0]})
    assert "还剩 9 个" in browser.get("/second-factor/codes/").content.decode()
    new = browser.post("/second-factor/codes/", {"code": code_of(secret)}).context["codes"]
    assert len(new) == 10
    assert set(new) & set(old) == set()
    assert second_factor.codes_left(reviewer) == 10


def test_where_one_wanted_to_go_is_here_and_theirs(reviewer):
    secret, _ = enrol(reviewer)
    answer = log_in(reviewer).post("/second-factor/", {"code": code_of(secret), "next": "https://evil.example/review/"})
    assert answer.url == "/review/applications/"


def test_a_session_of_before_the_reset_does_not_enrol_anew(reviewer):
    enrol(reviewer)
    browser = log_in(reviewer)
    second_factor.reset(reviewer)
    assert browser.get("/second-factor/enrol/").url.startswith("/login/")


def test_candidates_have_none():
    candidate = make_candidate()
    browser = log_in(candidate)
    assert browser.get("/application/").status_code == 200
    assert [browser.get(f"/second-factor/{page}").status_code for page in ("", "enrol/", "recovery/", "codes/")] == [
        404
    ] * 4


def test_switched_off_it_asks_nobody(settings, reviewer):
    settings.SECOND_FACTOR = False
    enrol(reviewer)
    assert log_in(reviewer).get("/review/progress/").status_code == 200


def proved(account):
    secret, _ = enrol(account)
    browser = log_in(account)
    browser.post("/second-factor/", {"code": code_of(secret)})
    return browser


def test_who_has_proved_it_is_not_asked_again(reviewer):
    browser = proved(reviewer)
    assert browser.get("/second-factor/?next=/review/progress/").url == "/review/progress/"
    assert browser.get("/second-factor/recovery/").url == "/second-factor/"


def test_who_has_no_authenticator_is_led_to_enrol(reviewer):
    browser = log_in(reviewer)
    assert browser.get("/second-factor/").url == "/second-factor/enrol/"
    assert browser.post("/second-factor/recovery/", {"code": "aaaaa-aaaaa"}).url == "/second-factor/"


def test_new_recovery_codes_need_a_code_of_the_authenticator(reviewer):
    browser = proved(reviewer)
    answer = browser.post("/second-factor/codes/", {"code": "000000"}, follow=True)
    assert list(answer.context["form"].errors) == ["code"]
    assert second_factor.codes_left(reviewer) == 10


@pytest.mark.parametrize(
    ("page", "typed"),
    [("", {"code": "000000"}), ("recovery/", {"code": "aaaaa-aaaaa"}), ("codes/", {"code": "000000"})],
)
def test_a_refused_code_leads_to_a_page_that_can_be_reloaded_and_is_kept_nowhere(reviewer, page, typed):
    browser = proved(reviewer) if page == "codes/" else (enrol(reviewer), log_in(reviewer))[1]
    address = f"/second-factor/{page}"
    answer = browser.post(address, {**typed, "next": "/review/progress/"})
    assert answer.url.partition("?")[0] == address
    first, again = browser.get(answer.url), browser.get(answer.url)
    assert [list(one.context["form"].errors) for one in (first, again)] == [["code"], ["code"]]
    [kept] = [one.value for name, one in answer.cookies.items() if name.startswith("typed_")]
    assert typed["code"] not in decrypt(base64.urlsafe_b64decode(kept), PURPOSE)
    if page != "codes/":
        assert again.context["next"] == "/review/progress/"


def test_new_codes_that_are_asked_for_twice_by_a_reload_are_made_once(reviewer):
    secret, old = enrol(reviewer)
    browser = log_in(reviewer)
    browser.post("/second-factor/recovery/", {"code": old[0]})
    sent = {"code": code_of(secret)}
    browser.post("/second-factor/codes/", sent)
    shown = set(RecoveryCode.objects.values_list("pk", flat=True))
    assert browser.post("/second-factor/codes/", sent).url == "/second-factor/codes/"
    assert set(RecoveryCode.objects.values_list("pk", flat=True)) == shown
