"""What phones, scanners and offices really send, chosen in Chromium: it is made into a picture, or told what it is."""

import io
import math
from pathlib import Path

import img2pdf
import pikepdf
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, shot
from tests.browser.test_materials import a_file, a_large_scan, a_scan, arrived, choose, pixels, send, stored, tiles
from tests.factories import make_application
from tests.materials.picture_files import display_p3, encoded

HEIC = Path(__file__).with_name("data") / "phone.heic"  # drawn, with a red mark at its upper left
RED = (208, 0, 0)
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0.0.0 XWEB/1160 MicroMessenger/8.0.47"
NO_CANVAS = "delete self.OffscreenCanvas;"


@pytest.fixture
def application():
    return make_application("registered")


@pytest.fixture
def candidate(application, person):
    return arrived(person(PHONE), application)


def notes(page):
    return page.locator("#upload-identity .queue-note")


def a_picture(seed=1):
    return Image.open(io.BytesIO(a_scan(seed))).convert("RGB")


def marked():
    """A picture with a red mark at its upper left."""
    picture = a_picture()
    picture.paste(RED, (0, 0, 120, 120))
    return picture


def is_marked(image):
    return math.dist(pixels(image).getpixel((20, 20)), RED) < 40


def a_pdf(pages, **kept):
    """What an office's scanner makes; kept: pikepdf's words for saving it."""
    scans = [encoded(a_picture(seed), quality=60) for seed in range(pages)]
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(img2pdf.convert(scans))) as pdf:
        pdf.save(made, **kept)
    return a_file(made.getvalue(), "scan.pdf", "application/pdf")


def a_page_of_a_scanner():
    """A PDF of one A4 page at 200 dots an inch, grainy as paper is."""
    page = a_picture().resize((1654, 2339))
    grain = Image.effect_noise(page.size, 40).convert("RGB")
    return img2pdf.convert([encoded(Image.blend(page, grain, 0.1), quality=85, dpi=(200, 200))])


def without_canvas(candidate):
    """Take OffscreenCanvas away, as before iOS 16.4 and Firefox 105, in the page and in its workers."""
    page = candidate.page
    page.add_init_script(NO_CANVAS)

    def less(route):
        route.fulfill(response=(answer := route.fetch()), body=NO_CANVAS + answer.text())

    page.route("**/materials_*worker*.js", less)
    page.reload()


# --- drawn --------------------------------------------------------------------------------------------------------


def test_without_a_workers_canvas_a_picture_is_made_to_fit_in_the_page(candidate):
    without_canvas(candidate)
    choose(candidate.page, a_file(a_large_scan()))
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(1)
    assert 100_000 < stored()[0].size <= 204_800


def test_no_canvas_is_larger_than_an_ipad_holds(candidate):
    photo = Image.blend(marked().resize((4800, 5000)), Image.effect_noise((4800, 5000), 40).convert("RGB"), 0.15)
    page = candidate.page
    without_canvas(candidate)
    page.evaluate("""() => {
        const { drawImage } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.drawImage = function draw(...given) {
            if (this.canvas.width * this.canvas.height <= 16777216) drawImage.apply(this, given);
        };
    }""")
    choose(page, a_file(encoded(photo, quality=80)))
    page.get_by_label("转 90°").click()
    page.get_by_label("转 90°").click()
    expect(notes(page)).to_have_text("已向右转 180°，等待上传", timeout=60_000)
    page.get_by_label("转 90°").click()
    page.get_by_label("转 90°").click()
    expect(notes(page)).to_have_text("已转回原来的方向，等待上传", timeout=60_000)
    send(page)
    expect(tiles(page)).to_have_count(1, timeout=60_000)
    assert (is_marked(stored()[0]), max(stored()[0].width, stored()[0].height) >= 1600) == (True, True)


def test_an_empty_canvas_is_not_uploaded(candidate):
    page = candidate.page
    without_canvas(candidate)
    page.evaluate("""() => {
        const { drawImage } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.drawImage = function draw(...given) {
            if (this.canvas.width < 1000) drawImage.apply(this, given);
        };
    }""")
    choose(page, a_file(encoded(a_picture().resize((2400, 1800)), quality=100)))
    send(page)
    expect(notes(page)).to_contain_text("也没有能自动缩小")
    assert stored() == []


