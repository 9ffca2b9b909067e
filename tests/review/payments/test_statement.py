"""Statements: every line settles an order or is named with the reason; a day's list is compared line by line."""

import io
import re
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from candidates.models.session import SHANGHAI
from review.models import Payment
from review.payments import statement
from tests.review.payments.case import booked, make_due, make_order, pay, status_of

pytestmark = pytest.mark.django_db
HEAD = "order_number,trade_number,amount,paid_at\n"
AT = "2027-03-08 09:30:00"
DAY = date(2027, 3, 8)


def run(command, *arguments, **options):
    """What it says, without the year of the orders, for which there is a test of its own."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return without_years(out.getvalue()).splitlines()


def without_years(told):
    return re.sub(r"20\d\d 年度，|（20\d\d 年度）", "", told)


def test_a_dry_run_with_lines_that_cannot_be_read_tells_of_every_line(tmp_path):
    order, out = make_order(make_due()), io.StringIO()
    file = tmp_path / "statement.csv"
    file.write_text(f"{HEAD}{order.number},B1,200.00,{timezone.localtime():%Y-%m-%d %H:%M}\n,B2,x,{AT}\n")
    with pytest.raises(CommandError, match="共 1 处错误，没有入账。"):
        call_command("import_payments", file, dry_run=True, stdout=out)
    assert out.getvalue().splitlines() == [
        f"第 2 行将入账：订单 {order.number}，交易号 B1，200.00 元",
        "第 3 行有误：订单 （空），交易号 B2，金额 x：金额（amount）的值“x”不是金额，请以元为单位，写成 260.00。",
    ]


def test_the_years_of_the_orders_are_named(tmp_path):
    order, out = make_order(make_due()), io.StringIO()
    file = tmp_path / "statement.csv"
    file.write_text(f"{HEAD}{order.number},B1,200.00,{timezone.localtime():%Y-%m-%d %H:%M:%S}\n")
    year = order.application.session.year
    call_command("import_payments", file, stdout=out)
    call_command("reconcile", "bank", f"{timezone.localdate()}", file, stdout=out)
    told = out.getvalue().splitlines()
    assert told[-2:] == [
        f"入账完成：{year} 年度，共 1 行，缴费成功 1，待退款 0，未入账 0。",
        f"{timezone.localdate()} 银行转账：1 笔（{year} 年度），全部一致。",
    ]


def today(days=0):
    """The day of the orders that a test has made, or so many days later."""
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%d} 09:30:00"


def a_file(folder, *lines, head=HEAD, encoding="utf-8"):
    path = folder / "statement.csv"
    path.write_bytes((head + "".join(f"{line}\n" for line in lines)).encode(encoding))
    return path


def test_a_statement_settles_by_order_number_and_amount_and_names_every_other_line(tmp_path):
    application, other = make_due(), make_due()
    order, wrong = make_order(application), make_order(other)
    file = a_file(
        tmp_path,
        f"{order.number.lower()},B1,200.00,{today()}",
        f"{order.number},B2,200.00,{today()}",
        f"{wrong.number},B3,199.00,{today()}",
        f"工资,B4,9000.00,{today()}",
        f"{order.number},B1,200.00,{today()}",
        encoding="gb18030",
    )
    told = [
        f"第 3 行没有用于缴费：订单 {order.number} 已支付，这笔记为待退款。",
        "第 4 行没有用于缴费：金额 199.00 元与订单的 200.00 元不符，这笔记为待退款。",
        "第 5 行没有用于缴费：没有订单号“工资”。",
    ]
    dry = run("import_payments", file, "--dry-run")
    assert dry[0] == f"第 2 行将入账：订单 {order.number}，交易号 B1，200.00 元"
    assert dry[1:4] == told
    assert dry[4:] == [
        "第 6 行没有用于缴费：交易号 B1 与前面的行重复。",
        "检查通过（未写入）：共 5 行，缴费成功 1，待退款 2，未入账 2。",
    ]
    assert booked() == []
    assert run("import_payments", file) == [
        *told,
        "第 6 行没有用于缴费：以前已入账（已入账）。",
        "入账完成：共 5 行，缴费成功 1，待退款 2，未入账 2。",
        "其中 1 行不知道属于哪个订单：请在后台管理的“没有匹配的账目”里匹配。",
    ]
    assert booked() == [("B1", "settled"), ("B2", "refund_needed"), ("B3", "refund_needed")]
    assert (status_of(application), status_of(other)) == ("paid", "payment_due")
    again = run("import_payments", file)
    assert "入账完成：共 5 行，缴费成功 0，待退款 0，未入账 5。" in again
    assert len(booked()) == 3


def test_a_statement_with_a_line_that_cannot_be_read_books_nothing(tmp_path):
    order = make_order(make_due())
    lines = (f"{order.number},B1,200.00,{today()}", f"{order.number},,2e2,yesterday")
    with pytest.raises(CommandError) as refusal:
        run("import_payments", a_file(tmp_path, *lines))
    assert str(refusal.value).splitlines() == [
        "第 3 行：缺少交易号（trade_number）。",
        "第 3 行：支付时间（paid_at）的值“yesterday”不是时间，请写成 2027-01-10 09:00:00。",
        "第 3 行：金额（amount）的值“2e2”不是金额，请以元为单位，写成 260.00。",
        "共 3 处错误，没有入账。",
    ]
    assert booked() == []


@pytest.mark.parametrize("number", ["1.23E+17", "1e+5", "420000283420271", "4200002834202710000000000000"])
def test_a_number_that_excel_has_rounded_books_nothing(tmp_path, number):
    order = make_order(make_due())
    file = a_file(tmp_path, f"{order.number},{number},200.00,{today()}")
    if number == "420000283420271":  # fifteen digits are whole
        assert run("import_payments", file)[-1].startswith("入账完成：共 1 行，缴费成功 1")
        return
    with pytest.raises(CommandError) as refusal:
        run("import_payments", file)
    assert str(refusal.value).splitlines()[0] == (
        f"第 2 行：交易号（trade_number）的值“{number}”已被 Excel 改写，后面的数字丢失了："
        "请用原始文件，或在 Excel 中先把这一列设为“文本”再粘贴。"
    )
    assert booked() == []


@pytest.mark.parametrize("days", [-1, 2, 26_000])
def test_a_day_before_the_order_or_after_tomorrow_books_nothing(tmp_path, days):
    application = make_due()
    order = make_order(application)
    told = run("import_payments", a_file(tmp_path, f"{order.number},B1,200.00,{today(days)}"))
    assert told[0].startswith(f"第 2 行没有用于缴费：支付日期 {today(days)[:10]} 不在下单日 {today()[:10]} 与明天 ")
    assert told[1] == "入账完成：共 1 行，缴费成功 0，待退款 0，未入账 1。"
    assert booked() == []
    assert status_of(application) == "payment_due"


@pytest.mark.parametrize("days", [0, 1])
def test_the_days_from_the_order_to_tomorrow_are_booked(tmp_path, days):
    order = make_order(make_due())
    run("import_payments", a_file(tmp_path, f"{order.number},B1,200.00,{today(days)}"))
    assert booked() == [("B1", "settled")]


def test_the_last_day_of_the_calendar_is_no_time(tmp_path):
    with pytest.raises(CommandError, match="“9999-12-31 24:00”不是时间"):
        run("import_payments", a_file(tmp_path, "X,B1,200.00,9999-12-31 24:00"))


def test_the_same_trade_with_other_facts_is_named_and_left(tmp_path):
    first, second = make_order(make_due()), make_order(make_due())
    pay(first, "B1", provider="bank")
    told = run("import_payments", a_file(tmp_path, f"{second.number},B1,200.00,{today()}"))
    words = f"交易号 B1 以前以订单“{first.number}”、200.00 元入账，与这一行不同，请核对。"
    assert told[0] == f"第 2 行没有用于缴费：{words}"
    assert booked() == [("B1", "settled")]


def test_a_line_whose_order_somebody_paid_a_moment_ago_needs_a_refund(tmp_path, monkeypatch):
    order, foreseen = make_order(make_due()), statement._foreseen

    def then_somebody_was_quicker(*arguments):
        told = foreseen(*arguments)
        pay(order, "A1")
        return told

    monkeypatch.setattr(statement, "_foreseen", then_somebody_was_quicker)
    assert run("import_payments", a_file(tmp_path, f"{order.number},B1,200.00,{today()}")) == [
        "第 2 行没有用于缴费：订单已由另一笔付款支付，这笔记为待退款。",
        "入账完成：共 1 行，缴费成功 0，待退款 1，未入账 0。",
    ]
    assert booked() == [("A1", "settled"), ("B1", "refund_needed")]


@pytest.mark.parametrize("command", [("import_payments",), ("reconcile", "alipay", DAY.isoformat())])
def test_a_list_of_nothing_but_remarks_is_refused(tmp_path, command):
    with pytest.raises(CommandError, match=r"文件中没有数据行。\n共 1 处错误，没有(入账|核对)。"):
        run(*command, a_file(tmp_path, head="#支付宝业务明细查询\n\n"))


ALIPAY = """#支付宝业务明细查询
#账号：[20880000000000000156]
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,商家实收（元）
{trades}
#业务明细列表结束------------------------------------
#导出时间：[2027年03月09日 09:00:00]
"""
WECHAT = """交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,应结订单金额,订单金额
{trades}
总交易单数,应结订单总金额,退款总金额
`1,`200.00,`0.00
"""


def test_the_providers_own_lists_are_read(tmp_path):
    order, other = make_order(make_due()), make_order(make_due())
    at = today()
    trades = f"A1\t,{order.number}\t,交易,缴费,{at},{at},某,200.00,199.00\nA2,X,退款,缴费,{at},{at},某,200.00,0.00"
    (tmp_path / "alipay.csv").write_bytes(ALIPAY.format(trades=trades).encode("gb18030"))
    told = run("import_payments", tmp_path / "alipay.csv", provider="alipay")
    assert told[0] == "第 5 行没有用于缴费：类型是“退款”，不是收款。"
    trades = f"`{at},`wx,`19,`W1,`{other.number},`SUCCESS,`199.00,`200.00"
    (tmp_path / "wechat.csv").write_text("\ufeff" + WECHAT.format(trades=trades), encoding="utf-8")
    run("import_payments", tmp_path / "wechat.csv", provider="wechat")
    assert booked() == [("A1", "settled"), ("W1", "settled")]
    assert f"{timezone.localtime(Payment.objects.first().received_at):%H:%M:%S}" == "09:30:00"


def test_a_workbook_with_chinese_headings_is_read_by_its_sheet(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("流水")
    sheet.append(["订单号", "交易号", "金额（元）", "支付时间", "备注"])
    sheet.append(["X1", "T1", 260.5, datetime(2026, 11, 28, 10, 0), "工资"])
    book.save(tmp_path / "bank.xlsx")
    at = datetime(2026, 11, 28, 10, 0, tzinfo=SHANGHAI)
    assert statement.entries(tmp_path / "bank.xlsx", "流水") == [statement.Entry(2, "X1", "T1", 26050, at)]


def test_reconciling_names_every_difference(tmp_path):
    first, second, third = (make_order(make_due()) for _ in range(3))
    at = datetime(2027, 3, 8, 23, 59, 59, tzinfo=SHANGHAI)
    pay(first, "T1", at=at)
    pay(second, "T2", at=at)
    pay(third, "T3", at=at)
    pay(third, "T9", provider="wechat", at=at)
    lines = (
        f"{first.number},T1,200.00,{AT}",
        f"{first.number},T2,201.00,{AT}",
        f"{first.number},T4,1.00,2027-03-09 00:00:00",
    )
    with pytest.raises(CommandError) as told:
        run("reconcile", "alipay", DAY.isoformat(), a_file(tmp_path, *lines))
    assert without_years(str(told.value)).splitlines() == [
        "第 4 行：交易号 T4 的时间不在 2027-03-08。",
        f"第 3 行：交易号 T2（订单 {first.number}，201.00 元）金额不同：我方 200.00 元。",
        f"第 3 行：交易号 T2（订单 {first.number}，201.00 元）订单不同：我方“{second.number}”。",
        f"第 4 行：交易号 T4（订单 {first.number}，1.00 元）对方有，我方没有；可以用 import_payments 入账。",
        f"交易号 T3（订单 {third.number}，200.00 元）我方有，对方名单没有。",
        "共 5 处不同。",
    ]


def test_a_day_that_is_none_is_told_in_words(tmp_path):
    with pytest.raises(CommandError, match="“3 月 8 日”不是日期，请写成 2027-03-08"):
        run("reconcile", "alipay", "3 月 8 日", a_file(tmp_path, ""))


def test_equal_lists_reconcile(tmp_path):
    order = make_order(make_due())
    pay(order, "T1", at=datetime(2027, 3, 8, 0, 0, tzinfo=SHANGHAI))
    told = run("reconcile", "alipay", DAY.isoformat(), a_file(tmp_path, f"{order.number},T1,200.00,{AT}"))
    assert told == ["2027-03-08 支付宝：1 笔，全部一致。"]


def test_reconciling_leaves_refunds_out_and_names_a_trade_listed_twice(tmp_path):
    order = make_order(make_due())
    pay(order, "T1", at=datetime(2027, 3, 8, 12, 0, tzinfo=SHANGHAI))
    lines = (f"{order.number},T1,200.00,{AT},交易", f"{order.number},T1,200.00,{AT},交易", f"X,R1,200.00,{AT},退款")
    with pytest.raises(CommandError) as told:
        run("reconcile", "alipay", DAY.isoformat(), a_file(tmp_path, *lines, head=HEAD.replace("\n", ",业务类型\n")))
    assert without_years(str(told.value)).splitlines() == ["第 3 行：交易号 T1 在名单中出现两次。", "共 1 处不同。"]
