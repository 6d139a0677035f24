"""The analyses a second time: loops over coded statements, straight after the sentences of the graph's descriptions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

import numpy as np

from schema.analysis.communities import communities
from schema.analysis.frustration import frustration
from schema.analysis.network import Network
from tests.equality.oracle.filters import meets
from tests.equality.oracle.graph import MIRRORED, Oracle, in_force, resolves
from tests.equality.oracle.records import Record

LEVELS = {"OPPOSE": 0.0, "NEUTRAL": 0.5, "MIXED": 0.5, "SUPPORT": 1.0}

SIMILAR = {
    "CONGRUENCE": lambda distance: 1 - distance,
    "CONFLICT": lambda distance: distance,
    "SUBTRACT": lambda distance: 1 - 2 * distance,
    "IGNORE": lambda distance: 1.0,
}
REASONS = ("UNDATED", "OUTSIDE_RANGE", "NEUTRAL_POSITION", "NO_MEMBERSHIP", "DUPLICATE")


@dataclass(eq=False)
class Coded:
    """A link of a stance and a statement, as it counts for a node."""

    stance: Record
    statement: Record
    concept: Record
    level: float
    node: Record | None
    memberships: list[Record] = field(default_factory=list)


ALL_PRECISIONS = ("DAY", "WEEK", "MONTH", "YEAR")


def coded(oracle: Oracle, given: dict[str, Any]) -> tuple[list[Coded], dict[str, Any]]:
    """What counts, in the order of the record, and the coverage."""
    dated = bool(given.get("from") or given.get("until"))
    return counted_of(oracle, links(oracle, given), given, ALL_PRECISIONS if dated else None)


def counted_of(
    oracle: Oracle, linked: list[tuple[Record, Record]], given: dict[str, Any], known: Sequence[str] | None
) -> tuple[list[Coded], dict[str, Any]]:
    """The same of these links; where a day is needed, `known` says how exactly it has to be known."""
    everybody = [one for one in oracle.records.all("Entity") if meets(one, given.get("holders"))]
    left_out: dict[str, list[tuple[Record, Record, Record]]] = {reason: [] for reason in REASONS}
    counted: dict[tuple[Any, ...], Coded] = {}
    counting = set()
    for stance, statement in linked:
        concept = stance.proposition.negation_of or stance.proposition
        turned = stance.proposition is not concept
        level = LEVELS[MIRRORED.get(stance.position, stance.position) if turned else stance.position]
        day, holder = statement.stated_on, stance.holder
        ways = list(nodes(holder, day, given["roll_up"]))
        if known and statement.stated_on_precision not in known:
            left_out["UNDATED"].append((stance, statement, holder))
        elif (given.get("from") or "") > (day or "") or (day or "") > (given.get("until") or "~"):
            left_out["OUTSIDE_RANGE"].append((stance, statement, holder))
        elif level == 0.5 and given["neutral"] == "EXCLUDE":
            left_out["NEUTRAL_POSITION"].append((stance, statement, holder))
        elif not ways:
            left_out["NO_MEMBERSHIP"].append((stance, statement, holder))
        else:
            counting.add(holder)
            for node in {way[0].id: way[0] for way in ways}.values():
                memberships = min(([one.id for one in way[1:]], way[1:]) for way in ways if way[0] is node)[1]
                unit = unit_of(given["duplicates"], stance, statement)
                key = (node.id, concept.id, level, unit)
                if key in counted:
                    left_out["DUPLICATE"].append((stance, statement, node))
                else:
                    counted[key] = Coded(stance, statement, concept, level, node, list(memberships))
    return list(counted.values()), {
        "holders": len(everybody),
        "without": len(everybody) - len(counting),
        "counted": len(counted),
        "excluded": [
            {"reason": reason, "codedStatements": len(them), "holders": len({id(holder) for _, _, holder in them})}
            for reason, them in left_out.items()
        ],
    }


def links(oracle: Oracle, given: dict[str, Any]) -> list[tuple[Record, Record]]:
    """The coded statements of the selection, the oldest first."""
    wanted = {
        (one.negation_of or one).id
        for one in oracle.records.all("Proposition")
        if meets(one, given.get("propositions"))
    }
    found = [
        (stance, statement)
        for stance in oracle.records.all("Stance")
        if stance.superseded_at is None
        and (stance.proposition.negation_of or stance.proposition).id in wanted
        and meets(stance.holder, given.get("holders"))
        for statement in stance.evidence
        if meets(statement, given.get("evidence"))
    ]
    return sorted(found, key=lambda link: (link[1].stated_on or "", link[1].id, link[0].id))


def nodes(holder: Record, day: str | None, roll_up: str) -> Iterator[tuple[Record, ...]]:
    """For whom a holder's statement of that day counts, each with the memberships that lead there."""

    def of(member: Record) -> list[Record]:
        # Without a day only memberships without a beginning or an end can be known to hold.
        return [
            one
            for one in member.memberships
            if (in_force(one, day, "starts_on", "ends_on") if day else one.starts_on is None and one.ends_on is None)
        ]

    if roll_up == "NONE" or (roll_up == "ORGANIZATION" and holder.type != "PERSON"):
        yield (holder,)
    elif roll_up == "ORGANIZATION":
        yield from ((one.organization, one) for one in of(holder))
    elif holder.type == "COUNTRY":
        yield (holder,)
    else:
        for one in of(holder):
            if one.organization.type == "COUNTRY":
                yield one.organization, one
            else:
                yield from (
                    (other.organization, one, other)
                    for other in of(one.organization)
                    if other.organization.type == "COUNTRY"
                )


