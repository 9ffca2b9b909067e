import logging
import signal
from threading import Thread

from django.db import connection
from django.utils import timezone

from candidates import jobs
from candidates.accounts import login_limits, logins, one_time_codes
from candidates.applications import form_drafts
from candidates.management.commands import send_messages
from candidates.management.lasting import repeat
from candidates.management.spoken import PortalCommand
from review.appointments import desk, waiting
from review.operations import importing

PAUSE = 2.0  # seconds between two looks at the queue


class Command(PortalCommand):
    help = (
        "一直运行：执行后台任务（如后台管理里申请的通知单生成），清除过期的登录和登录结束后暂存的内容，让候补的考生递补、记录没有到场的预约，"
        "并发送到期的消息（同 send_messages --forever）。"
        "可以在多台机器上运行多个。Ctrl-C 或 SIGTERM 中止：手上的任务退回，由别的进程接着做；"
        "被强行结束的，3 分钟后由别的进程接着做。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--no-messages", action="store_true", help="只执行后台任务，不发送消息")
        parser.add_argument("--once", action="store_true", help="到期的任务做完就结束，不发送消息")

    def handle(self, *, no_messages, once, **options):
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)  # else it reports every look at an empty queue
        worker = jobs.new_worker()
        if once:
            self._turn(worker)
            return

        def stop(*_):
            jobs.stopping.set()
            worker.running = False

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        sender = Thread(target=self._send, args=[stop])
        if not no_messages:
            sender.start()
        try:
            repeat(lambda: self._turn(worker), jobs.stopping, PAUSE)
        finally:
            stop()
            if not no_messages:
                sender.join()

    def _turn(self, worker):
        now = timezone.now()
        jobs.rescue(now)
        jobs.forget_old_calls(now)
        logins.forget_expired(now)
        login_limits.forget_old(now)
        one_time_codes.forget_old(now)
        form_drafts.forget_expired(now)
        importing.forget_old(now)
        desk.settle(now)
        waiting.settle(now)
        worker.run()

    def _send(self, stop):
        """Send messages in threads of their own, so that no job holds them up; where it dies, the process ends."""
        sending = send_messages.Command(stdout=self.stdout, stderr=self.stderr)
        try:
            sending.send_until(jobs.stopping)
        finally:
            connection.close()
            stop()
