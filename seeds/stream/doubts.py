"""What may be wrong with a stream, but can be right: a filled target in, warnings as for folders out."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from seeds.checking.doubts import contradictions
from seeds.checking.outside import Outside
from seeds.format import StanceRecord
from seeds.problem import Problem
from seeds.seedset import Entry
from seeds.stream.faults import Taken
from seeds.stream.lines import just
from seeds.values import PartialDate

# The stances of which two of one holder, on one proposition or on it and its mirror, differ in position.
DIFFERING = """
WITH tied AS (
    SELECT s.id, s.holder_id, coalesce(p.negation_of_id, p.id) AS positive_id, CASE
        WHEN p.negation_of_id IS NULL THEN s.position
        WHEN s.position = 'SUPPORT' THEN 'OPPOSE'
        WHEN s.position = 'OPPOSE' THEN 'SUPPORT'
        ELSE s.position END AS position
    FROM stance AS s JOIN proposition AS p ON p.id = s.proposition_id
)
SELECT t.holder_id, t.positive_id, s.id, s.slug, s.position, s.since, s.since_precision, s.until, s.until_precision,
    (SELECT slug FROM entity WHERE id = t.holder_id), (SELECT slug FROM proposition WHERE id = t.positive_id),
    (SELECT slug FROM proposition WHERE id = s.proposition_id)
FROM tied AS t JOIN stance AS s ON s.id = t.id
WHERE (t.holder_id, t.positive_id) IN (
    SELECT holder_id, positive_id FROM tied GROUP BY 1, 2 HAVING count(DISTINCT position) > 1
)
ORDER BY 1, 2, 3
"""

UNUSED = """
SELECT id, slug FROM entity WHERE id NOT IN (
    SELECT publisher_id FROM source WHERE publisher_id IS NOT NULL
    UNION SELECT speaker_id FROM statement
    UNION SELECT on_behalf_of_id FROM statement WHERE on_behalf_of_id IS NOT NULL
    UNION SELECT holder_id FROM stance
    UNION SELECT organization_id FROM membership
    UNION SELECT member_id FROM membership
) ORDER BY id
"""


def doubts(taken: Taken) -> Iterator[Problem]:
    """Contradictions, then entities that nothing refers to."""
    raw = taken.target.raw
    for _, rows in groupby(raw.execute(DIFFERING), key=lambda row: row[:2]):
        yield from _contradictions(taken, list(rows))
    for row_id, slug in raw.execute(UNUSED):
        entry = taken.entry("entity", row_id, slug)
        yield entry.problem(f"nothing refers to {entry.name}", "slug")


def _contradictions(taken: Taken, rows: Sequence[Sequence[Any]]) -> Iterator[Problem]:
    """What the rule says of the stances of one holder on one proposition and its mirror."""
    entries: list[Entry] = []
    mirrors: dict[str, str] = {}
    for *_, row_id, slug, position, since, since_exactly, until, until_exactly, holder, positive, proposition in rows:
        if proposition != positive:
            mirrors[proposition] = positive
        record = StanceRecord.model_validate(
            {
                "slug": slug,
                "holder": holder,
                "proposition": proposition,
                "position": position,
                "since": _period(since, since_exactly),
                "until": _period(until, until_exactly),
                "evidence": ["not-looked-at"],
            }
        )
        entry = taken.entry("stance", row_id, slug)
        entries.append(Entry(entry.kind, entry.file, entry.written, entry.lines, record))
    return contradictions([just(taken.header, *entries)], Outside(negation_of=mirrors))


def _period(day: str | None, exactly: str | None) -> PartialDate | None:
    """The period of that precision that the day lies in."""
    if day is None or exactly is None:
        return None
    return PartialDate.read(PartialDate.model_validate({"first_day": day, "precision": exactly}).written())
