import io
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from nmec_portal.middleware import bear_nul, limit_body, refuse_large_of_nobody
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_path_with_a_nul_names_nothing(client):
    answer = client.get("/verify/%00/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


@pytest.mark.parametrize("address", ["/units/?region=%00", "/requirements/?level=a%00b", "/login/?next=%00"])
def test_a_query_with_a_nul_is_no_error(client, address):
    assert client.get(address).status_code == 200


def test_a_body_above_the_limit_is_read_into_nothing_and_refused(settings):
    settings.MAX_BODY = 1000
    body = io.BytesIO(b"x" * 3000)
    request = RequestFactory().post("/materials/identity/", headers={"Accept": "application/json"})
    request.META.update(CONTENT_LENGTH="3000")
    request._stream = body
    answer = limit_body(lambda request: pytest.fail("the view was asked"))(request)
    assert answer.status_code == 413
    assert body.tell() == 3000
    assert b'"too_large"' in answer.content


@pytest.mark.parametrize("length", ["4001", "1" + "0" * 30, "9" * 5000])
def test_for_more_than_can_sensibly_come_nobody_waits(settings, length):
    settings.MAX_BODY = 1000
    request = RequestFactory().post("/materials/identity/", headers={"Accept": "application/json"})
    request.META.update(CONTENT_LENGTH=length)
    request.read = lambda size: pytest.fail("waited for what nobody sends")
    answer = limit_body(lambda request: pytest.fail("the view was asked"))(request)
    assert answer.status_code == 413
    assert b'"too_large"' in answer.content


def test_pages_are_kept_by_no_cache_and_say_so(client):
    headers = client.get("/help/").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/static/js/materials_heic_worker.js", True),
        ("/static/js/materials_heic_worker.0123456789ab.js", True),
        ("/static/js/materials_pdf_worker.js", False),
        ("/help/static/js/materials_heic_worker.js", False),
    ],
)
def test_one_worker_alone_may_run_webassembly(client, path, may):
    policy = client.get(path).headers["Content-Security-Policy"]
    assert ("script-src 'self' 'wasm-unsafe-eval'" in policy, "default-src 'self'" in policy) == (may, True)


def test_a_forms_address_opened_as_a_page_says_what_to_do(client):
    client.force_login(factories.make_reviewer(factories.make_units()["1101"]))
    answer = client.get("/review/applications/next/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert re.findall(r'href="(/review/applications/)">(返回审核列表)', answer.content.decode()) == [
        ("/review/applications/", "返回审核列表")
    ]


def test_a_post_whose_nul_nobody_refuses_cannot_be_read(client):
    case = factories.make_application("point_review")
    client.force_login(factories.make_reviewer(case.point))
    image = case.images.first()
    names = {part: f"image-{image.pk}-{part}" for part in ("verdict", "words")}
    sent = {"seen": case.last_record_id, names["verdict"]: "not_ok", names["words"]: "不\0清楚"}
    answer = client.post(f"/review/applications/{case.number}/draft/", sent)
    assert answer.status_code == 400
    assert "<h1>无法识别这次请求</h1>" in answer.content.decode()
    assert case.draft_verdicts.count() == 0


def test_a_form_refuses_a_nul_beside_its_field(client):
    answer = client.post("/login/", {"username": "a\0b", "password": "x"}, follow=True)
    assert list(answer.context["form"].errors) == ["username"]


def test_an_error_that_is_not_the_senders_stays_one(client, monkeypatch):
    def broken(*args, **options):
        raise ValueError

    monkeypatch.setattr("candidates.views.accounts.authenticate", broken)
    with pytest.raises(ValueError):
        client.post("/login/", {"username": "a", "password": "x"})


def test_a_query_loses_its_nuls_in_names_too():
    request = RequestFactory().get("/?a%00b=1%00&ab=2&c=3")
    bear_nul(lambda request: None).process_view(request, lambda: None, (), {})
    assert dict(request.GET.lists()) == {"ab": ["2"], "c": ["3"]}


HERE = {"referer": "http://testserver/materials/?replaces=1"}


@pytest.mark.parametrize("address", ["/materials/identity/", "/review/applications/next/"])
def test_what_is_posted_after_the_session_has_ended_leads_to_the_page_it_was_posted_from(client, address):
    answer = client.post(address, headers=HERE)
    assert answer["Location"] == "/login/?next=/materials/%3Freplaces%3D1"


@pytest.mark.parametrize("referer", ["http://elsewhere.example/", "http://testserver/login/?next=/", "//", ""])
def test_no_page_but_one_of_ours_is_led_to(client, referer):
    answer = client.post("/materials/submit/", headers={"referer": referer})
    assert answer["Location"] == "/login/?next=/materials/submit/"


def test_after_the_login_it_is_opened_there(client):
    application = factories.make_application("registered")
    login = client.post("/materials/identity/", headers={"referer": "http://testserver/materials/"})["Location"]
    name = {"username": application.account.mobile, "password": factories.PASSWORD}
    answer = client.post(login, {**name, "next": "/materials/"}, follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/materials/", 302)], 200)


@pytest.mark.parametrize(
    ("path", "status"), [("/materials/diploma/", 302), ("/login/", 413), ("/no/such/", 413), ("/account/", 302)]
)
def test_nothing_long_is_read_of_who_has_not_logged_in(path, status):
    request = RequestFactory().post(path, CONTENT_LENGTH="1048577")
    request.user, request.read = AnonymousUser(), lambda *size: pytest.fail("something was read")
    request.META["CONTENT_LENGTH"] = str(64 * 1024 * 1024 * 1024)  # above what is drained
    answer = refuse_large_of_nobody(lambda request: pytest.fail("the view was asked"))(request)
    assert answer.status_code == status
