"""The back office of materials: pictures and submissions are read, the units' requirements are written."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html

from candidates.admin_kinds import ReadOnly, Remembered
from candidates.models import Application, Unit
from materials.forms import MaterialNoticeForm, UnitLineForm
from materials.models import (
    MaterialImage,
    MaterialNotice,
    RenderedDocument,
    Submission,
    UnitLine,
    condition_choices,
)
from materials.printing import documents
from materials.rules.catalogue import BY_CODE


class OfAnApplication(ReadOnly):
    list_per_page = 50
    list_select_related = ("application",)
    ordering = ("-pk",)

    def get_queryset(self, request):
        mine = Application.objects.visible_to(request.user)
        return super().get_queryset(request).filter(application__in=mine)


@admin.register(MaterialImage)
class MaterialImageAdmin(OfAnApplication):
    list_display = ("application", "category", "position", "size", "uploaded_at", "submitted", "is_owed", "removed_at")
    list_filter = ("category", "submitted", "is_owed")
    search_fields = ("application__number__exact", "id__exact")


@admin.register(Submission)
class SubmissionAdmin(OfAnApplication):
    list_display = ("application", "round", "at", "recalled_at", "categories")
    search_fields = ("application__number__exact",)
    # not the form, the candidate's data as submitted: read on the case page, where the look is recorded
    fields = (
        *("application", "round", "at", "declared_at", "recalled_at"),
        *("pictures", "categories", "listed", "asked_for", "again"),
    )

    def get_queryset(self, request):
        return Submission.every.filter(application__in=Application.objects.visible_to(request.user))

    @admin.display(description="图片")
    def pictures(self, submission):
        return f"{len(submission.images)} 张"

    @admin.display(description="必须的类别")
    def categories(self, submission):
        return _labels(submission.required)

    @admin.display(description="列出的类别")
    def listed(self, submission):
        return _labels(submission.shown)

    @admin.display(description="考区、考点当时的要求")
    def asked_for(self, submission):
        lines = (submission.asked or {}).get("lines", ())
        return "、".join(f"{one['title']}（{one['by']}要求）" for one in lines) or "—"

    @admin.display(description="须重新审核的类别")
    def again(self, submission):
        return _labels(submission.unjudged)


def _labels(codes):
    return "、".join(BY_CODE[one].label if one in BY_CODE else one for one in codes) or "—"


class OfAUnit(Remembered):
    """What a region or a site asks for: a registration point asks for nothing of its own. Both lists lead to 预览."""

    change_list_template = "admin/materials/asked_list.html"
    list_select_related = ("unit__parent",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "unit":
            kwargs["queryset"] = Unit.objects.exclude(level="point")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "unit":  # units are not made here
            field.widget.can_add_related = field.widget.can_change_related = field.widget.can_view_related = False
        return field

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        told = "考生现在就能看到。" if obj.is_active else "还没有启用，考生看不到；请先预览，再启用。"
        messages.info(request, format_html('{} <a href="{}">预览</a>', told, preview_of(obj.unit)))

    @admin.display(description="预览")
    def preview(self, row):
        return format_html('<a href="{}">预览</a>', preview_of(row.unit))


def preview_of(unit):
    """Return where the list is shown as the candidates of this region or site will see it."""
    units = {"region": unit.code} if unit.parent is None else {"region": unit.parent.code, "site": unit.code}
    return f"{reverse('requirements_preview')}?{urlencode(units)}"


@admin.register(MaterialNotice)
class MaterialNoticeAdmin(OfAUnit):
    form = MaterialNoticeForm
    list_display = ("unit", "category", "required", "words", "is_active", "preview")
    list_filter = ("category", "required", "is_active")


@admin.register(UnitLine)
class UnitLineAdmin(OfAUnit):
    form = UnitLineForm
    list_display = ("title", "unit", "for_whom", "upload", "original", "copies", "position", "is_active", "preview")
    list_filter = ("upload", "is_active")
    search_fields = ("title", "unit__name", "=unit__code")
    list_per_page = 50

    @admin.display(description="适用于")
    def for_whom(self, line):
        known = dict(condition_choices())
        return "，且".join(known.get(code, code) for code in line.conditions) or "所有考生"


class MissingCharactersFilter(admin.SimpleListFilter):
    title = "字库缺字"
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [("1", "缺字，已留空")]

    def queryset(self, request, queryset):
        return queryset.exclude(missing="") if self.value() == "1" else queryset


@admin.register(RenderedDocument)
class RenderedDocumentAdmin(OfAnApplication):
    """What was printed last, and which have gaps for want of a font: install one, then run render_notices."""

    list_display = ("application", "name", "rendered_at", "size", "missing")
    list_filter = (MissingCharactersFilter,)
    ordering = ("-rendered_at", "-pk")
    search_fields = ("application__number__exact",)
    fields = ("application", "name", "rendered_at", "size", "missing")

    @admin.display(description="文书")
    def name(self, rendered):
        return documents.get(rendered.slug).title(rendered.application.session.year)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("application__session")
