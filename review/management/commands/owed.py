from itertools import chain
from pathlib import Path

from candidates.applications.states import ENDED
from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.management.output import ENCODINGS, add_full, new_file, require_new, require_reason, write_csv
from candidates.management.sessions import session_of
from candidates.rules import names
from candidates.rules.id_number import masked_mobile
from review.management.approving import require_two
from review.management.choosing import add_choice, chosen
from review.reports.columns import texts

COLUMNS = ("考区", "考点", "报名点", "报名编号", "姓名", "手机号码", "状态", "待补材料", "期限")


class Command(AuditedCommand):
    help = (
        "列出待补材料（应届毕业生的试用期考核证明，当年毕业研究生的毕业证书、学位证书）还没有收到的考生，"
        "按考区、考点、报名点排列。考点点击“已收到”以后不再列出。"
    )
    recorded = ("year", "unit", "status", "full", "reason")

    def add_arguments(self, parser):
        add_choice(parser)
        parser.add_argument("--csv", type=Path, metavar="文件", help="写成 CSV 文件，而不是显示出来")
        parser.add_argument("--replace", action="store_true", help="文件已经存在时覆盖")
        parser.add_argument(
            "--encoding",
            type=a_code,
            choices=list(ENCODINGS),
            default="utf-8",
            help="CSV 的编码，缺省 utf-8",
        )
        add_full(parser, "写出完整的姓名和手机号码（缺省时遮盖）")
        self.add_dry_run(parser)

    def act(self, *, year, unit, status, csv, replace, encoding, full, reason, dry_run, **options):
        require_reason(full=full, reason=reason)
        session = session_of(year)
        cases = chosen(session, unit=unit, status=status).exclude(owed=[])
        cases = cases.exclude(status__in=ENDED)
        if dry_run:
            if csv:
                require_new(csv, replace=replace)
            self.stdout.write(f"检查通过（未写入）：{session}，{cases.count()} 人。")
            return {}

        if full:
            asked = {"command": "owed", "year": session.year, "unit": unit, "status": status}
            require_two("export", operator=self.operator, arguments=asked, why=reason)
        if csv:
            with new_file(csv, replace=replace) as file:
                count = write_csv(file, chain([COLUMNS], self.rows(cases, full)), encoding) - 1
        else:
            count = self.show(self.rows(cases, full))
        self.stdout.write(f"{session}，共 {count} 人。")
        return {"listed": count}

    def show(self, rows):
        count = 0
        for row in rows:
            count += 1
            self.stdout.write("  ".join(row))
        return count

    def rows(self, cases, full):
        ordered = cases.select_related("session", "region", "site", "point")
        for case in ordered.order_by("point__code", "number").iterator(chunk_size=500):
            if not full:
                case.name, case.mobile = names.masked(case.name), masked_mobile(case.mobile)
            yield texts(case, COLUMNS)
