import re

import pytest
from django.utils.timezone import localtime

from candidates.applications.registration import withdraw
from candidates.applications.workflow import Actor
from candidates.models import Look, Record
from review.cases import decisions, holds, reasons
from review.cases.verdicts import submitted_images
from review.models import Hold, OnsiteTick, Verdict
from tests.factories import a_resident_id, make_application, make_candidate, make_operator, make_reviewer, make_units
from tests.review.casework import (
    REASON,
    corrected_diploma,
    fresh,
    here,
    log_in,
    posted,
    returned,
    reviewer,
    said,
    save,
    submit,
)

pytestmark = pytest.mark.django_db


# --- queue --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cases", [1, 3])
def test_the_queue_takes_ten_queries_however_long_it_is(client, cases, django_assert_num_queries):
    for _ in range(cases):
        case = make_application("point_review")
    log_in(client, reviewer(case))
    with django_assert_num_queries(10):
        page = client.get("/review/applications/").content.decode()
    assert page.count(case.number[:-3]) >= cases


def test_the_link_of_the_page_that_one_is_on_is_marked(client):
    client = log_in(client, reviewer(make_application("point_review")))
    found = re.findall('href="([^"]+)" aria-current="page"', client.get("/review/progress/").content.decode())
    assert found == ["/review/progress/"]


def test_the_queue_shows_what_waits_and_who_holds_it(client):
    case = make_application("point_review", account=make_candidate("欧阳修远"))
    mine, other = reviewer(case), make_reviewer(case.point, username="colleague")
    holds.hold(case, other)
    page = log_in(client, mine).get("/review/applications/").content.decode()
    assert [word in page for word in (case.number, "欧阳修远", "临床执业助理医师", "colleague", "0 分钟")] == [True] * 5
    assert [secret in page for secret in (case.document_number, case.mobile)] == [False, False]


def test_what_was_never_submitted_is_in_no_operators_list(client):
    case = make_application("returned")
    withdraw(case.pk, actor=Actor.of(case.account))
    make_application("withdrawn", session=case.session)
    page = log_in(client, make_operator()).get("/review/applications/?status=withdrawn&region=11")
    assert [row["case"].pk for row in page.context["rows"]] == [case.pk]


def test_a_search_is_posted_and_never_repeated_in_an_address(client):
    number = a_resident_id(7)
    case = make_application("point_review", account=make_candidate("欧阳修远", document_number=number))
    log_in(client, reviewer(case))
    page = client.post("/review/applications/", {"text": number}).content.decode()
    assert case.number in page
    assert [link for link in re.findall(r'(?:href|action)="([^"]*)"', page) if number in link] == []


@pytest.mark.parametrize("cases", [1, 3])
def test_what_a_search_finds_takes_three_queries_and_tells_people_of_one_name_apart(
    client, cases, django_assert_num_queries
):
    found = [make_application("point_review", account=make_candidate("欧阳修远")) for _ in range(cases)]
    log_in(client, reviewer(found[0]))
    with django_assert_num_queries(3):
        page = client.post("/review/applications/", {"text": "欧阳"}).content.decode()
    for case in found:
        told = [f"{case.birth_date:%Y-%m-%d}", case.document_number[-4:], case.point.name]
        assert re.findall(rf"{case.number}</a>.*?</tr>", page, re.S)[0].count("<td") == 8
        assert [word in page for word in told] == [True] * 3
        assert case.document_number not in page


def test_a_scanned_number_lands_on_the_case(client):
    case = make_application("site_review")
    answer = log_in(client, reviewer(case)).post("/review/applications/", {"text": case.number})
    assert answer.url == here(case)


def test_an_empty_search_says_what_to_type(client):
    case = make_application("site_review")
    answer = log_in(client, reviewer(case)).post("/review/applications/", {"text": " "})
    assert answer.status_code == 422
    assert "请输入报名编号" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["status=draft", "submitted_from=x", "category=999", "after=x", "submitted_to=9999-12-31"]
)
def test_a_filter_that_makes_no_sense_shows_what_waits(client, query):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).get(f"/review/applications/?{query}")
    assert answer.status_code == 200
    assert case.number in answer.content.decode()


def test_the_next_case_is_opened_and_held(client):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).post("/review/applications/next/")
    assert answer.url == here(case)
    assert Hold.objects.get().application == case


def test_no_next_case_is_said(client):
    answer = log_in(client, make_reviewer(make_units()["1101001"])).post("/review/applications/next/")
    assert (answer.url, said(answer)) == ("/review/applications/", ["现在没有等待您审核、且无人正在审阅的申请。"])


# --- the case -----------------------------------------------------------------------------------------------------


