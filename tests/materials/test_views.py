"""The materials page, uploading, removing and submitting, as a browser and a script see them."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from candidates.applications.form import save_section
from candidates.applications.workflow import Actor
from candidates.models import Application, Unit
from materials import submitting, uploads
from materials.files.serving import stamp
from materials.models import MaterialImage, MaterialNotice
from materials.rules.catalogue import PICTURE_RULES
from materials.specimens import draw
from materials.views import upload
from review.cases.verdicts import Judgement, submitted_images
from tests import factories
from tests.asked import own_line

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
CHECK = "/materials/submit/"


def a_file(category="identity", name="scan.jpg", seed=1):
    return SimpleUploadedFile(name, draw.draw(category, seed=seed), "image/jpeg")


def of_bytes(content, name="scan.jpg"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def enter(client):
    """enter(application or account): the client is logged in as that person."""

    def log_in(who):
        account = who.account if isinstance(who, Application) else who
        client.force_login(account, backend="candidates.accounts.auth.LoginNameBackend")
        return client

    return log_in


@pytest.fixture
def application():
    return factories.make_application("registered")


@pytest.fixture
def candidate(enter, application):
    return enter(application)


def page_of(client, address="/materials/"):
    return unescape(client.get(address).content.decode())


def card(text, category):
    """The part of the page that is this category's card."""
    return re.search(rf'<section class="card category[^>]*id="{category}".*?</section>', text, re.S)[0]


def codes(answer):
    return [error["code"] for error in answer.json()["errors"]]


# --- uploading -------------------------------------------------------------------------------------------------------


def test_an_upload_answers_json_with_the_stored_picture(candidate):
    answer = candidate.post("/materials/identity/", {"images": a_file()}, headers=JSON)
    image = MaterialImage.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "images": [
                {
                    "id": str(image.id),
                    "url": f"/materials/images/{image.id}/",
                    "thumbnail": f"/materials/images/{image.id}/thumbnail/{stamp(candidate.session, image)}/",
                    "warnings": [],
                }
            ],
            "errors": [],
        },
    )


def test_each_refused_file_gets_its_sentence_and_the_others_are_stored(candidate):
    files = [a_file(), of_bytes(b"", "empty.jpg"), of_bytes(b"%PDF-1.7", "scan.pdf"), a_file(name="again.jpg")]
    answer = candidate.post("/materials/identity/", {"images": files}, headers=JSON)
    errors = [(error["file"], error["code"]) for error in answer.json()["errors"]]
    assert answer.status_code == 201
    assert MaterialImage.objects.count() == 1
    assert errors == [("empty.jpg", "empty"), ("scan.pdf", "not_an_image"), ("again.jpg", "duplicate")]


def test_where_no_file_was_stored_the_answer_is_422(candidate):
    answer = candidate.post("/materials/identity/", {"images": of_bytes(b"GIF89a", "a.gif")}, headers=JSON)
    assert (answer.status_code, answer.json()["images"], codes(answer)) == (422, [], ["not_an_image"])


def test_a_file_above_the_limit_is_told_its_own_size(candidate):
    answer = candidate.post("/materials/identity/", {"images": of_bytes(b"\xff\xd8" + b"0" * 409_598)}, headers=JSON)
    assert codes(answer) == ["too_large"]
    assert answer.json()["errors"][0]["message"].startswith("这个文件有 400 KB，")


def test_an_upload_without_a_file_says_what_to_do(candidate):
    answer = candidate.post("/materials/identity/", headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"file": None, "code": "empty", "message": "没有收到图片：请先选取文件，再点击“提交”。"}
    ]


def test_a_body_above_the_servers_limit_answers_413(candidate, settings):
    settings.MAX_BODY = 1000
    answer = candidate.post("/materials/identity/", {"images": a_file()}, headers=JSON)
    assert (answer.status_code, answer.json()["images"], answer.json()["errors"][0]["file"]) == (413, [], None)


def test_a_storage_that_fails_answers_503(candidate, media_root):
    media_root.mkdir(exist_ok=True)
    (media_root / "images").write_text("not a folder")
    answer = candidate.post("/materials/identity/", {"images": a_file()}, headers=JSON)
    assert (answer.status_code, codes(answer)) == (503, ["storage_unavailable"])
    assert answer["Retry-After"] == "30"


def test_the_smallest_side_is_a_setting(candidate, settings):
    settings.PICTURE_MIN_SIDE = 2000
    answer = candidate.post("/materials/identity/", {"images": a_file()}, headers=JSON)
    assert codes(answer) == ["too_small"]


