"""Several institutions of a trial or practice on the form: added, removed, saved, judged; and 报考条件提示 there."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from candidates.models import Application, RecordNote
from candidates.rules.institutions import CELLS
from tests.candidates.posting import a_section
from tests.factories import a_further_institution, make_application

pytestmark = pytest.mark.django_db
EDIT, CHECK = "/application/edit/", "/application/check/"


@pytest.fixture
def draft(client):
    application = make_application("draft")
    client.force_login(application.account)
    return application


def typed(place=0, **changes) -> dict[str, str]:
    """One row as the page sends it."""
    row = a_further_institution(**{"period_from": "2020-03", "period_to": "2020-08", **changes})
    return {f"further_institutions-{place}-{cell}": row[cell] for cell in CELLS}


def work(application, *rows, **more) -> dict[str, str]:
    sent = a_section(application, "work", **more)
    for row in rows:
        sent |= row
    return sent


def rows_on(answer) -> list[str]:
    """The names of the further institutions that the page shows in fields, the script's blank one left out."""
    page = re.sub(r"<template.*?</template>", "", answer.content.decode(), flags=re.DOTALL)
    found = re.findall(r'<input[^>]*name="further_institutions-\d+-name"[^>]*>', page)
    return [value[1] if (value := re.search(r'value="([^"]*)"', one)) else "" for one in found]


def page_at(client) -> str:
    return client.get(EDIT).content.decode()


def saved() -> list[dict[str, str]]:
    return Application.objects.get().further_institutions


def told(answer) -> list[str]:
    return [sentence for field, _, sentence in answer.context["told"] if field == "further_institutions"]


def test_a_further_institution_is_saved_with_its_section_in_its_stored_spelling(client, draft):
    client.post(EDIT, work(draft, typed(period_from="2020年3月", name=" 示例市\u200b第二医院 ")))
    assert saved() == [a_further_institution()]
    assert rows_on(client.get(EDIT)) == ["示例市第二医院"]


def test_adding_one_without_a_script_keeps_all_that_was_typed_and_saves_nothing(client, draft):
    answer = client.post(EDIT, work(draft, typed(name="示例诊所"), post="外科医师", add_institution="1"), follow=True)
    assert rows_on(answer) == ["示例诊所", ""]
    assert 'value="外科医师"' in answer.content.decode()
    assert (saved(), Application.objects.get().post) == ([], "住院医师")


def test_removing_one_without_a_script_keeps_the_others_and_saves_nothing(client, draft):
    client.post(EDIT, work(draft, typed(0), typed(1, name="示例诊所")))
    answer = client.post(EDIT, work(draft, typed(0), typed(1, name="示例诊所"), remove_institution="0"), follow=True)
    assert rows_on(answer) == ["示例诊所"]
    assert [row["name"] for row in saved()] == ["示例市第二医院", "示例诊所"]


def test_rows_that_say_nothing_are_none_and_gaps_do_not_matter(client, draft):
    empty = dict.fromkeys(CELLS, " ")
    client.post(EDIT, work(draft, typed(0, **empty), typed(7, name="示例诊所")))
    assert [row["name"] for row in saved()] == ["示例诊所"]


def test_what_cannot_be_read_stands_beside_its_cell_and_loses_nothing(client, draft):
    answer = client.post(EDIT, work(draft, typed(0, period_to="去年"), typed(1, name="长" * 61)), follow=True)
    cells = [sentence.partition("：")[0] for sentence in told(answer)]
    assert cells == ["第 2 个机构的“结束年月”", "第 3 个机构的“机构名称”"]
    page = answer.content.decode()
    assert re.findall(r'class="field field-wrong" id="field_further_institutions-(\S+)"', page) == [
        "0-period_to",
        "1-name",
    ]
    assert ('value="去年"' in page, saved()) == (True, [])


