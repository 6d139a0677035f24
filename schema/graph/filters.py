"""Filter inputs: which records a list holds. Each is a table of fields with what they are held against."""

from datetime import date
from typing import Annotated, Any

import strawberry

from schema.engine.filters import compare, filter_input, relate
from schema.vocabulary import EntityType, Position, StatementKind


def _operator(description: str, name: str | None = None) -> Any:
    return strawberry.field(default=None, name=name, description=description)


@strawberry.input(
    description="Conditions on a text, compared character by character: case and accents count. All must hold."
)
class StringFilter:
    """Operators of texts."""

    eq: str | None = _operator("Is this text.")
    in_: list[str] | None = _operator("Is one of these; an empty list matches nothing.", name="in")
    contains: str | None = _operator("Has this text somewhere in it.")
    starts_with: str | None = _operator("Begins with this text.")
    is_null: bool | None = _operator("true: has no value; false: has one.")


@strawberry.input(description="Conditions on a date. All must hold; a missing date meets none but isNull.")
class DateFilter:
    """Operators of dates."""

    eq: date | None = _operator("Is this day.")
    lt: date | None = _operator("Is before this day.")
    lte: date | None = _operator("Is this day or before.")
    gt: date | None = _operator("Is after this day.")
    gte: date | None = _operator("Is this day or after.")
    is_null: bool | None = _operator("true: is not known; false: is known.")


@strawberry.input(description="Conditions on an entity's type. All must hold.")
class EntityTypeFilter:
    """Operators of entity types."""

    eq: EntityType | None = _operator("Is this type.")
    in_: list[EntityType] | None = _operator("Is one of these; an empty list matches nothing.", name="in")


@strawberry.input(description="Conditions on a position. All must hold.")
class PositionFilter:
    """Operators of positions."""

    eq: Position | None = _operator("Is this position.")
    in_: list[Position] | None = _operator("Is one of these; an empty list matches nothing.", name="in")


@strawberry.input(description="Conditions on a statement's kind. All must hold.")
class StatementKindFilter:
    """Operators of statement kinds."""

    eq: StatementKind | None = _operator("Is this kind.")
    in_: list[StatementKind] | None = _operator("Is one of these; an empty list matches nothing.", name="in")


@filter_input("Which entities. Fields are ANDed; null, or an object with no condition in it, is as if left out.")
class EntityFilter:
    """What entities are chosen by."""

    slug: StringFilter | None = compare("slug", "Its key in files and addresses.")
    name: StringFilter | None = compare("name", "Its main name; for other names and spellings use search.")
    type: EntityTypeFilter | None = compare("type", "What sort of actor it is.")
    member_of: Annotated["EntityFilter", strawberry.lazy("schema.graph.filters")] | None = relate(
        "memberships", "organization", description="Has a membership in an entity like this."
    )


@filter_input("Which sources. Fields are ANDed; null, or an object with no condition in it, is as if left out.")
class SourceFilter:
    """What sources are chosen by."""

    slug: StringFilter | None = compare("slug", "Its key in files and addresses.")
    title: StringFilter | None = compare("title", "Its title.")
    published_on: DateFilter | None = compare("published_on", "The day, or first day of the period, it appeared.")
    publisher: EntityFilter | None = relate("publisher", description="Was published by an entity like this.")


@filter_input("Which propositions. Fields are ANDed; null, or an object with no condition in it, is as if left out.")
class PropositionFilter:
    """What propositions are chosen by."""

    slug: StringFilter | None = compare("slug", "Its key in files and addresses.")
    text: StringFilter | None = compare("text", "Its wording.")
    topic: StringFilter | None = compare("topic", "The topic it is filed under.")


@filter_input("Which statements. Fields are ANDed; null, or an object with no condition in it, is as if left out.")
class StatementFilter:
    """What statements are chosen by."""

    slug: StringFilter | None = compare("slug", "Its key in files and addresses.")
    text: StringFilter | None = compare("text", "Its words; contains reads every statement, search is quicker.")
    kind: StatementKindFilter | None = compare("kind", "How it reached the record.")
    stated_on: DateFilter | None = compare("stated_on", "The day, or first day of the period, it was stated.")
    speaker: EntityFilter | None = relate("speaker", description="Was said or done by an entity like this.")
    on_behalf_of: EntityFilter | None = relate("on_behalf_of", description="Was said on behalf of an entity like this.")
    source: SourceFilter | None = relate("source", description="Stands in a source like this.")


@filter_input("Which stances. Fields are ANDed; null, or an object with no condition in it, is as if left out.")
class StanceFilter:
    """What stances are chosen by."""

    position: PositionFilter | None = compare("position", "Where the holder stands.")
    since: DateFilter | None = compare("since", "The day, or first day of the period, from which it held.")
    until: DateFilter | None = compare("until", "The last day on which it held.")
    holder: EntityFilter | None = relate("holder", description="Is held by an entity like this.")
    proposition: PropositionFilter | None = relate("proposition", description="Is about a proposition like this.")
    evidence: StatementFilter | None = relate(
        "evidence", "statement", description="Rests on at least one statement like this."
    )
