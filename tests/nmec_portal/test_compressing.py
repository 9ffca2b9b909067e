"""Pages and answers to scripts are small on the wire; pictures are sent as they are."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse, JsonResponse
from django.test import RequestFactory

from nmec_portal.compressing import Compressed
from tests import factories

LONG = "同一行字" * 200
TAKES = {"accept-encoding": "gzip, deflate, br"}


def sent(response, headers=TAKES):
    return Compressed(lambda request: response)(RequestFactory().get("/", headers=headers))


@pytest.mark.parametrize("response", [HttpResponse(LONG), JsonResponse({"words": LONG})], ids=["page", "script"])
def test_text_is_compressed_for_who_takes_it(response):
    before = response.content
    answer = sent(response)
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.content) == before


def test_who_takes_none_gets_it_as_it_is():
    assert sent(HttpResponse(LONG), {}).content == LONG.encode()


def test_the_same_page_has_not_always_the_same_length():
    assert len({len(sent(HttpResponse(LONG)).content) for _ in range(30)}) > 5


@pytest.mark.parametrize(
    "response",
    [HttpResponse(LONG, content_type="image/jpeg"), FileResponse(iter([LONG.encode()]))],
    ids=["picture", "file"],
)
def test_what_is_compressed_already_stays(response):
    assert "Content-Encoding" not in sent(response).headers


@pytest.mark.django_db
def test_a_page_that_holds_a_token_has_another_one_in_every_answer(client):
    application = factories.make_application("registered")
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    pages = [gzip.decompress(client.get("/materials/", headers=TAKES).content) for _ in range(2)]
    tokens = [page.partition(b'name="csrfmiddlewaretoken" value="')[2][:64] for page in pages]
    assert len(set(tokens)) == 2
