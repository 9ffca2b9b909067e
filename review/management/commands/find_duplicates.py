from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_year, session_of
from candidates.models import Application
from materials import duplicates

CHUNK = 500


class Command(AuditedCommand):
    help = (
        "重新查找一个考试年度的疑似重复：两名考生的身份证明、毕业证书、学位证书、助理医师证书、其他学历证明的图片相同，"
        "或证书编号相同。平时每次提交都会查找，中断或恢复数据以后用它补查。只做标记，不影响任何申请；已核实的不再标记。"
    )
    recorded = ("year",)

    def add_arguments(self, parser):
        add_year(parser)
        self.add_dry_run(parser)

    def act(self, *, year, dry_run, **options):
        session = session_of(year)
        cases = Application.objects.filter(session=session, round__gt=0)
        if dry_run:
            self.stdout.write(f"{session}：将查找 {cases.count()} 份申请（未查找）。")
            return {}

        looked = 0
        for pk in cases.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK):
            duplicates.mark(pk)
            looked += 1
        marked = cases.exclude(duplicates=[]).count()
        self.stdout.write(f"{session}：已查找 {looked} 份申请，其中 {marked} 份有没有核实的疑似重复。")
        return {"applications": looked, "marked": marked}
