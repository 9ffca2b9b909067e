"""A candidate's thumbnails in Chromium: asked once in a log-in, and gone with it."""

import pytest

from materials.files import serving
from tests.browser.conftest import leads_on
from tests.factories import make_application, upload_required


@pytest.fixture
def asked(monkeypatch):
    """Every thumbnail that the portal has sent: what the browser had kept is not among them."""
    sent, plain = [], serving.picture_response

    def counting(image, **options):
        sent.append(image.pk)
        return plain(image, **options)

    monkeypatch.setattr(serving, "picture_response", counting)
    return sent


def test_a_second_visit_asks_for_none_and_nothing_is_kept_after_logging_out(person, asked):
    application = make_application("registered")
    upload_required(application)
    candidate = person()
    candidate.comes_as(application.account)
    candidate.open("/materials/")
    candidate.let_arrive()
    seen = list(asked)
    address = candidate.page.locator(".tile img").first.get_attribute("src")

    candidate.open("/materials/")
    candidate.let_arrive()
    assert (len(seen) > 0, asked) == (True, seen)

    with leads_on(candidate.page):
        candidate.page.click(".portal-nav button")
    candidate.open(address)
    assert candidate.page.url.startswith(f"{candidate.base}/login/")

    candidate.comes_as(application.account)
    candidate.open("/materials/")
    candidate.let_arrive()
    assert sorted(asked[len(seen) :]) == sorted(seen)
