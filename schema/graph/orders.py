"""Order inputs: what a list can be sorted by. Each field names the way from the row to its sort key."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar

import strawberry
from strawberry import enum_value

from schema.engine.orders import Direction, OrderInput

FIELD = "What to sort by."
DIRECTION = "Which way; upwards unless told."


def _field(description: str) -> Any:
    return strawberry.field(description=description)


@strawberry.enum(description="What entities can be sorted by.")
class EntityOrderField(Enum):
    """Sort keys of entities."""

    NAME = enum_value("NAME", description="The main name, by code points: capitals before small letters.")
    SLUG = enum_value("SLUG", description="The key in files and addresses.")
    TYPE = enum_value("TYPE", description="The type, alphabetically.")


@strawberry.enum(description="What sources can be sorted by.")
class SourceOrderField(Enum):
    """Sort keys of sources."""

    PUBLISHED_ON = enum_value("PUBLISHED_ON", description="The day of publication; unknown ones come first.")
    TITLE = enum_value("TITLE", description="The title, by code points.")


@strawberry.enum(description="What propositions can be sorted by.")
class PropositionOrderField(Enum):
    """Sort keys of propositions."""

    SLUG = enum_value("SLUG", description="The key in files and addresses.")
    TOPIC = enum_value("TOPIC", description="The topic, by code points; those without one come first.")


@strawberry.enum(description="What statements can be sorted by.")
class StatementOrderField(Enum):
    """Sort keys of statements."""

    STATED_ON = enum_value("STATED_ON", description="The day it was stated; unknown ones come first.")
    SLUG = enum_value("SLUG", description="The key in files and addresses.")


@strawberry.enum(description="What stances can be sorted by.")
class StanceOrderField(Enum):
    """Sort keys of stances."""

    SINCE = enum_value("SINCE", description="The first day it held; unknown ones come first.")
    POSITION = enum_value("POSITION", description="The position, alphabetically.")
    HOLDER_NAME = enum_value("HOLDER_NAME", description="The holder's main name, by code points.")


@strawberry.input(description="A sort key for entities and its direction.")
class EntityOrder(OrderInput):
    """How to sort entities."""

    keys: ClassVar[Mapping[Enum, tuple[str, ...]]] = {
        EntityOrderField.NAME: ("name",),
        EntityOrderField.SLUG: ("slug",),
        EntityOrderField.TYPE: ("type",),
    }
    field: EntityOrderField = _field(FIELD)
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


@strawberry.input(description="A sort key for sources and its direction.")
class SourceOrder(OrderInput):
    """How to sort sources."""

    keys: ClassVar[Mapping[Enum, tuple[str, ...]]] = {
        SourceOrderField.PUBLISHED_ON: ("published_on_order",),
        SourceOrderField.TITLE: ("title",),
    }
    field: SourceOrderField = _field(FIELD)
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


@strawberry.input(description="A sort key for propositions and its direction.")
class PropositionOrder(OrderInput):
    """How to sort propositions."""

    keys: ClassVar[Mapping[Enum, tuple[str, ...]]] = {
        PropositionOrderField.SLUG: ("slug",),
        PropositionOrderField.TOPIC: ("topic_order",),
    }
    field: PropositionOrderField = _field(FIELD)
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


@strawberry.input(description="A sort key for statements and its direction.")
class StatementOrder(OrderInput):
    """How to sort statements."""

    keys: ClassVar[Mapping[Enum, tuple[str, ...]]] = {
        StatementOrderField.STATED_ON: ("stated_on_order",),
        StatementOrderField.SLUG: ("slug",),
    }
    field: StatementOrderField = _field(FIELD)
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


@strawberry.input(description="A sort key for stances and its direction.")
class StanceOrder(OrderInput):
    """How to sort stances."""

    keys: ClassVar[Mapping[Enum, tuple[str, ...]]] = {
        StanceOrderField.SINCE: ("since_order",),
        StanceOrderField.POSITION: ("position",),
        StanceOrderField.HOLDER_NAME: ("holder", "name"),
    }
    field: StanceOrderField = _field(FIELD)
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)