# --- known by its bytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "GIF", "BMP"])
def test_what_the_browser_can_draw_is_converted_whatever_its_name_and_size(candidate, form):
    choose(candidate.page, a_file(encoded(marked(), form), "photo.jpg"))
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(1)
    (image,) = stored()
    assert (image.content_type, image.width, is_marked(image)) == ("image/jpeg", marked().width, True)


@pytest.mark.parametrize("form", ["AVIF", "WEBP"])
def test_what_is_to_be_turned_is_turned_and_keeps_its_shape(candidate, form):
    lying, exif = marked().transpose(Image.Transpose.ROTATE_90), Image.Exif()
    exif[0x0112] = 6  # orientation, which becomes a box of AVIF's own (irot)
    choose(candidate.page, a_file(encoded(lying, form, exif=exif.tobytes()), "photo"))
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(1)
    (image,) = stored()
    assert (image.width, image.height, is_marked(image)) == (*marked().size, True)


@pytest.mark.parametrize("name", ["photo.jfif", "image%3A148818", "IMG_0001.HEIC"])
def test_a_jpeg_is_taken_under_any_name(candidate, name):
    choose(candidate.page, a_file(a_scan(), name, ""))
    expect(notes(candidate.page)).to_have_text("等待上传")
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(1)


def test_a_jpeg_that_lacks_only_its_end_mark_is_completed(candidate):
    whole = a_scan()
    choose(candidate.page, a_file(whole[:-2]))
    expect(notes(candidate.page)).to_have_text("等待上传")
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(1)


def test_a_heic_is_decoded_beside_the_page(candidate):
    page, workers = candidate.page, []
    page.on("worker", lambda worker: workers.append(worker.url.rpartition("/")[2].partition(".")[0]))
    choose(page, a_file(HEIC.read_bytes(), "IMG_0001.HEIC", "image/heic"))
    expect(notes(page)).to_have_text("等待上传")
    send(page)
    expect(tiles(page)).to_have_count(1)
    (image,) = stored()
    assert ("materials_heic_worker" in workers, image.width, image.height, is_marked(image)) == (True, 450, 600, True)


def test_what_is_no_picture_is_named_when_it_is_chosen(candidate):
    page = candidate.page
    choose(
        page,
        a_file(encoded(a_picture(), "TIFF"), "scan.jpg"),
        a_file(b"PK\3\4" + bytes(500), "材料.docx", ""),
        a_file(b"\0\0\0\x18ftypmp42" + bytes(500), "film.mp4", "video/mp4"),
        a_file(b"", "cloud.jpg"),
    )
    for place, words in enumerate(["这是 TIFF 图片", "这是文档或压缩包", "这是视频", "这个文件是空的"]):
        expect(notes(page).nth(place)).to_contain_text(words)
    assert page.get_by_text("裁剪", exact=True).count() == 0
    candidate.fits("uploads-named")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_the_red_of_display_p3_is_stored_as_the_red_that_it_was(candidate, form):
    page, red_in_p3 = candidate.page, (234, 51, 35)
    patch = Image.new("RGB", (640, 480), "white")
    patch.paste(red_in_p3, (160, 120, 480, 360))
    choose(page, a_file(encoded(patch, form, icc_profile=display_p3()), "seal"))
    expect(notes(page)).to_have_text("等待上传")
    send(page)
    expect(tiles(page)).to_have_count(1)
    found = pixels(stored()[0]).getpixel((320, 240))
    assert max(abs(one - other) for one, other in zip(found, (255, 0, 0), strict=True)) <= 5


# --- read once ----------------------------------------------------------------------------------------------------


def test_what_becomes_of_a_file_after_it_was_chosen_does_no_harm(candidate, tmp_path):
    changed, gone = tmp_path / "changed.jpg", tmp_path / "gone.jpg"
    changed.write_bytes(a_scan(1))
    gone.write_bytes(a_scan(2))
    choose(candidate.page, changed, gone)
    expect(notes(candidate.page)).to_have_text(["等待上传", "等待上传"])
    changed.write_bytes(b"another")
    gone.unlink()
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(2)


