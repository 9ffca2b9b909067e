from django.db import migrations, models


class Migration(migrations.Migration):
    """The table is named for what it holds now: codes of every purpose, not resets of passwords alone.

    The old name stays as a view, which PostgreSQL writes through to the table: processes of the version before may go
    on while this one starts. The next release drops it.
    """

    dependencies = [("candidates", "0009_looks_from_review")]

    operations = [
        migrations.AlterModelTable("onetimecode", None),
        migrations.RunSQL(
            "CREATE VIEW candidates_passwordreset AS SELECT * FROM candidates_onetimecode",
            "DROP VIEW candidates_passwordreset",
        ),
        migrations.RenameIndex("onetimecode", new_name="code_by_login_name", old_name="reset_by_login_name"),
        migrations.RenameIndex("onetimecode", new_name="code_by_account", old_name="reset_by_account"),
        migrations.RemoveConstraint("onetimecode", "reset_has_at_most_five_tries"),
        migrations.AddConstraint(
            "onetimecode",
            models.CheckConstraint(condition=models.Q(("tries__lte", 5)), name="code_has_at_most_five_tries"),
        ),
    ]
