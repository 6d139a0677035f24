"""Selections: fields, aliases, fragments and directives, drawn from the schema itself.

What keeps a drawn document valid is one rule: within a document a response key always stands for the same field
with the same arguments and type. So anything may be merged with anything, and fragments may be spread anywhere.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_introspection_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
    is_union_type,
)
from graphql.type import GraphQLBoolean
from graphql.utilities import do_types_overlap

from tests.equality.operations.choices import Choices
from tests.equality.operations.paging import window
from tests.equality.operations.values import Values

DEEPEST = 7
PAGING = ("first", "after", "last", "before")
ALIASES = ("x", "value", "id", "name", "nodes", "_", "__proto__", "pageInfo", "__typename", "Key")
"""Names of other fields among them: an alias may shadow what it is not."""


@cache
def conditions(schema: GraphQLSchema, parent: Any) -> list[Any]:
    """The types that a fragment inside `parent` may be on, the abstract ones first."""
    types = [one for one in schema.type_map.values() if is_composite_type(one) and not is_introspection_type(one)]
    overlapping = [one for one in types if do_types_overlap(schema, one, parent)]
    return sorted(overlapping, key=lambda one: (is_object_type(one), one.name))


@dataclass(frozen=True)
class Picked:
    """A field with its arguments under its response key, which can be selected again."""

    key: str
    name: str
    arguments: str


@dataclass
class Selections:
    """Draws the selections of one document within a budget of fields."""

    choices: Choices
    schema: GraphQLSchema
    values: Values
    budget: int
    fragments: dict[str, tuple[Any, str]] = field(default_factory=dict)
    _keys: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    _picked: dict[tuple[str, str], list[Picked]] = field(default_factory=dict)

    def root(self) -> str:
        """The selection of a query."""
        return self.of(self.schema.query_type, 0)

    def of(self, parent: Any, depth: int, siblings: list[Picked] | None = None) -> str:
        """A selection set on `parent`; `siblings` are the fields of the object selected so far."""
        siblings = [] if siblings is None else siblings
        count = self.choices.one([1, 2, 3, 2, 4] if depth else [1, 2, 1, 3])
        items = [self._item(parent, depth, siblings) for _ in range(count)]
        return "{" + " ".join(items) + "}"

    def _item(self, parent: Any, depth: int, siblings: list[Picked]) -> str:
        choices = self.choices
        kind = choices.number(0, 99)
        again = [one for one in siblings if one in self._fields_of(parent)]
        if kind >= 90:
            return self._inline(parent, depth, siblings)
        if kind >= 82:
            return self._spread(parent, depth, siblings)
        if kind >= 74 and again:
            return self._written(parent, choices.one(again), depth)
        if kind >= 66 or is_union_type(parent):
            # An abstract type has few fields of its own: mostly ask its members.
            if not is_object_type(parent) and choices.chance(70):
                return self._inline(parent, depth, siblings)
            return self._typename(parent, depth)
        picked = self._pick(parent, depth)
        siblings.append(picked)
        return self._written(parent, picked, depth)

    def _fields_of(self, parent: Any) -> list[Picked]:
        names = [] if is_union_type(parent) else parent.fields
        return [one for name in names for one in self._picked.get((parent.name, name), [])]

    def _pick(self, parent: Any, depth: int) -> Picked:
        """A field of the parent, with arguments; one that was picked before comes back now and then."""
        choices = self.choices
        leaves = [name for name, one in parent.fields.items() if is_leaf_type(get_named_type(one.type))]
        below = [name for name in parent.fields if name not in leaves]
        deeper = below and (not leaves or (self.budget > 0 and depth < DEEPEST and choices.chance(60)))
        # What has arguments can go wrong in more ways.
        name = choices.one(below + 2 * [name for name in below if parent.fields[name].args] if deeper else leaves)
        known = self._picked.setdefault((parent.name, name), [])
        if known and choices.chance(40):
            return choices.one(known)
        one: GraphQLField = parent.fields[name]
        arguments = self._arguments(one)
        picked = Picked(self._key(name, str(one.type), arguments), name, arguments)
        known.append(picked)
        return picked

    def _key(self, name: str, type_: str, arguments: str) -> str:
        """A response key that stands for this field and for no other."""
        meaning = (name, type_, arguments)
        wanted = [self.choices.one(ALIASES)] if self.choices.chance(20) else []
        for key in [*wanted, name, *(f"{name}_{number}" for number in range(len(self._keys) + 1))]:
            if self._keys.setdefault(key, meaning) == meaning:
                return key
        raise AssertionError("one of the numbered keys is free")

    def _written(self, parent: Any, picked: Picked, depth: int) -> str:
        self.budget -= 1
        alias = "" if picked.key == picked.name else f"{picked.key}: "
        head = f"{alias}{picked.name}{picked.arguments}{self._directives()}"
        type_ = get_named_type(parent.fields[picked.name].type)
        return f"{head}{self.of(type_, depth + 1)}" if is_composite_type(type_) else head

    def _typename(self, parent: Any, depth: int) -> str:
        key = self._key("__typename", "String!", "")
        alias = "" if key == "__typename" else f"{key}: "
        if depth == 0 and self.choices.chance(30):
            return self._introspection()
        return f"{alias}__typename{self._directives()}"

    def _introspection(self) -> str:
        """What graphql-core answers itself, beside what the database does."""
        types = [name for name, one in self.schema.type_map.items() if not is_introspection_type(one)]
        arguments = f'(name: "{self.choices.one(types)}")'
        key = self._key("__type", "__Type", arguments)
        alias = "" if key == "__type" else f"{key}: "
        return f"{alias}__type{arguments}{{kind name fields{{name type{{name kind}}}}}}"

    def _directives(self) -> str:
        """@skip and @include, by literal or variable; mostly none."""
        if not self.choices.chance(8):
            return ""
        chosen = self.choices.some(["skip", "include"], self.choices.one([1, 2]))
        return "".join(f" @{name}(if: {self._condition(name == 'include')})" for name in chosen)

    def _condition(self, usual: bool) -> str:
        choices, values = self.choices, self.values
        if choices.chance(50):
            default = values.constant(lambda: choices.one([usual, not usual]))
            return values.variable(
                GraphQLNonNull(GraphQLBoolean), lambda number: choices.one([usual, not usual]), lambda: default
            ).text
        return str(choices.one([usual, usual, not usual])).lower()

    def _arguments(self, one: GraphQLField) -> str:
        choices, values, given = self.choices, self.values, one.args
        written: dict[str, str] = {}
        order_by = None
        for name, argument in given.items():
            often = 70 if name in ("filter", "orderBy") else 45
            if name in PAGING or not (is_required_argument(argument) or choices.chance(often)):
                continue
            if name == "until" and "from" in written:
                continue  # days the wrong way round are refused
            # A slug is one of the type that the field leads to; a search has its own words.
            hint = "query" if name == "query" else f"{get_named_type(one.type).name}.{name}"
            drawn = values.value(argument.type, hint)
            written[name] = drawn.text
            order_by = drawn if name == "orderBy" else order_by
        if "first" in given:
            connection: Any = get_named_type(one.type)
            node = get_named_type(connection.fields["nodes"].type).name
            written |= window(values, given, node, order_by)
        return f"({', '.join(f'{name}: {text}' for name, text in written.items())})" if written else ""

    def _inline(self, parent: Any, depth: int, siblings: list[Picked]) -> str:
        if self.choices.chance(20):
            return f"...{self._directives()}{self.of(parent, depth, siblings)}"
        type_ = self.choices.one(conditions(self.schema, parent))
        return f"... on {type_.name}{self._directives()}{self.of(type_, depth, siblings)}"

    def _spread(self, parent: Any, depth: int, siblings: list[Picked]) -> str:
        """A named fragment: one that was spread before, or a new one."""
        choices, possible = self.choices, conditions(self.schema, parent)
        names = [name for name, (type_, _) in self.fragments.items() if type_ in possible]
        if names and choices.chance(50):
            return f"...{choices.one(names)}{self._directives()}"
        type_ = choices.one(possible)
        selection = self.of(type_, depth, siblings)
        name = f"F{len(self.fragments)}"
        self.fragments[name] = (type_, selection)
        return f"...{name}{self._directives()}"
