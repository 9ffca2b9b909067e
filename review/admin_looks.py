"""图片查阅记录 and 导出记录: who was shown which picture, and who has taken what out of the portal."""

from django.contrib import admin

from candidates.admin import case_link
from candidates.admin_kinds import Listed
from candidates.applications.states import STATUSES
from candidates.models import PictureLook
from review.models import ExportMade

KINDS = {"table": "表格", "pictures": "图片", "packet": "材料册", "figures": "审核员办理统计"}


@admin.register(PictureLook)
class PictureLookAdmin(Listed):
    list_display = ["looked_at", "who", "of_unit", "of_application", "picture"]
    list_select_related = ["account", "application", "unit"]
    ordering = ["-pk"]
    list_per_page = 50
    search_fields = ["=application__number"]
    search_help_text = "报名编号，16 位"

    @admin.display(description="时间")
    def looked_at(self, look):
        return look.at

    @admin.display(description="查阅人")
    def who(self, look):
        return look.account

    @admin.display(description="单位")
    def of_unit(self, look):
        return look.unit or "—"

    @admin.display(description="报名编号")
    def of_application(self, look):
        return case_link(look.application)


@admin.register(ExportMade)
class ExportMadeAdmin(Listed):
    list_display = ["made_at", "who", "of_unit", "what", "of_which", "number"]
    list_select_related = ["account", "unit"]
    ordering = ["-pk"]
    list_per_page = 50

    @admin.display(description="时间")
    def made_at(self, made):
        return made.at

    @admin.display(description="导出人")
    def who(self, made):
        return made.account

    @admin.display(description="单位")
    def of_unit(self, made):
        return made.unit or "—"

    @admin.display(description="内容")
    def what(self, made):
        return KINDS.get(made.kind, made.kind)

    @admin.display(description="范围")
    def of_which(self, made):
        held = made.held
        return held.get("number") or held.get("unit") or STATUSES.get(held.get("status", ""), "—")
