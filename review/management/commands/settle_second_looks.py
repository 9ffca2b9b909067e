from collections import Counter, defaultdict

from django.utils import timezone

from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_only, by_year, session_of
from review.office import lapsing
from review.operations import acts


class Command(AuditedCommand):
    help = (
        "处理无人可以继续的抽查复核，每小时由定时任务运行，可以重复运行：本单位没有第二个审核员的，满一个工作日按第一次的通过继续办理，"
        "记为没有第二人复核；两次意见不同而本单位没有其他负责人的，转上级审核。"
    )

    recorded = ("year",)

    def add_arguments(self, parser):
        add_only(parser)
        self.add_dry_run(parser)

    def act(self, *, year, dry_run, **options):
        session = session_of(year) if year else None
        now, counts = timezone.now(), defaultdict(Counter)
        actor = acts.operator(self.operator)
        for look, action in list(lapsing.due(now)):
            case = look.application
            if session and case.session_id != session.pk:
                continue
            done = action if dry_run else lapsing.lapse(look, actor=actor, now=now)
            if done:
                counts[case.session.year][done] += 1
                self.stdout.write(f"{case.session}，{case.number}：{lapsing.ACTS[done]}。")
        word = "检查完成（未写入），将处理" if dry_run else "处理"
        for name, acts_done in by_year(counts, year):
            self.stdout.write(f"{name}：{word} {sum(acts_done.values())} 份。")
        return {act: sum(done[act] for done in counts.values()) for act in lapsing.ACTS}
