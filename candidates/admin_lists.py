"""The back office's lists: without counting, and from one page to the next by the key of a row, not by its number.

A count reads every row, and OFFSET every row before the page: at a million rows that is a second. Here a page is one
range of an index, however deep. Where a long table is filtered, a page looks through so many rows at most (WINDOW) and
says how to go on, so that a filter that few rows fit takes no longer than one that all do.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

AFTER, BEFORE = "after", "before"  # in an address: the key of the row that the page follows, or comes before
WINDOW = 20_000  # rows of a long table that one page looks through for those that fit
Key = tuple[str, bool]  # a column, and whether it falls


class KeysetList(ChangeList):
    """Django's, without its count and its numbers of pages. `newer`, `older`: keys of the neighbouring pages."""

    newer: Any = None
    older: Any = None
    goes_on = False  # `older` leads to rows that were not looked at: what fits may be among them

    def get_filters_params(self, params=None):
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in (AFTER, BEFORE)}

    def get_query_string(self, new_params=None, remove=None):
        return super().get_query_string(new_params, [*(remove or ()), AFTER, BEFORE])

    def get_results(self, request):
        keys = list(keys_of(self.queryset))
        backwards = bool(self.params.get(BEFORE))
        row = self._row(self.params.get(BEFORE) or self.params.get(AFTER, ""))
        rows = self.queryset.order_by(*_names(keys, backwards))
        if row is not None:
            rows = rows.filter(beyond(keys, row, backwards))
        is_many = self.model_admin.is_many and self.has_active_filters and not self.query
        end = self._end_of_window(keys, row, backwards) if is_many else None
        if end is not None:
            rows = rows.filter(beyond(keys, end, not backwards) | Q(pk=end.pk))

        found = list(rows[: self.list_per_page + 1])
        more, found = len(found) > self.list_per_page, found[: self.list_per_page]
        if backwards:
            found.reverse()
        self._neighbours(found, row, more, backwards, end)
        self._without_counts(found)

    def _row(self, text: str) -> Model | None:
        """Return the row that the page is beside; None where there is none, or none any more: then it is the first."""
        try:
            pk = self.lookup_opts.pk.to_python(text) if text else None
        except ValidationError:
            return None
        if pk is None or (isinstance(pk, int) and not 0 <= pk < 2**63):
            return None
        return next(iter(self.root_queryset.order_by().filter(pk=pk)), None)

    def _end_of_window(self, keys: Sequence[Key], row: Model | None, backwards: bool) -> Model | None:
        """Return the last row that this page looks at; None where there are no more behind it."""
        rows = (
            self.root_queryset.order_by(*_names(keys, backwards)).select_related(None).only(*(name for name, _ in keys))
        )
        if row is not None:
            rows = rows.filter(beyond(keys, row, backwards))
        last = list(rows[WINDOW - 1 : WINDOW + 1])  # skips within an index, as many however deep the page lies
        return last[0] if len(last) > 1 else None

    def _neighbours(self, found, row, more, backwards, end) -> None:
        first, last = (found[0].pk, found[-1].pk) if found else (None, None)
        self.goes_on = end is not None and not more
        onward = (first if backwards else last) if more else end and end.pk
        came_from = (last if backwards else first) if row is not None else None
        self.newer, self.older = (onward, came_from) if backwards else (came_from, onward)

    def _without_counts(self, found) -> None:
        self.result_list, self.result_count = found, len(found)  # of this page: nothing is counted
        self.show_full_result_count, self.full_result_count = False, None
        self.show_admin_actions = bool(found)
        self.can_show_all = self.multi_page = self.show_all = False
        self.paginator = None

    @property
    def newer_address(self) -> str:
        return self._address(BEFORE, self.newer)

    @property
    def older_address(self) -> str:
        return self._address(AFTER, self.older)

    def _address(self, name: str, key: Any) -> str:
        return "" if key is None else self.get_query_string({name: key})


def keys_of(rows: QuerySet) -> Iterator[Key]:
    """Give the columns that these rows are ordered by, as far as they tell one row from another."""
    for one in rows.query.order_by or ("-pk",):
        name, falls = _named(one)
        for column, down in _columns(rows.model, name, falls):
            yield column, down
            if _is_unique(rows.model, column):
                return


def _named(one: Any) -> Key:
    """Return the column that a term of an order stands for: a name, F(name), or either with its direction."""
    if isinstance(one, OrderBy):
        return one.expression.name, one.descending  # type: ignore[union-attr]  # what we order by are columns
    if isinstance(one, F):
        return str(one.name), False  # type: ignore[attr-defined]  # the stubs forgot it
    return one.removeprefix("-"), one.startswith("-")


def _columns(model: type[Model], name: str, falls: bool) -> Iterator[Key]:
    """Give what a name stands for: a row of another table is in the order of that table."""
    if name == "pk":
        yield model._meta.pk.name, falls
        return
    field = get_fields_from_path(model, name)[-1]
    if not field.is_relation:
        yield name, falls
        return
    related: Any = field.related_model
    for one in related._meta.ordering or ("pk",):
        inner, down = _named(one)
        for column, also in _columns(related, inner, down != falls):
            yield f"{name}__{column}", also


def _is_unique(model: type[Model], name: str) -> bool:
    field: Any = None if "__" in name else model._meta.get_field(name)
    return field is not None and field.unique and not field.null


def _names(keys: Sequence[Key], backwards: bool) -> list[str]:
    return [f"-{name}" if falls != backwards else name for name, falls in keys]


def beyond(keys: Sequence[Key], row: Model, backwards: bool) -> Q:
    """Select what comes after this row in that order, or before it. PostgreSQL takes NULL for the largest."""
    found = Q(pk__in=[])
    for name, falls in reversed(keys):
        value, down = _value(row, name), falls != backwards
        if value is None:
            further = Q(**{f"{name}__isnull": False}) if down else Q(pk__in=[])
            same = Q(**{f"{name}__isnull": True})
        else:
            further, same = Q(**{f"{name}__{'lt' if down else 'gt'}": value}), Q(**{name: value})
            if not down and _may_be_null(type(row), name):
                further |= Q(**{f"{name}__isnull": True})
        found = further | same & found
    first, falls = keys[0]
    value = _value(row, first)
    if len(keys) > 1 and value is not None and (falls != backwards or not _may_be_null(type(row), first)):
        # says nothing new, but where in the index to begin
        found &= Q(**{f"{first}__{'lte' if falls != backwards else 'gte'}": value})
    return found


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part, None)
    return row


def _may_be_null(model: type[Model], name: str) -> bool:
    return any(field.null for field in get_fields_from_path(model, name))
