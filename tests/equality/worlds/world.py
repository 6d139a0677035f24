"""A world: the rows of one generated database, as plain dictionaries by table.

Made from a seed, so that it is the same on every machine. The same rows are written to SQLite (database.py) and
read by the oracle; neither sees the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import SQLModel

from schema.tables import (
    Dataset,
    Entity,
    EntityAlias,
    Evidence,
    Membership,
    Proposition,
    Source,
    SourceAuthor,
    Stance,
    Statement,
)
from schema.vocabulary import DatePrecision, EntityType, Position, StatementKind
from tests.equality.worlds.texts import LONG, maybe, text

FIRST_DAY = date(2023, 12, 28)
RECORDED = datetime(2024, 1, 1, tzinfo=UTC)
DAYS = 12
"""Few days, so that dates tie; all of them past, so that "today" is the same side of them tomorrow."""


@dataclass
class World:
    """Rows by table, in the order in which they can be inserted."""

    name: str
    rows: dict[type[SQLModel], list[dict[str, Any]]] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Its name alone: a failing case shall be readable."""
        return f"<world {self.name}>"

    def add(self, table: type[SQLModel], **row: Any) -> None:
        """One row more."""
        self.rows.setdefault(table, []).append(row)

    def of(self, table: type[SQLModel]) -> list[dict[str, Any]]:
        """The rows of a table."""
        return self.rows.get(table, [])


def a_day(random: Random, column: str, unknown: float = 0.25) -> dict[str, Any]:
    """A date and its precision, or neither."""
    if random.random() < unknown:
        return {column: None, f"{column}_precision": None}
    day = FIRST_DAY + timedelta(days=random.randrange(DAYS))
    return {column: day, f"{column}_precision": random.choice(list(DatePrecision))}


def a_span(random: Random, start: str, end: str) -> dict[str, Any]:
    """Two dates in order, each known or not; sometimes the same day."""
    span = a_day(random, start) | a_day(random, end, unknown=0.5)
    if span[start] and span[end] and span[end] < span[start]:
        span[start], span[end] = span[end], span[start]
    return span


def a_place(random: Random) -> dict[str, Any]:
    """A locator, whole or absent."""
    if random.random() < 0.5:
        return dict.fromkeys(("locator_start", "locator_end", "locator_sha256"))
    start = random.choice([0, 7, 2**31 - 2])
    return {"locator_start": start, "locator_end": start + 1, "locator_sha256": random.choice("af09") * 64}


@dataclass
class Sizes:
    """How many rows a world has."""

    entities: int
    sources: int
    propositions: int
    statements: int
    stances: int


def generate(name: str, seed: int, sizes: Sizes) -> World:
    """The world of that seed."""
    random, world = Random(seed), World(name)
    if sizes.entities == 0:
        return world
    datasets = 2 if sizes.entities > 3 else 1
    for id in range(1, datasets + 1):
        world.add(
            Dataset,
            id=id,
            slug=f"set-{id}",
            title=text(random),
            description=maybe(random),
            licence="CC0-1.0",
            attribution=maybe(random),
            provenance=text(random),
            loaded_at=RECORDED + timedelta(milliseconds=random.randrange(2)),
            digest="0" * 64,
        )
    slugs = _slugs(random)
    common = ({"id": id, "dataset_id": random.randint(1, datasets), "slug": next(slugs)} for id in _count())
    _entities(random, world, [dict(next(common), id=id) for id in range(1, sizes.entities + 1)])
    _sources(random, world, [dict(next(common), id=id) for id in range(1, sizes.sources + 1)])
    _memberships(random, world)
    _propositions(random, world, [dict(next(common), id=id) for id in range(1, sizes.propositions + 1)])
    _statements(random, world, [dict(next(common), id=id) for id in range(1, sizes.statements + 1)])
    _stances(random, world, [dict(next(common)) for _ in range(sizes.stances)])
    return world


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


def _slugs(random: Random) -> Iterator[str]:
    """Keys that are prefixes of each other, and sort differently from when they were made."""
    for number in _count():
        yield f"{random.choice(['a', 'ab', 'nato', 'z-9', '0'])}-{number}"


def _distinct(random: Random, most: int) -> list[str]:
    """Texts that differ (not by a set, whose order changes from run to run)."""
    return list(dict.fromkeys(text(random) for _ in range(most)))