@pytest.mark.parametrize("replaces", [False, True])
def test_a_retry_after_a_lost_answer_finds_its_picture_stored(candidate, replaces):
    page, answers = candidate.page, []
    if replaces:
        choose(page, a_file(a_scan(1)))
        send(page)
        expect(tiles(page)).to_have_count(1)
        page.click("section#identity [data-replaces]")

    def lose(route):
        answers.append(route.fetch().status)
        route.abort()

    page.route("**/materials/identity/*", lose)
    if replaces:
        page.set_input_files("#images-identity", [a_file(a_scan(2))])
    else:
        choose(page, a_file(a_scan(2)))
    send(page)
    expect(notes(page)).to_contain_text("网络中断，没有传完")
    page.unroute("**/materials/identity/*")
    page.get_by_label("重试 scan.jpg").click()
    expect(notes(page)).to_have_text("已上传。")
    expect(tiles(page)).to_have_count(1)
    assert (answers, len(stored())) == ([201], 1)
    candidate.complaints.clear()  # the console tells of the lost answer, and that it was there already


# --- PDF ----------------------------------------------------------------------------------------------------------


def test_the_ticked_pages_of_a_pdf_become_pictures(candidate):
    page = candidate.page
    choose(page, a_pdf(3))
    expect(page.locator("[data-pages] img[src]")).to_have_count(3)
    page.get_by_label("第 1 页").check()
    page.get_by_label("第 3 页").check()
    shot(page, "uploads-pages-390")
    page.get_by_text("用选中的 2 页").click()
    expect(page.locator("#upload-identity .queue-name > span:first-child")).to_have_text(
        ["scan-第1页.jpg", "scan-第3页.jpg"]
    )
    send(page)
    expect(tiles(page)).to_have_count(2)
    assert {image.content_type for image in stored()} == {"image/jpeg"}


def test_a_pdf_of_one_page_is_a_picture_at_once_in_the_page_too(candidate):
    without_canvas(candidate)
    choose(candidate.page, a_pdf(1))
    expect(candidate.page.locator("#upload-identity .queue-preview:not([hidden])")).to_have_count(1)
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(1)


def test_that_what_reads_a_pdf_did_not_come_is_said_and_the_same_file_is_taken_later(candidate):
    page = candidate.page
    page.route("**/materials_pages*.js", lambda route: route.abort())
    choose(page, a_pdf(1))
    expect(page.locator(".queue-bad")).to_have_text(
        "读 PDF 的工具没有下载下来：请在网络恢复后重新选取，或把需要的页导出为 JPEG 图片再上传。"
    )
    page.unroute("**/materials_pages*.js")
    candidate.complaints.clear()  # the console tells of the cut itself
    page.get_by_label("不传 scan.pdf").click()
    page.set_input_files("#images-identity", [a_pdf(1)])
    send(page)
    expect(tiles(page)).to_have_count(1)


def test_a_pdf_that_cannot_be_opened_says_why(candidate):
    page = candidate.page
    whole = a_pdf(1)["buffer"]
    locked = a_pdf(1, encryption=pikepdf.Encryption(owner="owner", user="user"))
    choose(page, locked, a_file(whole[:200], "broken.pdf"), {**a_pdf(51), "name": "long.pdf"})
    for place, words in enumerate(["这个 PDF 有密码", "这个 PDF 已损坏或不完整", "这个 PDF 有 51 页，太多了"]):
        expect(notes(page).nth(place)).to_contain_text(words)


# --- straightened -------------------------------------------------------------------------------------------------


def drag(page, handle, to):
    page.mouse.move(*middle(handle))
    page.mouse.down()
    page.mouse.move(*to, steps=4)
    page.mouse.up()