@pytest.mark.parametrize(
    ("status", "category", "code"),
    [
        ("registered", "military", "hidden_category"),
        ("draft", "identity", "locked"),
        ("point_review", "identity", "locked"),
        ("returned", "identity", "locked"),
    ],
)
def test_what_is_hidden_or_locked_is_refused_as_a_whole(enter, status, category, code):
    client = enter(factories.make_application(status))
    before = MaterialImage.objects.count()
    answer = client.post(f"/materials/{category}/", {"images": a_file()}, headers=JSON)
    assert (answer.status_code, codes(answer), answer.json()["errors"][0]["file"]) == (422, [code], None)
    assert MaterialImage.objects.count() == before


def test_outside_the_window_the_date_is_said(candidate, application):
    session = application.session
    session.upload_closes = session.upload_opens + (session.upload_closes - session.upload_opens) / 1000
    session.save()
    answer = candidate.post("/materials/identity/", {"images": a_file()}, headers=JSON)
    assert codes(answer) == ["window_closed"]
    assert "上传材料已于" in answer.json()["errors"][0]["message"]


def test_a_warning_is_a_sentence_that_names_the_other_category(candidate):
    candidate.post("/materials/identity/", {"images": a_file()})
    answer = candidate.post("/materials/diploma/", {"images": a_file()}, headers=JSON)
    assert answer.json()["images"][0]["warnings"] == ["与“本人有效身份证明”中的一张图片完全相同，请确认没有放错类别。"]


def test_the_first_of_several_files_takes_the_place_of_the_replaced_one(candidate, application):
    candidate.post("/materials/identity/", {"images": [a_file(seed=1), a_file(seed=2)]})
    old, second = MaterialImage.objects.order_by("position")
    files = [of_bytes(b"x"), a_file(seed=3), a_file(seed=4)]
    answer = candidate.post("/materials/identity/", {"images": files, "replaces": str(old.pk)}, headers=JSON)
    three, four = (image["id"] for image in answer.json()["images"])
    assert [str(one.pk) for one in uploads.Desk.of(application).images] == [three, str(second.pk), four]


def test_a_request_whose_pictures_take_too_long_says_which_are_to_be_sent_again(candidate, monkeypatch):
    times = iter([0, 0, 30])  # when it begins, before the first picture, before the second
    monkeypatch.setattr(upload, "monotonic", lambda: next(times))
    answer = candidate.post("/materials/identity/", {"images": [a_file(seed=seed) for seed in (1, 2, 3)]}, headers=JSON)
    assert (answer.status_code, len(answer.json()["images"])) == (201, 1)
    assert [(one["code"], "再上传一次" in one["message"]) for one in answer.json()["errors"]] == [
        ("storage_unavailable", True)
    ] * 2


def test_nonsense_in_replaces_stores_nothing(candidate):
    answer = candidate.post("/materials/identity/", {"images": a_file(), "replaces": "1 OR 1"}, headers=JSON)
    assert answer.status_code == 422
    assert codes(answer) == ["locked"]
    assert MaterialImage.objects.count() == 0


def test_what_is_submitted_while_its_bytes_are_looked_at_refuses_the_picture(candidate, application, monkeypatch):
    look = uploads.check

    def submit_meanwhile(*received, **words):
        submitting.submit(application.pk, actor=Actor.of(application.account), declared=True)
        return look(*received, **words)

    factories.upload_required(application)
    before = MaterialImage.objects.count()
    monkeypatch.setattr(uploads, "check", submit_meanwhile)
    answer = candidate.post("/materials/identity/", {"images": a_file(seed=9)}, headers=JSON)
    assert answer.status_code == 422
    assert codes(answer) == ["locked"]
    assert MaterialImage.objects.count() == before


def test_a_browser_is_led_back_to_the_card_that_says_what_happened(candidate):
    files = [a_file(), of_bytes(b"GIF89a", "身份证.gif")]
    answer = candidate.post("/materials/identity/", {"images": files})
    text = card(page_of(candidate), "identity")
    assert (answer.status_code, answer["Location"]) == (302, "/materials/#identity")
    assert "已上传 1 张图片。" in text
    assert "“身份证.gif”没有上传：这个文件是 GIF 图片，不是 JPEG 或 PNG" in text
    assert "身份证.gif" not in page_of(candidate)


