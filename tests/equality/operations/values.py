"""Values for arguments of any input type: written into the text, given as variables, or partly both.

One document is asked with several sets of variables, so every drawn value has one JSON form for each set.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from tests.equality.operations.choices import Choices
from tests.equality.operations.pool import Pool

DEEPEST_FILTER = 4


class Absent:
    """What a variable that is not given has for a value."""

    def __repr__(self) -> str:
        """For messages."""
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True)
class Drawn:
    """A value: how it is written in the document, and what it comes to in each set of variables."""

    text: str
    values: list[Any]


@dataclass
class Variable:
    """A declared variable, with what is sent for it in each set."""

    name: str
    type: str
    default: str | None
    sent: list[Any]

    def __str__(self) -> str:
        """As it is declared."""
        return f"${self.name}: {self.type}" + ("" if self.default is None else f" = {self.default}")


@dataclass
class Values:
    """Draws values and remembers the variables it made up on the way."""

    choices: Choices
    pool: Pool
    sets: int
    variables: list[Variable] = field(default_factory=list)
    _again: dict[tuple[str, str, str], list[Drawn]] = field(default_factory=dict)

    def value(
        self, type_: GraphQLInputType, hint: str, operator: str = "", *, optional: bool = False, depth: int = 0
    ) -> Drawn:
        """A value for a place of that type, which `optional`ly may be absent though it is not nullable."""
        if self.choices.chance(25):
            return self._variable_of(type_, hint, operator, optional, depth)
        if not is_non_null_type(type_) and self.choices.chance(6):
            return self._same("null", None)
        return self._literal(get_nullable_type(type_), hint, operator, depth, self.value)  # type: ignore[arg-type]

    def variable(
        self,
        type_: GraphQLInputType,
        make: Callable[[int], Any],
        default: Callable[[], Drawn] | None = None,
        *,
        optional: bool = False,
    ) -> Drawn:
        """A new variable for a place of that type; `make` gives its value in each set where it has one."""
        choices, non_null = self.choices, is_non_null_type(type_)
        bare = str(get_nullable_type(type_))
        written = default() if default is not None and choices.chance(35) else None
        if written and not non_null and choices.chance(15):
            written = self._same("null", None)
        # A variable may be of a nullable type at a non-null place where one of the two has a default.
        strict = choices.one([True, False]) if (not non_null or written or optional) else True
        strict = strict and not (written and written.text == "null")
        sent: list[Any] = []
        effective: list[Any] = []
        for number in range(self.sets):
            if (written or not strict) and choices.chance(25):
                sent.append(ABSENT)
                effective.append(written.values[0] if written else ABSENT)
            elif not strict and not non_null and choices.chance(15):
                sent.append(None)
                effective.append(None)
            else:
                sent.append(make(number))
                effective.append(sent[-1])
        name = f"v{len(self.variables)}"
        type_text = f"{bare}!" if strict else bare
        self.variables.append(Variable(name, type_text, written and written.text, sent))
        return Drawn(f"${name}", effective)

    def _variable_of(self, type_: GraphQLInputType, hint: str, operator: str, optional: bool, depth: int) -> Drawn:
        known = self._again.setdefault((f"{type_} {optional}", hint, operator), [])
        if known and self.choices.chance(30):
            return self.choices.one(known)

        def constant() -> Drawn:
            return self._literal(get_nullable_type(type_), hint, operator, depth, self._constant)  # type: ignore[arg-type]

        drawn = self.variable(type_, lambda number: constant().values[0], constant, optional=optional)
        known.append(drawn)
        return drawn

    def _constant(
        self, type_: GraphQLInputType, hint: str, operator: str = "", *, optional: bool = False, depth: int = 0
    ) -> Drawn:
        """A value without variables in it."""
        if not is_non_null_type(type_) and depth and self.choices.chance(6):
            return self._same("null", None)
        return self._literal(get_nullable_type(type_), hint, operator, depth, self._constant)  # type: ignore[arg-type]

    def _literal(self, type_: Any, hint: str, operator: str, depth: int, inner: Callable[..., Drawn]) -> Drawn:
        choices = self.choices
        if is_list_type(type_):
            if choices.chance(10):
                # One item stands for a list of it.
                return self._literal(get_nullable_type(type_.of_type), hint, operator, depth, inner)
            items = [inner(type_.of_type, hint, operator, depth=depth + 1) for _ in range(choices.one([1, 2, 1, 3, 0]))]
            texts = ", ".join(item.text for item in items)
            return Drawn(f"[{texts}]", [[item.values[number] for item in items] for number in range(self.sets)])
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, hint, depth, inner)
        if isinstance(type_, GraphQLEnumType):
            name = choices.one(list(type_.values))
            return self._same(name, name)
        value = self.pool.scalar(choices, type_.name, hint, operator)
        return self._same(self.written(value), value)

    def _object(self, type_: GraphQLInputObjectType, hint: str, depth: int, inner: Callable[..., Drawn]) -> Drawn:
        wanted = {name: one for name, one in type_.fields.items() if is_required_input_field(one)}
        operators = "and" not in type_.fields
        further = [
            (name, one)
            for name, one in type_.fields.items()
            if name not in wanted and (operators or depth < DEEPEST_FILTER or not _is_filter(one))
        ]
        wanted |= dict(self.choices.some(further, self.choices.one([1, 2, 1, 3, 0])))
        drawn: dict[str, Drawn] = {}
        for name, one in wanted.items():
            below = hint if operators else f"{type_.name.removesuffix('Filter')}.{name}"
            optional = is_non_null_type(one.type) and not is_required_input_field(one)
            drawn[name] = inner(one.type, below, name if operators else "", optional=optional, depth=depth + 1)
        texts = ", ".join(f"{name}: {one.text}" for name, one in drawn.items())
        values = [
            {name: one.values[number] for name, one in drawn.items() if one.values[number] is not ABSENT}
            for number in range(self.sets)
        ]
        return Drawn(f"{{{texts}}}", values)

    def written(self, value: Any) -> str:
        """A scalar as a document writes it: texts with escapes, or in plain letters."""
        return json.dumps(value, ensure_ascii=self.choices.chance(20))

    def constant(self, make: Callable[[], Any]) -> Drawn:
        """A scalar that is the same in all sets."""
        value = make()
        return self._same(self.written(value), value)

    def _same(self, text: str, value: Any) -> Drawn:
        return Drawn(text, [value] * self.sets)


def _is_filter(one: GraphQLInputField) -> bool:
    """Whether a field of an input object leads to further and, or, not."""
    named: Any = one.type
    while hasattr(named, "of_type"):
        named = named.of_type
    return isinstance(named, GraphQLInputObjectType) and "and" in named.fields


def as_list(value: Any) -> Iterable[Any]:
    """A list argument's value as a server reads it: one item stands for a list of it."""
    return [] if value is None or value is ABSENT else value if isinstance(value, list) else [value]
