"""The rules that a document is validated by, as one: each node is shown to the rules that have something to say on it.

graphql-core asks every rule about every kind of node, anew for each document, which takes a quarter of the time of
reading one.
"""

from functools import cache
from typing import Any, NamedTuple

from graphql import BREAK, SKIP, ValidationContext, ValidationRule, specified_rules
from graphql.language.visitor import EnterLeaveVisitor
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
"""What Strawberry validates by."""


class Concerned(NamedTuple):
    """A rule that looks at a kind of node: its place among RULES, and its methods' names."""

    place: int
    enter: str | None
    leave: str | None


@cache
def concerned(kind: str) -> list[Concerned]:
    """The rules that look at a kind of node, in their order."""
    found = []
    for place, rule in enumerate(RULES):
        enter, leave = (
            next((name for name in (f"{when}_{kind}", when) if hasattr(rule, name)), None)
            for when in ("enter", "leave")
        )
        if enter or leave:
            found.append(Concerned(place, enter, leave))
    return found


class AllRules(ValidationRule):
    """All of RULES, for `validate` to take as its only one."""

    def __init__(self, context: ValidationContext) -> None:
        """As each rule is made."""
        super().__init__(context)
        self._rules = [rule(context) for rule in RULES]
        self._skipping: list[Any] = [None] * len(RULES)

    def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
        """What calls the methods of those that look at this kind of node."""
        found = self.enter_leave_map.get(kind)
        if found is None:
            found = self.enter_leave_map[kind] = self._visiting(kind)
        return found

    def _visiting(self, kind: str) -> EnterLeaveVisitor:
        rules, skipping = self._rules, self._skipping
        entering = [(place, getattr(rules[place], enter)) for place, enter, _ in concerned(kind) if enter]
        leaving = [(place, leave and getattr(rules[place], leave)) for place, _, leave in concerned(kind)]

        def enter(node: Any, *where: Any) -> None:
            for place, method in entering:
                if not skipping[place]:
                    told = method(node, *where)
                    if told is SKIP or told is False:
                        skipping[place] = node
                    elif told is BREAK or told is True:
                        skipping[place] = BREAK

        def leave(node: Any, *where: Any) -> None:
            for place, method in leaving:
                if skipping[place] is node:
                    skipping[place] = None
                elif method and not skipping[place] and method(node, *where) is BREAK:
                    skipping[place] = BREAK

        return EnterLeaveVisitor(enter if entering else None, leave if leaving else None)
