"""A mobile is confirmed by a code where NMEC_CONFIRM_MOBILE says so: at registration and when it is changed."""

import re

import pytest

from candidates.accounts import mobiles
from candidates.models import Account, Application, LoginSession, OneTimeCode
from candidates.rules.refusals import NotAllowed, Refused
from tests.candidates.posting import a_registration, a_section, sends
from tests.factories import PASSWORD, end_session, make_application, make_candidate
from tests.sent import Sent

pytestmark = pytest.mark.django_db

MOBILE = "13811112222"
SENT = Sent()


def keep(account, subject, text):
    if "验证码" in subject:
        SENT.kept.append((account.mobile or account.email, re.search(r"\d{6}", text)[0]))


@pytest.fixture(autouse=True)
def confirming(settings):
    SENT.kept.clear()
    settings.CONFIRM_MOBILE = True
    settings.SENDER = f"{__name__}.keep"


@pytest.fixture
def post(client, django_capture_on_commit_callbacks):
    def posting(path, data):
        with django_capture_on_commit_callbacks(execute=True):
            return sends(client, path, data)

    return posting


def test_registering_begins_with_the_mobile(client, post):
    assert client.get("/register/").headers["Location"] == "/mobile/"
    assert post("/register/", a_registration()).headers["Location"] == "/mobile/"
    assert post("/mobile/", {"mobile": MOBILE}).headers["Location"] == "/mobile/code/"
    assert post("/mobile/code/", {"code": SENT[0][1]}).headers["Location"] == "/register/"
    post("/register/", a_registration(mobile="13900000000"))
    assert Account.objects.get().mobile == MOBILE
    assert SENT[0][0] == MOBILE


def test_a_wrong_code_leads_nowhere(client, post):
    post("/mobile/", {"mobile": MOBILE})
    wrong = f"{(int(SENT[0][1]) + 1) % 1_000_000:06}"
    answer = post("/mobile/code/", {"code": wrong})
    assert answer.context["form"].errors == {"code": ["验证码不正确或已失效：请用最近一次收到的，或重新获取。"]}
    assert OneTimeCode.objects.get().tries == 1
    assert client.get("/register/").status_code == 302


def test_a_code_confirms_once():
    token = mobiles.ask_for_code(MOBILE)
    OneTimeCode.objects.update(code_hash=mobiles.one_time_codes._hash(token, "123456"))
    mobiles.confirm(token, "123456")
    with pytest.raises(Refused):
        mobiles.confirm(token, "123456")


def test_a_new_mobile_becomes_the_accounts_once_it_is_confirmed(client, post):
    application = make_application("registered")
    client.force_login(application.account)
    answer = post("/account/", {"mobile": MOBILE, "email": "z@example.com", "password": PASSWORD})
    before = Account.objects.get()
    assert answer.headers["Location"] == "/mobile/code/"
    assert before.mobile != MOBILE
    assert before.email == "z@example.com"
    assert post("/mobile/code/", {"code": SENT[0][1]}).headers["Location"] == "/account/"
    assert (Account.objects.get().mobile, Application.objects.get().mobile) == (MOBILE, MOBILE)


def test_a_mobile_that_another_account_has_is_refused_after_the_code(client, post):
    make_candidate(mobile=MOBILE)
    client.force_login(make_candidate())
    post("/account/", {"mobile": MOBILE, "email": "", "password": PASSWORD})
    answer = post("/mobile/code/", {"code": SENT[0][1]})
    assert list(answer.context["form"].errors) == ["code"]
    assert Account.objects.filter(mobile_hash=Account.objects.first().mobile_hash).count() == 1


def test_the_form_shows_the_mobile_and_does_not_change_it(client, post):
    application = make_application("draft")
    client.force_login(application.account)
    post("/application/edit/", a_section(application, "basic", mobile=MOBILE, address="新地址"))
    after = Application.objects.get()
    assert (after.address, after.mobile) == ("新地址", application.mobile)


def test_the_session_does_not_hold_the_number_in_clear(client, post):
    post("/mobile/", {"mobile": MOBILE})
    assert MOBILE not in str(LoginSession.objects.get().get_decoded())


def test_where_it_is_not_asked_for_registering_goes_on_at_once(client, settings):
    settings.CONFIRM_MOBILE = False
    assert client.get("/mobile/").headers["Location"] == "/register/"
    assert client.get("/register/").status_code == 200


def test_a_number_sealed_with_a_key_that_is_gone_is_asked_for_again(client, post, settings):
    post("/mobile/", {"mobile": MOBILE})
    settings.FIELD_KEYS = [bytes(32)]
    assert client.get("/mobile/code/").url == "/mobile/"


def test_a_form_whose_windows_are_closed_keeps_the_mobile_it_was_printed_with(client, post):
    application = make_application("registered")
    end_session(application.session)
    client.force_login(application.account)
    post("/account/", {"mobile": MOBILE, "email": "", "password": PASSWORD})
    post("/mobile/code/", {"code": SENT[0][1]})
    assert Account.objects.get().mobile == MOBILE
    assert Application.objects.get().mobile == application.mobile


def test_too_many_tries_at_a_code_are_told_above_it(client, post, monkeypatch):
    post("/mobile/", {"mobile": MOBILE})

    def refused(*arguments, **named):
        raise NotAllowed("请稍候再试。")

    monkeypatch.setattr(mobiles, "confirm", refused)
    answer = post("/mobile/code/", {"code": "123456"})
    assert answer.context["form"].non_field_errors() == ["请稍候再试。"]


# --- an e-mail in place of a mobile -----------------------------------------------------------------------------------

EMAIL = "Ana@example.com"
PASSPORT = {"document_type": "passport", "document_number": "AB1234567"}
ABROAD = {**PASSPORT, "mobile": "", "email": EMAIL}


