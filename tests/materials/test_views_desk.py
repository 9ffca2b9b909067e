"""What 提交审核 says where the page was drawn before something happened."""

from datetime import timedelta

import pytest

from candidates.models import Application
from review.cases import decisions
from tests import factories
from tests.materials.uploading import add, returned, submit
from tests.review import casework

pytestmark = pytest.mark.django_db
SUBMIT = "/materials/submit/"


def submitted(client, application, seen):
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    return client.post(SUBMIT, {"seen": seen, "declaration": "on"}, follow=True)


def test_a_page_from_before_anything_was_recorded_has_expired(client):
    answer = submitted(client, factories.make_application("draft"), seen=1)
    assert answer.redirect_chain == [("/materials/", 302)]  # no browser goes back to a page drawn at its POST
    assert "页面已过期，请核对后再次提交。" in answer.content.decode()


def test_a_page_from_before_an_act_of_the_office_says_whose_and_when(client):
    application = factories.make_application("returned")
    seen, until = application.last_record_id, application.return_deadline + timedelta(days=3)
    actor = casework.actor(application, "point")
    decisions.extend(application.pk, actor=actor, seen=seen, reason="住院", until=until)
    answer = submitted(client, application, seen)
    assert answer.redirect_chain == [(SUBMIT, 302)]
    assert "该申请已由他人处理：报名点，" in answer.content.decode()
    assert Application.objects.get().status == "returned"


def test_a_category_that_came_back_asks_for_a_picture_until_there_is_a_new_one(client):
    application = factories.make_application("returned", named={"categories": {"diploma": "印章看不清。"}})
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    before = diploma(client)
    add(application, "diploma", serial=7)
    after = diploma(client)
    assert [("必须 · 待补正" in card, "请上传新的图片。" in card) for card in (before, after)] == [
        (True, True),
        (False, False),
    ]
    assert ["印章看不清。" in after, "必须 · 已补正" in after] == [True, True]  # the reason stays to be read
    assert [card.count('class="refusal"') for card in (before, after)] == [1, 0]  # in red while it is to be mended


def test_originals_are_asked_for_and_copies_only_where_it_says_so(client):
    application = factories.make_application("registered")
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    page = client.get("/materials/").content.decode()
    shown = len(client.get("/materials/").context["cards"])
    assert page.count("请上传原件的彩色扫描件或照片；只有写明“复印件”的，才交复印件。") == shown


def diploma(client):
    return client.get("/materials/").content.decode().partition('id="diploma"')[2].partition("</section>")[0]


def test_the_bar_counts_what_is_to_be_corrected_as_often_as_it_lists_it(client):
    application = factories.make_application("registered")
    factories.upload_required(application)
    add(application, "identity", serial=7)
    named = {"sections": {"work": "请核对。"}, "categories": {"diploma": "印章看不清。"}}
    application = returned(submit(application), bad=["identity"], **named)
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    bar = client.get("/materials/").context["bar"]
    identity = [f"本人有效身份证明 第 {number} 张" for number in (1, 2)]
    assert [one.name for one in bar.links] == ["工作与试用", *identity, "毕业证书"]
    assert (bar.words, bar.links) == ("还有 4 处待补正", bar.obstacles)
    assert bar.links[2].sentence == "“本人有效身份证明”第 2 张图片不合格：请替换，或删除后上传新的图片。"


@pytest.mark.parametrize(("status", "is_advised"), [("registered", True), ("point_review", False)])
def test_after_the_lock_nothing_is_recommended_that_can_no_longer_be_uploaded(client, status, is_advised):
    application = factories.make_application(status, education="bachelor")
    client.force_login(application.account, backend="candidates.accounts.auth.LoginNameBackend")
    assert ("建议上传教育部学历证书电子注册备案表" in client.get("/materials/").content.decode()) == is_advised
