from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Upper

from candidates.models.sealed import EncryptedField
from candidates.rules.id_number import DOCUMENT_TYPES, MAY_BE_OVERSEAS

if TYPE_CHECKING:
    from candidates.models.unit import Unit

SEXES = {"male": "男", "female": "女"}
KINDS = {"candidate": "考生", "reviewer": "审核员", "operator": "操作员"}


class AccountManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username)

    def insert(self, account: "Account") -> None:
        """Save a new account, under a key that it has before: its number and mobile are sealed for its row."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('candidates_account', 'id'))")
            account.pk = cursor.fetchone()[0]
        account.save(force_insert=True)


class Account(AbstractBaseUser):
    """Whoever logs in: a candidate (by ID number, mobile or e-mail), a reviewer or an operator (by user name)."""

    kind = models.CharField("身份", max_length=9, choices=list(KINDS.items()), default="candidate")
    username = models.CharField("用户名", max_length=40, unique=True, null=True, blank=True)
    name = models.CharField("姓名", max_length=50)
    is_active = models.BooleanField("启用", default=True)
    date_joined = models.DateTimeField("注册时间", auto_now_add=True)
    must_change_password = models.BooleanField("下次登录须修改密码", default=False)
    # when somebody else has set it: it is good for so long (accounts/passwords.py)
    password_given_at = models.DateTimeField("一次性密码设置时间", null=True, editable=False)
    # raising it ends every session, as a new password does
    session_epoch = models.PositiveIntegerField("登录批次", default=0, db_default=0, editable=False)
    unit = models.ForeignKey("Unit", verbose_name="所属单位", null=True, blank=True, on_delete=models.PROTECT)
    is_head = models.BooleanField("负责人", default=False, db_default=False)  # of the unit

    document_type = models.CharField(
        "证件类型",
        max_length=18,
        blank=True,
        choices=[(code, kind.label) for code, kind in DOCUMENT_TYPES.items()],
    )
    document_number = EncryptedField("证件号码", default="", blank=True)
    identity_hash = models.CharField(
        "证件号码索引", max_length=64, null=True, unique=True, editable=False
    )  # keyed, of id_number.identity_key()
    valid_until = models.DateField("证件有效期至", null=True, blank=True, help_text="长期有效的留空。")
    sex = models.CharField("性别", max_length=6, blank=True, choices=list(SEXES.items()))
    birth_date = models.DateField("出生日期", null=True, blank=True)
    mobile = EncryptedField("手机号码", default="", blank=True)
    mobile_hash = models.CharField("手机号码索引", max_length=64, null=True, unique=True, editable=False)
    email = models.EmailField("电子邮箱", blank=True)
    # keyed, of contacts.folded_email(): only where there is no mobile, the e-mail is confirmed and a login name instead
    email_hash = models.CharField("电子邮箱索引", max_length=64, null=True, unique=True, editable=False)
    # where a reset's code goes for a day after a change (accounts/own_account.py)
    former_contact = EncryptedField("原联系方式", null=True)  # type: ignore[misc]
    contact_changed_at = models.DateTimeField("联系方式更改时间", null=True)
    # what is not urgent is not sent there, as the candidate has chosen
    no_sms = models.BooleanField("不发短信", default=False, db_default=False)
    no_mail = models.BooleanField("不发邮件", default=False, db_default=False)
    consent_version = models.CharField("隐私声明版本", max_length=20, blank=True)
    consented_at = models.DateTimeField("同意时间", null=True, blank=True)

    lent_from: "Unit | None" = None  # whose reviewer it is, while a request has it act for another unit

    objects = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        constraints = [
            models.CheckConstraint(
                name="candidate_has_document_and_contact",
                condition=~Q(kind="candidate")
                | Q(
                    username=None,
                    unit=None,
                    identity_hash__isnull=False,
                    consented_at__isnull=False,
                )
                & (
                    Q(mobile_hash__isnull=False)
                    | Q(email_hash__isnull=False, document_type__in=sorted(MAY_BE_OVERSEAS))
                ),
            ),
            models.CheckConstraint(
                name="email_is_a_login_name_only_without_a_mobile",
                condition=Q(email_hash=None) | Q(kind="candidate", mobile_hash=None),
            ),
            models.CheckConstraint(
                name="a_former_contact_was_changed_at_some_time",
                condition=Q(former_contact__isnull=True) | Q(contact_changed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reviewer_has_a_unit",
                condition=~Q(kind="reviewer") | Q(unit__isnull=False, username__isnull=False),
            ),
            models.CheckConstraint(
                name="operator_has_no_unit", condition=~Q(kind="operator") | Q(unit=None, username__isnull=False)
            ),
            models.CheckConstraint(name="only_a_reviewer_is_head", condition=Q(is_head=False) | Q(kind="reviewer")),
            models.CheckConstraint(name="account_has_a_kind", condition=Q(kind__in=list(KINDS))),
        ]
        indexes = [
            # whose accounts are one person's (applications/people.py)
            models.Index(Upper("email"), name="reviewers_by_email", condition=Q(kind="reviewer") & ~Q(email="")),
        ]

    def __str__(self):
        return self.username or f"考生 {self.pk}"

    def _get_session_auth_hash(self, secret=None):
        kept = super()._get_session_auth_hash(secret)
        return f"{kept}.{self.session_epoch}" if self.session_epoch else kept

    @property
    def is_candidate(self):
        return self.kind == "candidate"

    @property
    def is_reviewer(self):
        return self.kind == "reviewer"

    @property
    def is_operator(self):
        return self.kind == "operator"

    # what Django's admin asks of a user: operators may use the back office, nobody else
    @property
    def is_staff(self):
        return self.is_operator and self.is_active

    def has_perm(self, perm, obj=None):
        return self.is_staff

    def has_module_perms(self, app_label):
        return self.is_staff
