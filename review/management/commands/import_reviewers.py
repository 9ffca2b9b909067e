import os
from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.audited import AuditedCommand
from candidates.management.tables import add_table, load_told
from candidates.rules.refusals import of_file
from review.operations.accounts import import_reviewers


class Command(AuditedCommand):
    help = (
        "从表格导入审核员账号，可以重复运行。列：unit（单位代码）、username、name；可选 email、active（1 或 0）。"
        "表格中没有的账号保持原样，加 --complete 才停用。"
        "新账号得到一次性密码，首次登录时必须修改；已有账号的密码不变。"
    )

    recorded = ("file", "complete", "sheet", "yes")

    def add_arguments(self, parser):
        add_table(parser, can_end="审核员账号将停用")
        self.add_dry_run(parser)
        parser.add_argument("--passwords", type=Path, help="把一次性密码写入这个新文件（权限 0600），而不是显示出来")

    def act(self, *, dry_run, passwords, **options):
        kept = self.new_file(passwords) if passwords and not dry_run else None
        options["dry_run"] = dry_run
        try:
            report = load_told(self.stdout, import_reviewers, options, done="导入完成", undone="没有导入")
        except CommandError:
            if kept:
                kept.close()
                passwords.unlink()
            raise
        self.tell(report.passwords, kept)
        new, changed, ended, same = report.sums
        return {"made": new, "changed": changed, "ended": ended, "same": same}

    def new_file(self, path: Path):
        """Open it before anything is written: a file that cannot be made must not cost the passwords."""
        try:
            return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")
        except OSError as error:
            raise CommandError(f"无法新建密码文件 {path}：{of_file(error)}。没有导入。") from None

    def tell(self, made, kept):
        out = kept or self.stdout
        for username, password in made.items():
            out.write(f"{username},{password}\n")
        if kept:
            kept.close()
