import io
import re

import pytest
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from nmec_portal.middleware import drop_nul, limit_body
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_path_with_a_nul_names_nothing(client):
    answer = client.get("/verify/%00/")
    assert (answer.status_code, "没有找到" in answer.content.decode()) == (404, True)


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
    assert (answer.status_code, body.tell(), b'"too_large"' in answer.content) == (413, 3000, True)


@pytest.mark.parametrize("length", ["4001", "1" + "0" * 30, "9" * 5000])
def test_for_more_than_can_sensibly_come_nobody_waits(settings, length):
    settings.MAX_BODY = 1000
    request = RequestFactory().post("/materials/identity/", headers={"Accept": "application/json"})
    request.META.update(CONTENT_LENGTH=length)
    request.read = lambda size: pytest.fail("waited for what nobody sends")
    answer = limit_body(lambda request: pytest.fail("the view was asked"))(request)
    assert (answer.status_code, b'"too_large"' in answer.content) == (413, True)


def test_pages_are_kept_by_no_cache_and_say_so(client):
    headers = client.get("/help/").headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_forms_address_opened_as_a_page_says_what_to_do(client):
    client.force_login(factories.make_reviewer(factories.make_units()["1101"]))
    answer = client.get("/review/applications/next/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert re.findall(r'href="(/review/applications/)">(返回审核列表)', answer.content.decode()) == [
        ("/review/applications/", "返回审核列表")
    ]


def test_what_is_sent_loses_its_nuls_before_a_view_sees_it(client):
    case = factories.make_application("point_review")
    client.force_login(factories.make_reviewer(case.point))
    image = case.images.first()
    names = {part: f"image-{image.pk}-{part}" for part in ("verdict", "words")}
    sent = {"seen": case.last_record_id, names["verdict"]: "not_ok", names["words"]: "不\0清楚\0"}
    assert client.post(f"/review/applications/{case.number}/draft/", sent).status_code == 204
    assert case.draft_verdicts.get().judged[str(image.pk)]["words"] == "不清楚"


def test_a_posted_name_loses_its_nul_too():
    request = RequestFactory().post("/", {"a\0b": ["1\0", "2"], "c": "3"})
    drop_nul(lambda request: None).process_view(request, lambda: None, (), {})
    assert dict(request.POST.lists()) == {"ab": ["1", "2"], "c": ["3"]}


def test_a_view_without_a_token_gets_each_byte_as_it_came():
    request = RequestFactory().post("/", {"a": "1\0"})
    drop_nul(lambda request: None).process_view(request, csrf_exempt(lambda: None), (), {})
    assert request.POST["a"] == "1\0"
