"""A candidate's thumbnails in Chromium: asked once in a log-in, and gone with it."""

import pytest

from materials.files import serving
from tests.browser.conftest import leads_on
from tests.factories import make_application, upload_required
from tests.waiting import wait_until


@pytest.fixture
def asked(monkeypatch):
    """Every thumbnail that the portal has sent: what the browser had kept is not among them."""
    sent, plain = [], serving.picture_response

    def counting(image, **options):
        sent.append(image.pk)
        return plain(image, **options)

    monkeypatch.setattr(serving, "picture_response", counting)
    return sent


def visits(candidate):
    """Open the page, and wait until each of its pictures stands there."""
    candidate.open("/materials/")
    drawn = "[...document.querySelectorAll('.tile img')].every((one) => one.complete && one.naturalWidth)"
    wait_until(lambda: candidate.page.evaluate(drawn), "a thumbnail is not drawn")
    candidate.let_arrive()


def test_a_second_visit_asks_for_none_and_nothing_is_kept_after_logging_out(person, asked):
    application = make_application("registered")
    upload_required(application)
    candidate = person()
    candidate.comes_as(application.account)
    visits(candidate)
    seen = list(asked)
    address = candidate.page.locator(".tile img").first.get_attribute("src")

    visits(candidate)
    assert (len(seen) > 0, asked) == (True, seen)

    with leads_on(candidate.page):
        candidate.page.click(".portal-nav button")
    candidate.open(address)
    assert candidate.page.url.startswith(f"{candidate.base}/login/")

    candidate.comes_as(application.account)
    visits(candidate)
    assert sorted(asked[len(seen) :]) == sorted(seen)