def test_uploading_needs_a_login_a_post_and_a_known_category(client, enter, application):
    assert client.post("/materials/identity/")["Location"] == "/login/?next=/materials/identity/"
    enter(application)
    assert client.get("/materials/identity/").status_code == 405
    assert client.post("/materials/nonsense/", {"images": a_file()}).status_code == 404


@pytest.mark.parametrize("address", ["/materials/", "/materials/identity/", "/materials/submit/"])
def test_reviewers_and_operators_find_nothing_here(enter, address):
    unit = factories.make_units()["1101001"]
    answers = [enter(who).post(address) for who in (factories.make_reviewer(unit), factories.make_operator())]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_candidate_without_an_application_finds_nothing(enter):
    client = enter(factories.make_candidate())
    assert [client.get("/materials/").status_code, client.post("/materials/submit/").status_code] == [404, 404]


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_has_a_card_for_each_category_of_the_profile(candidate):
    text = page_of(candidate)
    assert re.findall(r'<section class="card category[^>]*id="([^"]+)"', text) == [
        "identity",
        "diploma",
        "education_proof",
        "probation",
        "institution_licence",
        "other",
    ]
    assert "还缺 4 类" in text


def test_every_upload_dialog_has_the_picture_rules_word_for_word(candidate):
    dialogs = re.findall(r'<dialog class="sheet" id="upload-.*?</dialog>', page_of(candidate), re.S)
    assert [PICTURE_RULES in dialog for dialog in dialogs] == [True] * 6


def test_a_card_says_why_and_what_must_be_legible(candidate):
    text = card(page_of(candidate), "institution_licence")
    assert "必须 · 缺" in text
    assert "因为您的工作单位是医疗机构" in text
    assert "机构名称、登记号、法定代表人、有效期限和公章清晰可辨" in text


def test_a_notices_words_stand_in_the_card(candidate):
    MaterialNotice.objects.create(unit=Unit.objects.get(code="11"), category="other", required=True, words="社保证明")
    text = card(page_of(candidate), "other")
    assert "社保证明" in text
    assert "必须 · 缺" in text


def test_a_regions_papers_stand_in_other_and_a_sites_in_what_is_brought(candidate):
    own_line("11", "录取名单", upload="required", remark="盖章", conditions=["assistant"])
    own_line("1101", "在岗证明")
    text = page_of(candidate)
    assert "必须 · 缺" in card(text, "other")
    assert '录取名单（北京考区要求）<span class="soft">：因为您报考执业助理医师；盖章</span>' in card(text, "other")
    brought = re.search(r'<details class="card bring-list" open>.*?</details>', text, re.S)[0]
    assert ("现场审核携带的材料（8 项）" in brought, "在岗证明（北京第一考点要求）" in brought) == (True, True)


def test_what_is_brought_is_folded_where_nobody_asks_for_more(candidate):
    assert '<details class="card bring-list">' in page_of(candidate)


def test_after_the_lock_the_page_shows_the_list_that_was_submitted(enter):
    application = factories.make_application("point_review")
    own_line("1101", "后来才要的", upload="required", copies=1)
    assert "后来才要的" not in page_of(enter(application))


def test_while_returned_a_paper_that_is_new_can_be_uploaded(enter):
    application = factories.make_application("returned")
    client = enter(application)
    assert re.findall(r'data-upload="(other)"', page_of(client)) == []
    own_line("1101", "后来才要的", upload="optional")
    assert re.findall(r'data-upload="(other)"', page_of(client)) == ["other"]


def test_after_the_first_picture_the_next_upload_stands_behind_it(candidate, application):
    candidate.post("/materials/identity/", {"images": a_file()})
    image = MaterialImage.objects.get()
    text = card(page_of(candidate), "identity")
    places = [text.index(f'id="image-{image.pk}"'), text.index(f"/materials/images/{image.pk}/delete/")]
    assert [*places, text.index('class="tile-add"')] == sorted([*places, text.index('class="tile-add"')])
    assert "删除“本人有效身份证明”第 1 张" in text


def test_pictures_that_are_not_needed_any_more_stay_in_sight_and_removable(candidate, application):
    candidate.post("/materials/institution_licence/", {"images": a_file("institution_licence")})
    image = MaterialImage.objects.get()
    MaterialImage.objects.update(category="military")  # as after a change of the form that hides the category
    text = card(page_of(candidate), "military")
    assert "不再需要" in text
    assert f"/materials/images/{image.pk}/delete/" in text
    assert 'class="tile-add"' not in text


def test_a_locked_page_offers_nothing_to_change(enter):
    text = page_of(enter(factories.make_application("point_review")))
    assert "上报完成，内容已锁定" in text
    assert re.findall(r"/delete/|tile-add|data-upload|/materials/submit/", text) == []


