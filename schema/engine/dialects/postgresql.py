"""PostgreSQL: how it writes the constructs, and its limits.

Objects and lists are put together as text, which takes two thirds of the time of row_to_json or json_build_object, has
no blanks in it, and the same bytes as on SQLite. Never jsonb, which sorts the keys.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, ColumnClause, ColumnElement, Enum, Integer
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect as SQLDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import NamedFromClause
from sqlalchemy.types import TypeEngine

from schema.engine.dialects.dialect import Dialect, Process
from schema.engine.expressions import (
    Attached,
    Decimal,
    FirstOf,
    Hexed,
    IsAmong,
    ItemPart,
    JsonItems,
    LastOf,
    PeriodOf,
    PlaceOf,
    Sought,
)
from schema.engine.json import JsonConstant, JsonLeaf, JsonList, JsonObject, JsonRecord, JsonSeries, SeriesText

# Functions take as many.
MOST_ARGUMENTS = 100


class _Whole(BigInteger):
    """A whole number as a parameter: 64 bits of it, whatever the column has, so that a large one can be compared."""

    render_bind_cast = True


class _Compiled(PGDialect_psycopg):
    """Statements for the driver to prepare: parameters are $1, $2 …, each with its type."""

    colspecs = {**PGDialect_psycopg.colspecs, Integer: _Whole}
    supports_statement_cache = True


def processor(type_: TypeEngine[Any]) -> Process | None:
    """What makes a value of a type one that the driver takes; None where it is one."""
    return type_.dialect_impl(POSTGRESQL.compiler).bind_processor(POSTGRESQL.compiler)


# With a type: SQLAlchemy's class has none.
_compiled: Callable[..., SQLDialect] = _Compiled

# The more tables there are in a select, the longer it takes to plan.
POSTGRESQL = Dialect(_compiled(paramstyle="numeric_dollar"), processor, most_beside=30)


@compiles(JsonObject, "postgresql")
@compiles(JsonList, "postgresql")
@compiles(JsonSeries, "postgresql")
@compiles(JsonConstant, "postgresql")
def json_text(element: ColumnElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    """One text, with whatever is inside it."""
    return _concat(_parts(element, partial(compiler.process, **options)))


@compiles(JsonRecord, "postgresql")
def json_record(element: JsonRecord, compiler: SQLCompiler, **options: Any) -> str:
    """The same in a select."""
    return compiler.process(element.select(JsonObject(element.fields)).scalar_subquery(), **options)


@compiles(JsonLeaf, "postgresql")
def json_leaf(element: JsonLeaf, compiler: SQLCompiler, **options: Any) -> str:
    """Booleans and dates are shown as they have to be; in the name of an enum's value there is nothing to escape."""
    if element.type_name == "Float":
        return compiler.process(Decimal(element.value), **options)
    value = compiler.process(element.value, **options)
    if isinstance(element.value.type, Enum):
        return f"""'"' || {value} || '"'"""
    # A text constant is of no type until it is told.
    return f"to_json({value}::text)" if value.startswith("'") else f"to_json({value})"


def _parts(element: ColumnElement[Any], write: Callable[[Any], str]) -> list[str]:
    """The texts that follow each other in some JSON. concat leaves out what is NULL."""
    match element:
        case JsonConstant(text):
            return [f"""'"{text}"'"""]
        case JsonList(item, place):
            # Without a place in the order of the rows, which come from a select that sorts them.
            order = "" if place is None else f" ORDER BY {write(place)}"
            return ["'['", f"string_agg({_concat(_parts(item, write))}, ','{order})", "']'"]
        case JsonSeries(items):
            return _enclosed("[", [("", item) for item in items], "]", write)
        case JsonObject(fields) if not isinstance(element, JsonRecord):
            return _enclosed("{", [(f'"{key}":', value) for key, value in fields.items()], "}", write)
        case _:
            return [f"coalesce({write(element)}, 'null')"]


def _enclosed(
    begin: str, inside: Sequence[tuple[str, ColumnElement[Any]]], end: str, write: Callable[[Any], str]
) -> list[str]:
    parts = [f"'{begin}'"]
    for number, (before, element) in enumerate(inside):
        parts += [f"'{',' if number else ''}{before}'", *_parts(element, write)]
    return [*parts, f"'{end}'"]


def _concat(parts: Iterable[str]) -> str:
    """One function, or several in one; constants that stand beside each other are one."""
    together: list[str] = []
    for constant, group in groupby(parts, lambda part: part.startswith("'")):
        some = list(group)
        together += ["'" + "".join(part[1:-1] for part in some) + "'"] if constant else some
    if len(together) <= MOST_ARGUMENTS:
        return f"concat({', '.join(together)})"
    starts = range(0, len(together), MOST_ARGUMENTS)
    return _concat([_concat(together[start : start + MOST_ARGUMENTS]) for start in starts])


