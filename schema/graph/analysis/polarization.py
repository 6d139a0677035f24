"""Polarization: how divided those are who have a stance on a proposition, on the ordered scale of positions."""

from typing import Any

import strawberry
from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Numeric,
    Subquery,
    case,
    cast,
    distinct,
    func,
    literal_column,
    select,
)

from schema.engine.expressions import contained
from schema.engine.fields import column, sql
from schema.engine.filters import where
from schema.engine.rows import Row, name_of, new_name
from schema.engine.steps import Here, Whole
from schema.graph.spans import in_force
from schema.graph.tally import mirrored_stances
from schema.vocabulary import Position

SCALE = {
    "oppose": (Position.OPPOSE,),
    "middle": (Position.NEUTRAL, Position.MIXED),
    "support": (Position.SUPPORT,),
}
"""The categories in their order, with the positions that are in each."""

DECIMALS = 10
"""How many of them the measures are rounded to: all databases give the same number."""

COUNTED, NOT_IN_FORCE, FILTERED_OUT = (literal_column(number, Integer) for number in "012")
"""What becomes of a stance on the proposition."""


@strawberry.type(description="How many holders stand in each category, from one end of the scale to the other.")
class PolarizationCounts:
    """Fields of the counts."""

    oppose: int = column(description="How many holders take the position OPPOSE, towards the proposition as worded.")
    middle: int = column(
        description="How many take NEUTRAL or MIXED, which is between the two: explicit positions, never silence."
    )
    support: int = column(description="How many take the position SUPPORT.")


@strawberry.type(
    description="What is behind the measures: what is counted, what is left out, and why. Of all current stances on "
    "the proposition and on what negates it, or is negated by it, each is counted, notInForce or filteredOut."
)
class PolarizationCoverage:
    """Fields of a coverage."""

    holders: int = column(
        description="How many holders are counted, each once: the total of the tally. One with two voices stands in "
        "two categories, so that the counts may add up to more."
    )
    stances: int = column(description="How many stances of theirs are counted.")
    without: int = column(description="How many holders have stances on it, none of which is counted.")
    not_in_force: int = column(description="How many stances are left out because they did not hold on that day.")
    filtered_out: int = column(
        description="How many held on that day and are left out because they do not meet the filter."
    )


@strawberry.type(
    description="How divided the holders of stances are on the ordered scale OPPOSE, NEUTRAL or MIXED, SUPPORT. A "
    "holder counts once in each category; those without evidence are not counted as anything. Without a stance the "
    "measures are null: nothing is known, which is neither agreement nor division. Rounded to 10 decimals."
)
class Polarization:
    """Fields of a polarization; the row has the counts."""

    @sql(
        description="Agreement A (van der Eijk 2001): 1 where all stand in one category, 0 where all categories have "
        "as many, -1 where half stand at either end."
    )
    def agreement(self: Any) -> float | None:
        """Null without a stance."""
        return _rounded(_share(_agreement(self), _total(self)))

    @sql(description="(1 - agreement) / 2: from 0, all in one category, to 1, half at either end.")
    def polarization(self: Any) -> float | None:
        """Null without a stance."""
        total = _total(self)
        return _rounded(_share(total - _agreement(self), 2 * total))

    @sql(
        description="Consensus (Tastle and Wierman 2007): 1 where all stand in one category, 0 where half stand at "
        "either end. Unlike agreement it takes account of how far the categories are from the mean."
    )
    def consensus(self: Any) -> float | None:
        """Null without a stance."""
        return _rounded(_consensus(self))

    @sql(description="What the measures are computed from.")
    def counts(self: Any) -> PolarizationCounts:
        """In the same row."""
        return Here(self)

    @sql(description="Whom and what the counts cover, and what they leave out.")
    def coverage(self: Any) -> PolarizationCoverage:
        """In the same row."""
        return Here(self)


