"""From a plan to SQL: one select whose first cell is the JSON of the answer. Dull on purpose.

A record that another one leads to stands beside it in a join where that can be: SQLite then opens its table once for
a whole list, and not once a row as in a subselect.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select

from schema.engine import plan
from schema.engine.rows import joined
from schema.engine.sqlite import MOST_BESIDE, json_leaf, json_list, json_object, json_series, quoted
from schema.engine.steps import Beside


def render(root: plan.Record, version: str | None = None) -> Select[Any]:
    """The statement whose cell is the answer's data; with a second one if it shall tell the version of the data."""
    data = select(_json(root, None))
    return data if version is None else data.add_columns(literal_column(f"({version})"))


def _json(node: plan.Node, beside: list[Beside] | None) -> ColumnElement[Any]:
    """The JSON of a node; `beside` collects what its select has to be joined with, None if there is no select yet."""
    match node:
        case plan.Constant(text):
            return quoted(text)
        case plan.Value(expression, type_name):
            return json_leaf(expression, type_name)
        case plan.Record(fields, when):
            record = json_object({key: _json(field, beside) for key, field in fields.items()})
            return record if when is None else case((when, record))
        case plan.Lookup():
            return _lookup(node, beside)
        case plan.Listing(item, source):
            inside: list[Beside] = []
            items = json_list(_json(item, inside))
            return select(items).select_from(joined(source(), inside)).scalar_subquery()
        case plan.Aggregate(item, source):
            inside = []
            record, whole = _json(item, inside), source()
            return record if whole is None else select(record).select_from(joined(whole, inside)).scalar_subquery()
        case plan.Gathered(item, _):
            return json_list(_json(item, beside))
        case plan.Series(items):
            return json_series([_json(item, beside) for item in items])
        case plan.Choice(arms):
            found = [_json(arm, beside) for arm in arms]
            return func.coalesce(*found) if len(found) > 1 else found[0]


def _lookup(node: plan.Lookup, beside: list[Beside] | None) -> ColumnElement[Any]:
    here = node.rows.beside()
    if beside is None or here is None or len(beside) >= MOST_BESIDE:
        inside: list[Beside] = []
        record = _json(node.item, inside)
        return node.rows.select(record, beside=inside).scalar_subquery()
    beside.append(here)
    record = _json(node.item, beside)
    return record if here.there is None else case((here.there, record))
