"""One short walk each for a candidate's phone and a reviewer's desk, in engines that the other tests do not know.

Not test_*.py: `make test` leaves them out, since each needs what a machine may not have (see __main__.py).
"""

import pytest
from PIL import Image

from candidates.applications import registration
from candidates.applications.workflow import Actor
from candidates.models import Application
from materials.models import MaterialImage
from materials.specimens import draw
from review.cases import reasons
from tests.engines.conftest import DESK, PHONE
from tests.factories import (
    PASSWORD,
    make_application,
    make_candidate,
    make_category,
    make_reviewer,
    make_session,
    make_units,
    upload_required,
)

pytestmark = pytest.mark.django_db(transaction=True)
DATE = "document.querySelector('[name=graduated_on]')"
OPEN = "document.querySelector('dialog.sheet[open]')"


@pytest.fixture
def candidate(visitor):
    """Log a candidate in on a phone, by the form."""

    def arriving(account):
        somebody = visitor(PHONE)
        somebody.logs_in(account.mobile, PASSWORD)
        return somebody

    return arriving


@pytest.fixture
def a_phone_photo(tmp_path):
    """A page that is above 200 KB."""
    path = tmp_path / "photo.jpg"
    (tmp_path / "page.jpg").write_bytes(draw.draw("education_proof"))
    page = Image.open(tmp_path / "page.jpg").convert("RGB").resize((1800, 2400))
    grain = Image.effect_noise(page.size, 40).convert("RGB")
    Image.blend(page, grain, 0.1).save(path, quality=93)
    assert path.stat().st_size > 204_800
    return path


def test_a_point_is_chosen_by_its_region_and_site_and_a_date_is_empty(candidate):
    make_session(), make_units(), make_category("210")
    account = make_candidate()
    registration.start(account, session=make_session(), actor=Actor.of(account))
    somebody = candidate(account)
    somebody.open("/application/edit/?section=exam")
    for name, value in (("region", "11"), ("site", "1101"), ("point", "1101001")):
        somebody.choose(name, value)
    assert somebody.js("document.querySelector('[name=point]').value") == "1101001"
    somebody.fits("form")
    somebody.click("#section_exam button.btn-primary[type=submit]")
    somebody.until("document.querySelector('#content .notice-success')")
    assert Application.objects.get().point.code == "1101001"
    somebody.open("/application/edit/?section=education")
    is_hidden = f"getComputedStyle({DATE}).color === 'rgba(0, 0, 0, 0)'"
    somebody.shot("form-date")
    assert somebody.js(is_hidden) == somebody.name.startswith("webkit")  # which would show today's date
    somebody.js(f"({DATE}.value = '2019-07-01')")
    somebody.js(f"{DATE}.dispatchEvent(new Event('input', {{ bubbles: true }}))")
    somebody.until(f"!({is_hidden})")
    somebody.shot("form-date-filled")


def test_a_large_photo_is_stored_through_the_sheet_and_the_application_submitted(candidate, a_phone_photo):
    application = make_application("registered")
    upload_required(application)
    somebody = candidate(application.account)
    somebody.open("/materials/")
    somebody.shot("materials")
    somebody.click("[data-dialog=upload-education_proof]")
    somebody.until(OPEN)
    top = f"{OPEN}.querySelector('h2').getBoundingClientRect().top"
    assert 0 <= somebody.js(top) < PHONE[1] / 2
    somebody.browser.choose_files("#images-education_proof", a_phone_photo)
    somebody.until(f"{OPEN}.querySelector('.queue-preview:not([hidden])')")
    somebody.fits("sheet-chosen")
    somebody.click("#upload-education_proof button[type=submit]")
    somebody.until("document.querySelector('section#education_proof .tile img')", 60)
    somebody.until(f"!{OPEN}")
    assert MaterialImage.objects.get(category="education_proof").size <= 204_800
    # what draws is fetched into the page only where no worker could do it
    assert somebody.js("typeof window.materialsFitting") == "undefined", "the page made the picture, not a worker"
    somebody.leads_on(lambda: somebody.click("#action-bar [data-submit] button"))
    somebody.fits("submit")
    somebody.click("[name=declaration]")
    somebody.until("document.querySelector('[name=declaration]').checked")
    somebody.leads_on(lambda: somebody.click("#submit button[type=submit]"))
    assert Application.objects.get().status == "point_review"


def test_a_case_is_judged_by_keyboard_and_returned_with_its_reasons(visitor):
    reasons.add_missing()
    case = make_application("point_review")
    somebody = visitor(DESK)
    somebody.logs_in(make_reviewer(case.point).username, PASSWORD)
    somebody.open(f"/review/applications/{case.number}/")
    shown = "document.querySelector('[data-sheet]:not([hidden])')"
    somebody.until(f"'displayed' in {shown}.dataset")
    somebody.fits("case")
    first = somebody.js(f"{shown}.id")
    somebody.press("a", f"{shown}.id !== '{first}' && 'displayed' in {shown}.dataset")
    assert somebody.js(f"document.querySelector('#{first} input[value=ok]').checked")
    somebody.press("x", f"{shown}.querySelector('input[value=not_ok]').checked")
    somebody.press("1", f"{shown}.querySelector('select').selectedIndex === 1")
    somebody.press("?", "document.querySelector('[data-help][open]')")
    somebody.press("Escape", "!document.querySelector('dialog[open]')")
    somebody.press("r", "document.activeElement.matches('[data-act=return]')")
    somebody.click("#named-section-work input[type=checkbox]")
    somebody.write("#named-section-work input[type=text]", "请核对工作单位。")
    somebody.shot("return")
    somebody.leads_on(lambda: somebody.click("[data-act=return]"))
    returned = Application.objects.get()
    assert (returned.status, "请核对工作单位。" in str(returned.unlocked)) == ("returned", True)