def polarization(proposition: Any, as_of: Any, filter: Any) -> Whole:
    """The polarization of a proposition's row on a day, over the stances that meet a filter."""
    rows = mirrored_stances(proposition, None)
    stance = rows.row
    met = None if filter is None else where(filter, stance)
    chosen = COUNTED if met is None else case((met, COUNTED), else_=FILTERED_OUT)
    state = case((in_force(stance.since, stance.until, as_of), chosen), else_=NOT_IN_FORCE)
    found = Row(new_name("found"), {"holder_id": Integer(), "position": stance.position.type, "state": Integer()})
    counted = _counted(found)
    row = Row(new_name("polarization"), {name: count.type for name, count in counted.items()})

    def source() -> Subquery | None:
        """One row with those of the counts that are wanted; None if none is: `polarization { __typename }`."""
        if not row.used:
            return None
        # All columns, whatever is counted: for holders alone SQLite would walk all stances in the holders' order.
        stances = rows.select(
            stance.holder_id.label("holder_id"), stance.position.label("position"), state.label("state")
        )
        wanted = (counted[name].label(name) for name in row.used)
        return select(*wanted).select_from(stances.subquery(name_of(found))).subquery(name_of(row))

    return Whole(source, row)


def _counted(stance: Row) -> dict[str, ColumnElement[int]]:
    """Over all stances on a proposition: how many holders are in each category, and what is covered."""
    counts = stance.state == COUNTED
    holders = func.count(distinct(stance.holder_id))
    categories = {
        name: holders.filter(counts, contained(stance.position, positions)) for name, positions in SCALE.items()
    }
    return categories | {
        "holders": holders.filter(counts),
        "without": holders - holders.filter(counts),
        "stances": func.count().filter(counts),
        "not_in_force": func.count().filter(stance.state == NOT_IN_FORCE),
        "filtered_out": func.count().filter(stance.state == FILTERED_OUT),
    }


def _total(row: Any) -> ColumnElement[int]:
    return row.oppose + row.middle + row.support


def _agreement(row: Any) -> ColumnElement[int]:
    """Van der Eijk's A times the total.

    A is the mean of the layers' agreement, weighted by how many are in them. Of three categories, a layer of all
    three has 0, of two neighbours 1/2, of both ends -1, of one 1. So below what all three have in common nothing
    counts. Above it, where the middle is empty, are twice the smaller end at -1 and the rest of the larger at 1; where
    an end is empty, twice the smaller of two neighbours at 1/2 and the rest of the larger at 1: the larger.
    """
    smaller = case((row.oppose < row.support, row.oppose), else_=row.support)
    larger = case((row.oppose < row.support, row.support), else_=row.oppose)
    ends = larger - row.middle - 3 * (smaller - row.middle)
    largest = case((larger < row.middle, row.middle), else_=larger)
    return case((row.middle < smaller, ends), else_=largest - smaller)


def _consensus(row: Any) -> ColumnElement[float]:
    """1 + Σ p·log2(1 - distance from the mean / 2): with the mean put in, each term is a share of twice the total."""
    twice = 2 * _total(row)
    terms = (
        (row.oppose, 2 * row.oppose + row.middle),
        (row.middle, twice - func.abs(row.oppose - row.support)),
        (row.support, 2 * row.support + row.middle),
    )
    found = 1 + sum(
        case((count > 0, _share(count, _total(row)) * func.ln(_share(near, twice)) / func.ln(2.0)), else_=0.0)
        for count, near in terms
    )
    return case((twice > 0, found))


def _share(part: ColumnElement[int], whole: ColumnElement[int]) -> ColumnElement[float]:
    """A fraction; null of nothing."""
    return cast(part, Float) / func.nullif(whole, 0)


def _rounded(number: ColumnElement[float]) -> ColumnElement[float]:
    """As DECIMALS says; PostgreSQL rounds only exact numbers."""
    return cast(func.round(cast(number, Numeric), literal_column(str(DECIMALS))), Float)
