"""PostgreSQL: how it writes the constructs, and its limits.

Objects are made by row_to_json, whose keys are the names of a row's columns: it is quicker than json_build_object,
takes more keys than a function takes arguments, and writes no blanks. Never jsonb, which sorts the keys.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Integer
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect as SQLDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import quoted_name
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from schema.engine.dialects.dialect import Dialect, Process
from schema.engine.expressions import Decimal, FirstOf, Hexed, IsAmong, ItemPart, JsonItems, LastOf, PlaceOf, Sought
from schema.engine.json import JsonLeaf, JsonList, JsonObject, JsonRecord, JsonSeries, SeriesText

# A select has 1,664 columns at most, and the name of one 63 bytes.
MOST_COLUMNS = 1_600
LONGEST_NAME = 63

# Functions take 100 arguments, two a key.
KEYS_AT_ONCE = 50

# The row that an object is made of: no column can have this name, as the keys of GraphQL are words.
ROW = '"{}"'


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

# A join might deliver the rows in another order than the list's; and a lookup by its key takes the same time.
POSTGRESQL = Dialect(_compiled(paramstyle="numeric_dollar"), processor, most_beside=0)


@compiles(JsonObject, "postgresql")
def json_object(element: JsonObject, compiler: SQLCompiler, **options: Any) -> str:
    """Of a row that is made for it."""
    fields = {key: compiler.process(value, **options) for key, value in element.fields.items()}
    if _fit_a_row(fields):
        columns = [f'{value} AS "{key}"' for key, value in fields.items()]
        return _of_row(f"SELECT {', '.join(columns)}")
    objects = [f"json_build_object({', '.join(pairs)})" for pairs in _pairs(fields)]
    if len(objects) == 1:
        return objects[0]
    insides = [f"left(right({each}::text, -1), -1)" for each in objects]
    return f"concat('{{', concat_ws(',', {', '.join(insides)}), '}}')::json"


@compiles(JsonRecord, "postgresql")
def json_record(element: JsonRecord, compiler: SQLCompiler, **options: Any) -> str:
    """Of the row that the select delivers.

    So aggregates over its rows stand in that select itself: one that refers to no column, PostgreSQL takes for one of
    the innermost select around it.
    """
    fields = element.fields
    if not _fit_a_row(fields):
        return compiler.process(element.select(JsonObject(fields)).scalar_subquery(), **options)
    columns = [value.label(quoted_name(key, quote=True)) for key, value in fields.items()]
    return _of_row(compiler.process(element.select(*columns), **options | {"asfrom": True}))


def _fit_a_row(fields: Mapping[str, Any]) -> bool:
    return 0 < len(fields) <= MOST_COLUMNS and all(0 < len(key) <= LONGEST_NAME for key in fields)


def _of_row(made: str) -> str:
    return f"(SELECT row_to_json({ROW}) FROM ({made}) AS {ROW})"


def _pairs(fields: Mapping[str, str]) -> list[list[str]]:
    """The arguments of the functions that make an object of these fields."""
    pairs = [f"'{key}', {value}" for key, value in fields.items()]
    return [pairs[start : start + KEYS_AT_ONCE] for start in range(0, max(len(pairs), 1), KEYS_AT_ONCE)]


@compiles(JsonList, "postgresql")
def json_list(element: JsonList, compiler: SQLCompiler, **options: Any) -> str:
    """In the order of the rows, which come from a select that sorts them."""
    return f"coalesce(json_agg({compiler.process(element.item, **options)}), '[]'::json)"


@compiles(JsonSeries, "postgresql")
def json_series(element: JsonSeries, compiler: SQLCompiler, **options: Any) -> str:
    """A function of the items."""
    return f"json_build_array({', '.join(compiler.process(item, **options) for item in element.items)})"


@compiles(SeriesText, "postgresql")
def series_text(element: SeriesText, compiler: SQLCompiler, **options: Any) -> str:
    """Put together, because json_build_array writes blanks."""
    values = [f" || ',' || to_json({compiler.process(value, **options)})::text" for value in element.values]
    return f"""('["{element.first}"'{"".join(values)} || ']')"""


@compiles(JsonLeaf, "postgresql")
def json_leaf(element: JsonLeaf, compiler: SQLCompiler, **options: Any) -> str:
    """Booleans and dates are shown as they have to be; numbers with a fraction are not."""
    if element.type_name == "Float":
        return f"{compiler.process(Decimal(element.value), **options)}::json"
    return compiler.process(element.value, **options)


@compiles(Decimal, "postgresql")
def decimal(element: Decimal, compiler: SQLCompiler, **options: Any) -> str:
    """PostgreSQL leaves `.0` out."""
    return rf"""regexp_replace(({compiler.process(element.number, **options)})::text, '^(-?\d+)(e|$)', '\1.0\2')"""


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