def middle(one):
    box = one.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_paper_photographed_askew_is_straightened_by_its_corners(candidate):
    page = candidate.page
    photo = Image.new("RGB", (1200, 900), "#604020")
    corners = [(300, 150), (960, 240), (1020, 780), (180, 660)]
    ImageDraw.Draw(photo).polygon(corners, fill="#f0f0f0")
    for (x, y), colour in zip(corners, ["#d00000", "#00a000", "#0000d0", "#d0d000"], strict=True):
        ImageDraw.Draw(photo).ellipse((x - 60, y - 60, x + 60, y + 60), fill=colour)
    choose(page, a_file(encoded(photo, quality=90)))
    page.get_by_label("拉直 scan.jpg").click()
    frame = page.locator(".straighten-frame img").bounding_box()
    for place, (x, y) in enumerate(corners):
        to = (frame["x"] + x / 1200 * frame["width"], frame["y"] + y / 900 * frame["height"])
        drag(page, page.locator(".straighten-handle").nth(place), to)
    shot(page, "uploads-straighten-390")
    page.get_by_text("用拉直后的图片").click()
    expect(notes(page)).to_have_text("已拉直，等待上传")
    send(page)
    expect(tiles(page)).to_have_count(1)
    (image,) = stored()
    found = pixels(image)
    right, low = image.width - 9, image.height - 9
    at = [found.getpixel(place) for place in ((8, 8), (right, 8), (right, low), (8, low))]
    wanted = [(208, 0, 0), (0, 160, 0), (0, 0, 208), (208, 208, 0)]
    assert max(math.dist(*pair) for pair in zip(at, wanted, strict=True)) < 40
    assert math.dist(found.getpixel((image.width // 2, 8)), (240, 240, 240)) < 20


def test_a_corner_is_moved_by_keys_and_stays_where_there_would_be_no_paper(candidate):
    page = candidate.page
    choose(page, a_file(a_scan()))
    page.get_by_label("拉直 scan.jpg").click()
    handle = page.get_by_label("左上角：用方向键移动")
    handle.press("ArrowRight")
    expect(page.locator("[data-straighten] [data-announce] p")).to_have_text("左上角：离左边 9%，离上边 8%。")
    for _ in range(40):
        handle.press("Shift+ArrowRight")
    assert 0.5 < handle.evaluate("one => parseFloat(one.style.left) / 100") < 0.92
    page.get_by_text("不拉直").click()
    expect(notes(page)).to_have_text("等待上传")


# --- many files, and WeChat ---------------------------------------------------------------------------------------


def test_with_twenty_files_the_button_stays_in_sight_and_the_count_is_told(candidate):
    page, held = candidate.page, []
    page.route("**/materials/identity/*", lambda route: held.append(route))
    choose(page, *[a_file(a_scan(seed), f"{seed}.jpg") for seed in range(20)])
    expect(page.locator("#upload-identity .queue-preview:not([hidden])")).to_have_count(20)
    expect(page.locator("#upload-identity button[type=submit]")).to_be_in_viewport(ratio=1)
    shot(page, "uploads-twenty-390")
    send(page)
    expect(page.locator("#upload-identity [data-count]")).to_have_text("共 20 张，正在传第 1 张")
    shot(page, "uploads-count-390")
    page.click("#upload-identity .sheet-close")
    expect(page.locator("[data-submit-note]")).to_have_text("还有 20 张正在上传")

    # nothing of it may still arrive while the test's rows are deleted
    page.context.set_offline(True)
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("#upload-identity .queue-note", has_text="网络中断")).not_to_have_count(0)
    candidate.complaints.clear()


def test_wechat_on_android_gets_inputs_that_it_can_open(candidate):
    page = candidate.page
    page.add_init_script(f"Object.defineProperty(navigator, 'userAgent', {{ get: () => '{WECHAT}' }});")
    page.reload()
    page.click("[data-dialog=upload-identity]:not([data-replaces])")
    for chooser in ("#images-identity", "#upload-identity [data-camera]"):
        expect(page.locator(chooser)).to_have_attribute("accept", "image/*")
        assert page.locator(chooser).evaluate("one => one.multiple") is False
    expect(page.locator("#images-identity-hint")).to_contain_text("每次选取一张，可以选取多次")
