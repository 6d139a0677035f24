"""What a plan may cost: the values its answer could hold if every page were full, known before any SQL runs.

A value or object counts 1, a list as many times its item as it may have items: a page its `first` or `last`, a
list without pages LIST_SIZE, because it is short by its nature (the evidence of a stance, an entity's offices).
"""

from collections.abc import Callable
from typing import Any

from schema.engine import plan
from schema.engine.errors import ClientError
from schema.engine.slots import Slot, Variables

LIST_SIZE = 10

Cost = int | Callable[[Variables], int]
"""A number, or where page sizes come from variables, how to work it out for a request."""


def cost_of(node: plan.Node) -> Cost:
    """The cost of a plan."""
    match node:
        case plan.Constant() | plan.Value():
            return 1
        case plan.Record(fields):
            # What only the executor needs (planner.TYPE_KEY) is no part of the answer.
            return _sum([1, *(cost_of(field) for key, field in fields.items() if key)])
        case plan.Lookup(item) | plan.Aggregate(item):
            return cost_of(item)
        case plan.Listing(item, _, size, _):
            return _times(LIST_SIZE if size is None else _known(size), cost_of(item))
        case plan.Gathered(item, size):
            return _times(_known(size), cost_of(item))
        case plan.Series(nodes) | plan.Choice(nodes):
            return _sum([cost_of(part) for part in nodes])


def check_cost(cost: int, limit: int) -> None:
    """Raises ClientError if a request costs more than it may."""
    if cost > limit:
        raise over_limit(
            f"the answer could hold {cost:,} values",
            f"{limit:,} for one query (max_cost)",
            "ask for smaller pages (first) or fewer fields",
        )


def check_analysis_cost(cost: int, limit: int) -> None:
    """The same where the lists are computed, and their lengths known."""
    if cost > limit:
        raise over_limit(
            f"the answer holds about {cost:,} values",
            f"{limit:,} for one analysis (max_analysis_cost)",
            "choose less by filters, from, until or minWeight, or ask for fewer fields",
        )


def over_limit(found: str, limit: str, hint: str, argument: str | None = None) -> ClientError:
    """The refusal of what is too much: what was found, the limit with its name, and what to do about it."""
    return ClientError(f"{found}, over the limit of {limit}; {hint}", code="COST_LIMIT_EXCEEDED", argument=argument)


def _known(size: Any) -> Cost:
    return size.read if isinstance(size, Slot) else int(size)


def _sum(costs: list[Cost]) -> Cost:
    known = sum(cost for cost in costs if isinstance(cost, int))
    unknown = [cost for cost in costs if not isinstance(cost, int)]
    return (lambda variables: known + sum(cost(variables) for cost in unknown)) if unknown else known


def _times(times: Cost, cost: Cost) -> Cost:
    if isinstance(times, int) and isinstance(cost, int):
        return times * cost
    return lambda variables: _at(times, variables) * _at(cost, variables)


def _at(cost: Cost, variables: Variables) -> int:
    return cost if isinstance(cost, int) else cost(variables)
