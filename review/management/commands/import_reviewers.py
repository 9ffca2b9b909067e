import os
from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.audited import AuditedCommand
from candidates.reference.csv_lines import BadFile
from review.operations.accounts import Imported, import_reviewers


class Command(AuditedCommand):
    help = (
        "从 CSV 导入审核员账号，可以重复运行。列：unit（单位代码）、username、name；可选 email、active（1 或 0）。"
        "新账号得到一次性密码，首次登录时必须修改；已有账号的密码不变。"
    )

    recorded = ("file",)

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV 文件（UTF-8 或 GB 18030，第一行是表头）")
        parser.add_argument("--dry-run", action="store_true", help="只检查并报告，不写入")
        parser.add_argument("--passwords", type=Path, help="把一次性密码写入这个新文件（权限 0600），而不是显示出来")

    def act(self, *, file, dry_run, passwords, **options):
        kept = self.new_file(passwords) if passwords and not dry_run else None
        try:
            imported = import_reviewers(file, dry_run=dry_run)
        except BadFile as bad:
            if kept:
                kept.close()
                passwords.unlink()
            raise CommandError("\n".join([*bad.problems, f"共 {len(bad.problems)} 处错误，没有导入。"])) from None

        if not dry_run:
            self.tell(imported, kept)
        word = "检查通过（未写入）" if dry_run else "导入完成"
        self.stdout.write(f"{word}：新增 {imported.made}，更改 {imported.changed}，未变 {imported.same}。")
        return {"made": imported.made, "changed": imported.changed, "same": imported.same}

    def new_file(self, path: Path):
        """Open it before anything is written: a file that cannot be made must not cost the passwords."""
        try:
            return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")
        except OSError as error:
            raise CommandError(f"无法新建密码文件 {path}：{error.strerror}。没有导入。") from None

    def tell(self, imported: Imported, kept):
        out = kept or self.stdout
        for username, password in imported.passwords.items():
            out.write(f"{username},{password}\n")
        if kept:
            kept.close()
