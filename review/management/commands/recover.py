import contextlib
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management.base import CommandError

from candidates.management.arguments import typed
from candidates.management.spoken import PortalCommand
from candidates.rules.refusals import of_file
from materials.files.storage import STORAGE_ERRORS
from review.archive import offsite, place, recovering
from review.archive.place import ArchiveError
from review.management import programs
from review.management.acting import moment


class Command(PortalCommand):
    help = (
        "把数据库恢复到某一分钟：从那以前最近的基础备份加上归档的 WAL，在一个新文件夹里做成数据库的数据文件夹；"
        "再把那时登记的图片放回存储（已有的不动）。要用 age 私钥。不连接、不改动正在运行的数据库。"
        "以后的步骤（换上新的数据文件夹、启动、核对）见操作员手册。"
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--identity", type=Path, required=True, metavar="文件", help="age 私钥文件")
        parser.add_argument("--data", type=Path, required=True, metavar="文件夹", help="新的数据文件夹，须为空")
        parser.add_argument(
            "--to", type=typed("moment", moment), metavar="时间", help='恢复到，如 "2027-03-08 09:41"；缺省：归档的最后'
        )
        parser.add_argument("--archive", type=Path, metavar="文件夹", help="备份的文件夹，缺省 NMEC_BACKUP_FOLDER")
        parser.add_argument("--fetch", action="store_true", help="先把异地的备份取到备份的文件夹")
        parser.add_argument("--no-pictures", action="store_true", help="不放回图片")
        parser.add_argument("--dry-run", action="store_true", help="只说从哪个备份恢复，不恢复")

    def handle(self, *, identity, data, to, archive, fetch, no_pictures, dry_run, **options):
        try:
            archive = archive or place.of_settings()
            if not identity.is_file():
                raise CommandError(f"没有私钥文件 {identity}。它不在这台机器上，请从保管处取来。")
            if fetch:
                self.stdout.write(f"从异地取回 {offsite.fetch(archive)} 个文件。")
            planned = recovering.plan(archive, to)
            names = "、".join(one.name for one in planned.chain)
            self.stdout.write(f"基础备份 {names}，其后 {planned.segments} 段 WAL。")
            if dry_run:
                return
            with recovering.restored(archive, identity, data, programs.own(), to=to) as restored:
                self.stdout.write(f"数据库已恢复到 {data}，用了 {restored.seconds:.0f} 秒。")
                self.told(restored)
                if not no_pictures:
                    self.put_back(archive, identity, restored)
        except ArchiveError as error:
            raise CommandError(str(error)) from None
        except STORAGE_ERRORS as error:
            raise CommandError(f"没有恢复完：{of_file(error)}。可以换一个新的数据文件夹再次运行。") from error

    def told(self, restored):
        """Say what was restored, so that whoever is tired sees at once whether it is what he wanted."""
        with contextlib.closing(psycopg2.connect(restored.url)) as connected, connected.cursor() as cursor:
            cursor.execute("SELECT count(*), max(at) FROM candidates_record")
            records, last = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM candidates_application")
            self.stdout.write(
                f"其中报名 {cursor.fetchone()[0]} 份，办理记录 {records} 条"
                + (f"，最后一条在 {last.astimezone():%Y-%m-%d %H:%M:%S}。" if last else "。")
            )

    def put_back(self, archive, identity, restored):
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        files, size, missing = recovering.put_back(archive, identity, restored.url, write=True)
        self.stdout.write(f"图片和文书：备份中 {files} 个文件，{size / 1e6:.1f} MB，已放回存储中没有的。")
        if missing:
            lines = [f"备份中没有：{key}" for key in missing]
            raise CommandError("\n".join([*lines, f"缺少 {len(missing)} 个文件，请运行 verify_storage。"]))
