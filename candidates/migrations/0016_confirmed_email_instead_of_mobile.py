from django.db import migrations, models
from django.db.models import Q

import candidates.models.sealed

ABROAD = ["hk_id", "hmt_permit", "macao_id", "passport", "permanent_resident", "tw_id"]
PURPOSES = [("password", "重置密码"), ("mobile", "确认手机号码"), ("email", "确认电子邮箱")]
OF_A_CANDIDATE = Q(username=None, unit=None, identity_hash__isnull=False, consented_at__isnull=False)
HAS_A_CONTACT = Q(mobile_hash__isnull=False) | Q(email_hash__isnull=False, document_type__in=ABROAD)


class Migration(migrations.Migration):
    """Accounts without a mobile. What processes of the version before write, every new constraint allows."""

    dependencies = [("candidates", "0015_residency_is_called_as_on_paper")]

    operations = [
        migrations.AddField(
            "account",
            "email_hash",
            models.CharField(editable=False, max_length=64, null=True, unique=True, verbose_name="电子邮箱索引"),
        ),
        migrations.RemoveConstraint("account", "candidate_has_document_and_mobile"),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=~Q(kind="candidate") | OF_A_CANDIDATE & HAS_A_CONTACT,
                name="candidate_has_document_and_contact",
            ),
        ),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=Q(email_hash=None) | Q(kind="candidate", mobile_hash=None),
                name="email_is_a_login_name_only_without_a_mobile",
            ),
        ),
        migrations.AlterField(
            "application", "mobile", candidates.models.sealed.EncryptedField(blank=True, verbose_name="手机号码")
        ),
        migrations.AlterField(
            "application",
            "mobile_hash",
            models.CharField(blank=True, max_length=64, verbose_name="手机号码索引"),
        ),
        migrations.AlterField(
            "onetimecode",
            "purpose",
            models.CharField(
                choices=PURPOSES, db_default="password", default="password", max_length=8, verbose_name="用途"
            ),
        ),
        migrations.RemoveConstraint("onetimecode", "code_has_a_purpose"),
        migrations.AddConstraint(
            "onetimecode",
            models.CheckConstraint(condition=Q(purpose__in=[code for code, _ in PURPOSES]), name="code_has_a_purpose"),
        ),
    ]
