"""How large variables, filters and orders may be: counted before anything is made of them, which takes time."""

from collections.abc import Iterable
from typing import Any

from schema.engine.errors import ClientError


def check_objects(values: Iterable[Any], most: int, deepest: int, room: int | None = None) -> int:
    """How many objects there are in the values; raises ClientError where they are too many or too deep.

    `room` is how many of the `most` are left for them, where others were counted before. Not recursive: nobody
    has looked at the values yet.
    """
    found = 0
    waiting = [(value, 1) for value in values]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict):
            found += 1
            if found > (most if room is None else room):
                raise ClientError(
                    f"the query's filters and orders have more than {most} objects in them (max_filter_objects); ask "
                    "for many values with `in`, or split the query into several",
                    code="QUERY_TOO_WIDE",
                )
            if depth > deepest:
                raise ClientError(
                    f"a filter is nested more than {deepest} objects deep (max_filter_depth); say the same with fewer "
                    "inside each other",
                    code="QUERY_TOO_DEEP",
                )
            waiting += [(item, depth + 1) for item in value.values()]
        elif isinstance(value, list):
            waiting += [(item, depth) for item in value]
    return found


def check_values(inputs: dict[str, Any], most: int, deepest: int) -> None:
    """Raises ClientError where a request's variables are too many values, or too many inside each other."""
    waiting = [(value, 1) for value in inputs.values() if type(value) in (dict, list)]
    found = len(inputs)
    while waiting:
        value, depth = waiting.pop()
        if depth > deepest:
            raise ClientError(
                f"a variable is nested more than {deepest} lists and objects deep, the limit (max_variable_depth)",
                code="VARIABLES_TOO_LARGE",
            )
        found += len(value)
        inside = value.values() if type(value) is dict else value
        waiting += [(item, depth + 1) for item in inside if type(item) in (dict, list)]
    if found > most:
        raise ClientError(
            f"the variables have {found} values in them, over the limit of {most} (max_variable_values); ask for "
            "fewer at a time",
            code="VARIABLES_TOO_LARGE",
        )