@compiles(Attached, "postgresql")
def attached(element: Attached, compiler: SQLCompiler, **options: Any) -> str:
    """Looked up for one row after the other: OFFSET 0 keeps it from becoming any other join, which may mix the rows."""
    rows, beside = (compiler.process(each, **options | {"asfrom": True}) for each in (element.rows, element.beside))
    on = compiler.process(element.on, **options)
    if element.mixed:
        return f"{rows} LEFT JOIN {beside} ON {on}"
    assert isinstance(element.beside, NamedFromClause)
    name = compiler.preparer.quote(element.beside.name)
    return f"{rows} LEFT JOIN LATERAL (SELECT * FROM {beside} WHERE {on} OFFSET 0) AS {name} ON true"


@compiles(SeriesText, "postgresql")
def series_text(element: SeriesText, compiler: SQLCompiler, **options: Any) -> str:
    """Items and commas."""
    values = [part for value in element.values for part in ("','", f"to_json({compiler.process(value, **options)})")]
    return _concat([f"""'["{element.first}"'""", *values, "']'"])


@compiles(Decimal, "postgresql")
def decimal(element: Decimal, compiler: SQLCompiler, **options: Any) -> str:
    """PostgreSQL leaves `.0` out. To look for where it belongs takes ten times as long as to know it."""
    number = compiler.process(element.number, **options)
    looked_for = rf"regexp_replace(({number})::text, '^(-?\d+)(e|$)', '\1.0\2')"
    if not isinstance(element.number, ColumnClause):
        # Not to be worked out again and again.
        return looked_for
    return (
        f"CASE WHEN abs({number}) >= 1e15 OR abs({number}) < 1e-4 THEN {looked_for}"
        f" WHEN {number} = trunc({number}) THEN {number}::text || '.0' ELSE {number}::text END"
    )


@compiles(Hexed, "postgresql")
def hexed(element: Hexed, compiler: SQLCompiler, **options: Any) -> str:
    """Capitals by code points, for which the database's own collation has not to be asked."""
    return f"""upper(encode(convert_to({compiler.process(element.text, **options)}, 'UTF8'), 'hex') COLLATE "C")"""


@compiles(FirstOf, "postgresql")
def first_of(element: FirstOf, compiler: SQLCompiler, **options: Any) -> str:
    """By way of an array."""
    return f"(array_agg({compiler.process(element.value, **options)}))[1]"


@compiles(LastOf, "postgresql")
def last_of(element: LastOf, compiler: SQLCompiler, **options: Any) -> str:
    """By way of an array; counted are the values, because count(*) would be one of the innermost select around it."""
    value = compiler.process(element.value, **options)
    return f"(array_agg({value}))[count({value})::integer]"


@compiles(PlaceOf, "postgresql")
def place_of(element: PlaceOf, compiler: SQLCompiler, **options: Any) -> str:
    """Of characters."""
    return f"strpos({compiler.process(element.whole, **options)}, {compiler.process(element.part, **options)})"


@compiles(Sought, "postgresql")
def sought(element: Sought, compiler: SQLCompiler, **options: Any) -> str:
    """As it is."""
    return compiler.process(element.value, **options)


@compiles(IsAmong, "postgresql")
def is_among(element: IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    """The list comes as an array."""
    column, values = (compiler.process(each, **options) for each in (element.column, element.values))
    return f"{column} = ANY ({values})"


@compiles(PeriodOf, "postgresql")
def period_of(element: PeriodOf, compiler: SQLCompiler, **options: Any) -> str:
    """By way of an instant without a time zone."""
    day = compiler.process(element.day, **options)
    return f"date_trunc('{element.period.lower()}', {day}::timestamp)::date"


@compiles(JsonItems, "postgresql")
def json_items(element: JsonItems, compiler: SQLCompiler, **options: Any) -> str:
    """A function that numbers its rows, from 1 on."""
    array = compiler.process(element.clause_expr, **options)
    return f"(SELECT ordinality - 1 AS key, value FROM json_array_elements({array}::json) WITH ORDINALITY)"


@compiles(ItemPart, "postgresql")
def item_part(element: ItemPart, compiler: SQLCompiler, **options: Any) -> str:
    """By way of its text."""
    kind = compiler.dialect.type_compiler_instance.process(element.type)
    return f"({compiler.process(element.item, **options)} ->> {element.place})::{kind}"
