import signal
from threading import Event

from django.conf import settings
from django.core.management.base import CommandError

from candidates.management.lasting import repeat
from candidates.management.spoken import PortalCommand
from review.archive import place, running
from review.management import programs


class Command(PortalCommand):
    help = (
        "一直运行：把数据库的每一次更改（WAL）和新的图片加密归档到 NMEC_BACKUP_FOLDER，每天做一次基础备份，"
        "删除过了保存天数的，并复制到异地（NMEC_BACKUP_S3_…）。只运行一个。Ctrl-C 或 SIGTERM 中止，"
        "被强行结束的再次启动后接着做，不会缺少。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="归档一次就结束")

    def handle(self, *, once, **options):
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        try:
            archiver = running.Archiver(place.of_settings(), programs.find())
        except place.ArchiveError as error:
            raise CommandError(str(error)) from None
        copying = [] if once else archiver.copiers(stop)
        for thread in copying:
            thread.start()
        try:
            if once:
                archiver.turn()
            else:
                repeat(archiver.turn, stop, settings.BACKUP.every)
        finally:
            stop.set()
            archiver.close()
        if once and archiver.problem:
            raise CommandError(archiver.problem)