def test_while_owed_the_locked_page_takes_the_owed_paper_only(enter):
    session = factories.make_session()
    graduated = date(session.year - 1, 7, 1)
    client = enter(factories.make_application("point_review", fresh_graduate=True, graduated_on=graduated))
    text = page_of(client)
    assert re.findall(r'data-upload="(\w+)"', text) == ["probation"]
    assert f"最迟 {session.year} 年 8 月 31 日 24:00" in card(text, "probation")


def test_a_returned_page_says_at_each_place_what_is_wrong_and_what_has_passed(enter):
    application = factories.make_application("point_review")
    verdicts = {
        image.id: Judgement("not_ok", "印章看不清") if image.category == "diploma" else Judgement("ok")
        for image in submitted_images(application)
    }
    factories._returned(application, verdicts=verdicts, categories={"probation": "缺第二页"})
    text = page_of(enter(application))
    assert ["印章看不清" in card(text, "diploma"), "缺第二页" in card(text, "probation")] == [True, True]
    assert ["已通过" in card(text, code) for code in ("identity", "diploma")] == [True, False]
    assert re.findall(r'data-upload="(\w+)"', text) == ["diploma", "probation"]


def test_verdicts_of_a_review_that_goes_on_are_not_shown(enter):
    text = page_of(enter(factories.make_application("site_review")))
    assert "已通过" not in text


def test_a_draft_is_led_to_the_form(enter):
    text = page_of(enter(factories.make_application("draft")))
    assert "请先填完报名表" in text
    assert "tile-add" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_as_often_with_one_picture_as_with_three(
    candidate, django_assert_num_queries, count
):
    candidate.post("/materials/identity/", {"images": [a_file(seed=seed) for seed in range(count)]})
    candidate.get("/materials/")
    with django_assert_num_queries(6):
        candidate.get("/materials/")


def test_the_dialog_says_which_picture_the_next_one_replaces(candidate, image):
    text = page_of(candidate, f"/materials/?replaces={image.pk}")
    assert re.findall(r'name="replaces" value="([^"]+)"', text) == [str(image.pk)]
    assert [page_of(candidate, f"/materials/?replaces={asked}").count(str(image.pk)) for asked in ("x", "")] == [
        page_of(candidate).count(str(image.pk))
    ] * 2


# --- removing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def image(application):
    return uploads.add_image(application.pk, "identity", factories.a_picture(), actor=Actor.of(application.account))


def test_removing_is_asked_once_and_then_done(candidate, image):
    asked = candidate.get(f"/materials/images/{image.pk}/delete/")
    assert asked.status_code == 200
    assert MaterialImage.objects.filter(removed_at=None).count() == 1
    done = candidate.post(f"/materials/images/{image.pk}/delete/")
    assert (done["Location"], MaterialImage.objects.filter(removed_at=None).count()) == ("/materials/#identity", 0)
    assert "图片已删除。" in card(page_of(candidate), "identity")


