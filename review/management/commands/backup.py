from pathlib import Path

from django.core.management.base import CommandError

from candidates.management.audited import AuditedCommand, Incomplete
from candidates.rules.refusals import of_file
from materials.files.storage import STORAGE_ERRORS
from review.management import programs
from review.operations import backups


class Command(AuditedCommand):
    help = (
        "把数据库和全部文件备份到一个新文件夹，考生可以继续使用：先取数据库某一时刻的快照，再取它提到的文件。"
        "附有每个文件的摘要，restore 恢复前会核对。备份中有个人信息，文件夹只有本人可读；"
        "密钥（NMEC_FIELD_KEYS、NMEC_INDEX_KEY）不在其中，请另行妥善保存，缺了密钥备份无法使用。"
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="文件夹", help="新的或空的文件夹")
        self.add_dry_run(parser)

    def act(self, *, folder, dry_run, **options):
        try:
            if dry_run:
                files = backups.foreseen(folder)
                self.stdout.write(f"检查通过（未写入）：数据库（{programs.find() / 'pg_dump'}），{files} 个文件。")
                return {}
            made = backups.make(folder, programs.find())
        except backups.BackupError as error:
            raise CommandError(str(error)) from None
        except STORAGE_ERRORS as error:
            raise CommandError(f"没有备份完，文件夹不能使用：{of_file(error)}。") from error

        counts = {"files": made.files, "bytes": made.size, "missing": len(made.missing)}
        told = f"已备份到 {folder}：数据库，{made.files} 个文件，{made.size // 1024 // 1024} MB"
        if made.missing:
            lines = [f"存储中没有：{key}" for key in made.missing]
            lines.append(f"{told}；缺少 {len(made.missing)} 个文件，请运行 verify_storage。")
            raise Incomplete("\n".join(lines), counts)
        self.stdout.write(f"{told}。")
        return counts
