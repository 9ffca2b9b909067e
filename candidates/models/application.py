from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from candidates.applications.states import ENDED, NOT_SUBMITTED, REVIEW, Status
from candidates.encryption import EncryptedField
from candidates.models.account import SEXES
from candidates.models.counts import COUNTERS
from candidates.rules.id_number import DOCUMENT_TYPES
from candidates.rules.levels import LEVELS
from candidates.rules.profile import EDUCATIONS, RESIDENCIES, ROUTES, SUPPLEMENTARY_TESTS, Profile

# what lists are filtered by besides status, category and day: each has its index, in the list's order
FLAGS = {"returned": Q(times_returned__gt=0), "owed": ~Q(owed=[]), "warnings": Q(has_warnings=True)}


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, account):
        """What this account may read: own; a reviewer what was submitted in the unit's subtree; operators all."""
        if not account.is_authenticated or not account.is_active:
            return self.none()
        if account.is_candidate:
            return self.filter(account=account)
        if account.is_operator:
            return self
        return self.of_unit(account.unit).filter(first_submitted_at__isnull=False)

    def listed_to(self, account):
        """Registered but never submitted: units see number, name and status, nothing else."""
        if not account.is_authenticated or not account.is_active or not account.is_reviewer:
            return self.none()
        return self.of_unit(account.unit).filter(first_submitted_at=None, status=Status.REGISTERED)

    def of_unit(self, unit):
        return self.filter(**{unit.level: unit}) if unit.is_active else self.none()

    def not_withdrawn(self):
        return self.exclude(status=Status.WITHDRAWN)


