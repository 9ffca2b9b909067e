"""How a reviewer goes through a case in Chromium: every picture seen, and then by the keyboard."""

from playwright.sync_api import expect


def seen(page):
    return page.locator("[data-sheet][data-displayed]")


def looks_at_every_picture(page):
    """Turn the pictures one by one, each as long as it takes."""
    sheets, shown = page.locator("[data-sheet]").count(), 0
    for place in range(1, sheets + 1):
        expect(page.locator("[data-place]")).to_have_text(f"{place} / {sheets}")
        shown += page.locator("[data-sheet]:visible").get_attribute("data-empty") is None
        expect(seen(page)).to_have_count(shown)
        page.keyboard.press("ArrowRight")


class Keys:
    """The keyboard, and how often it was pressed."""

    def __init__(self, page):
        self.page, self.number = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(70)  # what a key waits for, to be alone
            self.number += 1
