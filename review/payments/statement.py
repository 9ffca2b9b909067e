"""Lists of payments: a bank's statement, or the day list that a provider offers for download.

Columns order_number, trade_number, amount (元) and paid_at (Asia/Shanghai), or the providers' own headings.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from candidates.models.session import SHANGHAI
from candidates.reference.csv_lines import Line, parse, separator_of, text_of
from candidates.reference.long_tables import is_workbook, rows_of
from candidates.reference.outcomes import TRY, WRITE, BadFile, How, Outcome, Report
from candidates.rules.text import clean
from review.models import Payment, PaymentOrder
from review.payments import orders
from review.payments.money import fen, yuan
from review.payments.providers.wechat import ours

COLUMNS = ("order_number", "trade_number", "amount", "paid_at")
HEADINGS = {
    "订单号": "order_number",
    "交易号": "trade_number",
    "金额": "amount",
    "金额(元)": "amount",
    "支付时间": "paid_at",
    "商户订单号": "order_number",
    "支付宝交易号": "trade_number",
    "微信订单号": "trade_number",
    "订单金额(元)": "amount",
    "订单金额": "amount",
    "完成时间": "paid_at",
    "交易时间": "paid_at",
    "业务类型": "kind",
    "交易状态": "kind",
}
ORDER = re.compile(r"20[0-9]{2}[0-9A-Z]{16}")  # a year and what orders.py draws
BOOKED = ("new", "refund")  # outcomes whose money is entered
RECEIVED = ("", "交易", "SUCCESS")  # other kinds are refunds and reversals


@dataclass(frozen=True)
class Entry:
    """One payment of a list; `amount` in fen, `kind` as the provider has it."""

    line: int
    order: str
    trade_number: str
    amount: int
    at: datetime
    kind: str = ""


class Misread(BadFile):
    """A list with lines that cannot be read; `read` has those that can, for what would become of them."""

    def __init__(self, found: Iterable[tuple[Line, "Entry | None"]]):
        found = list(found)
        self.read = [entry for line, entry in found if entry and not line.problems]
        self.refused = [_refused(line) for line, _ in found if line.problems]
        super().__init__(sentence for line, _ in found for sentence in line.problems)

    def told(self, provider: str, *, now: datetime | None = None) -> Report:
        """Return what becomes of every line, in their order: of one that can be read, were there no others."""
        outcomes = [*import_payments(self.read, provider, TRY, now=now).outcomes, *self.refused]
        report = Report()
        for outcome in sorted(outcomes, key=lambda one: one.line):
            report.add(outcome)
        return report


def _refused(line: Line) -> Outcome:
    cells = [line.cells.get(column, "") or "（空）" for column in ("order_number", "trade_number", "amount")]
    said = tuple(one.partition("：")[2] for one in line.problems)  # without the place, which the outcome has
    return Outcome("refused", line.number, f"订单 {cells[0]}，交易号 {cells[1]}，金额 {cells[2]}", said=said)


def entries(path: Path, sheet: str = "") -> list[Entry]:
    """Read the list's payments in order. Raise Misread with every line that cannot be read, or BadFile."""
    text, before = _list_of(_text_of(path, sheet))
    lines = parse(text, COLUMNS, before=before)
    found = [(line, _entry(line)) for line in lines]
    if any(line.problems for line in lines):
        raise Misread(found)
    return [entry for _, entry in found if entry]


def _list_of(text: str) -> tuple[str, int]:
    """Return the list with our headings, without what the providers write around it, and how many lines came before."""
    lines = ["" if line.startswith("#") else line for line in text.replace("`", "").splitlines()]
    sums = next((place for place, line in enumerate(lines) if line.startswith("总交易单数")), len(lines))
    lines = lines[:sums]
    before = next((place for place, line in enumerate(lines) if line.strip()), None)
    if before is None:
        raise BadFile(["文件中没有数据行。"])
    separator = separator_of(lines[before])
    names = [clean(name, "identifier") for name in next(csv.reader([lines[before]], delimiter=separator))]
    return "\n".join([separator.join(HEADINGS.get(name, name) for name in names), *lines[before + 1 :]]), before


def _text_of(path: Path, sheet: str) -> str:
    """Return the list as text, a workbook's sheet too. Raises BadFile."""
    if not is_workbook(path) and not sheet:
        return text_of(path)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    at = 0
    for number, cells in rows_of(path, sheet):
        text.write("\n" * (number - at - 1))  # so that lines keep their numbers
        writer.writerow(cells)
        at = number
    return text.getvalue()


def _entry(line: Line) -> Entry | None:
    order = ours(line.identifier("order_number", "订单号", 64).upper())
    trade = line.identifier("trade_number", "交易号", 64, required=True)
    at = line.moment("paid_at", "支付时间")
    kind = line.text("kind", "类型", 20)

    value = line.cells.get("amount", "")
    try:
        amount = fen(value)
    except ValueError:
        line.problem(f"金额（amount）的值“{value}”不是金额，请以元为单位，写成 260.00。")
        return None
    return Entry(line.number, order, trade, amount, at, kind) if at else None


