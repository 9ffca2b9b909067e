"""消息规则 in the back office."""

import pytest
from django.utils import timezone

from candidates.messages.writing import tell_account
from candidates.models import Delivery, KindRule, SmsCount
from candidates.rules.moments import SHANGHAI
from review import admin_messages
from tests.factories import make_candidate, make_operator

pytestmark = pytest.mark.django_db
LIST = "/admin/candidates/kindrule/"


@pytest.fixture
def operator(client):
    client.force_login(make_operator())
    return client


def row_of(page, label):
    return next(line for line in page.splitlines() if line.strip().startswith(f"<tr><td>{label}</td>"))


def test_every_kind_is_shown_as_it_goes_now(operator):
    KindRule.objects.create(kind="paid", order="portal")
    page = operator.get(LIST).content.decode()
    assert "<td>短信，再邮件</td>" in row_of(page, "退回补正")
    assert "<td>只在站内（已设置）</td>" in row_of(page, "缴费成功")
    assert "<td>7、3、1</td>" in row_of(page, "提醒：没有缴费")


def test_the_sms_of_today_stand_beside_the_cap(operator, settings):
    settings.SMS_A_DAY = 5
    today = timezone.now().astimezone(SHANGHAI).date()
    SmsCount.objects.bulk_create([SmsCount(day=today, kind=kind, number=5) for kind in ("returned", "code")])
    page = operator.get(LIST).content.decode()
    assert "<td>5 条<strong> 已到上限</strong></td>" in row_of(page, "退回补正")
    assert "<td>5 条</td>" in row_of(page, "验证码")


def test_days_are_kept_from_the_longest(operator):
    answer = operator.post(f"{LIST}add/", {"kind": "reminder_owed", "order": "", "days": "1,20,7"})
    assert answer.status_code == 302
    assert KindRule.objects.get().days == "20,7,1"


@pytest.mark.parametrize(
    ("kind", "order", "days", "sentence"),
    [
        ("paid", "", "7", "只有提醒类的消息有提醒日子。"),
        ("reminder_owed", "", "7，x", "请填写天数，用逗号分开，例如 7,3,1。"),
        ("reminder_owed", "", "0", "天数是 1 至 365，不能重复，最多 5 个。"),
        ("code", "portal", "", "验证码不能只在站内。"),
    ],
)
def test_what_cannot_be_set_is_said(operator, kind, order, days, sentence):
    page = operator.post(f"{LIST}add/", {"kind": kind, "order": order, "days": days}).content.decode()
    assert sentence in page
    assert not KindRule.objects.exists()


def test_what_a_provider_refuses_is_told_with_what_to_do(operator):
    message = tell_account("paid", make_candidate())
    common = {"message": message, "channel": "sms", "sender": "aliyun", "at": timezone.now(), "outcome": "refused"}
    Delivery.objects.bulk_create([Delivery(code="isv.AMOUNT_NOT_ENOUGH", **common) for _ in range(2)])
    page = operator.get(LIST).content.decode()
    assert "<td><code>isv.AMOUNT_NOT_ENOUGH</code></td><td>余额不足：请充值</td><td>2</td>" in page


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("isv.PARAM_LENGTH_LIMIT", "模板变量不符"),
        ("isv.TEMPLATE_MISSING_PARAMETERS", "短信模板"),
        ("FailedOperation.TemplateParamSetNotMatchApprovedTemplate", "短信模板"),
        ("isp.RAM_PERMISSION_DENY", "请授权"),
        ("isv.SIGN_STATE_ILLEGAL", "短信签名"),
        ("AuthFailure.SignatureExpire", "请对时"),
        ("InternalError.RequestTimeException", "请对时"),
        ("UnauthorizedOperation.RequestIpNotInWhitelist", "服务器的地址"),
        ("isv.SMS_CONTENT_ILLEGAL", "内容含敏感词"),
        ("isv.SOMETHING_NEW", "服务商控制台"),
    ],
)
def test_each_refusal_has_its_own_advice(code, advice):
    assert advice in admin_messages._advice(code)


def test_what_was_set_stands_among_all_changes(operator):
    operator.post(f"{LIST}add/", {"kind": "paid", "order": "portal", "days": ""})
    page = operator.get("/admin/history/").content.decode()
    assert ("消息规则" in page, "只在站内" in page) == (True, True)
