from django.core.management.base import CommandError
from django.db import connection, transaction

from candidates.management.spoken import PortalCommand
from candidates.trail import check_runs
from candidates.trail.chains import chains


def _read_one_moment():
    """Read everything as of one moment; inside another transaction its first statement has settled which."""
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


class Command(PortalCommand):
    help = (
        "核对每份报名的办理记录：每一条都与前一条的摘要相连，最后一条与报名的状态一致。只读，可以随时运行。"
        "有不符的逐一列出，并以状态码 1 结束。"
    )

    def handle(self, **options):
        with check_runs.running("verify_records") as run:
            told, broken = self.find(run)
        if broken:
            raise CommandError(told)
        self.stdout.write(told)

    def find(self, run):
        applications = records = broken = 0
        with transaction.atomic():
            _read_one_moment()
            for chain in chains():
                applications += 1
                records += chain.records
                if chain.problem:
                    broken += 1
                    sentence = f"报名 {chain.number or chain.application}：{chain.problem}。"
                    run.wrong(sentence)
                    self.stdout.write(sentence)

        told = f"共 {applications} 份报名，{records} 条办理记录，" + (f"{broken} 份不符。" if broken else "全部相符。")
        run.end(told, is_good=not broken)
        return told, broken
