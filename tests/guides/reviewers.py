"""The pictures of docs/reviewers.md: who is logged in, and what they do, at a desk."""

from playwright.sync_api import Locator, Page, expect


def queue(page: Page) -> None:
    page.goto("/review/applications/")


def case(page: Page) -> None:
    page.goto("/review/applications/")
    page.locator("tbody tr:not(:has-text('曾退回'))").first.locator("a").click()
    shown(page)


def shown(page: Page) -> None:
    expect(page.locator("[data-tools]")).to_be_visible()
    page.locator("[data-sheet]:visible img").evaluate("image => image.decode()")


def overview(page: Page) -> None:
    page.keyboard.press("o")
    expect(page.locator("[data-overview]")).to_be_visible()
    expect(page.locator("[data-overview] img").last).to_have_js_property("complete", True)


def not_ok(page: Page) -> Locator:
    page.keyboard.press("o")
    expect(page.locator("[data-overview]")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.locator(".is-choosing")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".is-choosing")).to_have_count(0)
    shown(page)
    return page.locator(".case-viewer")


def returning(page: Page) -> Locator:
    page.keyboard.press("r")
    page.locator("[name=section-education-named]").check()
    page.locator("[name=section-education-reason]").fill("毕业证书编号与毕业证书不一致，请核对后修改。")
    return page.locator("[data-return]")


def keys(page: Page) -> Locator:
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("[data-help]")).to_be_visible()
    return page.locator("[data-help]")


def onsite(page: Page) -> Locator:
    """In a region that asks for the list: all but one were shown."""
    case(page)
    page.keyboard.press("t")  # opens the list
    expect(page.locator("[data-onsite].is-open")).to_be_visible()
    page.keyboard.press("t")  # ticks all of it
    expect(page.locator("[data-tick]:not(:checked)")).to_have_count(0)
    line = page.locator("#onsite li").last
    line.locator("[type=checkbox]").uncheck()
    line.locator("[type=text]").fill("照片忘带，约定明日补交")
    return page.locator("#onsite")


def changes(page: Page) -> Locator:
    page.goto("/review/applications/")
    page.locator("tbody tr:has-text('曾退回')").first.locator("a").click()
    expect(page.locator(".changes")).to_be_visible()  # the pictures lie below the window and are not loaded yet
    return page.locator(".changes")


def batch(page: Page) -> None:
    page.goto("/review/applications/")
    page.locator("[data-all]").check()
    page.click('button:has-text("批量通过…")')


def owed(page: Page) -> Locator:
    page.goto("/review/applications/?status=payment_due&owed=on")
    page.locator("tbody tr a").first.click()
    return page.locator("section:has(> .card-header #owed)")


def opened(address: str):
    def step(page: Page) -> None:
        page.goto(address)

    return step


def at_the_desk(page: Page) -> None:
    page.goto("/review/desk/")
    page.locator(".desk-one a", has_text="打开").first.click()
    page.locator(".mark-list").wait_for()


STORIES = {
    ("desk", "point-1101001"): {
        "reviewer-queue": queue,
        "reviewer-case": case,
        "reviewer-overview": overview,
        "reviewer-not-ok": not_ok,
        "reviewer-return": returning,
        "reviewer-keys": keys,
        "reviewer-changes": changes,
        "reviewer-desk": opened("/review/desk/"),
        "reviewer-desk-case": at_the_desk,
    },
    ("desk", "point-1201001"): {"reviewer-onsite": onsite},
    ("desk", "point-1101001-head"): {"reviewer-assignment": opened("/review/office/assignment/")},
    ("desk", "site-1101-head"): {
        "reviewer-office": opened("/review/office/"),
        "reviewer-figures": opened("/review/office/figures/"),
        "reviewer-deputies": opened("/review/office/deputies/"),
    },
    ("desk", "site-1101"): {
        "reviewer-batch": batch,
        "reviewer-owed": owed,
        "reviewer-export": opened("/review/applications/export/?status=payment_due"),
        "reviewer-progress": opened("/review/progress/"),
    },
}