@pytest.mark.parametrize(
    ("cell", "wrong", "right", "stored", "keys"),
    [
        ("postcode", "SW1A 1AA", "１００ ０８０", "100080", "numeric"),
        ("telephone", "见名片", "０１０－12345678 转 805", "010-12345678 转 805", "tel"),
    ],
)
def test_a_row_is_checked_as_the_first_institution_is(client, draft, cell, wrong, right, stored, keys):
    first = client.post(EDIT, work(draft, **{f"trial_{cell}": wrong}), follow=True).context["told"]
    (sentence,) = told(client.post(EDIT, work(draft, typed(**{cell: wrong})), follow=True))
    assert sentence == f"第 2 个机构的“{CELLS[cell]}”：{first[0][2]}"
    client.post(EDIT, work(draft, typed(**{cell: right})))
    assert saved()[0][cell] == stored
    shown = re.findall(rf'<input[^>]*name="(?:trial_|further_institutions-0-){cell}"[^>]*>', page_at(client))
    assert [f'inputmode="{keys}"' in one for one in shown] == [True, True]


def test_an_empty_row_counts_as_on_the_page_where_another_cannot_be_read(client, draft):
    answer = client.post(
        EDIT, work(draft, typed(0, **dict.fromkeys(CELLS, "")), typed(1, period_to="去年")), follow=True
    )
    heading = answer.content.decode().partition('id="field_further_institutions-1-period_to"')[0]
    assert re.findall(r"data-institution-number>(\d)<", heading)[-1] == "3"
    assert [sentence.partition("的")[0] for sentence in told(answer)] == ["第 3 个机构"]


def test_what_was_typed_is_kept_when_a_row_is_added_or_removed_without_a_script(client, draft):
    sent = work(draft, typed(0), typed(1, name="示例诊所"), post="外科医师")
    for pressed, rows in (({"add_institution": "1"}, 3), ({"remove_institution": "0"}, 1)):
        drawn = client.post(EDIT, sent | {"page": "abc"} | pressed, follow=True)
        again = client.get(EDIT)
        assert [len(rows_on(answer)) for answer in (drawn, again)] == [rows, rows]
        assert ("外科医师" in again.content.decode(), saved()) == (True, [])


def test_a_row_more_leaves_what_was_typed_into_another_section_on_the_page(client, draft):
    client.post(EDIT, a_section(draft, "education", school="示例🙂" * 40))  # too long: kept as typed
    answer = client.post(EDIT, work(draft, typed(), add_institution="1"), follow=True)
    assert "示例🙂" * 40 in answer.content.decode()


def test_the_page_before_completing_tells_them_after_the_first(client, draft):
    client.post(EDIT, work(draft, typed()))
    groups = dict((section.code, found) for section, found in client.get(CHECK).context["sections"])["work"]
    assert [group.title for group in groups][-2:] == ["起止年月", "其他机构"]


def test_what_is_missing_is_told_on_completing_with_its_institution_and_beside_its_cell(client, draft):
    client.post(EDIT, work(draft, typed(0, registration_number="")))
    found = {field: words for field, _, _, words in client.get(CHECK).context["found"]}
    assert found == {"further_institutions": "第 2 个机构：请填写“机构登记号”。"}
    page = client.get(f"{EDIT}?check=1").content.decode()
    assert 'class="field field-wrong" id="field_further_institutions-0-registration_number"' in page


@pytest.mark.parametrize(("rows", "kept"), [(5, 5), (6, 0)])
def test_there_are_at_most_six_institutions(client, draft, rows, kept):
    answer = client.post(EDIT, work(draft, *(typed(place) for place in range(rows))), follow=True)
    assert len(saved()) == kept
    if not kept:
        assert told(answer) == ["最多可以填写 6 个机构：请删除多余的机构，其余的向报名点说明。"]
        assert len(rows_on(answer)) == rows


def test_the_button_goes_where_no_more_can_be_added(client, draft):
    page = client.get(EDIT).content.decode()
    full = client.post(EDIT, work(draft, *(typed(place) for place in range(4)), add_institution="1"), follow=True)
    assert ("再加一个机构" in page, "再加一个机构" in full.content.decode(), len(rows_on(full))) == (True, False, 5)


def test_the_database_holds_no_more_and_nothing_but_a_list(draft):
    for wrong in ([{}] * 6, {"name": "x"}):
        with pytest.raises((IntegrityError, Exception)) as refusal, transaction.atomic():
            Application.objects.filter(pk=draft.pk).update(further_institutions=wrong)
        assert "further_institutions_are_few" in str(refusal.value) or "array length" in str(refusal.value)


