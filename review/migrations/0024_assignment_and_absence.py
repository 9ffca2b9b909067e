import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0027_assigned_to"),
        ("review", "0023_lists_and_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssignmentAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("chosen", "逐份选定"),
                            ("even", "按人均分"),
                            ("digit", "按编号末位"),
                            ("category", "按报考类别"),
                            ("unit", "按下级单位"),
                            ("freed", "放开"),
                            ("absence", "因缺勤放开"),
                            ("left", "因停用或调离放开"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("number", models.PositiveIntegerField(default=0, verbose_name="份数")),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="candidates.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "分派",
                "verbose_name_plural": "分派",
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="分派给",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="candidates.application",
                        verbose_name="报名",
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="原来分派给",
                    ),
                ),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="review.assignmentact",
                        verbose_name="分派",
                    ),
                ),
            ],
            options={
                "verbose_name": "分派的申请",
                "verbose_name_plural": "分派的申请",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField(verbose_name="从")),
                ("last_day", models.DateField(verbose_name="至")),
                ("set_at", models.DateTimeField(verbose_name="登记时间")),
                ("begun_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核员",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="结束人",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "freed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.assignmentact",
                        verbose_name="放开的申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "缺勤",
                "verbose_name_plural": "缺勤",
                "ordering": ["first_day", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="assignmentact",
            index=models.Index(fields=["unit", "-at"], name="assignments_of_a_unit"),
        ),
        migrations.AddConstraint(
            model_name="assignmentact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("way__in", ["chosen", "even", "digit", "category", "unit", "freed", "absence", "left"])
                ),
                name="assignment_has_a_way",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignmentact",
            trigger=pgtrigger.compiler.Trigger(
                name="assignments_are_counted_not_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (NEW.number >= OLD.number AND to_jsonb(OLD) - 'number' = to_jsonb(NEW) - 'number'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a306455bb4b005bfcd7ce26979670a09e31b2f25",
                    operation="UPDATE",
                    pgid="pgtrigger_assignments_are_counted_not_changed_209f6",
                    table="review_assignmentact",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("before__isnull", False), ("account__isnull", False), _connector="OR"),
                name="assignment_gives_or_takes",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="assignments_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b83df2eba2cfbc6eaa82b2b3ffad796b27d9de0f",
                    operation="UPDATE",
                    pgid="pgtrigger_assignments_stay_4d1a6",
                    table="review_assignment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["account", "last_day"], name="absences_that_stand"
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(
                condition=models.Q(("begun_at", None), ("ended_at", None)),
                fields=["first_day"],
                name="absences_to_begin",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="absence_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="absence_is_ended_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("freed", None), ("begun_at__isnull", False), _connector="OR"),
                name="cases_are_let_go_when_it_begins",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="absence",
            trigger=pgtrigger.compiler.Trigger(
                name="absences_are_ended_not_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.ended_at IS NOT NULL OR to_jsonb(OLD) - '{begun_at,freed_id,ended_by_id,ended_at}'::text[] <> to_jsonb(NEW) - '{begun_at,freed_id,ended_by_id,ended_at}'::text[])",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="dc3979c2552ff6fbd24a854509dc5042cd637117",
                    operation="UPDATE",
                    pgid="pgtrigger_absences_are_ended_not_edited_19db2",
                    table="review_absence",
                    when="BEFORE",
                ),
            ),
        ),
    ]
