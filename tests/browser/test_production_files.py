"""In Chromium what production serves: scripts without blanks, joined. The other tests run them as they are written."""

import pytest
from django.core.management import call_command
from django.template.autoreload import reset_loaders
from playwright.sync_api import expect

from candidates.models import Application
from materials.models import MaterialImage
from review.cases import reasons
from tests.browser.conftest import leads_on
from tests.browser.deciding import Keys, looks_at_every_picture
from tests.browser.test_form import save, saved
from tests.browser.test_materials import a_file, a_large_scan, a_scan, choose, send, tiles
from tests.browser.test_review import on_case
from tests.factories import make_application, make_reviewer


@pytest.fixture(autouse=True)
def as_production_serves(settings, tmp_path):
    """Serve the collected files, not compressed; the templates keep no address of another test's."""
    texts = ("css", "js", "wasm", "svg", "json", "txt", "md", "html", "bcmap")
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS, *texts)
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "nmec_portal.static_files.SmallStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATICFILES_DIRS = [tmp_path]
    reset_loaders()
    yield
    reset_loaders()


def scripts(page):
    return page.evaluate("[...document.scripts].map((one) => one.src.replace(/.*\\/static\\//, ''))")


def test_a_candidate_saves_the_form_and_sends_turned_cropped_and_smaller_pictures(person):
    application = make_application("registered")
    candidate = person()
    candidate.comes_as(application.account)
    candidate.open("/application/edit/")
    page = candidate.page
    assert {one.split(".")[0] for one in scripts(page)} >= {"bundles/page", "bundles/form"}
    page.evaluate("document.querySelectorAll('details.section').forEach((one) => { one.open = true; })")
    page.fill("[name=school]", "别的医学院")
    save(page, "education")
    saved(page, "学历信息").to_be_visible()

    candidate.open("/materials/")
    assert {one.split(".")[0] for one in scripts(page)} == {"bundles/page", "bundles/materials"}
    choose(page, a_file(a_scan()), a_file(a_scan(2), "two.jpg"), a_file(a_large_scan(), "three.jpg"))
    page.get_by_label("转 90°：scan.jpg").click()
    expect(page.locator(".queue-note").first).to_have_text("已向右转 90°，等待上传")
    page.get_by_label("裁剪 two.jpg").press("Enter")
    expect(page.locator("[data-crop] .cropper-crop-box")).to_be_visible()
    page.get_by_label("左边裁去").press("ArrowRight")
    page.get_by_text("用裁剪后的图片").press("Enter")
    expect(page.locator(".queue-note").nth(1)).to_have_text("已裁剪，等待上传")
    send(page)
    expect(tiles(page)).to_have_count(3)
    assert MaterialImage.objects.filter(application=application, size__lte=204800).count() == 3


def test_a_reviewer_passes_a_case_by_the_keyboard(person):
    reasons.add_missing()
    case = make_application("point_review")
    reviewer = person()
    reviewer.comes_as(make_reviewer(case.point))
    reviewer.open(f"/review/applications/{case.number}/")
    page = reviewer.page
    assert {one.split(".")[0] for one in scripts(page)} >= {"bundles/page", "bundles/reviewer", "bundles/case"}
    on_case(reviewer, case)
    looks_at_every_picture(page)
    keys = Keys(page)
    keys.press("t", "t")
    expect(page.locator("[data-tick]:not(:checked)")).to_have_count(0)
    keys.press("g")
    with leads_on(page):
        keys.press("p")
    assert Application.objects.get(pk=case.pk).status == "site_review"
