"""The operators' back office: units, sessions and exam categories are theirs; accounts and applications are to read.

Nothing here searches by a person's data: an address is no place for it. A case is read at /review/.
"""

import json

from django.contrib import admin, messages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django_tasks_db.models import DBTaskResult

from candidates import jobs
from candidates.admin_kinds import Kept, Listed, ReadOnly, Remembered
from candidates.applications.acts import act_of
from candidates.applications.notices import CONTACT, tell_of_contact
from candidates.applications.states import STATUSES
from candidates.applications.workflow import ROLES
from candidates.forms.years import SessionForm
from candidates.messages import outbox
from candidates.messages.kinds import KINDS
from candidates.models import (
    Account,
    Announcement,
    Application,
    Delivery,
    ExamCategory,
    ExamSession,
    Job,
    Look,
    MedicalInstitution,
    Message,
    OperatorAct,
    Record,
    Unit,
)
from candidates.models.session import WINDOWS, possible_years
from candidates.rules import id_number, names
from candidates.rules.profile import ROUTES
from candidates.templatetags.telephones import telephone
from materials.jobs import ask_for_notices

admin.site.unregister(DBTaskResult)  # its state says little; candidates.Job tells what became of the work


def case_link(application):
    if not application.number:
        return "—"
    return format_html('<a href="{}">{}</a>', reverse("review:case", args=[application.number]), application.number)


def as_code(values):
    """Show what a command was given or has counted as it is kept: words of the program, no sentence for people."""
    return format_html("<code>{}</code>", json.dumps(values, ensure_ascii=False)) if values else "—"


@admin.register(Unit)
class UnitAdmin(Remembered, Kept):
    list_display = ["code", "name", "level", "parent", "called", "hours", "is_active"]
    list_filter = ["level", "is_active"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]
    list_per_page = 50
    actions = ["print_notices"]

    @admin.display(description="电话", ordering="telephone")
    def called(self, unit):
        return telephone(unit.telephone)

    def get_readonly_fields(self, request, obj=None):
        return ["code", "level", "parent"] if obj else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and obj.level == "point" and not set(CONTACT).isdisjoint(form.changed_data):
            messages.success(request, f"已通知 {tell_of_contact(obj)} 位打印过通知单的考生；通知单仍然有效。")

    @admin.action(description="生成通知单（后台任务）", permissions=["change"])
    def print_notices(self, request, units):
        """Ask for the notices of every session under way, and name each."""
        sessions = ExamSession.under_way()
        if not sessions:
            messages.error(request, "现在没有进行中的考试年度，没有申请任何后台任务。")
        for session in sessions:
            new, total = ask_for_notices(units, session, asked_by=request.user)
            waiting = f"，其余 {total - new} 个已经在等待或进行" if new < total else ""
            told = f"{session}：{total} 个报名点有通知单，新申请 {new} 个后台任务{waiting}。进度见“后台任务”。"
            messages.success(request, told)


