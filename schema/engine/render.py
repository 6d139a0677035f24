"""From a plan to SQL: one select of one cell, the JSON of the answer. Dull on purpose."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from schema.engine import plan
from schema.engine.sqlite import json_leaf, json_list, json_object, json_series, quoted


def render(root: plan.Record) -> Select[Any]:
    """The statement whose only cell is the answer's data."""
    return select(_json(root))


def _json(node: plan.Node) -> ColumnElement[Any]:
    match node:
        case plan.Constant(text):
            return quoted(text)
        case plan.Value(expression, type_name):
            return json_leaf(expression, type_name)
        case plan.Record(fields, when):
            record = json_object({key: _json(field) for key, field in fields.items()})
            return record if when is None else case((when, record))
        case plan.Lookup(item, rows):
            return rows.select(_json(item)).scalar_subquery()
        case plan.Listing(item, source):
            items = json_list(_json(item))
            return select(items).select_from(source()).scalar_subquery()
        case plan.Aggregate(item, source):
            record, whole = _json(item), source()
            return record if whole is None else select(record).select_from(whole).scalar_subquery()
        case plan.Gathered(item, _):
            return json_list(_json(item))
        case plan.Series(items):
            return json_series([_json(item) for item in items])
        case plan.Choice(arms):
            found = [_json(arm) for arm in arms]
            return func.coalesce(*found) if len(found) > 1 else found[0]
