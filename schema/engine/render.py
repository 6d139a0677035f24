"""From a plan to SQL: one select whose first cell is the JSON of the answer. Dull on purpose.

A record that another one leads to stands beside it in a join where the database does well with that, and else in a
select of its own.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, func, literal_column, select

from schema.engine import plan
from schema.engine.dialects.dialect import Dialect
from schema.engine.json import JsonConstant, JsonLeaf, JsonList, JsonObject, JsonRecord, JsonSeries
from schema.engine.rows import joined
from schema.engine.steps import Beside


def render(root: plan.Record, dialect: Dialect, version: str | None = None) -> Select[Any]:
    """The statement whose cell is the answer's data; with a second one if it shall tell the version of the data."""
    return versioned(select(Renderer(dialect.most_beside).json(root, None)), version)


def versioned(data: Select[Any], version: str | None) -> Select[Any]:
    """A statement of one cell, with the version of the data in a second one if it shall tell it."""
    return data if version is None else data.add_columns(literal_column(f"({version})"))


class Renderer:
    """Writes the nodes of one plan; `most_beside` is how many records a select is joined with at most."""

    def __init__(self, most_beside: int) -> None:
        """Without any state but this."""
        self._most_beside = most_beside

    def json(self, node: plan.Node, beside: list[Beside] | None) -> ColumnElement[Any]:
        """A node's JSON; `beside` collects what its select has to be joined with, None if there is no select yet."""
        match node:
            case plan.Constant(text):
                return JsonConstant(text)
            case plan.Value(expression, type_name):
                return JsonLeaf(expression, type_name)
            case plan.Record(_, when):
                record = JsonObject(self._fields(node, beside))
                return record if when is None else case((when, record))
            case plan.Lookup():
                return self._lookup(node, beside)
            case plan.Listing(item, source, _, place):
                inside: list[Beside] = []
                items = JsonList(self.json(item, inside), place)
                return _from(joined(source(), inside, mixed=place is not None), items).scalar_subquery()
            case plan.Aggregate(item, source):
                inside = []
                fields, whole = self._fields(item, inside), source()
                if whole is None:
                    return JsonObject(fields)
                return JsonRecord(fields, lambda *columns: _from(joined(whole, inside), *columns))
            case plan.Gathered(item, _):
                return JsonList(self.json(item, beside))
            case plan.Series(items):
                return JsonSeries([self.json(item, beside) for item in items])
            case plan.Choice(arms):
                found = [self.json(arm, beside) for arm in arms]
                return func.coalesce(*found) if len(found) > 1 else found[0]

    def _fields(self, record: plan.Record, beside: list[Beside] | None) -> dict[str, ColumnElement[Any]]:
        return {key: self.json(field, beside) for key, field in record.fields.items()}

    def _lookup(self, node: plan.Lookup, beside: list[Beside] | None) -> ColumnElement[Any]:
        here = node.rows.beside()
        if beside is None or here is None or len(beside) >= self._most_beside:
            inside: list[Beside] = []
            fields = self._fields(node.item, inside)
            return JsonRecord(fields, lambda *columns: node.rows.select(*columns, beside=inside))
        beside.append(here)
        record = JsonObject(self._fields(node.item, beside))
        return record if here.there is None else case((here.there, record))


def _from(source: FromClause, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).select_from(source)
