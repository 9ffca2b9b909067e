from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.audited import AuditedCommand
from candidates.reference.csv_lines import BadFile


class LoadCommand(AuditedCommand):
    """A command that loads one CSV file: every bad line is named, nothing is loaded when any is bad."""

    load = None  # takes a path and `dry_run`, returns Loaded, raises BadFile
    recorded = ("file",)
    file_help = "CSV 文件（UTF-8 或 GB 18030，第一行是表头）"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help=self.file_help)
        self.add_dry_run(parser)

    def act(self, *, file, dry_run, **options):
        try:
            loaded = type(self).load(file, dry_run=dry_run)
        except BadFile as bad:
            raise CommandError(
                "\n".join([*bad.problems, f"共 {len(bad.problems)} 处错误，没有载入任何数据。"])
            ) from None
        word = "检查通过（未写入）" if dry_run else "载入完成"
        self.stdout.write(f"{word}：新增 {loaded.made}，更改 {loaded.changed}，未变 {loaded.same}。")
        counts = {"made": loaded.made, "changed": loaded.changed, "same": loaded.same}
        if not loaded.told:
            return counts

        self.stdout.write(f"已通知 {loaded.told} 位打印过通知单的考生。")
        return counts | {"told": loaded.told}