def test_opening_a_case_is_recorded_once_and_holds_it(client):
    case = make_application("point_review")
    account = reviewer(case)
    log_in(client, account)
    client.get(here(case))
    client.get(here(case))
    assert [(look.account, look.kind, look.round) for look in Look.objects.all()] == [(account, "case", 1)]
    assert Hold.objects.get().account == account


def test_reading_at_another_level_holds_nothing(client):
    case = make_application("site_review")
    log_in(client, reviewer(case, "region")).get(here(case))
    assert Hold.objects.count() == 0


@pytest.mark.parametrize("round", [1, 2])
def test_the_case_takes_the_same_queries_whatever_its_pictures(client, round, django_assert_num_queries):
    case = make_application("point_review")
    if round == 2:
        case = corrected_diploma(case)
    log_in(client, reviewer(case))
    with django_assert_num_queries(14):  # a savepoint and its end among them
        client.get(here(case))


def test_the_case_shows_the_fields_beside_the_pictures_that_prove_them(client):
    case = make_application("point_review")
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    identity = re.search(r'data-facts="identity">(.*?)data-facts="diploma"', page, re.S)[1]
    assert case.document_number in identity
    assert case.school not in identity


def test_what_changed_comes_first_old_beside_new(client):
    case = make_application("point_review")
    case = returned(case, sections={"work": "请核对。"})
    case = submit(save(case, "work", employer_name="示例市第二示例医院"))
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    assert re.findall(r"<del>(.*?)</del></td><td><ins>(.*?)</ins>", page) == [("示例市示例医院", "示例市第二示例医院")]


def test_a_replaced_picture_is_shown_beside_the_new_one(client):
    case = corrected_diploma(make_application("point_review"))
    old, new = case.images.filter(category="diploma").order_by("uploaded_at")
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    change = re.search(r'class="change-pair">(.*?)</section>', page, re.S)[1]
    assert re.findall(r"/materials/images/([0-9a-f-]{36})/", change) == [str(old.id), str(new.id)]


def test_earlier_opinions_stay_in_sight(client):
    case = returned(make_application("site_review"), diploma=REASON)
    page = log_in(client, reviewer(case, "point")).get(here(case)).content.decode()
    opinions = re.findall(r"第 1 次提交 · (\S+) \S+ · [^·]+ · (\S+?)</li>", page)
    assert ("考点", f"不合格：{REASON}") in opinions


# --- pass and return ------------------------------------------------------------------------------------------------


def test_a_pass_leads_on_to_the_next_case(client):
    first, second = make_application("point_review"), make_application("point_review")
    answer = log_in(client, reviewer(first)).post(here(first, "pass"), posted(first, then="next"))
    assert answer.url == here(second)
    assert fresh(first).status == "site_review"


def test_passing_twice_in_a_row_passes_once(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    data = posted(case)
    answers = [client.post(here(case, "pass"), data).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert Record.objects.filter(application=case, action="pass").count() == 1


def test_a_refused_pass_loses_nothing_that_was_typed(client):
    reasons.add_missing()
    case = make_application("point_review")
    image = submitted_images(case)[0]
    typed = {f"image-{image.id}-verdict": "not_ok", f"image-{image.id}-reason": "unclear"}
    typed |= {f"image-{image.id}-words": "右下角", "section-work-reason": "待核", "onsite-1-note": "邮寄中"}
    answer = log_in(client, reviewer(case)).post(here(case, "pass"), {"seen": case.last_record_id, **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert fresh(case).status == "point_review"
    assert Verdict.objects.count() == 0
    assert [f'value="{word}"' in page for word in ("右下角", "待核", "邮寄中")] == [True] * 3
    assert re.findall(r'value="(\w+)" selected', page) == ["unclear"]
    assert re.findall(r'value="(\w+)" checked', page) == ["not_ok"]


def test_a_standard_reason_and_words_of_ones_own_are_read_together(client):
    reasons.add_missing()
    case = make_application("point_review")
    image = submitted_images(case)[0]
    data = posted(case) | {
        f"image-{image.id}-verdict": "not_ok",
        f"image-{image.id}-reason": "unsealed",
        f"image-{image.id}-words": "请补盖。",
    }
    log_in(client, reviewer(case)).post(here(case, "return"), data)
    assert Verdict.objects.get(image=image).reason == "材料没有加盖公章。请加盖出具单位的公章后重新上传。请补盖。"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "请至少指出一张不合格的图片"),
        ({"category-diploma-named": "on"}, "请填写退回这一类材料的原因。"),
        ({"section-work-named": "on", "section-work-reason": " "}, "请填写退回这一部分的原因。"),
        ({"section-work-named": "on", "section-work-reason": "x" * 301}, "原因最多 300 个字。"),
        ({"section-work-named": "on", "section-work-reason": "x", "until": "soon"}, "请填写年、月、日"),
        ({"section-work-named": "on", "section-work-reason": "x", "until": "2020-01-01"}, "补正期限必须晚于现在。"),
        ({"section-work-named": "on", "section-work-reason": "x\x00"}, "含有不能保存的字符：请删除后重新填写。"),
    ],
)
def test_a_return_says_beside_its_parts_what_is_missing(client, typed, sentence):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).post(here(case, "return"), posted(case, **typed))
    assert answer.status_code == 422
    assert fresh(case).status == "point_review"
    assert sentence in answer.content.decode()


