import shutil
from itertools import chain

from django.core.management.base import CommandError

from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.management.output import (
    ENCODINGS,
    add_full,
    add_output,
    new_file,
    require_new,
    require_reason,
    write_csv,
)
from candidates.management.sessions import session_of
from review.management.approving import require_two
from review.management.choosing import add_choice, chosen
from review.reports import full_exports, spreadsheets


class Command(AuditedCommand):
    help = (
        "导出报名数据（全部填报项目），.xlsx 或 .csv，按报名编号排列。证件号码和手机号码缺省时遮盖。"
        "各列都是文本；CSV 中会被表格软件当作公式或四舍五入的内容，前面有一个制表符。"
        "文件只有本人可读；用完请按规定销毁。"
    )
    recorded = ("year", "unit", "status", "full", "reason")

    def add_arguments(self, parser):
        add_output(parser, "以 .xlsx 或 .csv 结尾")
        add_choice(parser)
        self.add_dry_run(parser)
        parser.add_argument(
            "--encoding",
            type=a_code,
            choices=list(ENCODINGS),
            default="utf-8",
            help="CSV 的编码，缺省带 BOM",
        )
        add_full(parser, self.full_help)

    def act(self, *, output, replace, year, unit, status, encoding, full, reason, dry_run, **options):
        require_reason(full=full, reason=reason)
        if output.suffix not in (".xlsx", ".csv"):
            raise CommandError(f"文件 {output} 应以 .xlsx 或 .csv 结尾。")
        session = session_of(year)
        cases = chosen(session, unit=unit, status=status)
        if dry_run:
            require_new(output, replace=replace)
            self.stdout.write(f"检查通过（未写入）：{session}，{cases.count()} 份报名。")
            return {}

        require_new(output, replace=replace)
        if full:
            asked = {"command": "export_applications", "year": session.year, "unit": unit, "status": status}
            require_two("export", operator=self.operator, arguments=asked, why=reason)
        rows = full_exports.Counted(full_exports.rows(cases, full=full))
        with new_file(output, replace=replace) as file:
            if output.suffix == ".csv":
                write_csv(file, chain([full_exports.COLUMNS], rows), encoding)
            else:
                with spreadsheets.write([("报名", full_exports.COLUMNS, rows)], output.parent) as book:
                    shutil.copyfileobj(book, file)
        self.stdout.write(f"{session}：已导出 {rows.count} 份报名到 {output}。")
        return {"exported": rows.count}
