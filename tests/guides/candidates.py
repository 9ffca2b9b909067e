"""The pictures of docs/candidates.md: who is logged in, and what they do, on a phone."""

import io

from PIL import Image
from playwright.sync_api import Locator, Page

from nmec_portal.local.setup import PROJECT

SPECIMENS = PROJECT / "static" / "specimens"
ANSWERS = (
    "level=physician&route=degree&residency=mainland&education=bachelor&graduated_on=2018-07-01&full_time=true"
    "&employer_is_medical_institution=true"
)


def opened(address: str, heading: str = ""):
    """Open a page, and scroll to what is to be seen of it."""

    def step(page: Page) -> None:
        page.goto(address)
        if heading:
            to_the_top(page.locator(heading).first)

    return step


def to_the_top(part: Locator) -> None:
    part.evaluate("part => window.scrollTo(0, part.getBoundingClientRect().top + window.scrollY - 12)")


def all_steps(page: Page) -> None:
    page.goto("/application/")
    page.click(".stepper-small summary")


def specimen(page: Page) -> None:
    page.goto("/materials/")
    page.click("[data-dialog=specimen-diploma]")
    page.locator("#specimen-diploma img").first.evaluate("image => image.decode()")


def files_chosen(page: Page) -> None:
    """Choose a phone's photo of several MB, and one that a browser cannot read."""
    page.goto("/materials/")
    page.click("[data-dialog=upload-diploma]")
    with Image.open(SPECIMENS / "diploma.jpg") as drawn:
        photo = io.BytesIO()
        drawn.convert("RGB").resize((4000, 3000)).save(photo, "JPEG", quality=100)
    files = [
        {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()},
        {"name": "IMG_2042.HEIC", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic" + bytes(2_300_000)},
    ]
    page.set_input_files("#images-diploma", files)
    page.locator("#upload-diploma .queue-preview:not([hidden])").wait_for()
    page.locator("#upload-diploma .queue-bad").wait_for()  # what is said of the second
    page.locator("#upload-diploma .queue").evaluate("list => list.scrollIntoView({block: 'center'})")


def uploaded(page: Page) -> Locator:
    page.click("#upload-diploma button[type=submit]")
    page.locator("section#diploma .tile img").wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    return page.locator("section#diploma")


def returned_material(page: Page) -> Locator:
    page.goto("/materials/")
    return page.locator("section#diploma")


def ordered(page: Page) -> None:
    page.goto("/payment/")
    page.click('button:has-text("生成缴费订单")')
    to_the_top(page.locator("section:has(> .card-header #ways)"))


def nothing_shows(page: Page) -> Locator:
    return page.locator("section:has(> .card-header #nothing-shows)")


def a_day(page: Page) -> None:
    page.goto("/appointment/")
    page.locator(".day").nth(1).click()
    to_the_top(page.locator("#days"))


STORIES = {
    ("phone", ""): {
        "candidate-home": opened("/"),
        "candidate-requirements": opened(f"/requirements/?{ANSWERS}", "main h2"),
        "candidate-register": opened("/register/"),
        "candidate-login": opened("/login/"),
        "candidate-password": opened("/password/"),
    },
    ("phone", "13800000009"): {
        "candidate-form": opened("/application/edit/"),
        "candidate-check": opened("/application/check/"),
    },
    ("phone", "13800000001"): {
        "candidate-overview": all_steps,
        "candidate-materials": opened("/materials/"),
        "candidate-specimen": specimen,
        "candidate-upload": files_chosen,
        "candidate-uploaded": uploaded,
    },
    ("phone", "13800000002"): {
        "candidate-submit": opened("/materials/"),
        "candidate-documents": opened("/application/documents/"),
        "candidate-appointment": a_day,
    },
    ("phone", "13800000003"): {"candidate-waiting": opened("/application/")},
    ("phone", "13800000006"): {
        "candidate-returned": opened("/application/"),
        "candidate-returned-material": returned_material,
    },
    ("phone", "13800000007"): {
        "candidate-pay": opened("/payment/"),
        "candidate-pay-ways": ordered,
        "candidate-pay-nothing": nothing_shows,
    },
    ("phone", "13800000008"): {"candidate-receipt": opened("/payment/")},
}
