from functools import partial

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator

from candidates.views import history
from review.operations import today
from review.views.console import urls as console


class StaffSite(AdminSite):
    """An AdminSite behind the portal's own login page; who is not meant to be there finds nothing (404)."""

    empty_value_display = "—"

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        # such a view asks for the token itself, once it has said how what is sent is to be read
        guarded.csrf_exempt = getattr(view, "csrf_exempt", False)
        return guarded

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index")))

    def logout(self, request, extra_context=None):
        return redirect("logout")

    def password_change(self, request, extra_context=None):
        return redirect("password_change")


class BackOffice(StaffSite):
    """The operators' back office at /admin/."""

    site_header = "国家医学考试考生服务系统 · 后台管理"
    site_title = "后台管理"
    index_title = "后台管理"
    site_url = None  # the header leads to the reviewers' screens
    empty_value_display = "—"
    enable_nav_sidebar = False

    def get_urls(self):
        changes = path("history/", self.admin_view(partial(history.changes, site=self)), name="changes")
        # no row has a page of its own on the site that the library's address might lead to
        others = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        return [changes, *console.patterns(self.admin_view), *others]

    def index(self, request, extra_context=None):
        """Show first what waits for an operator today."""
        return super().index(request, {**(extra_context or {}), "waiting": today.waiting(request.user)})

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff
