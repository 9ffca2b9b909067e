from django.core.management.base import CommandError
from django.utils import timezone

from candidates.management.spoken import PortalCommand
from review.archive import keeping, place, watching
from review.archive.bases import listed
from review.archive.place import ArchiveError


class Command(PortalCommand):
    help = (
        "列出备份：时间、种类、大小、何时核对和演练过，归档和异地落后几秒。"
        "有问题的写明怎么办，以状态码 1 结束，适合放进定时任务。加 --check 时逐个核对文件的摘要和 WAL 是否连续。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="核对每个基础备份的摘要和它以后的 WAL")

    def handle(self, *, check, **options):
        try:
            folder = place.of_settings()
            wrong = [one for found in keeping.check(folder).values() for one in found] if check else []
            if listed(folder):
                keeping.write_down(folder)
            elif watching.backups():
                wrong.append(f"{folder} 里一个备份也没有：请看 NMEC_BACKUP_FOLDER，以及硬盘是否挂上。")
        except ArchiveError as error:
            raise CommandError(str(error)) from None
        for one in watching.backups():
            self.stdout.write(
                f"{one.name}  {said(one.ended_at)}  {one.get_kind_display()}  {one.size / 1e6:.1f} MB"
                f"  核对 {said(one.checked_at)}  演练 {said(one.drilled_at)}"
            )
        lag = watching.lag(timezone.now())
        for word, seconds in (("归档落后", lag.archived), ("异地落后", lag.copied)):
            self.stdout.write(f"{word} {'（没有）' if seconds is None else f'{seconds:.0f} 秒'}")
        problems = [*wrong, *watching.problems()]
        if problems:
            raise CommandError("\n".join(problems))


def said(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else "—"
