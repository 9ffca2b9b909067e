from itertools import groupby

from django.db.models import Count, Sum
from django.utils import timezone

from candidates.management.audited import AuditedCommand, Incomplete
from candidates.management.output import add_output, new_file, require_new
from candidates.management.sessions import session_of
from materials.files import sealing
from materials.files.zips import zipped
from materials.models import MaterialImage
from review.management.approving import add_reason, require_two
from review.management.choosing import add_choice, chosen
from review.reports.exports import name_of


class Command(AuditedCommand):
    help = (
        "把已提交的材料图片导出为一个 ZIP 文件：每个报名点一个文件夹，其中每份报名一个文件夹。"
        "图片原样保存，不加水印；文件只有本人可读，用完请按规定销毁。存储中找不到的图片会逐一列出。"
    )
    recorded = ("year", "unit", "status", "reason")

    def add_arguments(self, parser):
        add_output(parser, "如 materials.zip")
        add_choice(parser)
        add_reason(parser, "导出图片（图片上有完整的证件）")
        self.add_dry_run(parser)

    def act(self, *, output, replace, year, unit, status, reason, dry_run, **options):
        session = session_of(year)
        cases = chosen(session, unit=unit, status=status)
        if dry_run:
            require_new(output, replace=replace)
            found = self.images(cases).aggregate(number=Count("pk"), size=Sum("size"))
            self.stdout.write(
                f"检查通过（未写入）：{session}，{found['number']} 张图片，{(found['size'] or 0) / 2**20:.1f} MB。"
            )
            return {}

        require_new(output, replace=replace)
        asked = {"command": "export_materials", "year": session.year, "unit": unit, "status": status}
        require_two("export", operator=self.operator, arguments=asked, why=reason)
        self.exported, self.lost = 0, []
        with new_file(output, replace=replace) as file:
            for piece in zipped(self.pictures(cases)):
                file.write(piece)

        counts = {"exported": self.exported, "lost": len(self.lost)}
        if self.lost:
            raise Incomplete(
                "\n".join([f"存储中没有：{name}" for name in self.lost])
                + f"\n{session}，已导出 {self.exported} 张图片到 {output}，缺少 {len(self.lost)} 张；"
                "请运行 verify_storage。",
                counts,
            )
        self.stdout.write(f"{session}：已导出 {self.exported} 张图片到 {output}。")
        return counts

    def images(self, cases):
        return MaterialImage.objects.filter(application__in=cases, submitted=True, removed_at=None)

    def pictures(self, cases):
        images = self.images(cases).select_related("application__point")
        ordered = images.order_by(
            "application__point__code", "application__number", "category", "position", "uploaded_at", "id"
        )
        by_category = groupby(
            ordered.iterator(chunk_size=500), key=lambda image: (image.application.number, image.category)
        )
        for (number, _), group in by_category:
            for place, image in enumerate(group, start=1):
                name = f"{image.application.point.code}/{number}/{name_of(number, image, place)}"
                try:
                    content = sealing.read(image.application, image.file)
                except FileNotFoundError:
                    self.lost.append(name)
                    continue
                self.exported += 1
                yield name, timezone.localtime(image.uploaded_at), content
