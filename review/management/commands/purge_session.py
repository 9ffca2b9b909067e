from collections import Counter

from django.core.management.base import CommandError
from django.utils import timezone

from candidates.applications.workflow import moment
from candidates.management.arguments import a_year
from candidates.management.audited import AuditedCommand
from candidates.management.sessions import session_of
from candidates.rules.refusals import of_file
from materials.files.storage import STORAGE_ERRORS
from review.management.approving import add_reason, require_two
from review.operations import purging

WORDS = {
    "applications": "份报名",
    "images": "张图片",
    "documents": "份文书",
    "messages": "条消息",
    "accounts": "个考生账号",
}


class Command(AuditedCommand):
    help = (
        "保存期满后清除一个考试年度的个人信息：图片和文书（包括文件）、填报内容、姓名、审核意见、消息；"
        "只有这一年度报名的考生账号一并清空并停用。保留报名编号、状态、单位、时间、办理记录（摘要链仍可核对）、"
        "查阅记录、订单和收款。缺省只统计，不清除；清除以后无法恢复，请先备份。中止后可以再次运行，接着清除。"
        "备份和导出的文件不在此列，请另行销毁。"
    )
    recorded = ("year", "reason")

    def add_arguments(self, parser):
        parser.add_argument("year", type=a_year, metavar="年度")
        parser.add_argument("--yes-purge", type=a_year, metavar="年度", help="再写一遍年度，确认清除")
        add_reason(parser, "清除")

    def handle(self, **options):
        super().handle(**{**options, "dry_run": options["yes_purge"] is None})

    def act(self, *, year, yes_purge, reason, dry_run, **options):
        session, now = session_of(year), timezone.now()
        if now < session.over_at:
            raise CommandError(f"{session}到 {moment(session.over_at)} 才全部结束，不能清除。")
        if dry_run:
            self.stdout.write(
                f"{session}：将清除 {told(purging.counts(session))}（未清除；确认请加 --yes-purge {year}）。"
            )
            return {}

        if yes_purge != year:
            raise CommandError(f"--yes-purge {yes_purge} 与年度 {year} 不同，没有清除。")

        require_two("purge", operator=self.operator, arguments={"year": year}, why=reason)
        total = Counter(dict.fromkeys(WORDS, 0))
        try:
            for counts in purging.purge(session):
                total.update(counts)
        except STORAGE_ERRORS as error:
            raise CommandError(
                f"存储没有应答（{of_file(error)}）；{session}已清除 {told(total)}，请再次运行。"
            ) from error
        purging.close_for_good(session)
        self.stdout.write(f"{session}：已清除 {told(total)}。")
        return dict(total)


def told(counts):
    return "、".join(f"{counts[name]} {word}" for name, word in WORDS.items())