class Application(models.Model):
    """One candidate's entry in one exam session. Its status is moved by candidates.applications.workflow only."""

    account = models.ForeignKey("Account", verbose_name="账号", on_delete=models.PROTECT, related_name="applications")
    session = models.ForeignKey(
        "ExamSession", verbose_name="考试年度", on_delete=models.PROTECT, related_name="applications"
    )
    number = models.CharField("报名编号", max_length=16, unique=True, null=True, blank=True)
    status = models.CharField("状态", max_length=16, choices=Status.choices, default=Status.DRAFT)
    point = models.ForeignKey("Unit", verbose_name="报名点", null=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("Unit", verbose_name="考点", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("Unit", verbose_name="考区", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    registered_at = models.DateTimeField("报名时间", null=True)
    first_submitted_at = models.DateTimeField("首次提交时间", null=True)
    submitted_at = models.DateTimeField("提交时间", null=True)  # the last submission
    status_since = models.DateTimeField("进入当前状态的时间", null=True)  # null: since it was started
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
    returned_level = models.CharField("退回的级别", max_length=6, blank=True)
    times_returned = models.PositiveSmallIntegerField("退回次数", default=0)
    has_warnings = models.BooleanField("图片有提示", default=False)  # a picture of the submitted set has one
    # what is owed and not yet received: category codes (materials.md, 待补)
    owed = ArrayField(models.CharField(max_length=20), default=list, verbose_name="待补材料")
    owed_received = ArrayField(models.CharField(max_length=20), default=list, verbose_name="已收到的待补材料")

    # basic: name and document follow the account
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=6, blank=True, choices=list(SEXES.items()))
    birth_date = models.DateField("出生日期", null=True)
    document_type = models.CharField(
        "证件类型", max_length=16, choices=[(code, kind.label) for code, kind in DOCUMENT_TYPES.items()]
    )
    document_number = EncryptedField("证件号码")
    identity_hash = models.CharField("证件号码索引", max_length=64)
    valid_until = models.DateField("证件有效期至", null=True)
    residency = models.CharField("居民类别", max_length=8, choices=list(RESIDENCIES.items()))
    ethnicity = models.CharField("民族", max_length=10, blank=True)
    serving_military = models.BooleanField("军队现役", null=True)
    mobile = EncryptedField("手机号码")
    mobile_hash = models.CharField("手机号码索引", max_length=64)
    email = models.EmailField("电子邮箱", blank=True)
    address = models.CharField("通讯地址", max_length=80, blank=True)
    postcode = models.CharField("邮政编码", max_length=10, blank=True)
    # exam
    exam_category = models.ForeignKey("ExamCategory", verbose_name="报考类别", null=True, on_delete=models.PROTECT)
    supplementary_test = models.CharField(
        "短线医学专业加试", max_length=11, blank=True, choices=list(SUPPLEMENTARY_TESTS.items())
    )
    # education
    route = models.CharField("报考途径", max_length=10, blank=True, choices=list(ROUTES.items()))
    education = models.CharField("学历", max_length=9, blank=True, choices=list(EDUCATIONS.items()))
    school = models.CharField("毕业学校", max_length=60, blank=True)
    major = models.CharField("所学专业", max_length=30, blank=True)
    full_time = models.BooleanField("全日制学历", null=True)
    graduated_on = models.DateField("毕业日期", null=True, blank=True)
    diploma_number = models.CharField("毕业证书编号", max_length=40, blank=True)
    academic_degree = models.CharField("学位", max_length=30, blank=True)
    degree_number = models.CharField("学位证书编号", max_length=40, blank=True)
    overseas_education = models.BooleanField("非大陆学历", null=True)
    fresh_graduate = models.BooleanField("应届医学专业毕业生", null=True)
    graduating_postgraduate = models.BooleanField("当年毕业研究生", null=True)
    # work
    employer_is_medical_institution = models.BooleanField("工作单位是医疗机构", null=True)
    employer_name = models.CharField("工作单位名称", max_length=60, blank=True)
    employer_address = models.CharField("工作单位地址", max_length=80, blank=True)
    employer_postcode = models.CharField("工作单位邮编", max_length=10, blank=True)
    employer_registration_number = models.CharField("工作单位登记号", max_length=40, blank=True)
    employer_legal_representative = models.CharField("工作单位法定代表人", max_length=50, blank=True)
    employer_telephone = models.CharField("工作单位电话", max_length=30, blank=True)
    post = models.CharField("工作岗位", max_length=30, blank=True)
    trial_name = models.CharField("试用机构名称", max_length=60, blank=True)
    trial_address = models.CharField("试用机构地址", max_length=80, blank=True)
    trial_postcode = models.CharField("试用机构邮编", max_length=10, blank=True)
    trial_registration_number = models.CharField("试用机构登记号", max_length=40, blank=True)
    trial_legal_representative = models.CharField("试用机构法定代表人", max_length=50, blank=True)
    trial_telephone = models.CharField("试用机构电话", max_length=30, blank=True)
    period_from = models.DateField("试用（执业）开始年月", null=True, blank=True)
    period_to = models.DateField("试用（执业）结束年月", null=True, blank=True)
    # licence
    holds_assistant_licence = models.BooleanField("持有执业助理医师资格申报执业医师", null=True)
    licence_number = models.CharField("医师资格证书编号", max_length=40, blank=True)
    licence_date = models.DateField("医师资格证书发证日期", null=True, blank=True)
    practice_number = models.CharField("医师执业证书编号", max_length=40, blank=True)
    first_registered_on = models.DateField("首次执业注册日期", null=True, blank=True)
    registration_changed = models.BooleanField("执业注册有变更", null=True)

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
                    ~Q(status=Status.DRAFT), number__regex=r"^\d{16}$", point__isnull=False, registered_at__isnull=False
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
            # the queue's other filters: what few have is not looked for among all that wait
            *(
                models.Index(
                    name=f"{flag}_queue_of_{level}", fields=[level, "status", "submitted_at", "id"], condition=condition
                )
                for flag, condition in FLAGS.items()
                for level in LEVELS
            ),
            *(
                models.Index(
                    name=f"names_of_{level}", fields=[level, "name"], opclasses=["int8_ops", "varchar_pattern_ops"]
                )
                for level in LEVELS
            ),
            models.Index(name="application_by_document", fields=["identity_hash"]),
            models.Index(name="application_by_mobile", fields=["mobile_hash"]),
        ]

    def __str__(self):
        return self.number or f"报名 {self.pk}"

    def place_at(self, point):
        """Choose a registration point, or none: the one place that writes the three units, together."""
        chain = point.chain if point else {}
        for level in LEVELS:
            setattr(self, level, chain.get(level))

    def unit_at(self, level):
        """The unit of this level that has the application, None while no point has been chosen."""
        return getattr(self, level)

    def is_running(self, now):
        """Whether it goes on: it has not ended, and its session is not over; what is still in review, or returned with
        time left, outlasts its session.
        """
        if self.status in ENDED:
            return False
        if now < self.session.over_at or self.status in REVIEW:
            return True
        return self.status == Status.RETURNED and now < self.return_deadline

    @property
    def profile(self):
        """The Profile that the rules look at, or None while what they need first is not known."""
        if not self.exam_category or not self.route:
            return None
        return Profile(
            level=self.exam_category.level,
            route=self.route,
            education=self.education or None,
            full_time=bool(self.full_time),
            graduated_on=self.graduated_on,
            overseas_education=bool(self.overseas_education),
            residency=self.residency,
            serving_military=bool(self.serving_military),
            employer_is_medical_institution=bool(self.employer_is_medical_institution),
            holds_assistant_licence=bool(self.holds_assistant_licence),
            registration_changed=bool(self.registration_changed),
            fresh_graduate=bool(self.fresh_graduate),
            graduating_postgraduate=bool(self.graduating_postgraduate),
            supplementary_test=self.supplementary_test or "none",
        )


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
