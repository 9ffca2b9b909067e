"""What the case page says of verdicts, earlier rounds and what came back."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.applications.workflow import Actor
from materials import submitting, uploads
from materials.rules import catalogue
from review.cases import decisions, reasons
from review.cases.case import Case, warning_of, who_of
from review.forms.case import CaseForm
from review.models import Verdict
from tests.asked import notice, own_line
from tests.candidates.posting import save
from tests.factories import (
    a_further_institution,
    a_picture,
    make_application,
    make_operator,
    make_session,
    make_units,
)
from tests.review.casework import (
    REASON,
    actor,
    corrected_diploma,
    fresh,
    here,
    log_in,
    posted,
    reviewer,
    verdicts,
)
from tests.review.payments.case import make_fee, make_order, pay

pytestmark = pytest.mark.django_db

SENTENCES = {code: sentence for code, _, sentence in reasons.STANDARD}


def rejected_and_reopened(**bad):
    """不合格 stands on the page of a case that is with the point again."""
    case = make_application("point_review")
    decisions.reject(case.pk, actor=actor(case), seen=case.last_record_id, verdicts=verdicts(case, **bad), reason="x")
    case = fresh(case)
    decisions.reopen(case.pk, actor=actor(case, "point"), seen=case.last_record_id, reason="请再看一次。")
    return fresh(case)


@pytest.mark.parametrize(
    ("said", "reason", "words"),
    [
        (SENTENCES["unsealed"], "unsealed", ""),
        (SENTENCES["unsealed"] + "请补盖。", "unsealed", "请补盖。"),
        (REASON, "", REASON),
    ],
)
def test_a_verdict_that_stands_is_drawn_as_it_was_given(said, reason, words):
    reasons.add_missing()
    case = rejected_and_reopened(diploma=said)
    image = case.images.get(category="diploma", removed_at=None)
    drawn = CaseForm(Case.of(case)).images[image.id]
    assert [drawn[name].value() for name in ("verdict", "reason", "words")] == ["not_ok", reason, words]


def test_another_reason_takes_the_place_of_the_one_that_stood(client):
    reasons.add_missing()
    case = rejected_and_reopened(diploma=SENTENCES["different"])
    image = case.images.get(category="diploma", removed_at=None)
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    name = f"image-{image.id}"
    words = re.search(f'name="{name}-words" value="([^"]*)"', page)[1]
    again = {f"{name}-verdict": "not_ok", f"{name}-reason": "unclear", f"{name}-words": words}
    client.post(here(case, "return"), posted(case, **again))
    assert Verdict.objects.get(image=image, is_current=True).reason == SENTENCES["unclear"]


def test_a_replaced_picture_says_why_it_was_refused(client):
    case = corrected_diploma(make_application("site_review"))
    page = log_in(client, reviewer(case, "site")).get(here(case)).content.decode()
    old = re.search(r'class="change-pair">(.*?)<p class="soft small">现在', page, re.S)[1]
    opinions = re.findall(r"第 1 次提交 · (\S+) \S+ · [^·]+ · (\S+?)</li>", old)
    assert opinions == [("报名点", "合格"), ("考点", f"不合格：{REASON}")]


def test_the_case_shows_what_was_asked_for_when_it_was_submitted(client):
    own_line("11", "录取名单", upload="optional", remark="盖章")
    own_line("1101", "在岗证明", remark="本月的")
    notice("11", "diploma", words="内页也要")
    case = make_application("point_review")
    own_line("11", "后来才要的", upload="required", copies=1)
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    assert re.findall(r"own-paper[^>]*>([^<]*)<", page) == ["录取名单（北京考区要求）"]
    assert '录取名单（北京考区要求）：<span class="soft">有的请上传；盖章</span>' in page
    assert "<strong>通知要求</strong> 北京考区：内页也要" in page
    assert re.findall(r"<span>(在岗证明[^ ]*) <span class=\"soft\">([^<]*)<", page) == [
        ("在岗证明（北京第一考点要求）", "原件；本月的")
    ]
    assert "后来才要的" not in page


def opened_from(page):
    """Which pictures links open larger, and which are drawn in a dialog under the watermark."""
    drawn = r'<dialog class="larger" id="larger-([^"]*)".*?<div class="watermarked"><img src="/materials/images/\1/"'
    return re.findall(r'href="#larger-([^"]*)" data-larger', page), re.findall(drawn, page, re.S)


def test_a_replaced_picture_opens_under_the_watermark_only(client):
    case = corrected_diploma(make_application("point_review"))
    old = case.images.filter(category="diploma").earliest("uploaded_at")
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    assert opened_from(page) == ([str(old.id)], [str(old.id)])
    assert re.findall(r'href="(/materials/images/[^"]*)"', page) == []


def test_an_owed_picture_opens_under_the_watermark_only(client):
    session = make_session()
    graduate = {"fresh_graduate": True, "graduated_on": date(session.year - 1, 7, 1)}
    case = make_application("payment_due", session=session, **graduate)
    owed = uploads.add_image(case.pk, "probation", a_picture("diploma-overseas"), actor=Actor.of(case.account))
    page = log_in(client, reviewer(case, "site")).get(here(case)).content.decode()
    assert opened_from(page) == ([str(owed.id)], [str(owed.id)])
    assert re.findall(r'href="(/materials/images/[^"]*)"', page) == []


# --- what came back -----------------------------------------------------------------------------------------------


def notices(client, case, level=""):
    """The sentence above the form, where there is one, as the reviewer of a level reads it."""
    page = log_in(client, reviewer(case, level)).get(here(case)).content.decode()
    found = re.findall(r'data-came-back>.*?notice-word">(.*?)</span>(.*?)</div></div>\s*<form', page, re.S)
    return [(act, re.sub(r" · [\d: -]+<br>", "；", said)) for act, said in found]


def test_a_case_that_was_sent_back_says_why_until_somebody_acts_on_it(client):
    case = make_application("site_review")
    decisions.send_back(case.pk, actor=actor(case), seen=case.last_record_id, reason="请核对公章。")
    case, site = fresh(case), reviewer(case, "site")
    assert notices(client, case) == [("退回下级复核", f"考点 {case.site.name} {site.username}；原因：请核对公章。")]
    decisions.pass_on(case.pk, actor=actor(case), seen=case.last_record_id, verdicts=verdicts(case))
    assert notices(client, fresh(case)) == []


def test_a_case_that_was_sent_back_still_says_why_after_an_act_that_stands_aside(client):
    case = make_application("site_review")
    decisions.send_back(case.pk, actor=actor(case), seen=case.last_record_id, reason="请核对公章。")
    point = make_units()["1102001"]
    decisions.move_to(case.pk, actor=Actor.of(make_operator()), point=point, reason="考生搬迁。")
    ((act, said),) = notices(client, fresh(case))
    assert act == "退回下级复核"
    assert said.partition("；")[2] == "原因：请核对公章。"


def test_a_case_that_was_reopened_says_why(client):
    case = rejected_and_reopened(diploma=REASON)
    assert notices(client, case) == [
        ("恢复审核", f"报名点 {case.point.name} {reviewer(case).username}；原因：请再看一次。")
    ]


def test_a_case_that_was_retracted_says_why(client):
    case = make_application("payment_due")
    decisions.retract(case.pk, actor=actor(case, "region"), seen=case.last_record_id, reason="证书待核实。")
    case = fresh(case)
    assert [(act, said.partition("；")[2]) for act, said in notices(client, case)] == [
        ("撤回至考区审核", "原因：证书待核实。")
    ]


def test_a_case_that_was_unlocked_says_why_and_what_for(client):
    case = make_application("point_review")
    operator, until = Actor.of(make_operator()), timezone.now() + timedelta(days=3)
    decisions.unlock(
        case.pk, actor=operator, categories={"diploma": "请换清晰的。"}, sections={}, until=until, reason="考生申请。"
    )
    (notice,) = notices(client, fresh(case), "point")
    assert (notice[0], notice[1].partition("；")[2]) == ("解锁", "原因：考生申请。<br>毕业证书：请换清晰的。")


# --- a category that stands in no attachment -------------------------------------------------------------------------


@pytest.mark.parametrize("has_pictures", [True, False], ids=["with pictures", "without"])
def test_a_category_without_a_number_leaves_no_stray_blank(client, monkeypatch, has_pictures):
    code, title = ("identity", "本人有效身份证明") if has_pictures else ("other", "考点规定的其他材料")
    monkeypatch.setitem(catalogue.BY_CODE, code, replace(catalogue.BY_CODE[code], item=""))
    case = make_application("point_review")
    page = log_in(client, reviewer(case)).get(here(case)).content.decode()
    said = re.findall(rf'(?:<h[23]>|<span>|data-title=")([^<"]*?{title})', page)
    assert len(said) >= 4  # headings and titles of the pictures, of the fields that they prove, and of the list of all
    assert set(said) == {title}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("same_as:diploma", "与“毕业证书”中的一张图片相同"),
        ("same_as:nothing", "same_as:nothing"),
        ("of_another_time", "of_another_time"),
    ],
)
def test_a_warning_that_this_version_does_not_know_is_shown_as_it_is(code, words):
    assert warning_of(code) == words


def test_before_anything_was_submitted_there_is_no_folder():
    assert Case.of(make_application("registered")).folders == ()


def test_money_is_told_with_the_provider_it_came_by():
    case = make_application("payment_due")
    make_fee(case)
    pay(make_order(case), provider="alipay")
    assert who_of(fresh(case).last_record) == "支付平台 支付宝"


# --- several institutions, and what may not meet the conditions ---


def test_further_institutions_stand_beside_the_certificates_that_prove_them_and_say_what_they_were():
    case = make_application(
        "returned", further_institutions=[a_further_institution()], named={"sections": {"work": REASON}}
    )
    longer = a_further_institution(period_to="2020-12-01")
    save(case, "work", further_institutions=[longer])
    submitting.submit(case.pk, actor=Actor.of(case.account), declared=True)
    folder = next(one for one in Case.of(fresh(case)).folders if one.code == "probation")
    fact = next(one for one in folder.facts if one.field == "further_institutions")
    told = [words.split("，")[1] for words in (fact.value, fact.was)]
    assert told == ["2020-03 至 2020-12", "2020-03 至 2020-08"]


def test_no_further_institution_is_no_fact_and_no_change():
    case = Case.of(corrected_diploma(make_application("point_review")))
    assert ("further_institutions" in case.changed, case.facts(["further_institutions"])) == (False, ())


def test_the_case_page_marks_what_may_not_meet_the_conditions(client):
    doubtful, plain = make_application("point_review", major="口腔医学"), make_application("point_review")
    log_in(client, reviewer(doubtful))
    pages = [client.get(here(case)).content.decode() for case in (doubtful, plain)]
    assert ["data-eligibility" in page for page in pages] == [True, False]
    assert "报考类别：按现有信息，所学专业“口腔医学”与报考类别可能不一致" in pages[0]


def test_what_no_font_has_is_told_to_the_reviewer_with_its_field(client):
    case = make_application("point_review", school="示例\U00031353学院")
    log_in(client, reviewer(case))
    page = client.get(here(case)).content.decode()
    told = page.partition("data-gaps")[2].partition("</div></div>")[0]
    assert "毕业学校：“\U00031353”（U+31353）" in told


def test_where_fonts_have_everything_nothing_is_told_of_gaps(client):
    case = make_application("point_review")
    log_in(client, reviewer(case))
    assert "data-gaps" not in client.get(here(case)).content.decode()