def test_a_change_after_registering_is_recorded_in_words_and_makes_a_new_notice(client):
    application = make_application("registered")
    client.force_login(application.account)
    client.post(EDIT, work(application, typed()))
    note = RecordNote.objects.latest("pk")
    was, now = note.data["further_institutions"]
    assert (was, now.startswith("2. 示例市第二医院，2020-03 至 2020-08，")) == ("", True)
    assert application.notice_versions.count() == 2


def test_the_same_rows_again_change_nothing(client):
    application = make_application("registered", further_institutions=[a_further_institution()])
    client.force_login(application.account)
    client.post(EDIT, work(application, typed()))
    assert application.notice_versions.count() == 1


def test_another_tab_does_not_overwrite_rows(client, draft):
    drawn = client.get(EDIT).context["sections"][3]["form"].drawn
    client.post(EDIT, work(draft, typed(), drawn=drawn))
    answer = client.post(EDIT, work(draft, typed(name="示例诊所"), drawn=drawn))
    assert answer.context["general"] == ["这一部分已在另一个页面保存过：请刷新页面，核对后再保存。"]
    assert ([row["name"] for row in saved()], rows_on(answer)) == (["示例市第二医院"], ["示例诊所"])


def test_once_submitted_nothing_is_added(client):
    application = make_application("point_review")
    client.force_login(application.account)
    for more in ({}, {"add_institution": "1"}, {"remove_institution": "0"}):
        assert client.post(EDIT, work(application, typed(), **more)).status_code == 409
    assert saved() == []


def test_a_stranger_and_another_candidate_add_nothing(draft):
    stranger, other = Client(), Client()
    other.force_login(make_application("draft").account)
    sent = work(draft, typed(), add_institution="1")
    assert "/login/" in stranger.post(EDIT, sent).headers["Location"]
    other.post(EDIT, work(draft, typed()))
    draft.refresh_from_db()
    assert draft.further_institutions == []


def test_a_section_that_a_return_did_not_name_shows_its_rows_and_takes_none(client):
    application = make_application(
        "returned", further_institutions=[a_further_institution()], named={"sections": {"education": "请核对。"}}
    )
    client.force_login(application.account)
    page = client.get(EDIT).content.decode()
    assert ("示例市第二医院" in page, "再加一个机构" in page) == (True, False)
    assert client.post(EDIT, work(application)).status_code == 409
    assert saved() == [a_further_institution()]


# --- what may not meet the conditions ---


def test_a_warning_stands_beside_its_field_and_refuses_nothing(client, draft):
    sent = work(draft, period_from="2020-01", period_to="2020-06")
    answer = client.post(EDIT, sent, follow=True)
    field = answer.content.decode().partition('id="field_period_to"')[2].partition("<input")[0]
    assert "按现有信息，试用期到" in field
    assert [str(one)[:6] for one in answer.context["messages"]][1:] == ["报考条件提示"]
    assert client.get(CHECK).context["found"] == []


def test_a_warning_stays_beside_its_field_while_something_else_is_wrong_there(client, draft):
    sent = work(draft, period_from="2020-01", period_to="2020-06")
    client.post(EDIT, sent)
    client.post(EDIT, sent | {"employer_telephone": "010"})
    answer = client.get(EDIT)  # looks for the section to open, and so has read what was posted
    beside = answer.content.decode().partition('id="field_period_to"')[2].partition("<input")[0]
    assert "employer_telephone" in answer.context["sections"][3]["form"].errors
    assert "按现有信息，试用期到" in beside


def test_a_warning_is_told_once_and_not_at_every_save(client, draft):
    sent = work(draft, period_from="2020-01", period_to="2020-06")
    counts = [len(client.post(EDIT, sent, follow=True).context["messages"]) for _ in range(2)]
    assert counts == [2, 1]


def test_the_page_before_completing_tells_it_with_a_way_to_the_field(client):
    application = make_application("draft", major="口腔医学")
    client.force_login(application.account)
    page = client.get(CHECK).content.decode()
    assert "所学专业“口腔医学”与报考类别可能不一致" in page
    assert f'href="{EDIT}?section=exam#field_exam_category"' in page
    assert "完成报名" in page


def test_nothing_is_told_where_nothing_is_amiss(client, draft):
    assert "data-eligibility" not in client.get(CHECK).content.decode()
    assert "field-warning" not in client.get(EDIT).content.decode()
