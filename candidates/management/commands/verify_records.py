from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from candidates.trail.chains import chains


def _read_one_moment():
    """Read everything as of one moment; inside another transaction its first statement has settled which."""
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


class Command(BaseCommand):
    help = (
        "核对每份报名的办理记录：每一条都与前一条的摘要相连，最后一条与报名的状态一致。只读，可以随时运行。"
        "有不符的逐一列出，并以状态码 1 结束。"
    )

    def handle(self, **options):
        applications = records = broken = 0
        with transaction.atomic():
            _read_one_moment()
            for chain in chains():
                applications += 1
                records += chain.records
                if chain.problem:
                    broken += 1
                    self.stdout.write(f"报名 {chain.number or chain.application}：{chain.problem}。")

        told = f"共 {applications} 份报名，{records} 条办理记录"
        if broken:
            raise CommandError(f"{told}，{broken} 份不符。")
        self.stdout.write(f"{told}，全部相符。")
