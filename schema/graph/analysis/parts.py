"""What was computed, as rows: lists of ids and figures that the statement makes records of."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Integer, Text, literal_column
from sqlalchemy.types import TypeEngine

from schema.analysis.network import Weights
from schema.engine.expressions import items_in
from schema.engine.rows import Row, Rows, name_of, new_name
from schema.engine.steps import Many, One

Columns = Mapping[str, TypeEngine[Any]]

LIST = Text()
"""The type of a column that holds a list again."""


def listed(array: ColumnElement[Any], columns: Columns, size: Any) -> tuple[Row, Many]:
    """The rows of a computed list in its order, and the step to them.

    `array` is the text of its JSON, `size` how many there are, or in a list of lists how many on average.
    """
    row = Row(new_name("computed"), columns)
    return row, Many(lambda: items_in(array, columns, row.used).order_by("place").subquery(name_of(row)), row, size)


def listed_whole(array: ColumnElement[Any], columns: Columns, size: Any) -> tuple[Row, Many]:
    """The same of a list that is in no other one, and may be long."""
    row, step = listed(array, columns, size)
    return row, replace(step, place=literal_column(f"{name_of(row)}.place", Integer()))


def records(array: ColumnElement[Any], table: type, size: Any) -> Many:
    """The records whose ids a computed list holds, each as a list of one, in its order."""
    row, step = listed(array, {"id": Integer()}, size)
    return replace(step, row=record(table, row.id))


def record(table: type, id: ColumnElement[int]) -> One:
    """The record that has this id."""
    rows = Rows.by_id(table, id)
    return One(rows.row, rows)


def shown_all(numbers: Weights) -> list[float]:
    """Computed numbers as the graph shows them; there are few different ones among many."""
    different, place = np.unique(numbers, return_inverse=True)
    return np.array([shown(number) for number in different.tolist()])[place].tolist()


def shown(number: float | None, decimals: int = 10) -> float | None:
    """A computed number as the graph shows it, the same from every processor: to so many decimals."""
    return None if number is None else round(number, decimals) + 0.0
