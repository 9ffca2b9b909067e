import hashlib

from django.core.management.base import CommandError

from candidates.management.spoken import PortalCommand
from candidates.trail import check_runs
from materials.files import sealing
from materials.files.storage import STORAGE_ERRORS
from materials.models import RenderedDocument


class Command(PortalCommand):
    help = (
        "核对每一份已生成的文书：文件在存储中，大小和摘要与登记的一致。只读，可以随时运行。"
        "有不符的逐一列出，并以状态码 1 结束；不符的文书下次打印时会重新生成。"
    )

    def handle(self, **options):
        with check_runs.running("verify_documents") as run:
            told, bad = self.find(run)
        if bad:
            raise CommandError(told)
        self.stdout.write(told)

    def find(self, run):
        good, bad = 0, 0
        rows = RenderedDocument.objects.exclude(file="").select_related("application").order_by("pk")
        for row in rows.iterator(chunk_size=500):
            problem = self.problem(row)
            if problem and self.is_still_so(row):
                bad += 1
                sentence = f"{row.application.number} {row.slug}：{problem}（{row.file}）。"
                run.wrong(sentence)
                self.stdout.write(sentence)
            else:
                good += 1

        told = f"共 {good + bad} 份文书，" + (f"{bad} 份不符。" if bad else "全部相符。")
        run.end(told, is_good=not bad)
        return told, bad

    def problem(self, row):
        try:
            content = sealing.read(row.application, row.file)
        except FileNotFoundError:
            return "文件不存在"
        except sealing.Altered:
            return "内容已被改动，或不是为这份报名存的"
        except STORAGE_ERRORS:
            return "文件无法读取"
        if len(content) != row.size:
            return f"大小是 {len(content)} 字节，应为 {row.size} 字节"
        return "" if hashlib.sha256(content).hexdigest() == row.sha256 else "内容与摘要不符"

    def is_still_so(self, row):
        """Return whether it was not rendered anew while its file was read."""
        return RenderedDocument.objects.filter(pk=row.pk, file=row.file).exists()
