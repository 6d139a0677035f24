"""The timeline a second time: each window is a selection of its own, counted as if there were no other."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.equality.oracle.analysis import Coded, balance_of, counted_of, links, shown
from tests.equality.oracle.graph import Oracle, resolves
from tests.equality.oracle.polarization import agreement, consensus
from tests.equality.oracle.records import Record

KNOWN = {
    "DAY": ("DAY",),
    "WEEK": ("DAY", "WEEK"),
    "MONTH": ("DAY", "WEEK", "MONTH"),
    "YEAR": ("DAY", "WEEK", "MONTH", "YEAR"),
}
"""How exactly a day has to be known for each length of a period."""


def first_of(day: date, every: str) -> date:
    """The first day of the period that a day is in."""
    return {
        "DAY": day,
        "WEEK": day - timedelta(days=day.weekday()),
        "MONTH": day.replace(day=1),
        "YEAR": day.replace(month=1, day=1),
    }[every]


def periods(first: date, last: date, every: str) -> Iterator[tuple[date, date]]:
    """The first and last day of each period from that of one day to that of the other."""
    start = first_of(first, every)
    while start <= last:
        following = first_of(start + timedelta(days={"DAY": 1, "WEEK": 7, "MONTH": 31, "YEAR": 366}[every]), every)
        yield start, following - timedelta(days=1)
        start = following


@resolves("Query.timeline")
def _timeline(oracle: Oracle, parent: Record, **given: Any) -> dict[str, Any]:
    oracle.analyses += 1
    known, linked = KNOWN[given["every"]], links(oracle, given)
    everything, coverage = counted_of(oracle, linked, given | {"duplicates": "INCLUDE"}, known)
    days = [one.statement.stated_on for one in everything]
    ends = [given.get("from") or min(days, default=None), given.get("until") or max(days, default=None)]
    steps = [] if None in ends else [*periods(*map(date.fromisoformat, ends), given["every"])]
    windows, counting = [], set()
    for number, (_, last) in enumerate(steps):
        begins, ends_on = steps[max(0, number - given["window"] + 1)][0].isoformat(), last.isoformat()
        begins, ends_on = max(begins, given.get("from") or ""), min(ends_on, given.get("until") or "~")
        inside = [link for link in linked if begins <= (link[1].stated_on or "") <= ends_on]
        found, _ = counted_of(oracle, inside, given, known)
        counting |= {key(one) for one in found}
        windows.append({"start": begins, "end": ends_on, "found": found} | figures(found))
    repeating = [one for one in everything if key(one) not in counting]
    nodes = {one.node for one in repeating}
    *excluded, duplicates = coverage["excluded"]
    duplicates = duplicates | {"codedStatements": len(repeating), "holders": len(nodes)}
    return {
        "every": given["every"],
        "window": given["window"],
        "windows": windows,
        "coverage": coverage | {"counted": len(counting), "excluded": [*excluded, duplicates]},
    }


@resolves("TimelineWindow.balance")
def _balance(oracle: Oracle, window: dict[str, Any]) -> dict[str, Any] | None:
    members = {one.node.id: one.node for one in window["found"]}
    return balance_of(window["found"], members)


def key(one: Coded) -> tuple[int, int, int]:
    """Which coded statement it is, and for whom."""
    assert one.node is not None
    return one.stance.id, one.statement.id, one.node.id


def figures(found: list[Coded]) -> dict[str, Any]:
    """What a window says of what is counted in it."""
    stands: dict[tuple[Any, Any], float] = {}
    for one in found:
        place = (one.concept, one.node)
        stands[place] = stands.get(place, 0) + one.level - 0.5
    counts: dict[Any, list[int]] = {}
    for (concept, _), pull in stands.items():
        counts.setdefault(concept, [0, 0, 0])[(pull > 0) - (pull < 0) + 1] += 1
    oppose, middle, support = (sum(three[place] for three in counts.values()) for place in range(3))
    ordered = sorted(found, key=lambda one: (one.concept.id, one.statement.stated_on, *key(one)[1::-1], key(one)[2]))
    return {
        "codedStatements": len(found),
        "holders": len({one.node for one in found}),
        "tally": {"support": support, "oppose": oppose, "middle": middle},
        "polarization": mean_of(list(counts.values())),
        "evidence": [shown(one) for one in ordered],
    }


def mean_of(counts: list[list[int]]) -> dict[str, Any] | None:
    """The measures over propositions, each weighed by how many stand somewhere on it."""
    if not counts:
        return None
    weight = sum(map(sum, counts))
    divided = sum(agreement(three) * sum(three) for three in counts) / weight
    return {
        "agreement": round(float(divided), 10),
        "polarization": round(float((1 - divided) / 2), 10),
        "consensus": round(sum(consensus(three) * sum(three) for three in counts) / weight, 10) + 0.0,
        "propositions": len(counts),
    }
