"""The back office of materials: pictures and submissions are read, the units' requirements are written."""

from django.contrib import admin

from candidates.admin_kinds import ReadOnly, Remembered
from candidates.models import Application, Unit
from materials.models import MaterialImage, MaterialNotice, RenderedDocument, Submission
from materials.printing import documents
from materials.rules.catalogue import BY_CODE


class OfAnApplication(ReadOnly):
    list_per_page = 50
    list_select_related = ("application",)

    def get_queryset(self, request):
        mine = Application.objects.visible_to(request.user)
        return super().get_queryset(request).filter(application__in=mine)


@admin.register(MaterialImage)
class MaterialImageAdmin(OfAnApplication):
    list_display = ("application", "category", "position", "size", "uploaded_at", "submitted", "is_owed", "removed_at")
    list_filter = ("category", "submitted", "is_owed")
    search_fields = ("=application__number", "=id")


@admin.register(Submission)
class SubmissionAdmin(OfAnApplication):
    list_display = ("application", "round", "at", "recalled_at", "categories")
    search_fields = ("=application__number",)
    # not the form, the candidate's data as submitted: read on the case page, where the look is recorded
    fields = ("application", "round", "at", "declared_at", "recalled_at", "pictures", "categories", "listed", "again")

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

    @admin.display(description="须重新审核的类别")
    def again(self, submission):
        return _labels(submission.unjudged)


def _labels(codes):
    return "、".join(BY_CODE[one].label if one in BY_CODE else one for one in codes) or "—"


@admin.register(MaterialNotice)
class MaterialNoticeAdmin(Remembered):
    list_display = ("unit", "category", "required", "words")
    list_filter = ("category", "required")
    list_select_related = ("unit",)

    # a registration point asks for nothing of its own
    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "unit":
            kwargs["queryset"] = Unit.objects.exclude(level="point")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class MissingCharactersFilter(admin.SimpleListFilter):
    title = "字库缺字"
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [("1", "缺字，未能生成")]

    def queryset(self, request, queryset):
        return queryset.exclude(missing="") if self.value() == "1" else queryset


@admin.register(RenderedDocument)
class RenderedDocumentAdmin(OfAnApplication):
    """What was printed last, and what could not be for want of a font: install one, then run render_notices."""

    list_display = ("application", "name", "rendered_at", "size", "missing")
    list_filter = (MissingCharactersFilter,)
    search_fields = ("=application__number",)
    fields = ("application", "name", "rendered_at", "size", "missing")

    @admin.display(description="文书")
    def name(self, rendered):
        return documents.get(rendered.slug).title(rendered.application.session.year)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("application__session")
