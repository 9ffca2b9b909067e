from collections.abc import Mapping
from pathlib import Path

from django.core.management.base import CommandError
from django.db import DatabaseError

from candidates.management.arguments import typed
from candidates.management.audited import add_as, operator_of
from candidates.management.spoken import PortalCommand
from candidates.rules.refusals import of_file
from candidates.trail import audit
from materials.files.storage import STORAGE_ERRORS
from review.management import programs
from review.management.approving import add_reason, require_two
from review.operations import backups


class Command(PortalCommand):
    help = (
        "从 backup 做的文件夹恢复数据库和文件。先核对每一个文件的摘要，有一处不符就不恢复；"
        "数据库要么全部恢复，要么保持原样。目标中已经有账号的不恢复，除非加 --replace（现有数据库的内容将全部丢失）。"
        "恢复前请停止门户的所有进程，恢复后运行 migrate 和各个 verify 命令。"
    )

    two: Mapping[str, str] = {}  # who has asked for it and who has agreed, or why nobody was waited for

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="文件夹", help="backup 做的文件夹")
        parser.add_argument("--replace", action="store_true", help="目标不是空的也恢复，现有内容全部丢失")
        parser.add_argument("--dry-run", action="store_true", help="只核对备份，不恢复")
        parser.add_argument(
            "--emergency",
            type=typed("words"),
            default="",
            metavar="原因",
            help="紧急恢复，不等另一位操作员确认：写明原因，恢复以后记入操作记录",
        )
        add_reason(parser, "有计划的恢复")
        add_as(parser)

    def handle(self, *, folder, replace, dry_run, emergency, reason, acting, **options):
        try:
            manifest = backups.verify(folder)
            backups.require_keys(manifest)
            told = f"{manifest['made_at'][:16].replace('T', ' ')} 的备份，{manifest['files']} 个文件"
            if dry_run:
                self.stdout.write(f"核对通过（未恢复）：{told}。")
                return
            if not replace and not backups.is_empty():
                raise CommandError("目标数据库已经有账号，没有恢复。确实要用备份替换全部内容的，请加 --replace。")
            # the approval goes with the database that is replaced: the names are kept
            self.two = {"emergency": emergency} if emergency else self.agreed(manifest, acting, reason)
            self.two = {**({"as": acting} if acting else {}), **self.two}
            put = backups.restore(folder, programs.find())
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        except STORAGE_ERRORS as error:
            raise CommandError(f"文件没有放完，数据库仍是原来的内容；可以再次运行。{of_file(error)}。") from error
        self.write_down(manifest, put)
        self.stdout.write(f"已恢复 {told}，放回 {put} 个。")

    def agreed(self, manifest, acting, reason):
        """Return who has asked and who has agreed, by user name. Raise CommandError where nobody has."""
        if backups.is_empty():  # there is nobody yet whom one could ask
            return {}
        asked = {"made_at": manifest["made_at"], "database": manifest["database"]["sha256"][:16]}
        try:
            approval = require_two("restore", operator=operator_of(acting), arguments=asked, why=reason)
        except DatabaseError:
            raise CommandError("现有的数据库读不出双人确认：紧急恢复请加 --emergency，写明原因。") from None
        return {"asked_by": str(approval.asked_by), "confirmed_by": str(approval.confirmed_by)} if approval else {}

    def write_down(self, manifest, put):
        """Record it in the database that was put back, if that has the table yet: the one before is gone."""
        try:
            begun = audit.begin("restore", {"made_at": manifest["made_at"]})
            audit.end(begun, "done", {"files": manifest["files"], "put": put, **self.two})
        except DatabaseError:
            self.stderr.write("操作记录没有写入：请运行 migrate。")
