"""What the back office's pages have in common, in all apps: what may be filtered, deleted, changed, opened."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404
from django.shortcuts import render

from candidates.admin_lists import KeysetList
from candidates.forms.fields import (
    DayField,
    DayInput,
    MomentField,
    PlainEmailField,
    PlainField,
    RowField,
    WholeNumberField,
    WholeNumberInput,
)
from candidates.rules.text import clean, kind_of
from candidates.trail import history


class Completed(AutocompleteSelect):
    """Shows no row for a posted key that cannot be one: Django's own would look for it and fail."""

    def optgroups(self, name, value, attrs=None):
        keys = [one if str(one).isascii() and str(one).isdecimal() else "" for one in value]
        return super().optgroups(name, keys, attrs)


class Offered(admin.ModelAdmin):
    """Lists are filtered only by the filters they offer, and actions take only keys that can exist; else 400.

    Django's own would take any field, also personal data, and comparisons that make the database fail. Text is
    kept, and searched for, in its one spelling. Nothing is counted (admin_lists.py).
    """

    is_many = False  # a table that grows with the candidates: of what is filtered a page looks through a part
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    formfield_overrides = {
        models.CharField: {"form_class": PlainField},
        models.TextField: {"form_class": PlainField},
        models.EmailField: {"form_class": PlainEmailField},
        models.IntegerField: {"form_class": WholeNumberField, "widget": WholeNumberInput},
        models.DateTimeField: {"form_class": MomentField},
        models.DateField: {"form_class": DayField, "widget": DayInput},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, PlainField) and field.kind == "words":
            field.kind = kind_of(f"{self.model._meta.model_name}.{db_field.name}")
        return field

    def get_changelist(self, request, **kwargs):
        return KeysetList

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, clean(search_term, "search"))

    def lookup_allowed(self, lookup, value, request):
        for one in self.get_list_filter(request):
            name = one[0] if isinstance(one, (list, tuple)) else getattr(one, "parameter_name", one)
            if lookup in (name, f"{name}__exact", f"{name}__id__exact", f"{name}__isnull"):
                return True
        return False

    def response_action(self, request, queryset):
        try:
            for one in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.model._meta.pk.to_python(one)
        except ValidationError:
            raise BadRequest("A chosen row's key cannot be one.") from None
        return super().response_action(request, queryset)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Completed(db_field, self.admin_site))
        kwargs.setdefault("form_class", RowField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Kept(Offered):
    """Rows that others point to: switched off where they are no longer wanted, never deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


class Remembered(Offered):
    """Reference data: 历史 shows every change of a row, whatever made it."""

    def history_view(self, request, object_id, extra_context=None):
        """Show the history, also of a row that is gone."""
        if not self.has_view_permission(request):
            raise PermissionDenied

        found = history.of(self.model(pk=object_id)) if object_id.isdecimal() and len(object_id) < 19 else []
        if not found:
            raise Http404

        context = {
            **self.admin_site.each_context(request),
            "title": f"更改历史：{found[0].name}",
            "changes": found,
            "opts": self.model._meta,
            "row": self.get_object(request, object_id),
        }
        return render(request, "admin/row_history.html", context)


class ReadOnly(Kept):
    """Looked at, never changed: acts go through the workflow. Of long tables: in the order of their keys alone."""

    is_many = True
    sortable_by = ()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class Listed(ReadOnly):
    """A list alone: no row has a page of its own."""

    list_display_links = None

    def has_view_permission(self, request, obj=None):
        return obj is None and super().has_view_permission(request)