def test_a_return_names_a_section_until_the_end_of_a_day(client):
    case = make_application("point_review")
    typed = {"section-work-named": "on", "section-work-reason": "请核对。", "until": "2099-03-08"}
    answer = log_in(client, reviewer(case)).post(here(case, "return"), posted(case, **typed))
    assert said(answer) == [f"{case.number}：退回补正，补正期限 2099 年 3 月 8 日 24:00。"]
    assert fresh(case).unlocked["sections"] == {"work": "请核对。"}


def test_ticks_are_kept_with_the_pass(client):
    case = make_application("point_review")
    log_in(client, reviewer(case)).post(
        here(case, "pass"), posted(case, **{"onsite-1-seen": "on", "onsite-2-note": "缺"})
    )
    assert list(OnsiteTick.objects.values_list("seen", "note")) == [(True, ""), (False, "缺")]


@pytest.mark.parametrize("seen", ["", "x", "0", "9" * 40, "-1"])
def test_a_page_that_does_not_say_what_it_saw_is_stale(client, seen):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).post(here(case, "pass"), posted(case, seen=seen))
    assert answer.status_code == 409
    assert fresh(case).status == "point_review"


def test_a_stale_page_is_told_who_and_when(client):
    case = make_application("point_review")
    data, account = posted(case), reviewer(case)
    record = decisions.reject(case.pk, actor=Actor.of(account), seen=None, reason=REASON).last_record
    answer = log_in(client, make_reviewer(case.point, username="colleague")).post(here(case, "pass"), data)
    when = f"{localtime(record.at):%Y 年 %-m 月 %-d 日 %H:%M}"
    who = f"报名点 北京第一考点第一报名点 point-1101001 于 {when} 进行了“审核不通过”。"
    assert answer.status_code == 409
    assert who in answer.content.decode()
    assert fresh(case).status == "rejected"


# --- acts with a page of their own -----------------------------------------------------------------------------------


