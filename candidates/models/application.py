import secrets
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.functions import Greatest
from django.db.models.lookups import LessThanOrEqual

from candidates.applications.states import BEFORE_THE_POINT, ENDED, NOT_SUBMITTED, REVIEW, WAITING_AT, Status
from candidates.models.account import SEXES
from candidates.models.counts import COUNTERS
from candidates.models.name_keys import NameKey
from candidates.models.sealed import EncryptedField
from candidates.models.session import SessionState
from candidates.rules import institutions, numbers
from candidates.rules.id_number import DOCUMENT_TYPES
from candidates.rules.levels import LEVELS
from candidates.rules.profile import EDUCATIONS, RESIDENCIES, ROUTES, STATED, SUPPLEMENTARY_TESTS, Profile, profile_of
from candidates.rules.sections import label

# further filters of reviewers' lists: each has an index of its own, in the list's order
FLAGS = {
    "returned": Q(times_returned__gt=0),
    "owed": ~Q(owed=[]),
    "warnings": Q(has_warnings=True),
    "notes": Q(has_notes=True),
    "asked": Q(question__isnull=False),
    "answered": Q(question_answered=True),
    "duplicates": ~Q(duplicates=[]),
}


# of an application: its own where it was given one, for the database takes no notice of one that is null
PAYS_UNTIL = Greatest("payment_deadline", "session__payment_closes")


def paid_until(closes: datetime, own: datetime | None) -> datetime:
    """Return until when an application can be paid: its session's end, or its own time where that is longer."""
    return max(closes, own or closes)


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, account):
        """Return what this account may read: own ones; a reviewer what the unit's subtree was sent; operators all."""
        if not account.is_authenticated or not account.is_active:
            return self.none()
        if account.is_candidate:
            return self.filter(account=account)
        if account.is_operator:
            return self
        return self.of_unit(account.unit).filter(first_submitted_at__isnull=False)

    def listed_to(self, account):
        """Return what was registered and never submitted: units see number, name and status of it, nothing else."""
        if not account.is_authenticated or not account.is_active or not account.is_reviewer:
            return self.none()
        return self.of_unit(account.unit).filter(first_submitted_at=None, status=Status.REGISTERED)

    def of_unit(self, unit):
        return self.filter(**{unit.level: unit}) if unit.is_active else self.none()

    def not_withdrawn(self):
        return self.exclude(status=Status.WITHDRAWN)


ITS_ROW = ("account_id", "session_id")  # what its sealed values are bound to


def new_data_key() -> str:
    return secrets.token_hex(32)


