from datetime import timedelta

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from candidates.applications.states import LEVEL_OF_STATUS, STATUSES
from candidates.management.sessions import add_year, session_of
from candidates.management.spoken import PortalCommand
from candidates.messages import outbox
from candidates.models import Application, Message, PointCount
from materials.models import MaterialImage

LATE = (3, 7)  # days


class Command(PortalCommand):
    help = (
        "统计一个考试年度：各考区各状态的份数，上传的图片，各级待审的份数和等待时间，消息的发送情况。"
        "只有数字，没有个人信息。"
        "“未定”是还没有选报名点的草稿。"
    )

    def add_arguments(self, parser):
        add_year(parser)

    def handle(self, *, year, **options):
        session, now = session_of(year), timezone.now()
        self.stdout.write(f"{session}，{timezone.localtime(now):%Y-%m-%d %H:%M}")
        self.states(session)
        self.uploads(session, now)
        self.queues(session, now)
        self.messages(session)

    def states(self, session):
        counted = PointCount.objects.filter(session=session).order_by("region__code")
        regions = {}
        for name, status, number in counted.values_list("region__name", "status").annotate(number=Sum("number")):
            regions.setdefault(name, dict.fromkeys(STATUSES, 0))[status] = number
        nowhere = Application.objects.filter(session=session, point=None).order_by("status")
        for status, number in nowhere.values_list("status").annotate(number=Count("pk")):
            regions.setdefault("未定", dict.fromkeys(STATUSES, 0))[status] = number

        self.line("考区", *STATUSES.values(), "合计")
        for name, counts in regions.items():
            self.line(name, *counts.values(), sum(counts.values()))
        totals = [sum(counts[status] for counts in regions.values()) for status in STATUSES]
        self.line("全部", *totals, sum(totals))

    def uploads(self, session, now):
        day = Q(uploaded_at__gt=now - timedelta(days=1))
        images = MaterialImage.objects.filter(application__session=session, removed_at=None)
        found = images.aggregate(all=Count("pk"), size=Sum("size"), day=Count("pk", filter=day))
        self.stdout.write("")
        self.line("图片（张）", "占用（MB）", "最近 24 小时上传（张）")
        self.line(found["all"], (found["size"] or 0) // 1024 // 1024, found["day"])

    def queues(self, session, now):
        late = {f"late{days}": Count("pk", filter=Q(status_since__lt=now - timedelta(days=days))) for days in LATE}
        waiting = Application.objects.filter(session=session, status__in=LEVEL_OF_STATUS).values("status").order_by()
        found = {one["status"]: one for one in waiting.annotate(all=Count("pk"), oldest=Min("status_since"), **late)}

        self.stdout.write("")
        self.line("待审", "份数", *(f"超过 {days} 天" for days in LATE), "最久（小时）")
        for status in LEVEL_OF_STATUS:
            one = found.get(status, {})
            hours = (now - one["oldest"]) // timedelta(hours=1) if one.get("oldest") else 0
            self.line(STATUSES[status], one.get("all", 0), *(one.get(name, 0) for name in late), hours)

    def messages(self, session):
        states = {name: Count("pk", filter=state) for name, state in outbox.STATES.items()}
        found = Message.objects.filter(application__session=session).aggregate(**states)
        self.stdout.write("")
        self.line("消息", *outbox.STATES_IN_WORDS.values())
        self.line("条数", *(found[name] for name in outbox.STATES_IN_WORDS))

    def line(self, *cells):
        self.stdout.write("\t".join(map(str, cells)))
