"""The application form in the browser: section by section, checked, completed."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from fontTools.ttLib import TTFont

from candidates.applications import kept
from candidates.applications.registration import start
from candidates.applications.unlocking import Unlocking
from candidates.applications.workflow import Actor
from candidates.models import Application, FormDraft, Record
from candidates.rules.sections import SECTIONS
from tests.candidates.posting import a_registration, a_section
from tests.factories import (
    make_application,
    make_candidate,
    make_category,
    make_session,
    make_units,
)

pytestmark = pytest.mark.django_db
EDIT, CHECK = "/application/edit/", "/application/check/"
UNITS = ("region", "site", "point")


@pytest.fixture
def blank(client):
    """A draft with nothing in it, its candidate logged in."""
    account = make_candidate()
    session = make_session()
    make_units(), make_category("210")
    client.force_login(account)
    return start(account, session=session, actor=Actor.of(account))


def logged_in(client, status, **named):
    application = make_application(status, **named)
    client.force_login(application.account)
    return application


def told(answer):
    return {field: sentence for field, _, sentence in answer.context["told"]}


def test_filling_in_section_by_section_leads_to_a_number(client, blank):
    opened = []
    for code in SECTIONS:
        answer = client.post(EDIT, a_section(blank, code))
        opened.append(answer.headers["Location"].partition("#")[2])
    # nothing is asked of assistants about a licence
    assert opened == ["section_exam", "section_education", "section_work", "section_work", "section_licence"]
    assert client.get(CHECK).context["found"] == []
    answer = client.post(CHECK, {"seen": "0"})
    blank.refresh_from_db()
    assert (answer.headers["Location"], blank.number[4:]) == ("/application/", "110100100001")
    assert blank.status == "registered"


def test_a_half_filled_section_is_saved_whatever_the_others_lack(client, blank):
    client.post(EDIT, {"section": "education", "seen": "0", "route": "degree", "school": "示例医学院"})
    blank.refresh_from_db()
    assert (blank.route, blank.school, blank.major) == ("degree", "示例医学院", "")


def test_what_is_missing_is_told_only_when_completing(client, blank):
    client.post(EDIT, {"section": "education", "seen": "0", "route": "degree"})
    assert told(client.get(EDIT)) == {}
    found = {field for field, *_ in client.post(CHECK, {"seen": "0"}, follow=True).context["found"]}
    assert found >= {"address", "exam_category", "point", "school", "employer_is_medical_institution"}
    blank.refresh_from_db()
    assert (blank.status, blank.number) == ("draft", None)


def test_a_contradiction_stands_beside_its_field_at_once(client):
    draft = logged_in(client, "draft")
    client.post(EDIT, a_section(draft, "education", fresh_graduate="true"))
    assert list(told(client.get(EDIT))) == ["fresh_graduate"]


def test_a_field_that_cannot_be_read_loses_nothing_that_was_typed(client, blank):
    answer = client.post(
        EDIT, a_section(blank, "education", graduated_on="2018-02-30", school="某某医学院"), follow=True
    )
    page = answer.content.decode()
    assert list(told(answer)) == ["graduated_on"]
    assert [text for text in ('value="2018-02-30"', 'value="某某医学院"') if text not in page] == []
    blank.refresh_from_db()
    assert blank.school == ""


def test_the_lists_of_units_come_without_a_script_and_keep_what_was_chosen(client, blank):
    category = str(make_category("210").pk)
    sent = {"section": "exam", "seen": "0", "choose": "1", "region": "11", "site": "1101", "exam_category": category}
    form = next(one["form"] for one in client.post(EDIT, sent).context["sections"] if one["code"] == "exam")
    assert [unit.code for unit in form.fields["point"].queryset] == ["1101001", "1101002"]
    assert form.initial["exam_category"] == category
    blank.refresh_from_db()
    assert blank.exam_category is None


def test_a_region_without_a_point_is_remembered_until_the_point_is_chosen(client, blank):
    answer = client.post(EDIT, {"section": "exam", "seen": "0", "region": "12"})
    page = client.get(answer.headers["Location"].partition("#")[0])
    form = next(one["form"] for one in page.context["sections"] if one["code"] == "exam")
    assert (form.initial["region"], [unit.code for unit in form.fields["site"].queryset]) == ("12", ["1201"])


def test_the_point_that_was_saved_is_shown_with_the_units_around_it(client):
    application = logged_in(client, "registered")
    form = next(one["form"] for one in client.get(EDIT).context["sections"] if one["code"] == "exam")
    shown = [form.fields[level].queryset.filter(pk=getattr(application, f"{level}_id")).exists() for level in UNITS]
    assert [form.initial[level] for level in UNITS] == [getattr(application, level).code for level in UNITS]
    assert shown == [True, True, True]


def test_a_point_that_cannot_be_changed_stays_shown_whatever_the_address_asks_for(client):
    application = logged_in(client, "point_review")
    sections = client.get(f"{EDIT}?section=exam&region=12").context["sections"]
    form = next(one["form"] for one in sections if one["code"] == "exam")
    assert [form.initial[level] for level in UNITS] == [getattr(application, level).code for level in UNITS]


def test_a_number_of_another_account_is_said_beside_it(client):
    taken = make_candidate().document_number
    draft = logged_in(client, "draft")
    answer = client.post(EDIT, a_section(draft, "basic", document_number=taken))
    assert list(told(answer)) == ["document_number"]
    assert Application.objects.get(pk=draft.pk).document_number == draft.document_number


# --- questions that depend on the exam category ---


def state_of(client, draft, code):
    """Return the section as the page draws it, and the page."""
    answer = client.get(EDIT, {"section": code})
    return next(one for one in answer.context["sections"] if one["code"] == code), answer.content.decode()


def test_of_an_assistant_nothing_about_a_licence_is_asked(client):
    draft = logged_in(client, "draft", holds_assistant_licence=None, saved_sections=["basic", "exam", "education"])
    section, page = state_of(client, draft, "licence")
    assert [name for name, field in section["form"].fields.items() if not field.is_left_out] == []
    assert "按“报考信息”中选择的报考类别，这一部分不用填写。" in page
    assert (section["idle"], section["left"]) == (True, 0)
    assert ["以执业助理医师身份报考执业医师的，" in page, "医疗机构的，标着“必填”的都要填写。" in page] == [False, True]


def test_the_list_of_categories_tells_the_page_what_questions_look_at(client, blank):
    clinical, dental = make_category("110"), make_category("220")
    page = client.get(EDIT).content.decode()
    assert f'<option value="{clinical.pk}" data-exam_level="physician" data-exam_is_clinical="true">' in page
    assert f'<option value="{dental.pk}" data-exam_level="assistant" data-exam_is_clinical="false">' in page


@pytest.mark.parametrize(
    ("code", "field", "was", "sentence"),
    [
        ("exam", "supplementary_test", "paediatrics", "所选的报考类别不能加试：请选“不加试”"),
        ("licence", "holds_assistant_licence", True, "所选的报考类别是执业助理医师，这一项不适用：请选“否”"),
    ],
)
def test_an_answer_that_the_new_category_leaves_no_place_for_is_told_beside_it(client, code, field, was, sentence):
    draft = logged_in(client, "draft", route="", **{field: was})
    changed = {"exam_category": str(make_category("220").pk), "supplementary_test": draft.supplementary_test}
    client.post(EDIT, a_section(draft, "exam", **changed))
    section, page = state_of(client, draft, code)
    draft.refresh_from_db()
    assert (section["form"].fields[field].is_left_out, getattr(draft, field)) == (False, was)
    assert page.count(sentence) == 1
    assert f"data-moot>{sentence}" in page


def test_what_a_draft_has_chosen_decides_before_it_is_saved(client):
    draft = logged_in(client, "draft")
    sent = a_section(draft, "exam", exam_category=str(make_category("220").pk), point="9999999")
    form = next(
        one["form"] for one in client.post(EDIT, sent, follow=True).context["sections"] if one["code"] == "exam"
    )
    assert form.fields["supplementary_test"].is_left_out


def test_what_is_not_asked_any_more_is_told_before_and_after_it_is_given_up(client):
    held = {"licence_number": "110100", "practice_number": "220200"}
    draft = logged_in(client, "draft", exam_category=make_category("110"), holds_assistant_licence=False, **held)
    _, page = state_of(client, draft, "licence")
    assert "以前保存的医师资格证书编号、医师执业证书编号不再需要" in page
    sent = {"section": "licence", "seen": "0", "holds_assistant_licence": "false"}
    said = [str(one) for one in client.post(EDIT, sent, follow=True).context["messages"]]
    assert said[1] == "按您的其他回答不再需要，没有保留：医师资格证书编号、医师执业证书编号。"


# --- once registered ---


def test_a_change_says_what_is_needed_now_and_what_no_more(client):
    registered = logged_in(client, "registered")
    answer = client.post(EDIT, a_section(registered, "education", education="bachelor"), follow=True)
    said = [str(one) for one in answer.context["messages"]]
    assert said == ["“学历信息”已保存。", "按修改后的信息，现在必须上传：学位证书。"]
    registered.refresh_from_db()
    answer = client.post(EDIT, a_section(registered, "education", education="associate"), follow=True)
    assert [str(one) for one in answer.context["messages"]][1] == (
        "按修改后的信息，不再需要：学位证书。已上传的图片会保留，标为“不需要”，由您自行删除。"
    )


def test_a_change_makes_a_new_version_of_the_notice(client):
    registered = logged_in(client, "registered")
    client.post(EDIT, a_section(registered, "work", post="主治医师"))
    assert list(registered.notice_versions.values_list("version", flat=True)) == [1, 2]


def test_a_contradiction_is_saved_and_shown_once_registered(client):
    registered = logged_in(client, "registered")
    client.post(EDIT, a_section(registered, "education", fresh_graduate="true"))
    registered.refresh_from_db()
    assert registered.fresh_graduate is True
    assert list(told(client.get(EDIT))) == ["fresh_graduate"]


def test_what_was_filled_in_before_withdrawing_is_offered_to_the_next_application(client):
    withdrawn = logged_in(client, "withdrawn")
    client.post("/application/start/", {"session": withdrawn.session_id})
    page = client.get(EDIT).content.decode()
    assert ("以下是您撤销前填写的内容" in page, f'value="{withdrawn.school}"' in page) == (True, True)


def test_a_page_drawn_before_somebody_else_acted_changes_nothing_and_says_so(client):
    registered = logged_in(client, "registered")
    stale = a_section(registered, "work", post="主治医师")
    client.post(EDIT, a_section(registered, "work", post="住院总医师"))
    answer = client.post(EDIT, stale)
    sentences = [one.partition("在")[2] for one in answer.context["general"]]
    assert sentences == ["另一个页面更新过，这一页是之前打开的。请刷新页面，核对后再试。"]
    assert 'value="主治医师"' in answer.content.decode()
    registered.refresh_from_db()
    assert registered.post == "住院总医师"


def test_a_draft_page_does_not_overwrite_what_was_registered_meanwhile(client):
    draft = logged_in(client, "draft")
    stale = a_section(draft, "work", post="主治医师")
    client.post(CHECK, {"seen": "0"})
    client.post(EDIT, stale)
    draft.refresh_from_db()
    assert (draft.status, draft.post) == ("registered", "住院医师")


# --- returned and locked ---


def test_only_what_was_returned_can_be_changed(client):
    returned = logged_in(client, "returned")
    assert [one["code"] for one in client.get(EDIT).context["sections"] if one["form"].is_open] == ["work"]
    assert client.post(EDIT, a_section(returned, "education", school="别的学校")).status_code == 409
    client.post(EDIT, a_section(returned, "work", post="主治医师"))
    returned.refresh_from_db()
    assert (returned.school, returned.post) == ("示例医学院", "主治医师")


@pytest.mark.parametrize("status", ["point_review", "payment_due", "rejected"])
def test_what_is_locked_can_be_read_and_not_changed(client, status):
    locked = logged_in(client, status)
    page = client.get(EDIT)
    assert [one["code"] for one in page.context["sections"] if one["form"].is_open] == []
    assert client.post(EDIT, a_section(locked, "work", post="主治医师")).status_code == 409
    assert Application.objects.get(pk=locked.pk).post == "住院医师"
    assert Record.objects.filter(action="amend").count() == 0


def test_completing_twice_is_one(client):
    draft = logged_in(client, "draft")
    answers = [client.post(CHECK, {"seen": "0"}).headers["Location"] for _ in range(2)]
    assert answers == ["/application/"] * 2
    assert Record.objects.filter(application=draft, action="complete").count() == 1


def test_an_unknown_section_does_not_exist(client, blank):
    assert client.post(EDIT, {"section": "nonsense"}).status_code == 404


def test_another_candidate_edits_only_their_own(client, blank):
    other = make_application("draft")
    client.post(EDIT, {"section": "education", "seen": "0", "school": "我的学校"})
    assert Application.objects.get(pk=other.pk).school == "示例医学院"


# --- last session's answers ---


def test_last_sessions_answers_are_offered_and_not_saved(client):
    earlier = make_application("registered", session=make_session(2027), school="某某医学院")
    account = earlier.account
    client.force_login(account)
    draft = start(account, session=make_session(2028), actor=Actor.of(account))
    page = client.get(f"{EDIT}?year=2028").content.decode()
    assert 'value="某某医学院"' in page
    assert "请逐项核对" in page
    draft.refresh_from_db()
    assert (draft.school, draft.saved_sections) == ("", [])


def test_a_change_after_registering_says_what_may_stay_empty_now(client):
    session = make_session()
    application = logged_in(client, "registered", session=session, graduated_on=date(session.year - 1, 1, 10))
    answer = client.post(
        EDIT,
        a_section(application, "education", fresh_graduate="true", graduated_on=f"{session.year - 1}-01-10"),
        follow=True,
    )
    assert [str(one) for one in answer.context["messages"]][1:] == [
        "按修改后的信息，现在必须上传：应届医学专业毕业生医师资格考试报考承诺书。",
        "按修改后的信息，现在可以不上传：医师资格考试试用期考核证明。",
    ]


# --- two tabs ---


def test_a_draft_saved_in_another_tab_is_not_overwritten(client, blank):
    drawn = client.get(EDIT).context["sections"][3]["form"].drawn
    client.post(EDIT, a_section(blank, "work", post="医师", drawn=drawn))
    answer = client.post(EDIT, a_section(blank, "work", post="护士", drawn=drawn))
    assert (told(answer), answer.context["general"]) == (
        {},
        ["这一部分已在另一个页面保存过：请刷新页面，核对后再保存。"],
    )
    assert Application.objects.get().post == "医师"


def test_the_same_answers_sent_twice_are_saved_once(client, blank):
    drawn = client.get(EDIT).context["sections"][3]["form"].drawn
    answers = [client.post(EDIT, a_section(blank, "work", drawn=drawn)).status_code for _ in range(2)]
    assert answers == [302, 302]


def test_a_page_drawn_before_one_section_was_saved_still_saves_another(client, blank):
    sections = client.get(EDIT).context["sections"]
    client.post(EDIT, a_section(blank, "work", drawn=sections[3]["form"].drawn))
    assert client.post(EDIT, a_section(blank, "education", drawn=sections[2]["form"].drawn)).status_code == 302


# --- cost ---


def test_the_form_costs_the_same_for_every_number_of_sections_filled(client, blank, django_assert_num_queries):
    for code in (None, *SECTIONS):
        if code:
            client.post(EDIT, a_section(blank, code))
        form = 10 if code != list(SECTIONS)[-1] else 9  # an earlier year's is offered while one is not saved
        for page, queries in ((EDIT, form), (CHECK, 3), ("/application/", 6)):
            with django_assert_num_queries(queries):
                assert client.get(page).status_code == 200
    assert len(Application.objects.get().saved_sections) == len(SECTIONS)


def test_a_registered_form_asks_for_no_earlier_application(django_assert_num_queries):
    client = Client()
    logged_in(client, "registered")
    with django_assert_num_queries(10):
        client.get(EDIT)


# --- rare characters ---

RARE = "𬀩㛃𠮷"
NOWHERE = "\U00031353"  # in no font that is installed


def test_the_font_for_pages_has_what_the_readers_fonts_may_lack():
    with TTFont(Path(settings.BASE_DIR) / "static" / "fonts" / "nmec-rare.woff", lazy=True) as font:
        assert set(map(ord, RARE)) - set(font.getBestCmap()) == set()


def test_a_rare_name_is_accepted_without_a_word_and_comes_back_unchanged(client):
    application = logged_in(client, "registered")
    sent = a_section(application, "basic", name=RARE)
    answer = client.post(EDIT, sent, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["“基本信息”已保存。"]
    for page in (EDIT, "/application/", "/account/", "/account/data/"):
        assert RARE in client.get(page).content.decode()


def test_a_character_that_no_font_has_is_kept_and_told_beside_its_field(client):
    application = logged_in(client, "registered")
    answer = client.post(EDIT, a_section(application, "basic", name=f"张{NOWHERE}"), follow=True)
    said = [str(one) for one in answer.context["messages"]]
    assert len(said) == 2
    assert f"“{NOWHERE}”（U+31353）没有可用的字体：按原样保存" in said[1]
    hint = client.get(EDIT).context["sections"][0]["form"]["name"].help_text
    assert f"“{NOWHERE}”（U+31353）没有可用的字体" in hint
    assert Application.objects.get().name == f"张{NOWHERE}"


def test_it_is_told_while_one_types_beside_the_field(client):
    application = logged_in(client, "draft")
    sent = a_section(application, "basic", name=f"张{NOWHERE}", address="示例路")
    told = client.post(DRAFT, sent).json()["rare"]
    assert list(told) == ["name"]
    assert told["name"].startswith(f"“{NOWHERE}”（U+31353）没有可用的字体")


def test_it_is_told_at_registering_too(client):
    make_session()
    answer = client.post("/register/", a_registration(name=f"张{NOWHERE}"), follow=True)
    assert ["没有可用的字体" in str(one) for one in answer.context["messages"]] == [True]


# --- error anchors ---


def test_every_sentence_about_an_answer_leads_to_its_field(client, blank):
    page = client.get(f"{EDIT}?check=1").content.decode()
    wanted = set(re.findall(r'href="#(field_[^"]*)"', page))
    assert wanted >= {"field_address", "field_point", "field_route", "field_period_from"}
    assert wanted - set(re.findall(r'\sid="([^"]*)"', page)) == set()


def test_the_check_page_leads_to_the_fields_of_the_form(client, blank):
    found = re.findall(
        r'href="/application/edit/\?section=(\w+)&amp;check=1#(\w+)"', client.get(CHECK).content.decode()
    )
    assert {section for section, _ in found} == {"basic", "exam", "education", "work", "licence"}
    page = client.get(f"{EDIT}?check=1").content.decode()
    assert {anchor for _, anchor in found} - set(re.findall(r'\sid="([^"]*)"', page)) == set()


def test_a_return_that_asks_for_pictures_alone_changes_no_answer(client):
    returned = logged_in(client, "returned", named={"categories": {"diploma": "请重新拍摄。"}})
    assert client.get(EDIT).context["locked"] == "本次退回没有要求修改报名表，请按要求补正材料。"
    answer = client.post(EDIT, a_section(returned, "work", post="主治医师"))
    assert answer.status_code == 409
    assert "本次退回没有要求修改报名表" in answer.content.decode()
    assert Application.objects.get(pk=returned.pk).post == "住院医师"


def test_what_was_withdrawn_has_no_form(client):
    withdrawn = logged_in(client, "withdrawn")
    assert client.get(EDIT).url == "/application/"
    assert client.post(EDIT, a_section(withdrawn, "work", post="主治医师")).url == "/application/"
    assert Application.objects.get(pk=withdrawn.pk).post == "住院医师"


def test_a_save_that_names_no_section_does_not_exist(client, blank):
    assert client.post(EDIT, {"seen": "0", "school": "某某医学院"}).status_code == 404
    assert Application.objects.get(pk=blank.pk).school == ""


# --- what is typed and not saved ---

DRAFT = "/application/edit/draft/"


def typed(application, code="work", **changes):
    return {"section": code, "page": "aa", **changes}


def section(answer, code="work"):
    return next(one for one in answer.context["sections"] if one["code"] == code)


def test_what_is_kept_is_shown_again_as_typed_and_saved_by_nobody_else(client):
    registered = logged_in(client, "registered")
    told_back = client.post(DRAFT, typed(registered, post="主治医师", period_from="去年")).json()
    page = client.get(EDIT)
    draft = FormDraft.objects.get()
    assert told_back == {
        "draft": draft.stamp,
        "at": f"{timezone.localtime(draft.kept_at):%H:%M}",
        "message": "",
        "rare": {},
    }
    assert [one in page.content.decode() for one in ('value="主治医师"', 'value="去年"', "未保存的内容")] == [True] * 3
    assert Application.objects.get().post == registered.post


def test_it_is_dropped_when_its_candidate_says_so(client):
    registered = logged_in(client, "registered")
    client.post(DRAFT, typed(registered, post="主治医师"))
    answer = client.post(EDIT, typed(registered, drop="1", draft=FormDraft.objects.get().stamp))
    assert (answer.headers["Location"], FormDraft.objects.count()) == (f"{EDIT}?section=work#section_work", 0)


def test_a_second_tab_is_told_before_it_overwrites_and_may(client):
    registered = logged_in(client, "registered")
    client.post(DRAFT, typed(registered, post="一"))
    answer = client.post(DRAFT, typed(registered, post="二", page="bb"))
    assert (answer.status_code, answer.json()["another"]) == (409, True)
    assert client.post(DRAFT, typed(registered, post="二", page="bb", over="1")).status_code == 200


def test_a_tab_is_told_that_its_section_has_been_saved_in_another(client):
    registered = logged_in(client, "registered")
    old = section(client.get(EDIT))["form"].drawn
    client.post(EDIT, a_section(registered, "work", post="一", page="bb"))
    answer = client.post(DRAFT, typed(registered, post="二", drawn=old))
    assert answer.json()["message"].startswith("这一部分刚在另一个页面保存过")
    page = client.get(EDIT)
    assert "之后这一部分在另一个页面保存过" in page.content.decode()
    drawn = section(page)["form"].drawn
    fresh = Application.objects.get()
    client.post(EDIT, a_section(fresh, "work", post="二", drawn=drawn, draft=FormDraft.objects.get().stamp))
    assert (Application.objects.get().post, FormDraft.objects.count()) == ("二", 0)


def test_a_save_that_is_refused_is_kept_as_typed_without_a_script_too(client):
    registered = logged_in(client, "registered")
    client.post(EDIT, a_section(registered, "work", post="主治医师", period_from="去年", page="aa"))
    page = client.get(EDIT)
    assert (section(page)["form"]["period_from"].value(), section(page)["opened"]) == ("去年", True)


def test_what_is_typed_into_a_form_of_another_account_is_not_kept(client):
    other = make_application("registered")
    mine = logged_in(client, "registered", session=other.session)
    sent = typed(mine, post="一", form_of=kept.token(other.account, EDIT))
    assert (client.post(DRAFT, sent).status_code, FormDraft.objects.count()) == (409, 0)


@pytest.mark.parametrize(("status", "code"), [("point_review", 409), ("draft", 200)])
def test_a_draft_is_kept_only_while_the_form_is_open(client, status, code):
    application = logged_in(client, status)
    answer = client.post(DRAFT, typed(application, post="一"))
    assert (answer.status_code, FormDraft.objects.count()) == (code, int(code == 200))
    assert client.get(DRAFT).status_code == 405


def test_what_was_not_saved_before_the_window_closed_is_told_and_offered_again_where_it_opens(client):
    application = logged_in(client, "registered")
    client.post(DRAFT, typed(application, post="主治医师"))
    session, week = application.session, timedelta(days=7)
    ends = {one: getattr(session, one) for one in ("registration_closes", "upload_closes")}
    for one in ends:
        setattr(session, one, timezone.now() - timedelta(minutes=1))
    session.save()
    closed = client.get(EDIT).content.decode()
    assert "“工作与试用”里有填写后没有保存的内容，现在不能再保存" in closed
    assert "主治医师" not in closed
    type(session).objects.update(**{one: max(end, timezone.now() + week) for one, end in ends.items()})
    opened = client.get(EDIT).content.decode()
    assert ["没有保存的内容，现在不能" in opened, 'value="主治医师"' in opened] == [False, True]


def test_my_data_holds_what_is_typed_and_not_saved(client):
    registered = logged_in(client, "registered")
    client.post(DRAFT, typed(registered, post="主治医师"))
    data = client.get("/account/data/").json()
    assert data["applications"][0]["unsaved"]["work"]["post"] == ["主治医师"]


@pytest.mark.parametrize(
    ("code", "field", "typed", "wrong"),
    [
        ("basic", "postcode", "10000", ["postcode"]),
        ("basic", "postcode", "１０００８０", []),
        ("work", "employer_postcode", "SW1A 1AA", ["employer_postcode"]),
        ("work", "trial_telephone", "010", ["trial_telephone"]),
        ("work", "employer_telephone", "010-12345678 转 805", []),
    ],
)
def test_postcodes_and_telephones_are_told_beside_their_fields(client, code, field, typed, wrong):
    draft = logged_in(client, "draft")
    answer = client.post(EDIT, a_section(draft, code, **{field: typed}), follow=True)
    assert list(told(answer)) == wrong


def test_a_postcode_abroad_may_have_letters(client):
    draft = logged_in(client, "draft", account=make_candidate(document_type="passport", document_number="E12345678"))
    sent = a_section(draft, "basic", postcode="SW1A 1AA", residency="foreign")
    assert told(client.post(EDIT, sent, follow=True)) == {}
    assert Application.objects.get().postcode == "SW1A 1AA"


def test_phones_are_told_which_keys_to_show_and_what_to_fill_in(client):
    logged_in(client, "draft")
    page = client.get(EDIT).content.decode()
    tokens = ("name", "tel", "email", "bday", "postal-code", "street-address", "work tel", "organization")
    assert [one for one in tokens if f'autocomplete="{one}"' not in page] == []
    keys = [page.count(f'inputmode="{one}"') for one in ("numeric", "tel")]
    assert keys == [4, 4]  # the row that further institutions are made from among them


def test_a_returned_section_asks_to_be_saved_until_it_is(client):
    returned = logged_in(client, "returned", named={"sections": {"work": "岗位与证明不一致。"}})
    before = client.get(EDIT).content.decode()
    client.post(EDIT, a_section(returned, "work", post="主治医师"))
    after = client.get(EDIT).content.decode()
    assert ["请修改后保存。" in page for page in (before, after)] == [True, False]
    assert "这一部分已保存，再次提交审核以前仍可以修改。" in after


def test_a_returned_section_in_which_nothing_is_asked_wants_to_be_saved_as_it_is(client):
    logged_in(client, "returned", named={"sections": {"licence": "请核对。"}}, holds_assistant_licence=None)
    section = client.get(EDIT).content.decode().partition('id="section_licence"')[2].partition("</details>")[0]
    assert ["请直接点“保存这一部分”。" in section, "请修改" in section, "请保存" in section] == [True, False, True]
    client.post(EDIT, {"section": "licence", "seen": str(Application.objects.get().last_record_id)})
    assert Unlocking.of(Application.objects.get()).unsaved_sections == []


def test_after_the_deadline_of_a_return_no_section_asks_to_be_changed(client):
    logged_in(client, "returned", named={"sections": {"work": "岗位与证明不一致。"}})
    Application.objects.update(return_deadline=timezone.now())
    page = client.get(EDIT).content.decode()
    assert ["岗位与证明不一致。" in page, "请修改后保存" in page] == [True, False]
