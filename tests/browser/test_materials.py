"""The materials page in Chromium: any phone photo will do, and whatever breaks off loses only itself."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from materials.files import sealing
from materials.models import MaterialImage
from materials.pictures.limits import corrupt
from materials.specimens import draw
from tests.browser.conftest import PHONE, Person, shot, until_sent
from tests.factories import PASSWORD, make_application
from tests.materials.picture_files import encoded, oriented


@pytest.fixture
def application():
    return make_application("registered")


@pytest.fixture
def candidate(application, person):
    """Return the candidate on the materials page, at a desk."""
    return arrived(person(), application)


def arrived(somebody, application):
    somebody.comes_as(application.account)
    somebody.open("/materials/")
    return somebody


def a_phone_photo():
    """12 megapixels, above 3 MB, stored on its side with EXIF: a document with a red mark at its upright top left."""
    page = Image.open(io.BytesIO(draw.draw("probation"))).convert("RGB").resize((3000, 4000))
    page.paste("#d00000", (0, 0, 600, 600))
    grain = Image.effect_noise(page.size, 40).convert("RGB")
    page = Image.blend(page, grain, 0.15).transpose(Image.Transpose.ROTATE_90)
    return oriented(encoded(page, quality=93), 6)


def a_scan(seed=1, category="identity"):
    return draw.draw(category, seed=seed)


def a_file(content, name="scan.jpg", kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": content}


def choose(page, *files, category="identity"):
    page.click(f"[data-dialog=upload-{category}]:not([data-replaces])")
    page.set_input_files(f"#images-{category}", list(files))


def send(page, category="identity"):
    page.click(f"#upload-{category} button[type=submit]")


def tiles(page, category="identity"):
    return page.locator(f"section#{category} .tile img")


def stored(category="identity"):
    return list(MaterialImage.objects.filter(category=category, removed_at=None).order_by("position"))


def pixels(image):
    return Image.open(io.BytesIO(sealing.read(image.application, image.file))).convert("RGB")


def test_a_large_turned_phone_photo_is_made_to_fit_and_stands_upright(application, person):
    candidate = arrived(person(PHONE), application)
    photo = a_phone_photo()
    assert len(photo) > 3_000_000
    choose(candidate.page, a_file(photo, "IMG_2041.jpg"), a_file(b"GIF89a", "note.gif", "image/gif"))
    expect(candidate.page.locator("#upload-identity .queue-preview:not([hidden])")).to_have_count(1)
    candidate.fits("materials-chosen")
    send(candidate.page)
    expect(tiles(candidate.page)).to_have_count(1, timeout=60_000)
    sizes = candidate.page.inner_text("#upload-identity .queue li:first-child .figure")
    candidate.fits("materials-made-to-fit")
    image = stored()[0]
    before, _, after = sizes.partition(" → ")
    assert (before, after.endswith(" KB"), 0 < float(after[:-3]) <= 200) == (f"{len(photo) / 2**20:.1f} MB", True, True)
    assert (image.height > image.width, image.height >= 1600, image.size <= 204_800) == (True, True, True)
    red, green, blue = pixels(image).getpixel((20, 20))
    assert red > 150 > 90 > max(green, blue)
    candidate.complaints.clear()  # the console tells of the refused file itself


def a_large_scan():
    """Above 600 KB; a try or two make it fit."""
    return encoded(Image.open(io.BytesIO(a_scan())).convert("RGB"), quality=100, subsampling=0)


def test_a_picture_is_made_smaller_beside_the_page(candidate):
    page, workers = candidate.page, []
    page.on("worker", lambda worker: workers.append(worker.url.rpartition("/")[2]))
    choose(page, a_file(a_large_scan()))
    send(page)
    expect(tiles(page)).to_have_count(1)
    assert [name.partition(".")[0] for name in workers] == ["materials_worker"]


@pytest.mark.parametrize(
    "worker",
    [
        "class { constructor() { throw new Error('none'); } }",
        "class { postMessage() { this.onmessage({ data: { problem: 'no canvas' } }); } terminate() {} }",
    ],
)
def test_a_picture_is_made_smaller_in_the_page_where_a_browsers_worker_cannot(candidate, worker):
    page = candidate.page
    page.evaluate(f"() => {{ window.Worker = {worker}; }}")
    choose(page, a_file(a_large_scan()))
    send(page)
    expect(tiles(page)).to_have_count(1)


def test_a_picture_is_made_smaller_in_the_page_where_a_worker_never_answers(candidate):
    page = candidate.page
    page.clock.install()
    page.evaluate("() => { window.Worker = class { postMessage() {} terminate() {} }; }")
    choose(page, a_file(a_large_scan()))
    send(page)
    expect(page.locator("#upload-identity .queue-note")).to_have_text("正在缩小")
    page.clock.fast_forward(13_000)
    expect(tiles(page)).to_have_count(1)


def test_a_picture_is_turned_and_cropped_before_it_is_sent(candidate):
    page = candidate.page
    with Image.open(io.BytesIO(a_scan())) as scan:
        width, height = scan.size
    choose(page, a_file(a_scan()), a_file(a_scan(2), "two.jpg"), a_file(a_scan(3), "three.jpg"))
    page.get_by_label("转 90°：scan.jpg").click()
    expect(page.locator(".queue-note").first).to_have_text("已向右转 90°，等待上传")
    page.get_by_label("裁剪 two.jpg").press("Enter")
    expect(page.locator("[data-crop] .cropper-crop-box")).to_be_visible()
    left = page.get_by_label("左边裁去")
    for _ in range(50):
        left.press("ArrowRight")  # half a hundredth each
    candidate.fits("materials-crop")
    page.get_by_text("用裁剪后的图片").press("Enter")
    expect(page.locator(".queue-note").nth(1)).to_have_text("已裁剪，等待上传")
    page.get_by_label("不传 three.jpg").click()
    send(page)
    expect(tiles(page)).to_have_count(2)
    turned, cropped = stored()
    assert (turned.width, turned.height) == (height, width)
    assert (abs(cropped.width - width * 0.75) <= 4, abs(cropped.height - height) <= 4) == (True, True)


def test_what_cuts_is_there_though_the_network_goes_once_a_file_is_chosen(candidate):
    page = candidate.page
    with page.expect_request_finished(lambda request: "/cropper.min" in request.url and request.url.endswith(".js")):
        choose(page, a_file(a_scan()))
    expect(page.locator(".queue-preview")).to_be_visible()  # what draws has come too
    page.context.set_offline(True)
    page.get_by_label("裁剪 scan.jpg").press("Enter")
    expect(page.locator("[data-crop] .cropper-crop-box")).to_be_visible()
    page.context.set_offline(False)


def test_that_what_cuts_was_not_fetched_is_said_and_it_is_fetched_the_next_time(candidate):
    page = candidate.page
    page.route("**/cropper.min*.js", lambda route: route.abort())
    choose(page, a_file(a_scan()))
    page.get_by_label("裁剪 scan.jpg").press("Enter")
    said = "裁剪工具没有下载下来：请在网络恢复后再按一次“裁剪”，或直接上传。"
    expect(page.locator(".queue-note")).to_have_text(said)
    page.unroute("**/cropper.min*.js")
    candidate.complaints.clear()  # the console tells of the cut itself
    page.get_by_label("裁剪 scan.jpg").press("Enter")
    expect(page.locator("[data-crop] .cropper-crop-box")).to_be_visible()


@pytest.mark.parametrize("label", ["裁剪 scan.jpg", "拉直 scan.jpg"])
def test_a_picture_is_sent_though_what_would_work_on_it_never_came(candidate, label):
    page = candidate.page
    page.route("**/materials_cropping*.js", lambda route: route.abort())
    choose(page, a_file(a_scan()))
    page.get_by_label(label).press("Enter")
    expect(page.locator(".queue-note")).to_have_text(
        "裁剪工具没有下载下来：请在网络恢复后再按一次“裁剪”或“拉直”，或直接上传。"
    )
    send(page)
    expect(tiles(page)).to_have_count(1)
    candidate.complaints.clear()  # the console tells of the cut itself


def test_every_turn_counts_also_those_just_before_sending(candidate):
    scan = Image.open(io.BytesIO(a_scan(category="probation"))).convert("RGB")
    scan.paste("#d00000", (0, 0, 60, 60))
    page = candidate.page
    choose(page, a_file(encoded(scan, quality=60)), a_file(a_scan(), "once.jpg"))
    page.evaluate("""() => {
        const [twice, once] = document.querySelectorAll("#upload-identity .queue li");
        const turn = (line) => line.querySelector(".queue-acts button").click();
        [twice, twice, once].forEach(turn);
        document.querySelector("#upload-identity button[type=submit]").click();
    }""")
    expect(tiles(page)).to_have_count(2)
    twice, once = stored()
    red, green, blue = pixels(twice).getpixel((twice.width - 20, twice.height - 20))
    assert (twice.width, twice.height, red > 150 > 90 > max(green, blue)) == (*scan.size, True)
    with Image.open(io.BytesIO(a_scan())) as original:
        assert (once.height, once.width) == original.size


def test_a_file_that_breaks_off_is_refused_before_a_browser_paints_over_it(candidate):
    scan = Image.open(io.BytesIO(a_scan(category="probation"))).convert("RGB")
    scan = Image.blend(scan, Image.effect_noise(scan.size, 40).convert("RGB"), 0.15)
    jpeg, png = encoded(scan, quality=98), encoded(scan.resize((700, 700)), "PNG")
    two_in_one = jpeg + jpeg[:5000]  # as phones write it: a second picture behind the end of the first
    assert min(len(jpeg), len(png)) // 2 > 200_000
    page = candidate.page
    choose(page, *map(a_file, (jpeg[: len(jpeg) // 2], png[: len(png) // 2], two_in_one), ("1.jpg", "2.png", "3.jpg")))
    words = corrupt("文件在图像结束之前就断了").sentence
    notes = page.locator("#upload-identity .queue-note")
    expect(notes).to_have_text([words, words, "等待上传"])
    candidate.fits("materials-breaks-off")
    send(page)
    expect(notes).to_have_text([f"没有上传：{words}", f"没有上传：{words}", "已上传。"])
    expect(tiles(page)).to_have_count(1)
    assert page.get_by_text("重试", exact=True).count() == 0


def test_a_stored_picture_that_lies_on_its_side_is_turned_in_place(candidate):
    page, scan = candidate.page, Image.open(io.BytesIO(a_scan(category="probation")))
    lying = encoded(scan.transpose(Image.Transpose.ROTATE_90), quality=60)
    choose(page, a_file(lying))
    send(page)
    expect(tiles(page)).to_have_count(1)
    page.click("section#identity [data-picture]")
    expect(page.locator("#upload-identity .queue-note")).to_have_text("请点“转 90°”，直到图片端正，再点“提交”。")
    candidate.fits("materials-turn-stored")
    page.get_by_label("转 90°").click()
    expect(page.locator("#upload-identity .queue-note")).to_have_text("已向右转 90°，等待上传")
    send(page)
    expect(page.locator("#upload-identity")).to_be_hidden()
    (image,) = stored()
    assert (image.width, image.height) == scan.size


def test_pictures_are_pasted_dropped_and_taken_by_the_camera(application, person):
    candidate = arrived(person(PHONE), application)
    page = candidate.page
    page.click("[data-dialog=upload-identity]")
    for kind, seed in (("paste", 1), ("drop", 2)):
        page.evaluate(
            """([kind, bytes]) => {
                const files = new DataTransfer();
                files.items.add(new File([new Uint8Array(bytes)], `${kind}.jpg`, {type: "image/jpeg"}));
                const event = kind === "paste"
                    ? new ClipboardEvent(kind, {clipboardData: files, bubbles: true})
                    : new DragEvent(kind, {dataTransfer: files, bubbles: true, cancelable: true});
                document.querySelector("#upload-identity form").dispatchEvent(event);
            }""",
            [kind, list(a_scan(seed))],
        )
    camera = page.locator("#upload-identity [data-camera]")
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files([a_file(a_scan(3), "camera.jpg")])
    assert page.locator("#upload-identity .queue-name > span:first-child").all_inner_texts() == [
        "paste.jpg",
        "drop.jpg",
        "camera.jpg",
    ]
    send(page)
    expect(tiles(page)).to_have_count(3)


def test_an_upload_cut_off_loses_only_itself_and_is_tried_again(candidate):
    page = candidate.page
    cut = [False, True, False]
    page.route("**/materials/identity/*", lambda route: route.abort() if cut.pop(0) else route.continue_())
    choose(page, *[a_file(a_scan(seed), f"{seed}.jpg") for seed in (1, 2, 3)])
    send(page)
    expect(tiles(page)).to_have_count(2)
    candidate.fits("materials-cut-off")
    notes = page.locator("#upload-identity .queue-note").all_inner_texts()
    assert notes == ["已上传。", "没有上传：网络中断，没有传完。请检查网络后点“重试”。", "已上传。"]
    page.unroute("**/materials/identity/*")
    page.get_by_label("重试 2.jpg").press("Enter")
    expect(tiles(page)).to_have_count(3)
    assert [one.warnings for one in stored()] == [[], [], []]
    candidate.complaints.clear()  # the console tells of the cut itself


def test_on_a_phone_the_count_opens_links_to_all_that_is_missing(application, person):
    candidate = arrived(person(PHONE), application)
    page = candidate.page
    links = page.locator("#action-bar a:visible")
    page.get_by_text("还缺 4 类").locator("visible=true").click()
    assert links.all_inner_texts() == [
        "本人有效身份证明",
        "毕业证书",
        "医师资格考试试用期考核证明",
        "医疗机构执业许可证",
    ]
    shot(page, "materials-missing-390")
    links.last.press("Tab")
    expect(links).to_have_count(0)
    page.get_by_text("还缺 4 类").locator("visible=true").press("Enter")
    links.last.click()
    expect(links).to_have_count(0)
    expect(page.locator("#institution_licence")).to_be_in_viewport()
    candidate.fits("materials-bar")


def test_a_file_goes_where_the_sheet_it_was_sent_from_said(candidate):
    page, sheet, held = candidate.page, candidate.page.locator("#upload-identity"), []
    refused = a_file(b"GIF89a", "refused.gif", "image/gif")
    choose(page, a_file(a_scan(1)))
    send(page)
    expect(tiles(page)).to_have_count(1)
    (first,) = stored()
    page.route("**/materials/identity/*", lambda route: route.continue_() if held else held.append(route))
    choose(page, refused, a_file(a_scan(2)))
    send(page)
    expect(sheet.get_by_text("正在上传")).to_be_attached()
    with page.expect_event("dialog") as leaving:
        page.evaluate("setTimeout(() => location.assign('/'))")
    leaving.value.dismiss()
    sheet.get_by_text("关闭").click()
    page.click("section#identity [data-replaces]")  # while the second file waits for the first one's answer
    sheet.get_by_text("关闭").click()
    held[0].continue_()
    expect(tiles(page)).to_have_count(2)
    expect(page.locator("section#identity .notice-error")).to_contain_text("1 个文件没有上传。")
    assert (stored()[0], len(stored())) == (first, 2)
    # the other way round: what replaces goes on doing so when the sheet is opened for something else
    held.clear()
    page.locator("section#identity [data-replaces]").first.click()
    page.set_input_files("#images-identity", [refused, a_file(a_scan(3))])
    send(page)
    expect(sheet.get_by_text("正在上传")).to_be_attached()
    sheet.get_by_text("关闭").click()
    page.click("[data-dialog=upload-identity]:not([data-replaces])")
    held[0].continue_()
    expect(sheet.locator(".queue-note").last).to_have_text("已上传。")
    expect(page.locator(f"#image-{first.pk}")).to_have_count(0)
    assert len(stored()) == 2
    candidate.complaints.clear()  # the console tells of the refused files itself


def test_what_happens_is_told_in_the_sheet_that_is_open(candidate):
    page = candidate.page
    told = page.locator("#upload-identity [data-announce] p")
    choose(page, a_file(a_scan()), a_file(b"\0\0\0\x18ftypheic", "IMG_1.HEIC", "image/heic"))
    expect(told).to_have_count(2)
    page.get_by_label("转 90°：scan.jpg").click()
    expect(told).to_have_count(3)
    page.get_by_label("裁剪 scan.jpg").click()
    page.click("[data-crop] [data-turn]")
    expect(page.locator("[data-crop] [data-announce] p")).to_have_text(["已向右转 90°。"])
    page.click("[data-crop] [data-close]")
    send(page)
    expect(told).to_have_count(6)
    chosen, advice, turned, uploaded, refused, total = told.all_inner_texts()
    assert (chosen, turned) == ("已选取 2 个文件，点“提交”上传。", "scan.jpg已向右转 90°。")
    assert advice.startswith("IMG_1.HEIC：这是 HEIC 照片")
    assert (uploaded[:9], refused[:16]) == ("scan.jpg：", "IMG_1.HEIC：没有上传：")
    assert total == "2 个文件中，1 个已上传，1 个没有上传，原因见列表。"
    candidate.complaints.clear()  # the console tells of the refused file itself


def test_after_a_login_in_another_window_the_same_page_goes_on(application, candidate):
    page = candidate.page
    choose(page, a_file(a_scan()))
    candidate.context.clear_cookies()
    send(page)
    note = page.locator("#upload-identity .queue-note")
    expect(note).to_have_text("没有上传：登录已过期：请在新窗口登录后，再点“重试”。")
    other = Person(candidate.context, candidate.base)
    other.log_in(application.account.mobile, PASSWORD)
    page.get_by_label("重试 scan.jpg").press("Enter")
    assert page.evaluate("document.activeElement.matches('#upload-identity .queue li')")
    expect(note).to_have_text("已上传。")
    expect(tiles(page)).to_have_count(1)
    assert page.evaluate("document.activeElement.matches('#upload-identity .queue li')")
    candidate.complaints.clear()  # the console tells of the refusal itself


def test_a_file_does_not_go_to_somebody_else_who_has_logged_in_here(application, candidate):
    page, somebody = candidate.page, make_application("registered", session=application.session)
    choose(page, a_file(a_scan()))
    candidate.context.clear_cookies()
    Person(candidate.context, candidate.base).log_in(somebody.account.mobile, PASSWORD)
    send(page)
    words = "没有上传：这个浏览器现在登录的是另一个账号。请刷新页面后再操作。"
    expect(page.locator("#upload-identity .queue-note")).to_have_text(words)
    assert stored() == []


def test_a_move_that_was_not_made_is_not_told_as_one(candidate):
    page = candidate.page
    choose(page, a_file(a_scan(1)), a_file(a_scan(2)))
    send(page)
    expect(tiles(page)).to_have_count(2)
    before = stored()
    complaint = page.locator("section#identity .notice-error")
    cookies = candidate.context.cookies()
    candidate.context.clear_cookies()
    page.click("section#identity [value=later]")
    expect(complaint).to_have_text("未完成次序没有改变。登录已过期：请在新窗口登录后，再点一次。")
    candidate.fits("materials-not-moved")
    candidate.context.add_cookies(cookies)
    MaterialImage.objects.filter(pk=before[0].pk).delete()
    page.click("section#identity [value=later]")
    expect(complaint).to_have_text("未完成这张图片已经不在了，可能已在别的窗口删除。")
    expect(tiles(page)).to_have_count(1)
    told = page.locator("[data-materials] ~ [data-announce] p").all_inner_texts()
    assert told[-2:] == [
        "次序没有改变。登录已过期：请在新窗口登录后，再点一次。",
        "这张图片已经不在了，可能已在别的窗口删除。",
    ]
    candidate.complaints.clear()  # the console tells of the refusals itself


def test_a_heic_that_cannot_be_decoded_gets_advice_before_anything_is_sent(candidate):
    page = candidate.page
    choose(page, a_file(b"\0\0\0\x18ftypheic" + bytes(300_000), "IMG_1.jpg", "image/jpeg"))
    advice = (
        "这是 HEIC 照片，这个浏览器读不了。请在手机上把照片导出为 JPEG（或截屏）后再上传，"
        "或换新版的 Chrome、Edge、Safari 浏览器。"
    )
    expect(page.locator("#upload-identity .queue-note")).to_have_text(advice)
    send(page)
    expect(page.locator("#upload-identity .queue-note")).to_have_text(f"没有上传：{advice}")
    assert stored() == []


@pytest.mark.parametrize("script", [True, False])
def test_the_order_is_changed_by_buttons_with_and_without_a_script(application, person, script):
    first = arrived(person(), application)
    choose(first.page, *[a_file(a_scan(seed), f"{seed}.jpg") for seed in (1, 2, 3)])
    send(first.page)
    expect(tiles(first.page)).to_have_count(3)
    one, two, three = stored()
    page = first.page if script else arrived(person(script=False), application).page
    page.locator(f"#image-{three.pk}").get_by_text("前移").press("Enter")
    expect(page.locator("section#identity .tile").nth(1)).to_have_attribute("id", f"image-{three.pk}")
    assert stored() == [one, three, two]
    if script:
        assert page.evaluate("document.activeElement.value") == "earlier"
        first.fits("materials-order")


# --- 提交审核 ---

CHECK = "/materials/submit/"


def press_submit(page):
    page.locator("[data-submit] button").click()


@pytest.fixture
def held(candidate):
    """Return the uploads to `identity`, which wait until the test lets them go on: each is a route."""
    routes = []
    candidate.page.route("**/materials/identity/*", lambda route: routes.append(route))
    return routes


def let_go(page, held, count):
    """Lets so many uploads go on, one after the other as they come."""
    for _ in range(count):
        until_sent(page, held)
        held.pop(0).continue_()


def test_submitting_waits_for_every_picture_and_goes_on_by_itself(candidate, held):
    page = candidate.page
    choose(page, *[a_file(a_scan(seed), f"{seed}.jpg") for seed in range(6)])
    send(page)
    page.click("#upload-identity .sheet-close")
    note, button = page.locator("[data-submit-note]"), page.locator("[data-submit] button")
    expect(note).to_have_text("还有 6 张正在上传")
    press_submit(page)
    expect(button).to_have_text("还有 6 张正在上传，传完后自动继续")
    candidate.fits("materials-submit-waits")
    let_go(page, held, 1)
    expect(button).to_have_text("还有 5 张正在上传，传完后自动继续")
    button.click()  # an impatient thumb changes nothing
    let_go(page, held, 5)
    expect(page.locator("h1")).to_have_text("核对并提交")
    assert (page.url, tiles(page).count(), len(stored())) == (candidate.base + CHECK, 6, 6)


def test_where_a_picture_was_not_stored_submitting_stays_and_says_so(candidate, held):
    page = candidate.page
    choose(page, a_file(a_scan(1)), a_file(b"GIF89a", "note.gif", "image/gif"))
    send(page)
    page.click("#upload-identity .sheet-close")
    press_submit(page)
    let_go(page, held, 1)  # what is no picture is not even sent
    expect(page.locator("[data-submit-note]")).to_contain_text("1 个文件没有上传，所以没有继续提交")
    expect(page.locator("section#identity .notice-error")).to_contain_text("1 个文件没有上传。")
    expect(page.locator("[data-submit] button")).to_have_text("提交审核")
    candidate.fits("materials-submit-stays")
    press_submit(page)
    expect(page.locator("h1")).to_have_text("核对并提交")
    candidate.complaints.clear()  # the console tells of the refused file itself


def test_what_was_cut_off_and_is_tried_again_meanwhile_holds_nothing_back(candidate, held):
    page = candidate.page
    choose(page, *[a_file(a_scan(seed), f"{seed}.jpg") for seed in (1, 2)])
    send(page)
    until_sent(page, held)
    held.pop(0).abort()
    until_sent(page, held)  # the second is on its way
    page.get_by_label("重试 1.jpg").press("Enter")
    page.click("#upload-identity .sheet-close")
    press_submit(page)
    let_go(page, held, 2)
    expect(page.locator("h1")).to_have_text("核对并提交")
    candidate.complaints.clear()  # the console tells of the cut itself


def test_what_was_chosen_and_not_sent_is_kept_and_told(candidate):
    page = candidate.page
    choose(page, a_file(a_scan(1), "1.jpg"), a_file(a_scan(2), "2.jpg"))
    page.keyboard.press("Escape")
    expect(page.locator("section#identity .notice-error")).to_contain_text("已选取 2 个文件，还没有上传。")
    press_submit(page)
    expect(page.locator("[data-submit-note]")).to_contain_text("有 2 个选取的文件还没有上传")
    assert page.url.endswith("/materials/")
    page.click("[data-dialog=upload-identity]")
    send(page)
    expect(tiles(page)).to_have_count(2)
    page.click("[data-dialog=upload-identity]:not([data-replaces])")
    page.set_input_files("#images-identity", [a_file(a_scan(3), "3.jpg")])
    page.click("#upload-identity [data-discard]")  # 取消: not wanted
    press_submit(page)
    expect(page.locator("h1")).to_have_text("核对并提交")
    assert len(stored()) == 2


def test_the_page_before_the_lock_takes_pictures_and_moves_and_deletes_them(candidate):
    page = candidate.page
    candidate.open(CHECK)
    page.check("[name=declaration]")
    press_submit(page)
    expect(page.locator("#problems h2")).to_have_text("还不能提交审核：请先处理下面列出的事项。")
    choose(page, a_file(a_scan(1)), a_file(a_scan(2)), a_file(a_scan(3)))
    send(page)
    expect(tiles(page)).to_have_count(3)
    expect(page.locator("#problems li")).to_have_count(3)
    candidate.fits("materials-check-refused")
    one, two, three = stored()
    page.locator(f"#image-{one.pk} [value=later]").click()
    expect(page.locator("section#identity .tile").first).to_have_attribute("id", f"image-{two.pk}")
    assert page.locator("section#identity .notice-error").count() == 0
    page.locator(f"#image-{three.pk}").get_by_text("替换").click()
    page.set_input_files("#images-identity", [a_file(a_scan(4))])
    send(page)
    expect(page.locator(f"#image-{three.pk}")).to_have_count(0)
    page.locator(f"#image-{one.pk} .tile-remove").click()
    page.get_by_role("button", name="删除").click()
    expect(page.locator("h1")).to_have_text("核对并提交")
    assert (tiles(page).count(), len(stored())) == (2, 2)
    candidate.complaints.clear()  # the console tells of the refused submission itself


def test_reload_and_back_around_a_refused_submission_are_harmless(candidate):
    page = candidate.page
    press_submit(page)
    expect(page.locator("h1")).to_have_text("核对并提交")
    press_submit(page)
    expect(page.locator("#field_declaration .field-error")).to_contain_text("请先阅读并勾选这项承诺，再提交审核。")
    candidate.fits("materials-check-undeclared")
    page.goto(page.url)  # as an address that was kept
    expect(page.locator("h1")).to_have_text("核对并提交")
    page.go_back()
    expect(page.locator("h1")).to_have_text("核对并提交")
    page.get_by_role("link", name="返回修改").click()
    expect(page.locator("h1")).to_have_text("上传报名材料")
    candidate.complaints.clear()  # the console tells of the refused submission itself


def test_on_the_page_before_the_lock_new_pictures_are_looked_at_before_they_are_submitted(candidate, held):
    page = candidate.page
    candidate.open(CHECK)
    choose(page, a_file(a_scan(1)))
    send(page)
    page.click("#upload-identity .sheet-close")
    page.check("[name=declaration]")
    press_submit(page)
    expect(page.locator("[data-submit] button")).to_have_text("还有 1 张正在上传，传完后请再核对")
    let_go(page, held, 1)
    expect(page.locator("[data-submit-note]")).to_have_text("图片已传完，请核对后再提交。")
    expect(tiles(page)).to_have_count(1)


def test_without_a_script_everything_is_looked_at_once_more_too(application, person):
    somebody = arrived(person(PHONE, script=False), application)
    page = somebody.page
    page.get_by_role("button", name="提交审核").click()
    assert page.locator("#problems li").count() == 4
    page.click("section#identity .tile-add")
    page.set_input_files("#images-identity", [a_file(a_scan())])
    send(page)
    assert (page.url, tiles(page).count()) == (f"{somebody.base}{CHECK}#identity", 1)
    page.get_by_role("button", name="提交审核").click()
    assert page.locator("#field_declaration .field-error").count() == 1
    assert page.locator("[data-error-summary]").count() == 1
    somebody.complaints.clear()  # the console tells of the refused submission itself