def unit_of(duplicates: str, stance: Record, statement: Record) -> Any:
    """What of several alike one is kept in."""
    day = date.fromisoformat(statement.stated_on or "0001-01-01")
    return {
        "INCLUDE": (stance.id, statement.id),
        "PER_SOURCE": statement.source.id,
        "PER_WEEK": day - timedelta(days=day.weekday()),
        "PER_MONTH": (day.year, day.month),
        "PER_YEAR": day.year,
        "ACROSS_RANGE": None,
    }[duplicates]


@dataclass
class Pair:
    """Two nodes and what their tie is made of."""

    a: Record
    b: Record
    weight: float
    parts: list[tuple[Coded, Coded]]


def pairs(found: list[Coded], measure: str, normalization: str) -> list[Pair]:
    """All ties whose weight is not 0."""
    of: dict[int, list[Coded]] = {}
    for one in found:
        assert one.node is not None
        of.setdefault(one.node.id, []).append(one)
    ties: list[Pair] = []
    for a, b in combinations(sorted(of), 2):
        weight, made_of = weighed(of[a], of[b], measure, normalization)
        if weight:
            ties.append(Pair(of[a][0].node, of[b][0].node, weight, made_of))  # type: ignore[arg-type]
    return ties


def weighed(
    ours: list[Coded], theirs: list[Coded], measure: str, normalization: str
) -> tuple[float, list[tuple[Coded, Coded]]]:
    """The weight between two, and what it is made of."""
    both = [(x, y) for x, y in product(ours, theirs) if x.concept is y.concept]
    weight = sum(SIMILAR[measure](abs(x.level - y.level)) for x, y in both)
    if normalization == "AVERAGE":
        weight /= (len(ours) + len(theirs)) / 2
    elif normalization == "DNA_COSINE":
        weight /= len(ours) * len(theirs) or 1
    elif normalization == "JACCARD":
        weight = weight and weight / jaccard(ours, theirs)
    return weight, [(x, y) for x, y in both if SIMILAR[measure](abs(x.level - y.level))]


def jaccard(ours: list[Coded], theirs: list[Coded]) -> float:
    """What two share and what either has alone."""

    def counts(found: list[Coded]) -> dict[tuple[int, float], int]:
        counted: dict[tuple[int, float], int] = {}
        for one in found:
            counted[one.concept.id, one.level] = counted.get((one.concept.id, one.level), 0) + 1
        return counted

    x, y = counts(ours), counts(theirs)
    alone = sum(n for key, n in x.items() if key not in y) + sum(n for key, n in y.items() if key not in x)
    return alone + sum(n * y[key] for key, n in x.items() if key in y)


def shown(one: Coded) -> dict[str, Any]:
    """A coded statement as the graph has it."""
    return {"statement": one.statement, "stance": one.stance, "memberships": one.memberships}


@resolves("Query.agreementNetwork")
def _network(oracle: Oracle, parent: Record, **given: Any) -> dict[str, Any]:
    oracle.analyses += 1
    found, coverage = coded(oracle, given)
    ties = pairs(found, given["measure"], given["normalization"])
    least = given.get("min_weight")
    kept = [tie for tie in ties if least is None or tie.weight >= least]
    degree = [end.id for tie in kept for end in (tie.a, tie.b)]
    members = {one.node.id: one.node for one in found if one.node}
    edges = []
    for tie in sorted(kept, key=lambda tie: (-tie.weight, tie.a.id, tie.b.id)):
        rests_on = {id(one): one for pair in tie.parts for one in pair}
        evidence = [one for one in found if id(one) in rests_on]
        evidence.sort(key=lambda one: (one.concept.id, one.node is not tie.a))
        concepts = {one.concept.id: one.concept for one in evidence}
        edges.append(
            {
                "a": tie.a,
                "b": tie.b,
                "weight": round(tie.weight, 10),
                "propositions": [concepts[key] for key in sorted(concepts)],
                "evidence": [shown(one) for one in evidence],
            }
        )
    return {
        "nodes": [
            {
                "entity": members[key],
                "codedStatements": sum(one.node is members[key] for one in found),
                "degree": degree.count(key),
            }
            for key in sorted(members)
        ],
        "edges": edges,
        "coverage": coverage,
        "found": found,
        "kept": kept,
        "members": members,
        "ids": sorted(members),
    }


