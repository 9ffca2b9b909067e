import shutil
from itertools import chain

from django.core.management.base import CommandError

from candidates.applications import summary
from candidates.management.arguments import a_code
from candidates.management.audited import AuditedCommand
from candidates.management.output import ENCODINGS, add_output, new_file, require_new, write_csv
from candidates.management.sessions import session_of
from candidates.rules.id_number import masked, masked_mobile
from candidates.rules.sections import SECTION_OF, label
from review.management.approving import add_why, require_two
from review.management.choosing import add_choice, chosen
from review.reports import spreadsheets
from review.reports.columns import texts

FIRST = ("报名编号", "状态", "提交次数", "首次提交时间", "提交时间", "退回次数", "待补材料")
MASKED = {"document_number": masked, "mobile": masked_mobile}


class Command(AuditedCommand):
    help = (
        "导出报名数据（全部填报项目），.xlsx 或 .csv，按报名编号排列。证件号码和手机号码缺省时遮盖。"
        "各列都是文本；CSV 中会被表格软件当作公式或四舍五入的内容，前面有一个制表符。"
        "文件只有本人可读；用完请按规定销毁。"
    )
    recorded = ("year", "unit", "status", "full")

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
        parser.add_argument("--full", action="store_true", help=self.full_help)
        add_why(parser, "写出完整号码")

    def act(self, *, output, replace, year, unit, status, encoding, full, why, dry_run, **options):
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
            require_two("export", operator=self.operator, arguments=asked, why=why)
        rows = Counted(self.rows(cases, full))
        columns = [*FIRST, *map(label, SECTION_OF)]
        with new_file(output, replace=replace) as file:
            if output.suffix == ".csv":
                write_csv(file, chain([columns], rows), encoding)
            else:
                with spreadsheets.write([("报名", columns, rows)], output.parent) as book:
                    shutil.copyfileobj(book, file)
        self.stdout.write(f"{session}：已导出 {rows.count} 份报名到 {output}。")
        return {"exported": rows.count}

    def rows(self, cases, full):
        cases = cases.select_related("exam_category", "region", "site", "point").order_by("number", "pk")
        for case in cases.iterator(chunk_size=500):
            if not full:
                for field, mask in MASKED.items():
                    setattr(case, field, mask(getattr(case, field)))
            yield [*texts(case, FIRST), *(summary.words(case, field) for field in SECTION_OF)]


class Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows):
        self.rows, self.count = rows, 0

    def __iter__(self):
        for row in self.rows:
            self.count += 1
            yield row
