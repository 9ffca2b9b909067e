"""Queries whose SQL is made once in a process.

A queryset is built, copied and turned into SQL anew each time it is asked, which costs up to ten times what asking
costs. What nearly every request asks (its session, its account, the application, the pictures) is made once instead,
and PostgreSQL plans it once in a connection (PREPARE), where planning the joins costs more than reading the rows.
"""

import weakref
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row", bound=Model)
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # in a moment's place, where a query is made
_Converters = dict[int, tuple[list[Callable[..., Any]], Any]]  # by a column's place: its functions, its expression
_numbers = count(1)
# by psycopg2's connection: the names of the statements that PostgreSQL knows there
_known: "weakref.WeakKeyDictionary[Any, set[str]]" = weakref.WeakKeyDictionary()


class Prepared(Generic[Row]):
    """A query of model instances, with what it annotates and selects beside them, by values that change with each call.

    `make` gives the queryset with any values in their places; it may hold no others. A call gives them in that order.
    """

    def __init__(self, make: Callable[[], "QuerySet[Row, Row]"]) -> None:
        self.make = make

    def __call__(self, *values: Any) -> list[Row]:
        shape, database = self._shape, _database()
        if shape.holds_rows and not database.in_atomic_block:
            raise TransactionManagementError("rows are held in a transaction only")
        with database.cursor() as cursor:
            shape.statement.run(cursor, values)
            rows = cursor.fetchall()
        return [shape.instance(list(row), database) for row in rows]

    def one(self, *values: Any) -> Row | None:
        """Return the first row, or None where there is none."""
        rows = self(*values)
        return rows[0] if rows else None

    @cached_property
    def _shape(self) -> "_Shape":
        return _Shape(self.make().query, _database())


class PreparedValues:
    """A query of tuples (values_list), like Prepared: each call gives the values in their places."""

    def __init__(self, make: Callable[[], "QuerySet[Any, tuple[Any, ...]]"]) -> None:
        self.make = make

    def __call__(self, *values: Any) -> list[tuple[Any, ...]]:
        (statement, converters), database = self._made, _database()
        with database.cursor() as cursor:
            statement.run(cursor, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [tuple(_converted(list(row), converters, database)) for row in rows] if converters else rows

    @cached_property
    def _made(self) -> tuple["_Statement", "_Converters"]:
        compiler = self.make().query.get_compiler(connection=_database())
        sql, values = compiler.as_sql()
        return _Statement(sql, len(values)), compiler.get_converters([column for column, *_ in compiler.select])


def _database() -> Any:
    """Return this thread's connection itself: Django's `connection` looks it up again for each attribute."""
    return connections[DEFAULT_DB_ALIAS]


class _Statement:
    """SQL with its values left out ("%s"), which each connection makes known to PostgreSQL before the first use."""

    def __init__(self, sql: str, values: int) -> None:
        self.name, self.values = f"prepared_{next(_numbers)}", values
        self.prepare = f"PREPARE {self.name} AS {sql % tuple(f'${number}' for number in range(1, values + 1))}"
        self.execute = f"EXECUTE {self.name}" + (f" ({', '.join(['%s'] * values)})" if values else "")

    def run(self, cursor: Any, values: Sequence[Any]) -> None:
        if len(values) != self.values:
            raise ValueError(f"a prepared query of {self.values} values, not of {len(values)}")
        database = cursor.db
        known = _known.setdefault(database.connection, set())

        if self.name not in known:  # like connecting, not counted among the request's queries
            with database.wrap_database_errors, database.connection.cursor() as plain:
                plain.execute(self.prepare)
            known.add(self.name)

        cursor.execute(self.execute, values)


class _Shape:
    """The SQL, and how its rows become instances: what django.db.models.query.ModelIterable works out each time."""

    def __init__(self, query: Any, database: Any) -> None:
        compiler = query.get_compiler(connection=database)
        sql, values = compiler.as_sql()
        self.statement = _Statement(sql, len(values))
        self.holds_rows = query.select_for_update

        own = compiler.klass_info["select_fields"]
        self.own = slice(own[0], own[-1] + 1)
        self.model = compiler.klass_info["model"]
        self.names = frozenset(column.target.attname for column, *_ in compiler.select[self.own])
        self.annotations = compiler.annotation_col_map
        # django-stubs are a version ahead: Django 5.2 knows no fetch_mode
        self.related = get_related_populators(compiler.klass_info, compiler.select, database.alias)  # type: ignore[call-arg]
        self.converters = compiler.get_converters([column for column, *_ in compiler.select])

    def instance(self, row: list[Any], database: Any) -> Any:
        _converted(row, self.converters, database)
        found = self.model.from_db(database.alias, self.names, row[self.own])
        for name, place in self.annotations.items():
            setattr(found, name, row[place])
        for populator in self.related:
            populator.populate(row, found)
        return found


def _converted(row: list[Any], converters: _Converters, database: Any) -> list[Any]:
    """Turn the columns that need it into what Python has for them, in place."""
    for place, (functions, expression) in converters.items():
        for convert in functions:
            row[place] = convert(row[place], expression, database)
    return row