@admin.register(ExamSession)
class ExamSessionAdmin(Remembered, admin.ModelAdmin):
    """Opened a year or two ahead at most; a draft is deleted while nothing hangs from it."""

    form = SessionForm
    list_display = [
        "year",
        "state",
        "by_its_dates",
        "registration_opens",
        "registration_closes",
        "upload_closes",
        "payment_closes",
    ]
    windows = [(name, {"fields": [(f"{window}_opens", f"{window}_closes")]}) for window, name in WINDOWS.items()]

    def get_fieldsets(self, request, obj=None):
        own = ["year", "state", "correction_days", *(["by_its_dates", "may_be_deleted"] if obj else [])]
        return [(None, {"fields": own}), *self.windows, ("确认", {"fields": ["confirmed"]})]

    def get_readonly_fields(self, request, obj=None):
        return ["year", "by_its_dates", "may_be_deleted"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """Allow deleting one by one, on the session's own page, which says why not."""
        return obj is not None and obj.may_be_deleted() and super().has_delete_permission(request, obj)

    @transaction.atomic
    def delete_model(self, request, obj):
        ExamSession.objects.select_for_update().get(pk=obj.pk)  # held, so that nobody starts an application in between
        obj.delete()

    @admin.display(description="按时间")
    def by_its_dates(self, session):
        now = timezone.now()
        if session.year not in possible_years(now):
            return "年度有误或早已结束"
        if session.is_under_way(now):
            return "进行中"
        if now < session.registration_opens:
            return "未开始"
        return "已结束" if now >= session.over_at else "时间未到，没有开放"

    @admin.display(description="能否删除")
    def may_be_deleted(self, session):
        if hanging := session.hanging():
            return f"不能删除，已经有：{hanging}。"
        if not session.may_be_deleted():
            return "还没有任何内容：先改为草稿，就可以删除。"
        return "还没有任何内容，可以删除。"


@admin.register(ExamCategory)
class ExamCategoryAdmin(Remembered, Kept):
    list_display = ["code", "name", "level", "by_route", "is_active"]
    list_filter = ["level", "is_active"]
    search_fields = ["code", "name"]

    @admin.display(description="报考途径")
    def by_route(self, category):
        return "、".join(ROUTES.get(one, one) for one in category.routes.split("|"))

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []


@admin.register(MedicalInstitution)
class MedicalInstitutionAdmin(Remembered, ReadOnly):
    """The list that load_institutions loads; candidates look their institution up in it."""

    list_display = ["registration_number", "name", "address", "telephone", "region", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "registration_number"]
    search_help_text = "名称或登记号中的几个字"
    list_per_page = 50


@admin.register(Announcement)
class AnnouncementAdmin(Remembered, Kept):
    """Everybody sees it at once; one that is no longer wanted gets an end."""

    list_display = ["title", "state", "pinned", "starts_at", "ends_at"]
    list_filter = ["pinned"]

    @admin.display(description="状态")
    def state(self, announcement):
        now = timezone.now()
        if announcement.starts_at > now:
            return "未开始"
        return "已停止" if announcement.ends_at and announcement.ends_at <= now else "显示中"


@admin.register(Account)
class AccountAdmin(ReadOnly):
    list_display = ["account_number", "kind", "username", "masked_name", "unit", "is_active", "date_joined"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["unit"]
    ordering = ["-pk"]
    fields = [
        "kind",
        "username",
        "masked_name",
        "unit",
        "is_active",
        "must_change_password",
        "date_joined",
        "document_type",
        "masked_number",
        "masked_mobile",
        "valid_until",
        "consent_version",
        "consented_at",
    ]
    readonly_fields = ["masked_name", "masked_number", "masked_mobile"]

    @admin.display(description="编号", ordering="pk")
    def account_number(self, account):
        return account.pk

    @admin.display(description="姓名")
    def masked_name(self, account):
        return names.masked(account.name) if account.is_candidate else account.name

    @admin.display(description="证件号码")
    def masked_number(self, account):
        return id_number.masked(account.document_number) if account.document_number else ""

    @admin.display(description="手机号码")
    def masked_mobile(self, account):
        return id_number.masked(account.mobile) if account.mobile else ""


class RegionFilter(admin.SimpleListFilter):
    title, parameter_name = "考区", "region"

    def lookups(self, request, model_admin):
        return list(Unit.objects.filter(level="region").order_by("code").values_list("code", "name"))

    def queryset(self, request, applications):
        return applications.filter(region__code=self.value()) if self.value() else applications


@admin.register(Application)
class ApplicationAdmin(Listed):
    """A list; each number leads to its case."""

    list_display = ["case", "masked_name", "status", "session", "exam_category", "point", "submitted_at"]
    list_filter = ["status", "session", RegionFilter]
    list_select_related = ["session", "exam_category", "point"]
    ordering = ["-pk"]

    def get_queryset(self, request):
        return Application.objects.visible_to(request.user)

    @admin.display(description="报名编号")
    def case(self, application):
        return case_link(application)

    @admin.display(description="姓名")
    def masked_name(self, application):
        return names.masked(application.name)


@admin.register(Record)
class RecordAdmin(Listed):
    """Every act on every application; words and opinions are read on the case page."""

    list_display = ["done_at", "case", "act", "states", "by", "account", "unit", "round"]
    list_select_related = ["application", "account", "unit"]
    search_fields = ["application__number__exact"]
    search_help_text = "报名编号，16 位"
    ordering = ["-pk"]
    list_per_page = 50

    @admin.display(description="时间")
    def done_at(self, record):
        return record.at

    @admin.display(description="报名编号")
    def case(self, record):
        return case_link(record.application)

    @admin.display(description="办理")
    def act(self, record):
        return act_of(record.action).name

    @admin.display(description="状态")
    def states(self, record):
        before, after = (STATUSES.get(one, one) for one in (record.from_status, record.to_status))
        return after if before == after else f"{before} → {after}"

    @admin.display(description="办理人级别")
    def by(self, record):
        return ROLES.get(record.level, record.level)


class SendingFilter(admin.SimpleListFilter):
    title, parameter_name = "发送", "state"

    def lookups(self, request, model_admin):
        return list(outbox.STATES_IN_WORDS.items())

    def queryset(self, request, messages_of_all):
        wanted = outbox.STATES.get(self.value())
        return messages_of_all.filter(wanted) if wanted else messages_of_all


@admin.register(Message)
class MessageAdmin(Listed):
    """Who was told of what, and whether it left the portal; the words stay with the candidate."""

    list_display = ["told_at", "case", "title", "sending", "attempts", "read_at"]
    list_filter = [SendingFilter]
    list_select_related = ["application"]
    search_fields = ["application__number__exact"]
    search_help_text = "报名编号，16 位"
    ordering = ["-pk"]
    list_per_page = 50

    @admin.display(description="时间")
    def told_at(self, message):
        return message.at

    @admin.display(description="报名编号")
    def case(self, message):
        return case_link(message.application) if message.application else "—"

    @admin.display(description="标题")
    def title(self, message):
        return message.subject

    @admin.display(description="发送")
    def sending(self, message):
        return outbox.STATES_IN_WORDS[outbox.state_of(message)]

    @admin.display(description="尝试次数")
    def attempts(self, message):
        return message.tries


@admin.register(Delivery)
class DeliveryAdmin(Listed):
    """Each handing over of a message to a provider, and what became of it; to whom stays with the message."""

    list_display = ["handed_over", "case", "what", "channel", "sender", "outcome", "code", "delivered_at", "failed_at"]
    list_filter = ["outcome", "channel", "sender"]
    list_select_related = ["message__application"]
    search_fields = ["message__application__number__exact"]
    search_help_text = "报名编号，16 位"
    ordering = ["-pk"]
    list_per_page = 50

    @admin.display(description="时间")
    def handed_over(self, delivery):
        return delivery.at

    @admin.display(description="报名编号")
    def case(self, delivery):
        return case_link(delivery.message.application) if delivery.message.application else "—"

    @admin.display(description="消息")
    def what(self, delivery):
        kind = KINDS.get(delivery.message.kind)
        return kind.label if kind else delivery.message.old_subject


@admin.register(OperatorAct)
class OperatorActAdmin(Listed):
    """What was done at a terminal, and what came of it."""

    list_display = ["done_at", "who", "command", "phase", "told_arguments", "told_outcome"]
    list_filter = ["phase", "command"]

    @admin.display(description="时间")
    def done_at(self, act):
        return act.at

    @admin.display(description="参数")
    def told_arguments(self, act):
        return as_code(act.arguments)

    @admin.display(description="结果")
    def told_outcome(self, act):
        return as_code(act.outcome)


@admin.register(Job)
class JobAdmin(Listed):
    """What is done in the background, and how far it is. What has failed can be asked for again."""

    list_display = [
        "title",
        "about",
        "state",
        "progress",
        "counts",
        "attempts",
        "error",
        "next_try_at",
        "asked_by",
        "asked_at",
        "ended_at",
    ]
    list_filter = ["state"]
    list_select_related = ["asked_by"]
    actions = ["ask_again"]

    @admin.action(description="重新申请未完成的", permissions=["view"])
    def ask_again(self, request, chosen):
        new = sum(jobs.ask_again(job, asked_by=request.user) for job in chosen)
        messages.success(request, f"重新申请了 {new} 个后台任务。")

    @admin.display(description="任务")
    def title(self, job):
        return jobs.KINDS[job.kind].title

    @admin.display(description="对象")
    def about(self, job):
        return " · ".join(str(value) for _, value in sorted(job.arguments.items()))

    @admin.display(description="进度")
    def progress(self, job):
        return f"{job.done} / {job.total}（{100 * job.done // job.total}%）" if job.total else "—"

    @admin.display(description="结果")
    def counts(self, job):
        words = jobs.KINDS[job.kind].counts
        return "，".join(f"{words[name]} {count}" for name, count in job.outcome.items())


@admin.register(Look)
class LookAdmin(Listed):
    """Who looked at which application, in which round."""

    list_display = ["looked_at", "who", "what", "of_application", "in_round"]
    list_select_related = ["account", "application"]
    ordering = ["-pk"]

    @admin.display(description="时间")
    def looked_at(self, look):
        return look.at

    @admin.display(description="查阅人")
    def who(self, look):
        return look.account

    @admin.display(description="查阅内容")
    def what(self, look):
        return look.get_kind_display()

    @admin.display(description="报名编号")
    def of_application(self, look):
        return look.application.number

    @admin.display(description="提交次数")
    def in_round(self, look):
        return look.round
