"""What was measured, as one object for programs and as Markdown for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from tests.bench.comparison import Cost, Measured, Pace
from tests.bench.load import Result
from tests.bench.places import POSTGRESQL
from tests.bench.servers import FLOOR, FLOOR_POSTGRESQL, SERVERS
from tests.bench.targets import pairs, targets

OTHERS = [server.name for server in SERVERS if server is not FLOOR]


def record(
    machine: dict[str, str],
    pace: Pace,
    databases: dict[str, Any],
    measured: list[Measured],
    memory: dict[str, Any],
    alone: dict[str, Any],
) -> dict[str, Any]:
    """Everything; the Markdown is made of it."""
    return {
        "machine": machine,
        "pace": asdict(pace),
        "servers": {server.name: server.about for server in SERVERS},
        "databases": databases,
        "comparison": [*_rows(measured)],
        "memory_mb": memory,
        "alone": alone,
        "targets": [{**asdict(target), "met": target.met} for target in targets(measured, memory, alone)],
    }


def _rows(measured: list[Measured]) -> Iterator[dict[str, Any]]:
    floors = [each for each in measured if each.server == FLOOR.name]
    shares = {id(each): each.shares(base) for name in OTHERS for each, base in pairs(measured, name)}
    slowness = {id(each): each.slowness(base) for name in OTHERS for each, base in pairs(measured, name)}
    for each in [*floors, *(each for each in measured if each.server != FLOOR.name)]:
        rates = [result.rate for result in each.rounds]
        yield {
            "database": each.database,
            "size": each.size,
            "question": each.question,
            "concurrency": each.concurrency,
            "server": each.server,
            "requests_per_s": {"median": each.rate, "min": min(rates), "max": max(rates)},
            "p50_ms": each.p50,
            "p99_ms": each.p99,
            "generator_busy": max(result.busy for result in each.rounds),
            "share_of_floor": _spread(shares.get(id(each), [1.0])),
            "p99_by_floor": slowness.get(id(each), 1.0),
            "cpu_us": asdict(each.cost),
            "rounds": [asdict(result) | {"cpu_us": asdict(cost)} for result, cost in _turns(each)],
        }


def _turns(measured: Measured) -> Iterator[tuple[Result, Cost]]:
    return zip(measured.rounds, measured.costs, strict=True)


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": median(values), "min": min(values), "max": max(values)}


def markdown(results: dict[str, Any]) -> str:
    """The tables."""
    return "\n".join(
        [*_preface(results), *_comparisons(results), *_costs(results), *_alone(results), *_targets(results), ""]
    )


def _preface(results: dict[str, Any]) -> Iterator[str]:
    machine, pace = results["machine"], results["pace"]
    yield f"Measured on {machine['date']} by `make bench`: {machine['processor']}, {machine['memory']} of memory,"
    yield f"{machine['system']}, {machine['python']}, SQLite {machine['sqlite']}; {machine['programs']}."
    yield f"{pace['rounds']} rounds of {pace['seconds']:g} s a server, one after the other; medians, and min–max in"
    yield "brackets. Each server is one uvicorn process pinned to a core, the load generator is on another."
    yield ""
    for name, about in results["servers"].items():
        yield f"- **{name}**: {about}"
    if "postgresql" in machine:
        yield ""
        yield f"{machine['postgresql']} On it, {FLOOR_POSTGRESQL.name} is {FLOOR_POSTGRESQL.about}."
    yield ""
    top = results["alone"]["ceiling"]
    busiest = max((row["generator_busy"] for row in results["comparison"]), default=0.0)
    yield (
        f"The load generator reaches {top['rate']:,.0f} requests/s on a server that does nothing but answer, and is "
        f"then {top['busy']:.0%} busy; in the tables below it was at most {busiest:.0%} busy."
    )
    for size, counts in results["databases"].items():
        rows = ", ".join(f"{counts[name]:,} {name}" for name in ("statement", "stance", "evidence", "entity", "source"))
        statistics = "with" if counts["analyzed"] else "without"
        yield f"The size {size}: {rows} rows, {counts['megabytes']:,} MB, {statistics} statistics (ANALYZE)."
    yield ""


def _comparisons(results: dict[str, Any]) -> Iterator[str]:
    rows = results["comparison"]
    for asked in dict.fromkeys(map(_asked, rows)):
        found = [row for row in rows if _asked(row) == asked]
        others = [name for name in OTHERS if name in {row["server"] for row in found}]
        yield "### {} {}, {} at a time".format(*asked)
        yield ""
        yield f"| question | floor, requests/s | {' | '.join(others)} | p99: floor | p99: ours |"
        yield f"|---|--:|{'--:|' * len(others)}--:|--:|"
        for question in dict.fromkeys(row["question"] for row in found):
            by = {row["server"]: row for row in found if row["question"] == question}
            rate = by["floor"]["requests_per_s"]
            shares = " | ".join(_share(by[name]["share_of_floor"]) for name in others)
            p99 = f"{by['floor']['p99_ms']:.2f} ms | ×{by['ours']['p99_by_floor']:.2f}"
            yield f"| {question} | {rate['median']:,.0f} ({rate['min']:,.0f}–{rate['max']:,.0f}) | {shares} | {p99} |"
        yield ""


def _asked(row: dict[str, Any]) -> tuple[str, str, int]:
    return row["database"], row["size"], row["concurrency"]


def _costs(results: dict[str, Any]) -> Iterator[str]:
    """What a request takes of a processor, which does not depend on what else the machine does as rates do."""
    most = max(results["pace"]["concurrency"])
    rows = {
        (row["question"], row["size"], row["database"], row["server"]): row["cpu_us"]
        for row in results["comparison"]
        if row["concurrency"] == most
    }
    yield "### Processor time"
    yield ""
    yield f"Microseconds that a request takes of the server's process, {most} at a time; on PostgreSQL + what it takes"
    yield "of the database's processes, and how many such requests a second a core of the database answers."
    yield ""
    yield "| question | size | database | floor | ours | kept | a core of the database: floor | ours | kept |"
    yield "|---|---|---|--:|--:|--:|--:|--:|--:|"
    for question, size, database in dict.fromkeys(key[:3] for key in rows):
        costs = [rows[question, size, database, name] for name in ("floor", "ours", "kept")]
        if database == POSTGRESQL:
            times = [f"{cost['server']:,.0f} + {cost['database']:,.0f}" for cost in costs]
            rates = [f"{1e6 / cost['database']:,.0f}" if cost["database"] else "" for cost in costs]
        else:
            times, rates = [f"{cost['server']:,.0f}" for cost in costs], [""] * len(costs)
        yield f"| {' | '.join([question, size, database, *times, *rates])} |"
    yield ""


def _share(spread: dict[str, float]) -> str:
    return f"{spread['median']:.2f} ({spread['min']:.2f}–{spread['max']:.2f})"


def _alone(results: dict[str, Any]) -> Iterator[str]:
    yield "### Memory under load"
    yield ""
    yield "Megabytes that are the process's own, and in brackets with the pages of the database's file that it maps."
    yield ""
    names = [server.name for server in SERVERS]
    yield f"| size | {' | '.join(names)} |"
    yield f"|---|{'--:|' * len(names)}"
    for size, servers in results["memory_mb"].items():
        found = [servers.get(name) for name in names]
        cells = [f"{each['private']:.0f} ({each['resident']:.0f})" if each else "" for each in found]
        yield f"| {size} | {' | '.join(cells)} |"
    yield ""
    if "documents" in results["alone"]:
        marks = ", ".join(f"{mark:.0f}" for mark in results["alone"]["documents"]["megabytes"])
        documents = results["alone"]["documents"]["documents"]
        yield f"Memory (MB) at the start and after each tenth of {documents:,} distinct documents: {marks}."
        yield ""
    if "analyses" in results["alone"]:
        yield from _analyses(results["alone"]["analyses"])


def _analyses(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "### Analyses"
    yield ""
    yield "Over a crowd in which everybody speaks to everything: 20k is 200 holders × 50 propositions × 20,000 coded"
    yield "statements, 1m is 2,000 × 500 × 1,000,000. Seconds to the answer, and of processors, the database's"
    yield "included; the most memory of the server's process; and the p99 of small requests, alone and meanwhile."
    yield ""
    yield "| analysis | size | database | s | s of processors | MB | p99 alone | p99 meanwhile |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for each in found:
        times = f"{_range(each['seconds'])} | {_range(each['cpu_seconds'])} | {each['megabytes']:.0f}"
        p99 = f"{each['quiet_p99_ms']:.1f} ms | {each['p99_ms']:.1f} ms"
        yield f"| {each['question']} | {each['size']} | {each['database']} | {times} | {p99} |"
    yield ""


def _range(values: Sequence[float]) -> str:
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _targets(results: dict[str, Any]) -> Iterator[str]:
    yield "### Targets"
    yield ""
    yield "| target | wanted | measured | |"
    yield "|---|--:|--:|---|"
    for target in results["targets"]:
        sign = "≤" if target["at_most"] else "≥"
        met = "met" if target["met"] else "**missed**"
        yield f"| {target['what']} | {sign} {target['wanted']:g} | {target['measured']:.3g} | {met} |"
