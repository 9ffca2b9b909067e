from collections import Counter, defaultdict

from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_only, by_year, only
from review.models import REFUND_STATES
from review.payments import refunds

KINDS = {"done": "已退回", "failed": "失败", "left": "留到下次"}


class Command(AuditedCommand):
    help = (
        "向支付平台查询已确认、没有办结的退款，可以重复运行：没有送到的按原退款单号再送一次，不会多退。"
        "退回的入账并告诉考生；失败的在后台管理的“退款”里，请看原因后重新提出。"
    )

    recorded = ("year",)

    def add_arguments(self, parser):
        add_only(parser)
        self.add_dry_run(parser)

    def act(self, *, year, dry_run, **options):
        done = defaultdict(Counter)
        of_year = only(year, "payment__order__application__session")
        rows = refunds.unfinished().filter(**of_year).select_related("payment__order__application__session")
        for refund in rows.iterator(chunk_size=500):
            order = refund.payment.order
            session = order.application.session if order else "年度不明"
            if dry_run:
                self.stdout.write(f"将查询：{session}，退款 {refund.number}（{refund.get_state_display()}）。")
                continue
            state = refunds.follow(refund)
            done[order.application.session.year if order else 0][state if state in KINDS else "left"] += 1
            self.stdout.write(f"{session}，退款 {refund.number}：{REFUND_STATES[state]}。")
        word = "检查完成（未查询）" if dry_run else "查询完成"
        for name, counts in by_year(done, year):
            told = "，".join(f"{label} {counts.get(kind, 0)}" for kind, label in KINDS.items())
            self.stdout.write(f"{name}：{word}：{told}。")
        return {kind: sum(counts[kind] for counts in done.values()) for kind in KINDS}
