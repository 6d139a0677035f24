"""SQLite: how it writes the constructs, and its limits."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, FromClause
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect as SQLDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from schema.engine.dialects.dialect import Dialect, Process
from schema.engine.expressions import (
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
from schema.engine.json import JsonConstant, JsonLeaf, JsonList, JsonObject, JsonRecord, JsonSeries, SeriesText, quoted

# SQLite's functions take 1,000 arguments (SQLITE_MAX_FUNCTION_ARG), two a key. A wider object is glued
# together from several, so that no width of a query reaches that limit.
KEYS_AT_ONCE = 400


def processor(type_: TypeEngine[Any]) -> Process | None:
    """What makes a value of a type one that the driver takes; None where it is one."""
    # SQLAlchemy's own writes the same text in ten times the time.
    compiler = SQLITE.compiler
    return date.isoformat if isinstance(type_, Date) else type_.dialect_impl(compiler).bind_processor(compiler)


class _Compiler(SQLiteCompiler):
    """Writes what follows a table, such as NOT INDEXED, as SQLAlchemy's hints."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        """As it is."""
        return text


class _Compiled(SQLiteDialect_pysqlite):
    """Statements for the driver."""

    statement_compiler = _Compiler
    supports_statement_cache = True


# With a type: SQLAlchemy's class has none.
_compiled: Callable[..., SQLDialect] = _Compiled

# SQLite joins 64 tables at most, and a select that is joined has some of its own. To open the table of the records
# once for a whole list takes less time than once a row, as in a subselect.
SQLITE = Dialect(_compiled(), processor, most_beside=30)


@compiles(JsonObject, "sqlite")
def json_object(element: JsonObject, compiler: SQLCompiler, **options: Any) -> str:
    """One function, or several glued together."""
    fields = {key: compiler.process(value, **options) for key, value in element.fields.items()}
    if len(fields) <= KEYS_AT_ONCE:
        return _call("json_object", [f"'{key}', {value}" for key, value in fields.items()])
    texts = [
        f"""'{"," if number else ""}"{key}":', json_quote({value})"""
        for number, (key, value) in enumerate(fields.items())
    ]
    pieces = [_call("concat", texts[start : start + KEYS_AT_ONCE]) for start in range(0, len(texts), KEYS_AT_ONCE)]
    return _call("json", [_call("concat", ["'{'", *pieces, "'}'"])])


def _call(function: str, arguments: Sequence[str]) -> str:
    return f"{function}({', '.join(arguments)})"


@compiles(JsonRecord, "sqlite")
def json_record(element: JsonRecord, compiler: SQLCompiler, **options: Any) -> str:
    """The same in a select."""
    return compiler.process(element.select(JsonObject(element.fields)).scalar_subquery(), **options)


@compiles(JsonList, "sqlite")
def json_list(element: JsonList, compiler: SQLCompiler, **options: Any) -> str:
    """[] of no rows by itself."""
    return f"json_group_array({compiler.process(element.item, **options)})"


@compiles(JsonSeries, "sqlite")
def json_series(element: JsonSeries, compiler: SQLCompiler, **options: Any) -> str:
    """A function of the items."""
    return _call("json_array", [compiler.process(item, **options) for item in element.items])


@compiles(JsonConstant, "sqlite")
def json_constant(element: JsonConstant, compiler: SQLCompiler, **options: Any) -> str:
    """A text, as any other."""
    return compiler.process(quoted(element.text), **options)


@compiles(SeriesText, "sqlite")
def series_text(element: SeriesText, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite's JSON is text, without a blank in it."""
    values = [quoted(element.first), *element.values]
    return _call("json_array", [compiler.process(value, **options) for value in values])


@compiles(JsonLeaf, "sqlite")
def json_leaf(element: JsonLeaf, compiler: SQLCompiler, **options: Any) -> str:
    """There are no booleans; dates are stored in the form they are shown in."""
    value = compiler.process(element.value, **options)
    return f"json(CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)" if element.type_name == "Boolean" else value


@compiles(Hexed, "sqlite")
def hexed(element: Hexed, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite's texts are UTF-8."""
    return f"hex({compiler.process(element.text, **options)})"


@compiles(Decimal, "sqlite")
def decimal(element: Decimal, compiler: SQLCompiler, **options: Any) -> str:
    """The form is SQLite's own, wherever a number becomes a text."""
    return compiler.process(element.number, **options)


@compiles(FirstOf, "sqlite")
def first_of(element: FirstOf, compiler: SQLCompiler, **options: Any) -> str:
    """By way of an array."""
    return f"json_extract(json_group_array({compiler.process(element.value, **options)}), '$[0]')"


@compiles(LastOf, "sqlite")
def last_of(element: LastOf, compiler: SQLCompiler, **options: Any) -> str:
    """By way of an array."""
    return f"json_extract(json_group_array({compiler.process(element.value, **options)}), '$[#-1]')"


@compiles(PlaceOf, "sqlite")
def place_of(element: PlaceOf, compiler: SQLCompiler, **options: Any) -> str:
    """Of characters, as both are texts."""
    return f"instr({compiler.process(element.whole, **options)}, {compiler.process(element.part, **options)})"


@compiles(Sought, "sqlite")
def sought(element: Sought, compiler: SQLCompiler, **options: Any) -> str:
    """With a collation.

    SQLite seeks by as many columns as have one. A row's id has none, unless what it is compared with does: without,
    a page would begin by walking over all rows that have the same value in the column before.
    """
    return f"{compiler.process(element.value, **options)} COLLATE BINARY"


@compiles(IsAmong, "sqlite")
def is_among(element: IsAmong, compiler: SQLCompiler, **options: Any) -> str:
    """The list comes as JSON."""
    column, values = (compiler.process(each, **options) for each in (element.column, element.values))
    return f"{column} IN (SELECT value FROM json_each({values}))"


MODIFIERS = {
    "DAY": "",
    # On from the Tuesday before, or later in that week, to a Monday.
    "WEEK": ", '-6 days', 'weekday 1'",
    "MONTH": ", 'start of month'",
    "YEAR": ", 'start of year'",
}


@compiles(PeriodOf, "sqlite")
def period_of(element: PeriodOf, compiler: SQLCompiler, **options: Any) -> str:
    """By its function for dates."""
    return f"date({compiler.process(element.day, **options)}{MODIFIERS[element.period]})"


@compiles(JsonItems, "sqlite")
def json_items(element: JsonItems, compiler: SQLCompiler, **options: Any) -> str:
    """A table-valued function, with these two columns among others."""
    return f"json_each{compiler.process(element.clause_expr, **options)}"


@compiles(ItemPart, "sqlite")
def item_part(element: ItemPart, compiler: SQLCompiler, **options: Any) -> str:
    """A text, a number or NULL, as it is in the JSON."""
    return f"({compiler.process(element.item, **options)} ->> {element.place})"
