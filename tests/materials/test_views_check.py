"""核对并提交: what it tells before the lock, and what a return said, until it is submitted again."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from materials.models import MaterialImage
from materials.specimens import draw
from tests import factories
from tests.asked import own_line
from tests.materials.uploading import a_fresh_graduate, add, kept, remove, returned, submit, submitted

pytestmark = pytest.mark.django_db
CHECK, DESK = "/materials/submit/", "/materials/"
REASON = "退回原因：</strong>不清晰"


def as_candidate(client, application):
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    return client


def page_of(client, address):
    return unescape(client.get(address).content.decode())


def remarks(client):
    found = re.search(r'<div class="notice notice-warning remarks">.*?</ul>', page_of(client, CHECK), re.S)
    return re.findall(r'<li><a href="([^"]*)">(.*?)</a></li>', found[0]) if found else []


def test_what_refuses_nothing_is_told_once_more_with_where_it_is(client):
    application = a_fresh_graduate("registered")
    image = add(application, "identity")
    MaterialImage.objects.filter(pk=image.pk).update(warnings=["dark"])
    (identity, fewer), (picture, dark), (probation, due), *_ = remarks(as_candidate(client, application))
    assert (identity, fewer[:18]) == ("#identity", "“本人有效身份证明”应有 2 份材料")
    assert (picture, dark[:13]) == (f"#image-{image.pk}", "“本人有效身份证明”第 1")
    assert probation == "#probation"
    assert f"最迟 {application.session.year} 年 8 月 31 日 24:00" in due


def test_where_nothing_is_doubtful_nothing_is_told(client):
    application = factories.make_application("registered")
    factories.upload_required(application)
    add(application, "identity", serial=7)
    assert remarks(as_candidate(client, application)) == []


def test_what_may_not_meet_the_conditions_is_told_with_a_link_to_its_field(client):
    application = factories.make_application("registered", major="口腔医学")
    factories.upload_required(application)
    add(application, "identity", serial=7)
    ((href, sentence),) = remarks(as_candidate(client, application))
    assert href == "/application/edit/?section=exam#field_exam_category"
    assert sentence.startswith("报考条件提示：")
    assert 'id="field_exam_category"' in page_of(client, href)
    assert 'type="submit">提交审核' in page_of(client, CHECK)  # it refuses nothing


@pytest.mark.parametrize(("named", "place", "is_advised"), [("work", "field", True), ("basic", "line", False)])
def test_what_a_return_has_left_locked_is_told_without_advice(client, named, place, is_advised):
    application = submitted(period_from=date(2019, 1, 1), period_to=date(2019, 3, 1))
    returned(application, sections={named: "请核对。"})
    [(href, sentence)] = [one for one in remarks(as_candidate(client, application)) if "试用期到" in one[1]]
    assert (href, "请把其他机构也填上" in sentence) == (
        f"/application/edit/?section=work#{place}_period_to",
        is_advised,
    )
    assert f'id="{place}_period_to"' in page_of(client, href)


def papers(client):
    category = re.search(r'<section class="card category[^"]*" id="other".*?</section>', page_of(client, CHECK), re.S)[
        0
    ]
    return re.findall(r'<ul class="category-shows">(.*?)</ul>', category)


def test_the_papers_that_units_ask_for_are_named_and_the_general_words_are_left_out(client):
    application = factories.make_application("registered")
    as_candidate(client, application)
    assert papers(client) == []
    own_line("1101", "在岗证明", upload="required", remark="盖单位公章")
    (found,) = papers(client)
    assert re.sub(r"<[^>]*>", "", found).startswith("在岗证明（")
    assert "盖单位公章" in found


def test_what_is_brought_later_stands_on_the_desk_and_not_before_the_lock(client):
    application = factories.make_application("registered")
    as_candidate(client, application)
    assert ["现场审核携带的材料" in page_of(client, one) for one in (DESK, CHECK)] == [True, False]


def test_a_returns_reason_stays_after_its_picture_is_gone_until_it_is_submitted_again(client):
    application = returned(submitted(), bad=["diploma"])
    as_candidate(client, application)
    bad = kept(application, "diploma")[0]
    assert page_of(client, DESK).count("退回原因（“毕业证书”第 1 张）：</strong>不清晰") == 1  # in the sheet
    remove(bad, application)
    assert [page_of(client, address).count(REASON) for address in (DESK, CHECK)] == [2, 2]  # card and sheet
    add(application, "diploma", serial=7)
    assert [page_of(client, address).count(REASON) for address in (DESK, CHECK)] == [2, 2]
    submit(application)
    assert "退回原因" not in page_of(client, DESK)


def test_the_button_that_deletes_stands_above_the_picture(client):
    application = factories.make_application("registered")
    image = add(application, "identity")
    page = page_of(as_candidate(client, application), f"/materials/images/{image.pk}/delete/")
    assert page.index('type="submit">删除') < page.index("picture-preview")


@pytest.mark.parametrize("address", [DESK, CHECK])
def test_without_a_script_an_upload_leads_back_to_the_page_it_came_from(client, address):
    application = factories.make_application("registered")
    as_candidate(client, application)
    action = re.search(r'<form action="([^"]*)"[^>]*data-upload="identity"', page_of(client, address))[1]
    file = SimpleUploadedFile("scan.jpg", draw.draw("identity"), "image/jpeg")
    answer = client.post(action, {"images": file})
    assert (answer.status_code, answer.url) == (302, f"{address}#identity")
    assert len(kept(application, "identity")) == 1


def test_with_everything_in_its_place_the_third_step_is_the_current_one(client):
    application = factories.make_application("registered")
    as_candidate(client, application)
    assert 'aria-current="step">\n        <span class="stepper-mark" aria-hidden="true">2' in page_of(client, DESK)
    factories.upload_required(application)
    for address in (DESK, CHECK, "/application/edit/", "/application/documents/"):
        assert 'aria-current="step">\n        <span class="stepper-mark" aria-hidden="true">3' in page_of(
            client, address
        )
    assert "材料已齐，还差一步：提交审核" in page_of(client, DESK)
