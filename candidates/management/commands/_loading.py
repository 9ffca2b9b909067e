from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from candidates.reference import BadFile


class LoadCommand(BaseCommand):
    """A command that loads one CSV file: every bad line is named, nothing is loaded when any is bad."""

    load = None  # a function of candidates.reference

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV 文件（UTF-8 或 GB 18030，第一行是表头）")
        parser.add_argument("--dry-run", action="store_true", help="只检查并报告，不写入")

    def handle(self, *, file, dry_run, **options):
        try:
            loaded = type(self).load(file, dry_run=dry_run)
        except BadFile as bad:
            raise CommandError(
                "\n".join([*bad.problems, f"共 {len(bad.problems)} 处错误，没有载入任何数据。"])
            ) from None
        word = "检查通过（未写入）" if dry_run else "载入完成"
        self.stdout.write(f"{word}：新增 {loaded.made}，更改 {loaded.changed}，未变 {loaded.same}。")
