from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_only, only
from review.models import REFUND_STATES
from review.payments import refunds


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
        counts = {"done": 0, "failed": 0, "left": 0}
        of_year = only(year, "payment__order__application__session")
        for refund in refunds.unfinished().filter(**of_year).iterator(chunk_size=500):
            if dry_run:
                self.stdout.write(f"将查询：退款 {refund.number}（{refund.get_state_display()}）。")
                continue
            state = refunds.follow(refund)
            counts[state if state in counts else "left"] += 1
            self.stdout.write(f"退款 {refund.number}：{REFUND_STATES[state]}。")
        word = "检查完成（未查询）" if dry_run else "查询完成"
        self.stdout.write(f"{word}：已退回 {counts['done']}，失败 {counts['failed']}，留到下次 {counts['left']}。")
        return counts
