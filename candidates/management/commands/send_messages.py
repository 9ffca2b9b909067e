import signal
from threading import Event

from django.core.management.base import BaseCommand
from django.utils import timezone

from candidates.management.lasting import repeat
from candidates.messages import outbox

PAUSE = 5.0  # seconds between two looks at the outbox
LISTED = 20


class Command(BaseCommand):
    help = (
        "把到期的消息交给 NMEC_SENDER 发送（短信或邮件）。失败的隔 1 分钟、5 分钟、30 分钟、2 小时、12 小时各重试一次，"
        "共 6 次。可以同时运行多个，也可以随时中止：每条消息最多成功发送一次。"
        "发送途中被强行中止的消息不会再自动发送，会列出编号，请向服务商核实。"
        "账号没有 NMEC_SENDER 能到达的联系方式的，不发送，也不再重试，另行计数；考生登录后在站内看到。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="一直运行，每 5 秒查看一次；Ctrl-C 或 SIGTERM 中止")
        parser.add_argument("--dry-run", action="store_true", help="只报告有多少条到期，不发送")

    def handle(self, *, forever, dry_run, **options):
        if dry_run:
            self.stdout.write(f"到期待发送 {outbox.due(timezone.now()).count()} 条（未发送）。")
            self._troubles()
            return
        stop = Event()
        if forever:  # the message in hand is finished first
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            repeat(lambda: self.send_due(stop), stop, PAUSE)
        else:
            self._report(self._all_due(stop))

    def send_due(self, stop):
        done = self._all_due(stop)
        if done.count:
            self._report(done)

    def _all_due(self, stop):
        """Send what is due now, one after the other."""
        total = outbox.Delivered()
        now = timezone.now()
        while not stop.is_set():
            done = outbox.deliver_due(now, most=1)
            if not done.count:
                break
            for outcome in vars(total):
                setattr(total, outcome, getattr(total, outcome) + getattr(done, outcome))
        return total

    def _report(self, done):
        self.stdout.write(
            f"已发送 {done.sent} 条，失败待重试 {done.failed} 条，放弃 {done.given_up} 条，结果不明 {done.unclear} 条。"
        )
        if done.unreachable:
            self.stdout.write(f"没有可用的联系方式、没有发送 {done.unreachable} 条。")
        self._troubles()

    def _troubles(self):
        self._list("发送途中中断、不再自动发送的消息", outbox.stuck(timezone.now()))
        self._list("多次失败、已放弃的消息", outbox.given_up())
        if unread := outbox.unreachable().count():
            self.stdout.write(f"没有联系方式、考生也还没有在站内看到的消息：共 {unread} 条。")

    def _list(self, title, messages):
        keys = list(messages.values_list("pk", flat=True)[: LISTED + 1])
        if keys:
            more = "……" if len(keys) > LISTED else "。"
            self.stdout.write(f"{title}：{'、'.join(map(str, keys[:LISTED]))}{more}")