class Application(models.Model):
    """One candidate's entry in one exam session. Its status is moved by candidates.applications.workflow only."""

    account = models.ForeignKey("Account", verbose_name="账号", on_delete=models.PROTECT, related_name="applications")
    session = models.ForeignKey(
        "ExamSession", verbose_name="考试年度", on_delete=models.PROTECT, related_name="applications"
    )
    number = models.CharField("报名编号", max_length=16, unique=True, null=True, blank=True)
    status = models.CharField("状态", max_length=16, choices=Status.choices, default=Status.DRAFT)
    point = models.ForeignKey(
        "Unit", verbose_name=label("point"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey("Unit", verbose_name=label("site"), null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(
        "Unit", verbose_name=label("region"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    registered_at = models.DateTimeField("报名时间", null=True)
    first_submitted_at = models.DateTimeField("首次提交时间", null=True)
    submitted_at = models.DateTimeField("提交时间", null=True)  # the last submission
    status_since = models.DateTimeField("进入当前状态的时间", null=True)  # null while it is in its first status
    round = models.PositiveSmallIntegerField("提交次数", default=0)  # how many submissions there were
    last_record = models.ForeignKey(
        "Record", verbose_name="最近一次办理", null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_sections = ArrayField(models.CharField(max_length=9), default=list, verbose_name="已保存的部分")

    # what the last return unlocked, written by the action; see candidates/applications/unlocking.py
    unlocked = models.JSONField("退回时解锁的内容", default=dict)
    # the pictures judged 合格 when it was returned, so that the candidate sees what need not be sent again
    passed_images = ArrayField(models.UUIDField(), default=list, db_default=[], verbose_name="退回时已合格的图片")
    return_deadline = models.DateTimeField("补正期限", null=True)
    payment_deadline = models.DateTimeField("单独的缴费截止", null=True)  # given by reinstating, after everybody else's
    returned_level = models.CharField("退回的级别", max_length=6, blank=True)
    times_returned = models.PositiveSmallIntegerField("退回次数", default=0)
    has_warnings = models.BooleanField("图片有提示", default=False)  # any of the submitted set has a warning
    # what is owed and not yet received: category codes (待补)
    owed = ArrayField(models.CharField(max_length=20), default=list, verbose_name="待补材料")
    owed_received = ArrayField(models.CharField(max_length=20), default=list, verbose_name="已收到的待补材料")

    # the reviewer of the unit whose turn it is that shall handle it (分派): a wish, gone with the state
    assigned_to = models.ForeignKey(
        "Account", verbose_name="分派给", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # who has decided on it at which level: [level, key of the account], in order (people.py)
    deciders = models.JSONField("作出过决定的审核员", default=list, db_default=[])
    # written by the units' acts, so that lists and the candidate's pages need not ask for more
    has_notes = models.BooleanField("有备注", default=False, db_default=False)  # of any unit that is not withdrawn
    # the question that is open: its key, and until when the case does not wait for the level that asked
    question = models.BigIntegerField("询问", null=True)
    question_until = models.DateTimeField("答复期限", null=True)
    question_answered = models.BooleanField("已答复", default=False, db_default=False)  # and not decided since
    # when the on-site appointment begins (review/appointments); gone with the state and the registration point
    appointment_at = models.DateTimeField("现场审核预约", null=True)
    # of the last submission: which certificate, and its number folded (materials/duplicates.py)
    certificate_numbers = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], verbose_name="证书编号索引"
    )
    # what it shares with others: found and not settled, and settled
    duplicates = ArrayField(models.CharField(max_length=60), default=list, db_default=[], verbose_name="疑似重复")
    duplicates_settled = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], verbose_name="已核实的疑似重复"
    )

    # seals its pictures and printed documents (materials/files/sealing.py), as 64 hex characters; none yet: empty
    data_key = EncryptedField("数据密钥", default=new_data_key, db_default=b"", editable=False, bound_to=ITS_ROW)

    # basic: name and document follow the account
    name = models.CharField(label("name"), max_length=50)
    sex = models.CharField(label("sex"), max_length=6, blank=True, choices=list(SEXES.items()))
    birth_date = models.DateField(label("birth_date"), null=True)
    document_type = models.CharField(
        label("document_type"), max_length=18, choices=[(code, kind.label) for code, kind in DOCUMENT_TYPES.items()]
    )
    document_number = EncryptedField(label("document_number"), bound_to=ITS_ROW)
    identity_hash = models.CharField("证件号码索引", max_length=64)
    valid_until = models.DateField(label("valid_until"), null=True)
    residency = models.CharField(label("residency"), max_length=8, choices=list(RESIDENCIES.items()))
    ethnicity = models.CharField(label("ethnicity"), max_length=10, blank=True)
    serving_military = models.BooleanField(label("serving_military"), null=True)
    # empty where the account has an e-mail instead
    mobile = EncryptedField(label("mobile"), blank=True, bound_to=ITS_ROW)
    mobile_hash = models.CharField("手机号码索引", max_length=64, blank=True)
    email = models.EmailField(label("email"), blank=True)
    address = models.CharField(label("address"), max_length=80, blank=True)
    postcode = models.CharField(label("postcode"), max_length=10, blank=True)
    # exam
    exam_category = models.ForeignKey(
        "ExamCategory", verbose_name=label("exam_category"), null=True, on_delete=models.PROTECT
    )
    supplementary_test = models.CharField(
        label("supplementary_test"), max_length=11, blank=True, choices=list(SUPPLEMENTARY_TESTS.items())
    )
    # education
    route = models.CharField(label("route"), max_length=10, blank=True, choices=list(ROUTES.items()))
    education = models.CharField(label("education"), max_length=9, blank=True, choices=list(EDUCATIONS.items()))
    school = models.CharField(label("school"), max_length=60, blank=True)
    major = models.CharField(label("major"), max_length=30, blank=True)
    full_time = models.BooleanField(label("full_time"), null=True)
    graduated_on = models.DateField(label("graduated_on"), null=True, blank=True)
    diploma_number = models.CharField(label("diploma_number"), max_length=40, blank=True)
    academic_degree = models.CharField(label("academic_degree"), max_length=30, blank=True)
    degree_number = models.CharField(label("degree_number"), max_length=40, blank=True)
    overseas_education = models.BooleanField(label("overseas_education"), null=True)
    fresh_graduate = models.BooleanField(label("fresh_graduate"), null=True)
    graduating_postgraduate = models.BooleanField(label("graduating_postgraduate"), null=True)
    # work
    employer_is_medical_institution = models.BooleanField(label("employer_is_medical_institution"), null=True)
    employer_name = models.CharField(label("employer_name"), max_length=60, blank=True)
    employer_address = models.CharField(label("employer_address"), max_length=80, blank=True)
    employer_postcode = models.CharField(label("employer_postcode"), max_length=10, blank=True)
    employer_registration_number = models.CharField(label("employer_registration_number"), max_length=40, blank=True)
    employer_legal_representative = models.CharField(label("employer_legal_representative"), max_length=50, blank=True)
    employer_telephone = models.CharField(label("employer_telephone"), max_length=30, blank=True)
    post = models.CharField(label("post"), max_length=30, blank=True)
    trial_name = models.CharField(label("trial_name"), max_length=60, blank=True)
    trial_address = models.CharField(label("trial_address"), max_length=80, blank=True)
    trial_postcode = models.CharField(label("trial_postcode"), max_length=10, blank=True)
    trial_registration_number = models.CharField(label("trial_registration_number"), max_length=40, blank=True)
    trial_legal_representative = models.CharField(label("trial_legal_representative"), max_length=50, blank=True)
    trial_telephone = models.CharField(label("trial_telephone"), max_length=30, blank=True)
    period_from = models.DateField(label("period_from"), null=True, blank=True)
    period_to = models.DateField(label("period_to"), null=True, blank=True)
    # rows of candidates/rules/institutions.py: read and written whole, with the form that they belong to
    further_institutions = models.JSONField(label("further_institutions"), default=list, db_default=[], blank=True)
    # licence
    holds_assistant_licence = models.BooleanField(label("holds_assistant_licence"), null=True)
    licence_number = models.CharField(label("licence_number"), max_length=40, blank=True)
    licence_date = models.DateField(label("licence_date"), null=True, blank=True)
    practice_number = models.CharField(label("practice_number"), max_length=40, blank=True)
    first_registered_on = models.DateField(label("first_registered_on"), null=True, blank=True)
    registration_changed = models.BooleanField(label("registration_changed"), null=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报名"
        triggers = COUNTERS
        constraints = [
            models.UniqueConstraint(
                name="one_application_per_candidate_and_session",
                fields=["account", "session"],
                condition=~Q(status=Status.WITHDRAWN),
            ),
            models.CheckConstraint(name="application_has_a_status", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="units_are_set_together",
                condition=Q(point=None, site=None, region=None)
                | Q(point__isnull=False, site__isnull=False, region__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_draft_has_no_number",
                condition=Q(status=Status.DRAFT, number=None)
                | Q(status=Status.WITHDRAWN)
                | Q(
                    ~Q(status=Status.DRAFT),
                    number__regex=rf"^\d{{{numbers.LENGTH}}}$",
                    point__isnull=False,
                    registered_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="submissions_have_their_times",
                condition=Q(round=0, submitted_at=None, first_submitted_at=None)
                | Q(round__gt=0, submitted_at__gte=F("first_submitted_at")),
            ),
            models.CheckConstraint(
                name="review_needs_a_submission",
                condition=Q(status__in=[*NOT_SUBMITTED, Status.WITHDRAWN]) | Q(round__gt=0),
            ),
            models.CheckConstraint(
                name="only_a_returned_one_is_unlocked",
                condition=Q(
                    status=Status.RETURNED,
                    return_deadline__isnull=False,
                    returned_level__in=list(LEVELS),
                )
                | Q(status=Status.REJECTED)
                | Q(~Q(status=Status.RETURNED), return_deadline=None, unlocked={}),
            ),
            models.CheckConstraint(
                name="open_question_has_its_day",
                condition=Q(question=None, question_until=None)
                | Q(question__isnull=False, question_until__isnull=False, status__in=REVIEW),
            ),
            models.CheckConstraint(
                name="appointment_is_before_the_points_pass",
                condition=Q(appointment_at=None) | Q(status__in=BEFORE_THE_POINT),
            ),
            models.CheckConstraint(
                name="only_what_waits_is_assigned", condition=Q(assigned_to=None) | Q(status__in=REVIEW)
            ),
            models.CheckConstraint(
                name="further_institutions_are_few",
                condition=LessThanOrEqual(
                    Func(F("further_institutions"), function="jsonb_array_length", output_field=IntegerField()),
                    institutions.MOST,
                ),
            ),
        ]
        indexes = [
            # each level's queue is one index range, read in order
            *(
                models.Index(name=f"queue_of_{level}", fields=[level, "status", "submitted_at", "id"])
                for level in LEVELS
            ),
            *(
                models.Index(
                    name=f"category_queue_of_{level}", fields=[level, "status", "exam_category", "submitted_at", "id"]
                )
                for level in LEVELS
            ),
            # the queue's other filters: few rows match, so each index holds those alone
            *(
                models.Index(
                    name=f"{flag}_queue_of_{level}", fields=[level, "status", "submitted_at", "id"], condition=condition
                )
                for flag, condition in FLAGS.items()
                for level in LEVELS
            ),
            # the lists' other orders
            *(
                models.Index(name=f"{order}_queue_of_{level}", fields=[level, "status", column, "id"])
                for order, column in (("waiting", "status_since"), ("number", "number"))
                for level in LEVELS
            ),
            *(
                models.Index(
                    name=f"deadline_queue_of_{level}",
                    fields=[level, "return_deadline", "id"],
                    condition=Q(status=Status.RETURNED),
                )
                for level in LEVELS
            ),
            # what waits: of one reviewer, and of nobody
            models.Index(
                name="assigned_queue",
                fields=["assigned_to", "status", "submitted_at", "id"],
                condition=Q(assigned_to__isnull=False),
            ),
            *(
                models.Index(
                    name=f"free_queue_of_{level}",
                    fields=[level, "submitted_at", "id"],
                    condition=Q(status=status, assigned_to=None),
                )
                for level, status in WAITING_AT.items()
            ),
            *(
                models.Index(F(level), OpClass(NameKey("name"), "text_pattern_ops"), name=f"name_keys_of_{level}")
                for level in LEVELS
            ),
            models.Index(name="application_by_document", fields=["identity_hash"]),
            models.Index(name="application_by_mobile", fields=["mobile_hash"]),
            GinIndex(name="application_by_certificate", fields=["certificate_numbers"], fastupdate=False),
        ]

    def __str__(self):
        return self.number or f"报名 {self.pk}"

    def place_at(self, point):
        """Choose a registration point, or none: the one place that writes the three units, together."""
        if self.point_id != (point.pk if point else None):
            self.appointment_at = None  # it was one of the point before
        chain = point.chain if point else {}
        for level in LEVELS:
            setattr(self, level, chain.get(level))

    def unit_at(self, level):
        """Return the unit of this level that has the application, None while no point has been chosen."""
        return getattr(self, level)

    def is_running(self, now):
        """Tell whether it goes on: not ended, and its session neither closed nor over, which review, corrections,
        payment and owed papers may outlast.
        """
        if self.status in ENDED:
            return False
        goes_on = self.session.state == SessionState.OPEN and now < self.session.over_at
        owes = bool(self.owed) and now < self.session.owed_until
        if goes_on or owes or self.status in REVIEW:
            return True
        if self.status == Status.PAYMENT_DUE:
            return now < self.pays_until
        return self.status == Status.RETURNED and now < self.return_deadline

    @property
    def pays_until(self):
        """Until when it can be paid: as everybody can, or its own time where that is longer (PAYS_UNTIL in queries)."""
        return paid_until(self.session.payment_closes, self.payment_deadline)

    @property
    def profile(self) -> Profile | None:
        """Return what the rules look at; None while what they need first is not known."""
        level = self.exam_category.level if self.exam_category else ""
        return profile_of({"level": level} | {field: getattr(self, field) for field in STATED})


class NumberCounter(models.Model):
    """The last serial given at a registration point in a session: its row lock makes numbers consecutive."""

    session = models.ForeignKey("ExamSession", verbose_name="考试年度", on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey("Unit", verbose_name="报名点", on_delete=models.PROTECT, related_name="+")
    last = models.PositiveIntegerField("最后的序号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "报名编号计数"
        constraints = [
            models.UniqueConstraint(name="one_counter_per_session_and_point", fields=["session", "point"]),
            models.CheckConstraint(name="serial_has_five_digits", condition=Q(last__lte=99_999)),
        ]

    def __str__(self):
        return f"{self.point_id}: {self.last}"


class NoticeVersion(models.Model):
    """One version of an application's registration notice; a new one makes the old one void (replaced_at)."""

    application = models.ForeignKey(
        Application, verbose_name="报名", on_delete=models.PROTECT, related_name="notice_versions"
    )
    version = models.PositiveSmallIntegerField("版本")
    code = models.CharField("验证码", max_length=20, unique=True)
    issued_at = models.DateTimeField("生成时间")
    printed_at = models.DateTimeField("首次打印时间", null=True)  # when the candidate first got it as a PDF
    replaced_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知单版本"
        ordering = ["application", "version"]
        constraints = [
            models.UniqueConstraint(name="notice_versions_are_numbered", fields=["application", "version"]),
            models.UniqueConstraint(name="one_current_notice", fields=["application"], condition=Q(replaced_at=None)),
        ]

    def __str__(self):
        return f"第 {self.version} 版"
