from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.audited import AuditedCommand, Incomplete
from review.archive import drill, place, recovering
from review.archive.place import ArchiveError
from review.management import programs


class Command(AuditedCommand):
    help = (
        "恢复演练：用备份在临时文件夹里恢复一个数据库，与现在的逐项比较行数和摘要，并逐个核对备份中的图片，然后删除。"
        "不改动正在运行的数据库和图片。要用 age 私钥。每月做一次；有不符的逐一列出，以状态码 1 结束。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--identity", type=Path, required=True, metavar="文件", help="age 私钥文件")
        parser.add_argument("--archive", type=Path, metavar="文件夹", help="备份的文件夹，缺省 NMEC_BACKUP_FOLDER")
        parser.add_argument("--no-pictures", action="store_true", help="不核对图片")
        self.add_dry_run(parser)

    def act(self, *, identity, archive, no_pictures, dry_run, **options):
        try:
            archive = archive or place.of_settings()
            if not identity.is_file():
                raise CommandError(f"没有私钥文件 {identity}。它不在这台机器上，请从保管处取来。")
            planned = recovering.plan(archive, None)
            if dry_run:
                self.stdout.write(f"检查通过（未恢复）：{planned.chain[-1].name}，其后 {planned.segments} 段 WAL。")
                return {}
            done = drill.run(archive, identity, programs.own(), files=not no_pictures)
        except ArchiveError as error:
            raise CommandError(str(error)) from None

        self.stdout.write(
            f"从 {done.base} 恢复，{done.segments} 段 WAL，用了 {done.seconds:.0f} 秒；比较了 {done.rows} 行，"
            f"核对了 {done.files} 个文件（{done.size / 1e6:.1f} MB，{done.files_seconds:.0f} 秒）。"
        )
        counts = {"rows": done.rows, "files": done.files, "wrong": len(done.differing) + len(done.missing)}
        if counts["wrong"]:
            lines = [*done.differing, *(f"备份中没有：{key}" for key in done.missing)]
            raise Incomplete(
                "\n".join([*lines, "演练没有通过：请先 list_backups --check，再做一个完整的基础备份。"]), counts
            )
        self.stdout.write("演练通过：行数和摘要全部相符。")
        return counts
