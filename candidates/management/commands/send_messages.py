import signal
from threading import Event, Thread

from django.conf import settings
from django.db import connection
from django.utils import timezone

from candidates.management.lasting import repeat
from candidates.management.spoken import PortalCommand
from candidates.messages import outbox, routes
from candidates.messages.kinds import KINDS
from candidates.messages.sending import CONTACT_OF

PAUSE = 1.0  # seconds between two looks at the outbox
LISTED = 20


class Command(PortalCommand):
    help = (
        "把到期的消息交给 NMEC_SENDER 发送（短信或邮件）。失败的隔 1 分钟、5 分钟、30 分钟、2 小时、12 小时各重试一次，"
        "共 6 次。可以同时运行多个，也可以随时中止：每条消息在一个渠道最多成功发送一次。"
        "发送途中被强行中止的、服务商没有答复的，不会在同一渠道再发，会改走下一个渠道；没有下一个的列出编号，"
        "请向服务商核实。验证码以外的短信 21:00 至 8:00 不发，到早上再发。"
        "账号没有可以到达的联系方式的，不发送，也不再重试，另行计数；考生登录后在站内看到。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--forever", action="store_true", help="一直运行，每秒查看一次；Ctrl-C 或 SIGTERM 中止")
        parser.add_argument("--dry-run", action="store_true", help="只报告有多少条到期，不发送")

    def handle(self, *, forever, dry_run, **options):
        if dry_run:
            self.stdout.write(f"到期待发送 {outbox.due(timezone.now()).count()} 条（未发送）。")
            self._troubles()
            return
        stop = Event()
        if forever:  # the messages in hand are finished first
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            self.send_until(stop)
        else:
            outbox.settle(timezone.now())
            outbox.forget_codes(timezone.now())
            self._report(self._all_due(stop, ""))

    def send_until(self, stop):
        """Send what is due until `stop` is set: in threads of each channel, so that one that hangs holds up no other.

        Where one dies, all end.
        """
        senders = [
            Thread(target=self._send_in_thread, args=[stop, channel, number])
            for channel in CONTACT_OF
            for number in range(settings.SENDING_AT_ONCE)
        ]
        for sender in senders:
            sender.start()
        repeat(self._look_after, stop, 60 * PAUSE)
        for sender in senders:
            sender.join()

    def _send_in_thread(self, stop, channel, number):
        try:
            # the first looks every second, and the others seldom, unless there is work
            repeat(lambda: self._send_due(stop, channel), stop, PAUSE * (1 + number / 2))
        finally:
            connection.close()
            stop.set()

    def _look_after(self):
        outbox.settle(timezone.now())
        outbox.forget_codes(timezone.now())

    def _send_due(self, stop, channel):
        done = self._all_due(stop, channel)
        if done.count:
            self._report(done)

    def _all_due(self, stop, channel):
        """Send what is due now, one after the other."""
        total = outbox.Delivered()
        while not stop.is_set():
            done = outbox.deliver_due(timezone.now(), most=1, channel=channel)
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
        self._list("结果不明、不再自动发送的消息", outbox.doubtful(timezone.now()))
        self._list("多次失败、已放弃的消息", outbox.given_up())
        if unread := outbox.unreachable().count():
            self.stdout.write(f"没有通知到、考生也还没有在站内看到的消息：共 {unread} 条。")
        if full := routes.at_cap(timezone.now()):
            names = "、".join(KINDS[kind].label if kind in KINDS else kind for kind in full)
            self.stdout.write(f"今天的短信条数已到上限（NMEC_SMS_A_DAY），其余明天 8:00 再发：{names}。")

    def _list(self, title, messages):
        keys = list(messages.values_list("pk", flat=True)[: LISTED + 1])
        if keys:
            more = "……" if len(keys) > LISTED else "。"
            self.stdout.write(f"{title}：{'、'.join(map(str, keys[:LISTED]))}{more}")
