from datetime import timedelta

from django.core.management.base import CommandError
from django.utils import timezone

from candidates.management.audited import AuditedCommand, Incomplete
from review.archive import bases, keeping, place, wal
from review.archive.place import ArchiveError
from review.management import programs

AGAIN = timedelta(days=7)  # a backup of before is read again after so long


class Command(AuditedCommand):
    help = (
        "现在做一个基础备份：数据库全部文件的加密副本，以后从它加上归档的 WAL 恢复到任何一分钟。考生可以继续使用。"
        "做完后核对它和一周没有核对的，并删除过了保存天数的。平时由 archiver 每天做，升级以前可以自己做一次。"
    )
    recorded = ("full",)

    def add_arguments(self, parser):
        parser.add_argument("--full", action="store_true", help="做完整的（缺省：数据库记录了改动的，做增量的）")
        self.add_dry_run(parser)

    def act(self, *, full, dry_run, **options):
        try:
            folder = place.of_settings()
            place.prepare(folder, wal.system_identifier())
            if dry_run:
                names = keeping.superfluous(folder, timezone.now()) if bases.listed(folder) else []
                self.stdout.write(
                    f"检查通过（未写入）：{folder}，已有 {len(bases.listed(folder))} 个，将删除 {len(names)} 个文件。"
                )
                return {}
            made = bases.make(folder, programs.find(), full=full)
            removed = keeping.prune(folder)
            keeping.write_down(folder)
            wrong = keeping.check(folder, unless_since=timezone.now() - AGAIN)
        except ArchiveError as error:
            raise CommandError(str(error)) from None

        # the WAL of this very minute is still on its way
        wrong.pop(made.name, None)
        counts = {"bytes": made.size, "removed": removed, "wrong": len(wrong)}
        self.stdout.write(
            f"已备份 {made.name}：{made.size / 1e6:.1f} MB（原 {made.inside_size / 1e6:.1f} MB），"
            f"删除 {removed} 个过期文件。"
        )
        if wrong:
            raise Incomplete("\n".join(one for found in wrong.values() for one in found), counts)
        return counts