def test_who_has_no_mobile_registers_with_an_email_that_a_code_confirms(client, post):
    assert post("/mobile/email/", {"email": EMAIL}).headers["Location"] == "/mobile/code/"
    assert post("/mobile/code/", {"code": SENT[0][1]}).headers["Location"] == "/register/"
    post("/register/", a_registration(**PASSPORT, mobile="13900000000", email="other@example.com"))
    account = Account.objects.get()
    assert (SENT[0][0], account.email, account.mobile, account.mobile_hash) == (EMAIL, EMAIL, "", None)


def test_an_email_is_no_way_in_for_who_holds_a_mainland_document(client, post):
    post("/mobile/email/", {"email": EMAIL})
    post("/mobile/code/", {"code": SENT[0][1]})
    answer = post("/register/", a_registration())
    assert list(answer.context["form"].errors) == ["document_type"]
    assert Account.objects.count() == 0


def test_an_email_that_is_not_confirmed_yet_leads_nowhere(client, post):
    post("/mobile/email/", {"email": EMAIL})
    assert client.get("/register/").headers["Location"] == "/mobile/"


def test_asking_by_email_answers_the_same_whether_or_not_an_account_has_it(client, post):
    make_candidate(**ABROAD)
    answers = [post("/mobile/email/", {"email": one}) for one in (EMAIL, "nobody@example.com", EMAIL.lower())]
    told = [(one.status_code, one.context and one.context["form"].non_field_errors()) for one in answers]
    assert told == [(302, None), (302, None), (200, ["验证码一分钟只能获取一次：请稍候再试。"])]
    assert [receiver for receiver, _ in SENT] == [EMAIL, "nobody@example.com"]


def test_a_code_for_a_mobile_confirms_no_email():
    token = mobiles.ask_for_code(MOBILE)
    OneTimeCode.objects.update(code_hash=mobiles.one_time_codes._hash(token, "123456"))
    with pytest.raises(Refused):
        mobiles.confirm(token, "123456", kind="email")


def test_where_no_mail_can_be_sent_the_page_says_so(client, settings):
    settings.SENDER = f"{__name__}.to_mobiles"
    assert client.get("/mobile/email/").context["no_way"].startswith("现在不能向电子邮箱发送验证码")
    assert client.get("/mobile/").context["no_way"] == ""


def to_mobiles(account, subject, text):
    raise AssertionError


to_mobiles.reaches = ("mobile",)


def test_a_new_email_waits_for_its_code_where_it_is_the_login_name(client, post):
    application = make_application("registered", account=make_candidate(**ABROAD))
    client.force_login(application.account)
    answer = post("/account/", {"mobile": "", "email": "b@example.com", "password": PASSWORD})
    assert (answer.headers["Location"], Account.objects.get().email) == ("/mobile/code/", EMAIL)
    post("/mobile/code/", {"code": SENT[0][1]})
    assert (Account.objects.get().email, Application.objects.get().email) == ("b@example.com", "b@example.com")
    assert SENT[0][0] == "b@example.com"


def test_giving_up_the_mobile_waits_for_the_emails_code(client, post):
    account = make_candidate(**ABROAD | {"mobile": MOBILE})
    client.force_login(account)
    post("/account/", {"mobile": "", "email": EMAIL, "password": PASSWORD})
    assert Account.objects.get().mobile == MOBILE
    post("/mobile/code/", {"code": SENT[0][1]})
    assert (Account.objects.get().mobile, Account.objects.get().email) == ("", EMAIL)


def test_a_first_mobile_comes_with_the_email_that_was_typed_beside_it(client, post):
    client.force_login(make_candidate(**ABROAD))
    post("/account/", {"mobile": MOBILE, "email": "b@example.com", "password": PASSWORD})
    assert (Account.objects.get().mobile, Account.objects.get().email) == ("", EMAIL)
    post("/mobile/code/", {"code": SENT[0][1]})
    assert (Account.objects.get().mobile, Account.objects.get().email) == (MOBILE, "b@example.com")


def test_the_form_does_not_change_an_email_that_is_the_login_name(client, post):
    application = make_application("draft", account=make_candidate(**ABROAD))
    client.force_login(application.account)
    post("/application/edit/", a_section(application, "basic", email="b@example.com", address="新地址"))
    after = Application.objects.get()
    assert (after.address, after.email, after.account.email) == ("新地址", EMAIL, EMAIL)


def test_an_email_accounts_document_does_not_become_a_mainland_one_without_a_mobile(client, post):
    application = make_application("draft", account=make_candidate(**ABROAD))
    client.force_login(application.account)
    mainland = {"document_type": "officer", "document_number": "12345678", "residency": "mainland"}
    post("/application/edit/", a_section(application, "basic", **mainland))
    assert Account.objects.get().document_type == "passport"


# --- a document that has an account ---


def keep_all(account, subject, text):
    keep(account, subject, text)
    SENT.subjects = [*getattr(SENT, "subjects", []), (account.mobile, subject)]


def test_that_a_document_has_an_account_is_told_to_the_confirmed_mobile_alone(client, post, settings):
    settings.SENDER, SENT.subjects = f"{__name__}.keep_all", []
    earlier = make_candidate()
    post("/mobile/", {"mobile": MOBILE})
    post("/mobile/code/", {"code": SENT[-1][1]})
    answer = post("/register/", a_registration(document_number=earlier.document_number))
    assert answer.headers["Location"] == "/login/"
    assert "已注册" not in client.get("/login/").content.decode()
    assert (len(SENT), SENT.subjects[-1]) == (1, (MOBILE, "这个证件号码已经注册过"))
    assert client.get("/register/").headers["Location"] == "/mobile/"  # each try costs a code