def years_of(found: Iterable[Entry]) -> str:
    """Name the years whose orders are in the list, by their numbers; empty where none is ours by its looks."""
    years = sorted({one.order[:4] for one in found if ORDER.fullmatch(one.order)})
    return f"{'、'.join(years)} 年度" if years else ""


def import_payments(found: Iterable[Entry], provider: str, how: How = WRITE, *, now: datetime | None = None) -> Report:
    """Settle by order number and amount, each line in a transaction of its own; again changes nothing.

    A line for an order that is not ours is left alone: a statement holds other people's money too. So is one whose
    day lies before its order's or after tomorrow: a date that somebody, or Excel, has mistaken.
    """
    now, report = now or timezone.now(), Report()
    taken: set[str] = set()  # orders and trades of earlier lines, for the dry run
    for entry in found:
        kind, why = _foreseen(entry, provider, taken, now)
        taken |= {entry.trade_number} if why else {entry.trade_number, entry.order}
        if kind in BOOKED and not how.dry_run:
            payment = orders.settle(
                entry.order, provider=provider, trade_number=entry.trade_number, amount=entry.amount, at=entry.at
            )
            if payment.state == "refund_needed" and not why:  # somebody was quicker
                kind, why = "refund", "订单已由另一笔付款支付，这笔记为待退款。"
        name = f"订单 {entry.order or '（无）'}，交易号 {entry.trade_number}，{yuan(entry.amount)} 元"
        report.add(Outcome(kind, entry.line, name, said=(why,) if why else ()))
    return report


def _foreseen(entry: Entry, provider: str, taken: set[str], now: datetime) -> tuple[str, str]:
    """Say what becomes of this line, a key of KINDS, and why it settles nothing (empty where it does)."""
    if entry.kind not in RECEIVED:
        return "left", f"类型是“{entry.kind}”，不是收款。"
    old = Payment.objects.filter(provider=provider, trade_number=entry.trade_number).select_related("order").first()
    if old:
        return _booked(entry, old)

    if entry.trade_number in taken:
        return "left", f"交易号 {entry.trade_number} 与前面的行重复。"
    order = PaymentOrder.objects.filter(number=entry.order).first()
    if order is None:
        return "left", f"没有订单号“{entry.order}”。"
    first, last = _day(order.created_at), _day(now) + timedelta(days=1)
    if not first <= _day(entry.at) <= last:
        told = f"支付日期 {_day(entry.at)} 不在下单日 {first} 与明天 {last} 之间，没有入账：请核对这一行的日期。"
        return "left", told

    if order.state != "created" or entry.order in taken:
        state = "已支付" if entry.order in taken else order.get_state_display()
        return "refund", f"订单 {entry.order} {state}，这笔记为待退款。"
    if entry.amount != order.amount:
        return "refund", f"金额 {yuan(entry.amount)} 元与订单的 {yuan(order.amount)} 元不符，这笔记为待退款。"
    return "new", ""


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _booked(entry: Entry, old: Payment) -> tuple[str, str]:
    number = old.order.number if old.order else ""
    if (number, old.amount) == (entry.order, entry.amount):
        return "same", f"以前已入账（{old.get_state_display()}）。"
    told = f"交易号 {old.trade_number} 以前以订单“{number}”、{yuan(old.amount)} 元入账，与这一行不同，请核对。"
    return "left", told


def differences(found: Iterable[Entry], provider: str, day: date) -> list[str]:
    """Hold a provider's list of one day (Asia/Shanghai) against ours: a sentence for each difference."""
    told = []
    theirs: dict[str, Entry] = {}
    for entry in found:
        if entry.kind not in RECEIVED:
            continue
        if _day(entry.at) != day:
            told.append(f"第 {entry.line} 行：交易号 {entry.trade_number} 的时间不在 {day}。")
        if entry.trade_number in theirs:
            told.append(f"第 {entry.line} 行：交易号 {entry.trade_number} 在名单中出现两次。")
        theirs.setdefault(entry.trade_number, entry)

    rows = Payment.objects.filter(provider=provider).select_related("order")
    known = {row.trade_number: row for row in rows.filter(trade_number__in=list(theirs))}
    for trade, entry in theirs.items():
        told += _against(entry, known.get(trade))

    begins = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    of_the_day = rows.filter(received_at__gte=begins, received_at__lt=begins + timedelta(days=1))
    for row in of_the_day.exclude(trade_number__in=list(theirs)).order_by("trade_number"):
        number = row.order.number if row.order else "不明"
        told.append(f"交易号 {row.trade_number}（订单 {number}，{yuan(row.amount)} 元）我方有，对方名单没有。")
    return told


def _against(entry: Entry, row: Payment | None) -> list[str]:
    facts = f"第 {entry.line} 行：交易号 {entry.trade_number}（订单 {entry.order}，{yuan(entry.amount)} 元）"
    if row is None:
        return [f"{facts}对方有，我方没有；可以用 import_payments 入账。"]

    told = []
    if row.amount != entry.amount:
        told.append(f"{facts}金额不同：我方 {yuan(row.amount)} 元。")
    number = row.order.number if row.order else ""
    if number != entry.order and (number or PaymentOrder.objects.filter(number=entry.order).exists()):
        told.append(f"{facts}订单不同：我方“{number}”。")
    return told
