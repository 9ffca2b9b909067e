"""axe-core finds nothing to complain of on any candidate's page and on the reviewers', on a phone."""

import hashlib
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from candidates.applications import registration
from candidates.applications.workflow import Actor
from materials.specimens import draw
from tests.browser.conftest import PHONE, leads_on
from tests.factories import (
    a_further_institution,
    make_application,
    make_candidate,
    make_category,
    make_operator,
    make_session,
    make_units,
)
from tests.review.casework import REASON, replace_picture, returned, reviewer, save, submit

VENDOR = Path(__file__).parent / "vendor"
AXE = VENDOR / "axe-core-4.14.1" / "axe.min.js"
RUN = """axe.run(document, {
    resultTypes: ["violations"],
    rules: {"label-content-name-mismatch": {enabled: true}},
}).then((found) => found.violations.flatMap(
    (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} — ${node.failureSummary}`)))"""
PUBLIC = (
    *("/", "/register/", "/login/", "/password/", "/units/?region=11"),
    *("/help/", "/help/candidates/", "/privacy/", "/nothing/"),
)
OWN = ("/application/", "/application/edit/", "/materials/", "/application/documents/", "/account/", "/messages/")


def complaints(somebody, path) -> list[str]:
    """Return what axe says of a page, with every section of the form open, and the list of what is missing."""
    somebody.open(path)
    opened = "document.querySelectorAll('details.section, .bar-narrow').forEach((one) => { one.open = true; })"
    somebody.page.evaluate(opened)
    return [f"{path}: {said}" for said in found_now(somebody.page)]


def found_now(page) -> list[str]:
    """Return what axe says of the page as it stands."""
    page.evaluate(AXE.read_text())
    wide = page.evaluate("document.documentElement.scrollWidth") > PHONE[0]
    return page.evaluate(RUN) + (["scrolls sideways"] if wide else [])


def found_on(somebody, *paths) -> list[str]:
    return [said for path in paths for said in complaints(somebody, path)]


@pytest.fixture
def visitor(person):
    make_session(), make_units(), make_category("210")
    return person(PHONE)


def test_public_pages(visitor):
    answers = (
        "level=physician&route=degree&residency=mainland&education=bachelor&graduated_on=2018-07-01&full_time=true"
    )
    assert found_on(visitor, *PUBLIC, "/requirements/", f"/requirements/?{answers}") == []
    visitor.complaints.clear()  # the console tells of the page that is not there


def test_pages_of_a_draft(visitor):
    account = make_candidate()
    session = make_session()
    registration.start(account, session=session, actor=Actor.of(account))
    visitor.comes_as(account)
    wrong = "/application/edit/?check=1"
    assert found_on(visitor, *OWN, wrong, "/application/check/", "/application/withdraw/", "/logout/") == []


def test_pages_of_a_registered_application(visitor):
    visitor.comes_as(make_application("registered").account)
    assert found_on(visitor, *OWN, "/password/change/", "/account/delete/", "/application/withdraw/") == []


def test_the_form_with_an_institution_that_was_added_and_one_that_was_removed(visitor):
    rows = [a_further_institution(), a_further_institution(name="示例诊所")]
    visitor.comes_as(make_application("registered", further_institutions=rows).account)
    visitor.open("/application/edit/?section=work")
    page = visitor.page
    page.click("[data-add-institution]")
    page.locator("[data-remove-institution]").first.click()
    expect(page.locator("[data-institution]")).to_have_count(3)
    assert found_now(page) == []


def test_the_upload_sheet_with_files_that_wait_and_with_one_that_failed(visitor):
    visitor.comes_as(make_application("registered").account)
    visitor.open("/materials/")
    page = visitor.page
    page.click("[data-dialog=upload-identity]")
    files = [("scan.jpg", draw.draw("identity")), ("cut.jpg", draw.draw("identity")[:5000])]
    page.set_input_files(
        "#images-identity", [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files]
    )
    expect(page.locator("#upload-identity .queue-preview:not([hidden])")).to_have_count(1)
    waiting = found_now(page)
    page.route("**/materials/identity/*", lambda route: route.abort())
    page.click("#upload-identity button[type=submit]")
    expect(page.get_by_label("重试 scan.jpg")).to_be_visible()
    expect(page.locator("#upload-identity li[data-done]")).to_have_count(2)
    assert (waiting, found_now(page)) == ([], [])
    visitor.complaints.clear()  # the console tells of the cut itself


def test_pages_of_one_that_was_returned(visitor):
    visitor.comes_as(make_application("returned").account)
    assert found_on(visitor, *OWN) == []


def test_pages_of_one_that_owes_something_and_of_one_that_was_rejected(visitor):
    session = make_session()
    owing = {"fresh_graduate": True, "graduated_on": session.registration_opens.date().replace(session.year - 1, 1, 10)}
    visitor.comes_as(make_application("point_review", session=session, **owing).account)
    assert found_on(visitor, *OWN, "/application/recall/") == []
    expect(visitor.page.locator("main button[type=submit]")).to_have_text("撤回修改")
    visitor.open("/logout/")
    with leads_on(visitor.page):
        visitor.page.click("main button[type=submit]")
    visitor.comes_as(make_application("rejected", session=session).account)
    assert found_on(visitor, "/application/") == []


def test_the_reviewers_pages(visitor):
    case = returned(make_application("point_review"), sections={"work": "请核对。"}, diploma=REASON)
    replace_picture(case, "diploma", "diploma-overseas")
    case = submit(save(case, "work", employer_name="示例市第二示例医院"))
    visitor.comes_as(reviewer(case))
    pages = "/review/applications/", f"/review/applications/{case.number}/", "/review/reviewers/", "/review/progress/"
    assert found_on(visitor, *pages) == []
    day = visitor.page.locator("th.figure").first
    assert day.evaluate("(one) => getComputedStyle(one).display") == "table-cell"


def test_the_guides_of_those_who_work_here(visitor):
    visitor.comes_as(make_operator())
    assert found_on(visitor, "/help/", "/help/reviewers/", "/help/operators/") == []


def test_axe_is_shipped_as_it_was():
    (package,) = json.loads((VENDOR / "manifest.json").read_text())
    shipped = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in package["files"]}
    assert shipped == package["files"]
