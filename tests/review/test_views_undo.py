"""撤回操作 and 返回队列 on the pages: the button where the reviewer is after deciding, and what it leads to."""

import re

import pytest

from candidates.models import Application, Record
from review.models import DraftVerdicts, Hold, Verdict
from tests.factories import make_application, make_reviewer
from tests.review.casework import fresh, here, log_in, posted, reviewer, said

pytestmark = pytest.mark.django_db


def passed(client, case, **more):
    log_in(client, reviewer(case))
    return client.post(here(case, "pass"), posted(case, then="next", **more))


def undo(client, case):
    return client.post(here(case, "undo"), {"seen": fresh(case).last_record_id})


def test_the_next_page_offers_to_take_the_decision_back(client):
    case, other = make_application("point_review"), make_application("point_review")
    assert passed(client, case).url == here(other)
    page = client.get(here(other)).content.decode()
    assert f'action="{here(case, "undo")}"' in page
    assert f'name="seen" value="{fresh(case).last_record_id}"' in page


def test_it_opens_the_case_with_what_had_been_judged(client):
    case = make_application("point_review")
    passed(client, case)
    answer = undo(client, case)
    assert (answer.url, fresh(case).status) == (here(case), "point_review")
    page = client.get(here(case)).content.decode()
    assert page.count('value="ok" checked') == Verdict.objects.count()
    assert f'action="{here(case, "undo")}"' not in page


def test_it_says_that_nobody_was_told(client):
    case = make_application("point_review")
    passed(client, case)
    assert "没有通知考生" in said(undo(client, case))[-1]


def test_the_case_itself_offers_it_to_its_decider_alone(client):
    case = make_application("point_review")
    passed(client, case)
    assert "撤回操作（" in client.get(here(case)).content.decode()
    log_in(client, make_reviewer(case.point, username="colleague"))
    assert "撤回操作" not in client.get(here(case)).content.decode()


def test_a_colleague_and_another_level_are_refused_and_nothing_changes(client):
    case = make_application("point_review")
    passed(client, case)
    for account in (make_reviewer(case.point, username="colleague"), reviewer(fresh(case))):
        assert undo(log_in(client, account), case).status_code == 409
    assert fresh(case).status == "site_review"


def test_twice_is_refused_with_a_sentence(client):
    case = make_application("point_review")
    passed(client, case)
    stale = {"seen": fresh(case).last_record_id}
    client.post(here(case, "undo"), stale)
    again = client.post(here(case, "undo"), stale)
    assert (again.status_code, Record.objects.filter(action="undo").count()) == (409, 1)


def test_what_the_page_has_displayed_is_in_the_record_and_on_the_case(client):
    case = make_application("point_review")
    _, second, *_ = posted(case)
    image = second.split("-", 1)[1].removesuffix("-verdict")
    passed(client, case, displayed=f"{image} nonsense {image}")
    assert fresh(case).last_record.data["how"]["displayed"] == 1
    assert "清晰显示 1 张" in client.get(here(case)).content.decode()


def test_a_return_leads_to_the_next_case_too(client):
    case, other = make_application("point_review"), make_application("point_review")
    log_in(client, reviewer(case))
    named = {"section-work-named": "on", "section-work-reason": "请核对。", "then": "next"}
    assert client.post(here(case, "return"), posted(case, **named)).url == here(other)


def without_a_script(client, case, **more):
    log_in(client, reviewer(case))
    asked = posted(case, **{"section-work-named": "on", "section-work-reason": "请核对。", **more})
    del asked["listed"]
    return client.post(here(case, "return"), asked)


def test_without_a_script_what_will_be_returned_is_listed_first(client):
    case = make_application("point_review")
    diploma = case.images.get(category="diploma")
    words = {f"image-{diploma.pk}-verdict": "not_ok", f"image-{diploma.pk}-words": "请重新拍摄。"}
    answer = without_a_script(client, case, **words, list="order=number")
    assert (answer.status_code, fresh(case).status) == (200, "point_review")
    page = answer.content.decode()
    for told in ("毕业证书 第 1 张：请重新拍摄。", "工作与试用：请核对。", 'name="list" value="order=number"'):
        assert told in page
    assert "没有判定" not in page


def test_what_was_listed_is_returned_by_the_next_press(client):
    case = make_application("point_review")
    page = without_a_script(client, case).content.decode()
    form = re.search(r"<form action=\"[^\"]*/return/\".*?</form>", page, re.S)[0]
    client.post(here(case, "return"), dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form)))
    assert (fresh(case).status, fresh(case).unlocked["sections"]) == ("returned", {"work": "请核对。"})


def test_it_names_the_pictures_that_nobody_has_judged(client):
    case = make_application("point_review")
    diploma = case.images.get(category="diploma")
    page = without_a_script(client, case, **{f"image-{diploma.pk}-verdict": ""}).content.decode()
    assert "还有 1 张图片没有判定，退回以后考生看不到对它们的意见：毕业证书 第 1 张。" in page


def test_going_back_to_the_list_gives_the_hold_back(client):
    case = make_application("point_review")
    log_in(client, reviewer(case)).get(here(case))
    assert Hold.objects.count() == 1
    assert client.post(here(case, "release")).url == "/review/applications/"
    assert Hold.objects.count() == 0


def test_a_page_that_is_still_read_is_told_of_a_colleagues_decision(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    assert client.post(here(case, "hold"), {"seen": case.last_record_id}).status_code == 204
    Application.objects.filter(pk=case.pk).update(last_record=None)
    assert client.post(here(case, "hold"), {"seen": case.last_record_id}).status_code == 409


def test_the_draft_is_the_whole_form(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    whole = {
        "section-work-named": "on",
        "section-work-reason": "请核对工作单位",
        "category-diploma-reason": "还没有勾选",
        "onsite-1-seen": "on",
        "onsite-2-note": "没有带来",
        "until": "2099-12-31",
    }
    client.post(here(case, "draft"), {"seen": case.last_record_id, **whole})
    page = client.get(here(case)).content.decode()
    for words in (
        'name="section-work-named" value="on" checked',
        "请核对工作单位",
        "还没有勾选",
        "没有带来",
        "2099-12-31",
    ):
        assert words in page
    assert 'name="onsite-1-seen" value="on" checked' in page
    assert DraftVerdicts.objects.count() == 1
