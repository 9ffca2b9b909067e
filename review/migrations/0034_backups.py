from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0033_tables_and_lines_that_wait")]
    operations = [
        migrations.CreateModel(
            name="ArchiveState",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField(verbose_name="最近一次运行")),
                ("archived_until", models.DateTimeField(null=True, verbose_name="已归档至")),
                ("copied_until", models.DateTimeField(null=True, verbose_name="异地已复制至")),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="问题")),
            ],
            options={
                "verbose_name": "归档状态",
                "verbose_name_plural": "归档状态",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="archive_has_one_state")],
            },
        ),
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("full", "完整"), ("incremental", "增量")], max_length=12, verbose_name="种类"
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="开始时间")),
                ("ended_at", models.DateTimeField(verbose_name="完成时间")),
                ("size", models.PositiveBigIntegerField(verbose_name="大小（字节）")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="核对时间")),
                ("drilled_at", models.DateTimeField(null=True, verbose_name="演练时间")),
            ],
            options={"verbose_name": "备份", "verbose_name_plural": "备份", "ordering": ["-ended_at"]},
        ),
    ]