def test_rejecting_is_asked_before_it_is_done_and_keeps_the_verdicts(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    asked = client.post(here(case, "reject"), posted(case))
    assert asked.status_code == 200
    assert fresh(case).status == "point_review"
    carried = dict(re.findall(r'name="(image-[^"]+|seen)" value="([^"]*)"', asked.content.decode()))
    done = client.post(here(case, "reject"), {**carried, "reason": "证书系伪造"})
    assert done.status_code == 302
    assert fresh(case).status == "rejected"
    assert Verdict.objects.count() == len(carried) - 1


@pytest.mark.parametrize("action", ["send_back", "reject"])
def test_an_act_without_its_reason_is_asked_again(client, action):
    case = make_application("site_review")
    answer = log_in(client, reviewer(case)).post(here(case, action), {"seen": case.last_record_id, "reason": " "})
    assert answer.status_code == 422
    assert fresh(case).status == "site_review"
    assert (
        f"请填写“{ {'send_back': '退回下级复核', 'reject': '审核不通过'}[action] }”的原因。" in answer.content.decode()
    )


def test_extending_needs_a_later_day(client):
    case = make_application("returned")
    log_in(client, reviewer(case, "point"))
    data = {"seen": case.last_record_id, "reason": "住院"}
    assert client.post(here(case, "extend"), data).status_code == 422
    assert client.post(here(case, "extend"), {**data, "until": "2020-01-01"}).status_code == 422
    assert client.post(here(case, "extend"), {**data, "until": "2099-01-01"}).url == here(case)


def test_an_act_whose_time_has_not_come_says_when(client):
    case = make_application("returned")
    answer = log_in(client, reviewer(case, "point")).get(here(case, "reject"))
    assert answer.status_code == 409
    assert "期满以后才能审核不通过" in answer.content.decode()


def test_what_is_not_ones_act_says_who_acts(client):
    case = make_application("site_review")
    answer = log_in(client, reviewer(case, "point")).post(here(case, "pass"), posted(case))
    assert answer.status_code == 409
    assert "现在由考点处理" in answer.content.decode()


def test_an_operator_reopens_what_was_rejected(client):
    case = make_application("rejected")
    data = {"seen": case.last_record_id, "reason": "复查"}
    answer = log_in(client, make_operator()).post(here(case, "reopen"), data)
    assert answer.url == here(case)
    assert fresh(case).status == "point_review"


# --- many at once -----------------------------------------------------------------------------------------------------


def test_a_batch_is_confirmed_before_it_is_passed(client):
    ready, stale = make_application("site_review"), make_application("site_review")
    log_in(client, reviewer(ready))
    rows = {"case": [f"{ready.number}:{ready.last_record_id}", f"{stale.number}:1"]}
    asked = client.post("/review/applications/pass/", rows).content.decode()
    assert "不能通过 1 份" in asked
    assert "可以通过 1 份" in asked
    assert fresh(ready).status == "site_review"
    client.post("/review/applications/pass/", {**rows, "confirmed": "1"})
    assert (fresh(ready).status, fresh(stale).status) == ("region_review", "site_review")


@pytest.mark.parametrize("cases", [1, 3])
def test_a_batch_is_drawn_with_the_same_queries_however_large(client, cases, django_assert_num_queries):
    chosen = [make_application("site_review") for _ in range(cases)]
    log_in(client, reviewer(chosen[0]))
    rows = {"case": [f"{case.number}:{case.last_record_id}" for case in chosen]}
    with django_assert_num_queries(7):
        page = client.post("/review/applications/pass/", rows).content.decode()
    assert f"可以通过 {cases} 份" in page


def test_a_batch_is_not_for_the_point(client):
    case = make_application("point_review")
    rows = {"case": f"{case.number}:{case.last_record_id}", "confirmed": "1"}
    answer = log_in(client, reviewer(case)).post("/review/applications/pass/", rows)
    assert answer.status_code == 409
    assert fresh(case).status == "point_review"


def test_a_batch_of_another_units_cases_passes_none(client):
    case = make_application("site_review")
    log_in(client, make_reviewer(make_units()["1102"]))
    rows = {"case": f"{case.number}:{case.last_record_id}", "confirmed": "1"}
    assert client.post("/review/applications/pass/", rows).url == "/review/applications/"
    assert fresh(case).status == "site_review"


# --- progress, papers ---------------------------------------------------------------------------------------------


def test_progress_counts_by_unit_below_mine(client):
    make_application("point_review")
    case = make_application("site_review", point=make_units()["1102001"])
    page = log_in(client, reviewer(case, "region")).get("/review/progress/").content.decode()
    page = page.partition("等待时间")[0]
    rows = re.findall(r'<th scope="row">(?:<a[^>]*>)?([^<]+)(?:</a>)?</th>((?:<td class="number">\d+</td>)+)', page)
    counts = {name: [int(number) for number in re.findall(r"\d+", cells)] for name, cells in rows}
    assert counts == {
        "北京第一考点": [0, 1, 0, 0, 0, 0, 0, 0, 0],
        "北京第二考点": [0, 0, 1, 0, 0, 0, 0, 0, 0],
    }


def test_progress_of_a_unit_beside_is_not_shown(client):
    log_in(client, make_reviewer(make_units()["1101"]))
    assert [client.get(f"/review/progress/?unit={code}").status_code for code in ("1101001", "1102", "x")] == [
        200,
        404,
        404,
    ]


def test_a_packet_of_which_a_picture_is_lost_says_so(client, media_root):
    case = make_application("point_review")
    (media_root / submitted_images(case)[0].file).unlink()
    answer = log_in(client, reviewer(case)).get(here(case) + "packet.pdf")
    assert answer.status_code == 503
    assert "有一张图片现在读不出来" in answer.content.decode()


def test_nobody_is_asked_to_cancel_where_nothing_is_owed(client):
    case = make_application("payment_due")
    answer = log_in(client, reviewer(case, "site")).get(here(case, "cancel"))
    assert answer.status_code == 409
    assert "没有待补的材料" in answer.content.decode()


def test_the_packet_is_a_look_of_its_own(client):
    case = make_application("point_review")
    answer = log_in(client, reviewer(case)).get(here(case) + "packet.pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert list(Look.objects.values_list("kind", flat=True)) == ["packet"]


def test_a_document_that_is_not_offered_is_not_there(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    codes = [client.get(f"{here(case)}documents/{slug}.pdf").status_code for slug in ("practice-certificate", "x")]
    assert codes == [404, 404]


def test_the_watermark_names_unit_and_account(client):
    image = log_in(client, make_reviewer(make_units()["1101001"])).get("/review/watermark.svg")
    assert image["Content-Type"] == "image/svg+xml"
    assert "北京第一考点第一报名点 point-1101001 20" in image.content.decode()