def _entities(random: Random, world: World, records: list[dict[str, Any]]) -> None:
    names = [text(random) for _ in range(max(1, len(records) // 2))]
    for record in records:
        world.add(
            Entity,
            **record,
            name=random.choice(names),
            type=random.choice(list(EntityType)[:4]),
            description=maybe(random),
            wikidata_id=random.choice([None, "Q1", "Q57652"]),
        )
    for record in records:
        for position, alias in enumerate(_distinct(random, random.choice([0, 0, 1, 3]))):
            world.add(EntityAlias, entity_id=record["id"], position=2 * position, name=alias)


def _sources(random: Random, world: World, records: list[dict[str, Any]]) -> None:
    entities = [entity["id"] for entity in world.of(Entity)]
    for record in records:
        world.add(
            Source,
            **record,
            title=text(random),
            url=random.choice([None, "https://example.org/?a=1&b=“2”"]),
            publisher_id=random.choice([None, *entities[:3]]),
            language=random.choice([None, "en", "uk"]),
            **a_day(random, "published_on"),
            retrieved_on=random.choice([None, FIRST_DAY]),
            text_sha256=random.choice([None, "e" * 64]),
        )
    for record in records:
        for position, author in enumerate(_distinct(random, random.choice([0, 1, 2]))):
            world.add(SourceAuthor, source_id=record["id"], position=position, name=author)


def _memberships(random: Random, world: World) -> None:
    entities = [entity["id"] for entity in world.of(Entity)]
    sources = [source["id"] for source in world.of(Source)]
    if len(entities) < 2 or not sources:
        return
    for id in range(1, len(entities) + 4):
        member, organization = random.sample(entities, 2)
        world.add(
            Membership,
            id=id,
            member_id=member,
            organization_id=organization,
            role=maybe(random),
            **a_span(random, "starts_on", "ends_on"),
            source_id=random.choice(sources),
            **a_place(random),
        )


def _propositions(random: Random, world: World, records: list[dict[str, Any]]) -> None:
    """Every third one negates an earlier positive one, some of them the same."""
    positive: list[int] = []
    for number, record in enumerate(records):
        negates = random.choice(positive) if number % 3 == 1 else None
        if negates is None:
            positive.append(record["id"])
        topic = random.choice([None, "", "weapons", "Weapons", text(random)])
        world.add(Proposition, **record, text=text(random), topic=topic, negation_of_id=negates)


def _statements(random: Random, world: World, records: list[dict[str, Any]]) -> None:
    entities = [entity["id"] for entity in world.of(Entity)]
    sources = [source["id"] for source in world.of(Source)]
    for number, record in enumerate(records):
        world.add(
            Statement,
            **record,
            kind=random.choice(list(StatementKind)),
            text=LONG if number == 5 else text(random),
            language=random.choice([None, "en"]),
            speaker_id=random.choice(entities[: max(1, len(entities) - 2)]),
            on_behalf_of_id=random.choice([None, *entities]),
            source_id=random.choice(sources),
            **a_day(random, "stated_on"),
            venue=maybe(random),
            responds_to_id=random.choice([None, None, records[random.randrange(number)]["id"]]) if number else None,
            **a_place(random),
        )


def _stances(random: Random, world: World, records: list[dict[str, Any]]) -> None:
    """Each record of a stance, some of them corrected once or twice, or withdrawn, with its evidence."""
    entities = [entity["id"] for entity in world.of(Entity)]
    propositions = [proposition["id"] for proposition in world.of(Proposition)]
    statements = [statement["id"] for statement in world.of(Statement)]
    ids = iter(random.sample(range(1, 4 * len(records) + 1), 3 * len(records)))
    for record in records:
        holder, proposition = random.choice(entities[: max(1, len(entities) - 1)]), random.choice(propositions)
        recorded = RECORDED + timedelta(milliseconds=random.randrange(5))
        revisions = random.choice([1, 1, 1, 2, 3])
        for revision in range(1, revisions + 1):
            replaced = recorded + timedelta(milliseconds=random.randint(1, 3))
            superseded = revision < revisions or random.random() < 0.1
            id = next(ids)
            world.add(
                Stance,
                **record | {"id": id},
                revision=revision,
                holder_id=holder,
                proposition_id=proposition,
                position=random.choice(list(Position)),
                condition=maybe(random),
                **a_span(random, "since", "until"),
                confidence=random.choice([None, 0.0, 1.0, 0.5, 0.1, 1 / 3, 1e-9]),
                recorded_at=recorded,
                superseded_at=replaced if superseded else None,
            )
            recorded = replaced
            for position, statement in enumerate(random.sample(statements, min(len(statements), random.randint(1, 3)))):
                world.add(Evidence, stance_id=id, position=3 - position, statement_id=statement)


WORLDS = (
    generate("empty", 0, Sizes(0, 0, 0, 0, 0)),
    generate("tiny", 1, Sizes(1, 1, 1, 1, 1)),
    generate("small", 2, Sizes(6, 3, 4, 9, 10)),
    generate("medium", 3, Sizes(12, 4, 7, 26, 22)),
    # Few holders with many stances: they change their minds.
    generate("changing", 5, Sizes(4, 2, 4, 9, 40)),
    generate("many", 4, Sizes(26, 6, 9, 32, 34)),
)
