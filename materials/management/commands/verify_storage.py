"""Do rows and files belong together? What ought not to be there goes with --fix, once it is older than --grace."""

from django.core.management.base import CommandError

from candidates.management.arguments import typed
from candidates.management.audited import AuditedCommand, Incomplete
from candidates.rules.refusals import of_file
from candidates.trail import check_runs
from materials.files.storage import STORAGE_ERRORS
from materials.files.verifying import LOST, SUPERFLUOUS, THUMBNAIL, YOUNG, verify

WORDS = {
    "missing": "文件不存在",
    "unreadable": "文件读不出",
    "wrong size": "大小不符",
    "wrong content": "内容不符",
    THUMBNAIL: "缩略图缺失或损坏",
    "without a row": "没有登记的文件",
    "of a removed picture": "已删除图片的文件",
    YOUNG: "太新，暂不判断的文件",
    "rows": "相符的登记",
    "files": "相符的文件",
    "removed": "已清除的文件",
    "mended": "重新生成的缩略图",
}


class Command(AuditedCommand):
    help = (
        "核对图片和存储：每一行登记都有文件，大小和摘要一致，缩略图能显示；每一个文件都有登记。"
        "有不符的逐一列出，以状态码 1 结束。"
        "缺省只读；加 --fix 时删除多余的文件、重新生成坏的缩略图（登记不动）。可以随时运行，也可以中止后再次运行。"
    )
    recorded = ("fix", "grace")

    def add_arguments(self, parser):
        parser.add_argument("--fix", action="store_true", help="删除多余的文件，重新生成坏的缩略图")
        parser.add_argument(
            "--grace",
            type=typed("identifier", float),
            default=24,
            metavar="小时",
            help="比这更新的文件不动，至少 1，缺省 24",
        )

    def handle(self, **options):
        super().handle(**{**options, "dry_run": not options["fix"]})  # what only reads leaves no audit

    def act(self, *, fix, grace, **options):
        if grace < 1:
            raise CommandError("--grace 至少是 1 小时：正在上传的图片先有文件，后有登记。")

        with check_runs.running("verify_storage") as run:
            return self.find(run, fix, grace)

    def find(self, run, fix, grace):
        tally = dict.fromkeys(WORDS, 0)
        try:
            for finding in verify(grace_hours=grace, fix=fix):
                tally[finding.kind] += finding.count
                if finding.kind in LOST + SUPERFLUOUS:
                    done = "（已清除）" * finding.removed + "（已重新生成）" * finding.mended
                    sentence = f"{WORDS[finding.kind]}：{finding.key}{done}"
                    if not finding.mended:
                        run.wrong(sentence)
                    self.stdout.write(sentence)
                tally["removed"] += finding.removed
                tally["mended"] += finding.mended
        except STORAGE_ERRORS as error:
            raise CommandError(f"存储没有应答：{of_file(error)}。") from error

        told = "，".join(f"{WORDS[kind]} {count}" for kind, count in tally.items()) + "。"
        self.stdout.write(told)

        lost = sum(tally[kind] for kind in LOST) - tally["mended"]
        left = sum(tally[kind] for kind in SUPERFLUOUS) - tally["removed"]
        run.end(told, is_good=not (lost or left))
        if lost or left:
            raise Incomplete(f"缺失或损坏 {lost} 处，多余的文件 {left} 个。", tally)
        return tally