def test_removing_what_is_gone_says_so(candidate, image):
    answers = [candidate.post(f"/materials/images/{image.pk}/delete/") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert "这张图片已经删除。" in card(page_of(candidate), "identity")


def test_a_locked_picture_is_not_removed(enter):
    application = factories.make_application("point_review")
    image = submitted_images(application)[0]
    client = enter(application)
    answers = [
        client.get(f"/materials/images/{image.pk}/delete/"),
        client.post(f"/materials/images/{image.pk}/delete/"),
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert "上报完成，内容已锁定" in answers[1].content.decode()
    assert MaterialImage.objects.get(pk=image.pk).removed_at is None


def test_nobody_else_reaches_the_removal(enter, image):
    unit = factories.make_units()["1101001"]
    people = [factories.make_candidate(), factories.make_reviewer(unit), factories.make_operator()]
    address = f"/materials/images/{image.pk}/delete/"
    assert [enter(who).post(address).status_code for who in people] == [404, 404, 404]
    assert MaterialImage.objects.get().removed_at is None


# --- submitting ------------------------------------------------------------------------------------------------------


@pytest.fixture
def complete(application):
    """Every document has its picture: nothing to ask before submitting."""
    factories.upload_required(application)
    uploads.add_image(
        application.pk, "identity", factories.a_picture("identity-back"), actor=Actor.of(application.account)
    )
    return application


def submitted(client, seen="", **options):
    """The answer to 提交审核, the declaration ticked."""
    return client.post(CHECK, {"seen": seen, "declaration": "on"}, **options)


def test_submitting_locks_and_says_so(candidate, complete):
    answer = submitted(candidate, complete.last_record_id, follow=True)
    assert answer.redirect_chain == [("/materials/", 302)]
    assert "上报完成，内容已锁定" in answer.content.decode()
    assert Application.objects.get().status == "point_review"


def test_what_is_missing_is_listed_with_links_to_the_cards(candidate):
    answer = submitted(candidate, follow=True)
    summary = re.search(r'id="problems".*?</ul>', answer.content.decode(), re.S)[0]
    assert answer.redirect_chain == [(CHECK, 302)]  # no browser goes back to a page drawn at its POST
    assert re.findall(r'href="#(\w+)"', summary) == ["identity", "diploma", "probation", "institution_licence"]
    assert Application.objects.get().status == "registered"


def test_a_form_in_conflict_is_listed_with_a_link_to_its_field(candidate, complete):
    actor = Actor.of(complete.account)
    values = {"fresh_graduate": True}
    save_section(complete.pk, "education", values, actor=actor, seen=complete.last_record_id)
    answer = submitted(candidate, follow=True)
    assert "/application/edit/?section=education#field_fresh_graduate" in answer.content.decode()


def test_fewer_pictures_than_documents_is_said_and_never_refused(candidate, application):
    factories.upload_required(application)  # one side of the identity card
    asked = card(page_of(candidate, CHECK), "identity")
    assert "应有 2 份材料，现在有 1 张图片" in asked
    submitted(candidate, application.last_record_id)
    assert Application.objects.get().status == "point_review"


def test_submitting_twice_says_that_it_is_done(candidate, complete):
    first, second = (submitted(candidate, complete.last_record_id, follow=True) for _ in range(2))
    assert (first.redirect_chain, second.redirect_chain) == ([("/materials/", 302)], [("/materials/", 302)])
    assert ["不必重复提交" in answer.content.decode() for answer in (first, second)] == [False, True]
    assert "不必重复提交" not in page_of(candidate)  # told once


def test_a_page_from_before_a_change_of_the_form_is_shown_anew(candidate, complete):
    actor = Actor.of(complete.account)
    seen = complete.last_record_id
    save_section(complete.pk, "basic", {"postcode": "100001"}, actor=actor, seen=seen)
    answer = submitted(candidate, seen, follow=True)
    assert answer.redirect_chain == [(CHECK, 302)]
    assert Application.objects.get().status == "registered"
    assert "您在另一个页面修改过报名表" in answer.content.decode()


def test_submitting_after_the_window_says_the_date(candidate, complete):
    session = complete.session
    session.upload_closes = session.upload_opens + (session.upload_closes - session.upload_opens) / 1000
    session.save()
    answer = submitted(candidate, follow=True)
    assert answer.redirect_chain == [("/materials/", 302)]
    assert Application.objects.get().status == "registered"
    assert "上传材料已于" in answer.content.decode()


# --- 核对并提交 ----------------------------------------------------------------------------------------------------


def test_the_button_leads_to_the_page_before_the_lock(candidate, complete):
    bar = re.search(r'id="action-bar".*?</form>', page_of(candidate), re.S)[0]
    assert 'action="/materials/submit/"' in bar
    assert 'method="post"' not in bar


def test_the_page_before_the_lock_shows_every_category_with_its_pictures(candidate, complete):
    text = page_of(candidate, CHECK)
    assert re.findall(r'<section class="card category[^>]*id="([^"]+)"', text) == [
        *("identity", "diploma", "education_proof", "probation", "institution_licence", "other"),
    ]
    pictures = re.findall(r'<img src="(/materials/images/[^"]+)"', card(text, "identity"))
    assert pictures == [f"/materials/images/{image.pk}/" for image in complete.images.filter(category="identity")]
    assert "已上传 2 张" in card(text, "identity")
    assert "提交后内容将锁定，审核期间不能修改" in text
    assert Application.objects.get().status == "registered"


def test_warnings_stand_there_in_words(candidate, complete):
    complete.images.filter(category="diploma").update(warnings=["same_as:identity"])
    assert "请确认没有放错类别" in card(page_of(candidate, CHECK), "diploma")


def test_what_is_missing_stands_there_with_links(candidate):
    answer = candidate.get(CHECK)
    summary = re.search(r'id="problems".*?</ul>', answer.content.decode(), re.S)[0]
    assert answer.status_code == 200
    assert re.findall(r'href="#(\w+)"', summary) == ["identity", "diploma", "probation", "institution_licence"]


def test_what_is_owed_stands_there_with_its_date(enter):
    session = factories.make_session()
    graduated = date(session.year - 1, 7, 1)
    client = enter(factories.make_application("registered", fresh_graduate=True, graduated_on=graduated))
    text = card(page_of(client, CHECK), "probation")
    assert "待补" in text
    assert f"最迟 {session.year} 年 8 月 31 日 24:00" in text


def test_without_the_declaration_nothing_is_submitted(candidate, complete):
    answer = candidate.post(CHECK, {"seen": complete.last_record_id}, follow=True)
    field = re.search(r'id="field_declaration".*?</label>', answer.content.decode(), re.S)[0]
    assert answer.redirect_chain == [(CHECK, 302)]
    assert Application.objects.get().status == "registered"
    assert "请先阅读并勾选这项承诺，再提交审核。" in field
    assert "本人承诺所提交的信息和材料真实、准确、完整、有效" in field


def test_a_promise_stays_ticked_where_nothing_that_it_was_given_for_has_changed(candidate, complete):
    ticked = 'name="declaration" required id="id_declaration" checked'
    uploads.remove_image(complete.images.filter(category="diploma").first().pk, actor=Actor.of(complete.account))
    assert ticked in submitted(candidate, complete.last_record_id, follow=True).content.decode()
    assert ticked not in page_of(candidate, CHECK)
    assert ticked not in submitted(candidate, complete.last_record_id - 1, follow=True).content.decode()


def drawn(client):
    """What the form of the page before the lock carries."""
    return dict(re.findall(r'name="(seen|shown)" value="([^"]*)"', page_of(client, CHECK)))


@pytest.mark.parametrize("change", ["added", "removed", "moved"])
def test_a_set_that_another_tab_has_changed_is_shown_anew(candidate, complete, change):
    form = drawn(candidate)
    actor, first = Actor.of(complete.account), complete.images.filter(category="identity").first()
    if change == "added":
        uploads.add_image(complete.pk, "other", factories.a_picture("other"), actor=actor)
    elif change == "removed":
        uploads.remove_image(first.pk, actor=actor)
    else:
        uploads.move_image(first.pk, later=True, actor=actor)
    answer = candidate.post(CHECK, {**form, "declaration": "on"}, follow=True)
    assert answer.redirect_chain == [(CHECK, 302)]
    assert Application.objects.get().status == "registered"
    assert "图片在这一页打开以后有变动" in answer.content.decode()
    assert candidate.post(CHECK, {**drawn(candidate), "declaration": "on"}).status_code == 302


def test_where_nothing_can_be_submitted_the_page_leads_to_the_desk(enter):
    people = [factories.make_application(status) for status in ("draft", "point_review", "paid")]
    assert [enter(who).get(CHECK)["Location"] for who in people] == ["/materials/"] * 3


def test_the_page_after_a_refusal_says_where_it_is_had_anew(enter, candidate, application):
    refused = submitted(candidate, follow=True).content.decode()
    locked = submitted(enter(factories.make_application("point_review", session=application.session)), follow=True)
    assert re.findall(r'data-address="([^"]+)"', refused + locked.content.decode()) == [CHECK, "/materials/"]


@pytest.mark.parametrize(("asked", "page"), [("", "/materials/"), ("?check=1", CHECK)])
def test_moving_and_deleting_lead_back_to_the_page_they_were_done_on(candidate, image, asked, page):
    address = f"/materials/images/{image.pk}"
    assert candidate.post(f"{address}/move/{asked}", {"direction": "later"})["Location"] == f"{page}#image-{image.pk}"
    assert f'href="{page}#identity"' in page_of(candidate, f"{address}/delete/{asked}")
    assert candidate.post(f"{address}/delete/{asked}")["Location"] == f"{page}#identity"


def test_the_links_of_the_page_before_the_lock_lead_back_to_it(candidate, complete):
    text = card(page_of(candidate, CHECK), "identity")
    assert re.findall(r"/(delete|move)/(\?check=1)?\"", text) == [("delete", "?check=1"), ("move", "?check=1")] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_before_the_lock_asks_the_database_as_often_with_one_picture_as_with_three(
    candidate, django_assert_num_queries, count
):
    candidate.post("/materials/identity/", {"images": [a_file(seed=seed) for seed in range(count)]})
    candidate.get(CHECK)
    with django_assert_num_queries(7):
        candidate.get(CHECK)
