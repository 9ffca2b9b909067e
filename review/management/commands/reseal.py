"""Seal everything anew by the first of NMEC_FIELD_KEYS: `reseal`; `reseal --dry-run` says what is left."""

from candidates import jobs
from candidates.management.audited import AuditedCommand
from review.operations import resealing


class Command(AuditedCommand):
    help = (
        "换了密钥（新密钥放在 NMEC_FIELD_KEYS 的最前面）或加密算法（NMEC_CIPHER）之后，把旧密钥加密的数据重新加密，"
        "并把还没有加密的图片和文书加密。申请一个后台任务，由 worker 分批进行，期间一切照常可读；可以中止后再次运行。"
        "全部做完（--dry-run 显示 0）之后，才能从 NMEC_FIELD_KEYS 中去掉旧密钥。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="只统计还剩多少，不做")

    def act(self, *, dry_run, **options):
        found = resealing.left()
        for table, number in found.items():
            if number or dry_run:
                self.stdout.write(f"{table}：{number}")
        self.stdout.write(f"共 {sum(found.values())} 行需要重新加密。")
        if dry_run or not sum(found.values()):
            return {}

        job, new = jobs.ask("reseal")
        told = "已申请后台任务" if new else "同样的后台任务已在进行"
        self.stdout.write(f"{told}（编号 {job.pk}），进度见后台管理的“后台任务的进度”。")
        return {"jobs": int(new)}