@resolves("AgreementNetwork.balance")
def _balance(oracle: Oracle, network: dict[str, Any]) -> dict[str, Any] | None:
    return balance_of(network["found"], network["members"])


def balance_of(found: list[Coded], members: dict[int, Record]) -> dict[str, Any] | None:
    """Two camps are tried one way after the other, triangles counted one by one."""
    all_ids = sorted(members)
    ties = pairs(found, "SUBTRACT", "NONE")
    if not ties:
        return None
    signs = {(tie.a.id, tie.b.id): 1 if tie.weight > 0 else -1 for tie in ties}
    signs |= {(b, a): sign for (a, b), sign in signs.items()}
    ids = sorted({end for pair in signs for end in pair})
    triples = [
        signs[a, b] * signs[b, c] * signs[a, c]
        for a, b, c in combinations(ids, 3)
        if (a, b) in signs and (b, c) in signs and (a, c) in signs
    ]
    matrix = np.array([[signs.get((a, b), 0) for b in all_ids] for a in all_ids])
    least = frustration(matrix.astype(np.int8))
    eigenvalues = [np.exp(np.linalg.eigvalsh(each.astype(float))).sum() for each in (matrix, abs(matrix))]
    camps = [
        [members[key] for key, camp in zip(all_ids, least.camp, strict=True) if camp == number] for number in (1, 2)
    ]
    camps.sort(key=len, reverse=True)
    return {
        "triangles": len(triples),
        "balancedTriangles": triples.count(1),
        "triangleBalance": round(triples.count(1) / len(triples), 10) if triples else None,
        "walkBalance": round(eigenvalues[0] / eigenvalues[1], 9),
        "frustration": least.edges,
        "frustrationIsExact": least.exact,
        "frustrationBalance": round(1 - 2 * least.edges / len(ties), 10),
        "camps": [{"size": len(camp), "members": camp} for camp in camps],
    }


@resolves("AgreementNetwork.communities")
def _communities(oracle: Oracle, network: dict[str, Any]) -> list[dict[str, Any]]:
    """Their library is a part of what they are: it is asked here too, about ties that were found here."""
    place = {key: number for number, key in enumerate(network["ids"])}
    ties = network["kept"]
    found = communities(
        Network(
            np.array(network["ids"], np.int64),
            np.array([place[tie.a.id] for tie in ties], np.int32),
            np.array([place[tie.b.id] for tie in ties], np.int32),
            np.array([tie.weight for tie in ties], np.float64),
        )
    )
    return [{"size": len(ids), "members": [network["members"][key] for key in ids.tolist()]} for ids in found.members]


@resolves("Query.positionMatrix")
def _matrix(oracle: Oracle, parent: Record, **given: Any) -> dict[str, Any]:
    oracle.analyses += 1
    found, coverage = coded(oracle, given)
    holders = {one.node.id: one.node for one in found if one.node}
    propositions = {one.concept.id: one.concept for one in found}
    cells = []
    for row, col in product(sorted(holders), sorted(propositions)):
        here = [one for one in found if one.node is holders[row] and one.concept is propositions[col]]
        if here:
            support, oppose = (sum(one.level == level for one in here) for level in (1.0, 0.0))
            value = {
                "COUNT": len(here),
                "SUBTRACT": support - oppose,
                "COMBINE": (support > 0) + 2 * (oppose > 0),
            }[given["cell"]]
            divisor = {
                "NONE": 1,
                "ACTIVITY": sum(one.node is holders[row] for one in found),
                "PROMINENCE": sum(one.concept is propositions[col] for one in found),
            }[given["normalization"]]
            cells.append(
                {
                    "holder": holders[row],
                    "proposition": propositions[col],
                    "value": round(value / divisor, 10),
                    "evidence": [shown(one) for one in here],
                }
            )
    return {
        "holders": [holders[key] for key in sorted(holders)],
        "propositions": [propositions[key] for key in sorted(propositions)],
        "cells": cells,
        "coverage": coverage,
    }
