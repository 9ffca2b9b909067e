from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from candidates.applications import years
from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.management.sessions import add_year, session_of
from candidates.models.session import SessionState
from candidates.rules.refusals import NotAllowed

SET = (SessionState.DRAFT, SessionState.OPEN, SessionState.CLOSED)


class Command(AuditedCommand):
    help = (
        "更改一个考试年度的状态，可以重复运行。草稿只有操作员看得到，没有内容时可以在后台管理中删除；开放以后按各时段办理；"
        "关闭以后不再受理新的报名，已提交的照常审核、补正、缴费、退款、补交材料和打印。会立即开始或结束的时段先列出，"
        "加 --yes 才写入。"
    )
    recorded = ("state", "year", "yes")

    def add_arguments(self, parser):
        states = "、".join(f"{one.value} {one.label}" for one in SET)
        parser.add_argument("state", type=a_code, choices=[one.value for one in SET], metavar="状态", help=states)
        add_year(parser)
        parser.add_argument("--yes", action="store_true", help="确认列出的事项（不加时只说明，不写入）")
        self.add_dry_run(parser)

    def act(self, *, state, year, yes, dry_run, **options):
        label = SessionState(state).label
        with transaction.atomic():
            session = session_of(year)
            try:
                session, asked, changed = years.set_state(
                    session.year, state, now=timezone.now(), confirmed=yes or dry_run
                )
            except NotAllowed as refused:
                raise CommandError(f"{refused}没有更改。") from None
            for sentence in asked if changed else ():
                self.stdout.write(sentence)
            transaction.set_rollback(dry_run)
        if asked and not changed:
            raise CommandError("\n".join([*asked, "没有更改：核对以后加 --yes 再运行一次。"]))
        word = "未变" if not changed else "检查通过（未写入）" if dry_run else "已更改"
        self.stdout.write(f"{word}：{session}，{label}。")
        return {"changed": int(changed)}
