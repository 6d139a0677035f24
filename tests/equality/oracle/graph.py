"""The graph a second time: plain resolvers over plain objects, executed by graphql-core.

From the schema it takes only the printed SDL. Naive on purpose: it sorts, filters and counts whole lists. A field
that has no resolver here is the attribute of its record, so a new column needs nothing; a new field that is more
than a column fails until its meaning is written down here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLResolveInfo, GraphQLSchema, build_schema
from graphql.execution import execute_sync
from graphql.pyutils import camel_to_snake

from tests.equality.oracle.changes import MIRRORED, ByDay, changes
from tests.equality.oracle.filters import meets
from tests.equality.oracle.pages import Order, Page, Relevance
from tests.equality.oracle.polarization import agreement, consensus
from tests.equality.oracle.records import Record, Records
from tests.equality.oracle.search import found, id_of

Resolver = Callable[..., Any]
RESOLVERS: dict[str, Resolver] = {}


def resolves(*fields: str) -> Callable[[Resolver], Resolver]:
    """A decorator: what these fields (`Type.field`) are, from the world's records, the parent and the arguments."""

    def decorate(resolver: Resolver) -> Resolver:
        RESOLVERS.update(dict.fromkeys(fields, resolver))
        return resolver

    return decorate


@cache
def schema_of(sdl: str) -> GraphQLSchema:
    """Made once for all worlds."""
    return build_schema(sdl)


@dataclass
class Oracle:
    """Answers operations over one world's rows."""

    sdl: str
    records: Records
    root_fields: int = 0
    """How many fields of the last operation's root were resolved: what the database is needed for."""
    analyses: int = 0
    """How many of its fields need groundwork."""

    def __post_init__(self) -> None:
        self._schema = schema_of(self.sdl)

    def answer(self, document: DocumentNode, variables: dict[str, Any] | None, name: str | None) -> ExecutionResult:
        """The result of an operation."""
        self.root_fields = self.analyses = 0
        result = execute_sync(
            self._schema,
            document,
            root_value=Record("Query", {}),
            context_value=self,
            variable_values=variables,
            operation_name=name,
            field_resolver=_resolve,
            type_resolver=lambda record, info, type_: record.type_name,
        )
        assert isinstance(result, ExecutionResult)
        return result


def _resolve(parent: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    if info.path.prev is None:
        info.context.root_fields += 1
    resolver = RESOLVERS.get(f"{info.parent_type.name}.{info.field_name}")
    given = {camel_to_snake(name): value for name, value in arguments.items()}
    if resolver is not None:
        return resolver(info.context, parent, **given)
    if isinstance(parent, dict):
        return parent[info.field_name]
    value = getattr(parent, camel_to_snake(info.field_name))
    if str(info.return_type).rstrip("!").endswith("Connection"):
        return page(info.context, value, **given)
    assert not given, f"{info.parent_type}.{info.field_name}: the oracle knows no arguments of it"
    return value


def page(oracle: Oracle, records: list[Record], filter: Any = None, order_by: Any = None, **window: Any) -> Page:
    """One page of those of the records that meet the filter."""
    return Page([record for record in records if meets(record, filter)], Order(order_by), **window)


def in_force(record: Record, day: str | None, start: str = "since", end: str = "until") -> bool:
    """Whether a span holds on a day: both ends belong to it, a missing end is open. Always, if no day is given."""
    since, until = getattr(record, start), getattr(record, end)
    return day is None or ((since is None or since <= day) and (until is None or day <= until))


@resolves("Node.id", "Entity.id", "Source.id", "Proposition.id", "Statement.id", "Stance.id")
def _id(oracle: Oracle, record: Record) -> str:
    return id_of(record)


@resolves("Query.node")
def _node(oracle: Oracle, parent: Any, id: str) -> Record | None:
    type_name, *key = bytes.fromhex(id).decode().split(":")
    columns = {"slug": key[0]} | ({"revision": int(key[1])} if type_name == "Stance" else {})
    return oracle.records.find(type_name, **columns)


@resolves("Query.nodes")
def _nodes(oracle: Oracle, parent: Any, ids: list[str]) -> list[Record | None]:
    return [_node(oracle, parent, id) for id in ids]


def _by_slug(type_name: str) -> Resolver:
    return lambda oracle, parent, slug: oracle.records.find(type_name, slug=slug)


def _list(type_name: str) -> Resolver:
    return lambda oracle, parent, **given: page(oracle, oracle.records.all(type_name), **given)


for _type_name, _plural in {
    "Entity": "entities",
    "Source": "sources",
    "Proposition": "propositions",
    "Statement": "statements",
}.items():
    resolves(f"Query.{_type_name.lower()}")(_by_slug(_type_name))
    resolves(f"Query.{_plural}")(_list(_type_name))


@resolves("Query.datasets")
def _datasets(oracle: Oracle, parent: Any) -> list[Record]:
    return oracle.records.all("Dataset")


@resolves("Query.stances")
def _all_stances(
    oracle: Oracle, parent: Any, as_of: str | None = None, known_at: str | None = None, **given: Any
) -> Page:
    def known(stance: Record) -> bool:
        if known_at is None:
            return stance.superseded_at is None
        then = datetime.fromisoformat(known_at)
        recorded, superseded = (
            text and datetime.fromisoformat(text) for text in (stance.recorded_at, stance.superseded_at)
        )
        return recorded <= then and (superseded is None or superseded > then)

    stances = oracle.records.all("Stance")
    return page(oracle, [stance for stance in stances if known(stance) and in_force(stance, as_of)], **given)


@resolves("Entity.stances", "Proposition.stances")
def _current_stances(oracle: Oracle, parent: Record, as_of: str | None = None, **given: Any) -> Page:
    current = [stance for stance in parent.stances if stance.superseded_at is None]
    return page(oracle, [stance for stance in current if in_force(stance, as_of)], **given)


@resolves("Statement.stances")
def _stances_of_statement(oracle: Oracle, statement: Record) -> list[Record]:
    return [stance for stance in statement.stances if stance.superseded_at is None]


@resolves("Entity.memberships")
def _memberships(oracle: Oracle, entity: Record, as_of: str | None = None) -> list[Record]:
    return [one for one in entity.memberships if in_force(one, as_of, "starts_on", "ends_on")]


@resolves("Entity.members")
def _members(oracle: Oracle, entity: Record, as_of: str | None = None) -> list[Record]:
    return [one for one in entity.members if in_force(one, as_of, "starts_on", "ends_on")]


@resolves("Statement.locator", "Membership.locator")
def _locator(oracle: Oracle, record: Record) -> dict[str, Any] | None:
    if record.locator_start is None:
        return None
    return {"start": record.locator_start, "end": record.locator_end, "sha256": record.locator_sha256}


def _mirrored_stances(oracle: Oracle, proposition: Record) -> list[Record]:
    """Current stances on a proposition and all that mirrors it, as positions on it."""
    positive = proposition.negation_of or proposition
    found = []
    for stance in oracle.records.all("Stance"):
        if stance.superseded_at is None and (stance.proposition.negation_of or stance.proposition) is positive:
            other_way_round = (stance.proposition is positive) != (proposition is positive)
            position = MIRRORED.get(stance.position, stance.position) if other_way_round else stance.position
            found.append(Record("Stance", stance.__dict__ | {"position": position}))
    return found


@resolves("Proposition.tally")
def _tally(oracle: Oracle, proposition: Record, as_of: str | None = None, filter: Any = None) -> dict[str, Any]:
    """How many holders take which position."""
    day = as_of or datetime.now(UTC).date().isoformat()
    holders: dict[str, set[int]] = {position: set() for position in ("SUPPORT", "OPPOSE", "NEUTRAL", "MIXED")}
    for stance in _mirrored_stances(oracle, proposition):
        if in_force(stance, day) and meets(stance, filter):
            holders[stance.position].add(stance.holder_id)
    return {
        "total": len(set().union(*holders.values())),
        "positions": [{"position": name, "count": len(who)} for name, who in holders.items()],
    }


@resolves("Proposition.polarization")
def _polarization(oracle: Oracle, proposition: Record, as_of: str | None = None, filter: Any = None) -> dict[str, Any]:
    """Of the same stances: how many holders are in which category, and what follows from that."""
    day = as_of or datetime.now(UTC).date().isoformat()
    stances = _mirrored_stances(oracle, proposition)
    holding = [stance for stance in stances if in_force(stance, day)]
    counted = [stance for stance in holding if meets(stance, filter)]
    holders = {stance.holder_id for stance in counted}
    categories = {"oppose": ["OPPOSE"], "middle": ["NEUTRAL", "MIXED"], "support": ["SUPPORT"]}
    counts = {
        name: len({stance.holder_id for stance in counted if stance.position in positions})
        for name, positions in categories.items()
    }
    scale = list(counts.values())
    return {
        "agreement": round(float(agreement(scale)), 10) if holders else None,
        "polarization": round(float((1 - agreement(scale)) / 2), 10) if holders else None,
        "consensus": round(consensus(scale), 10) if holders else None,
        "counts": counts,
        "coverage": {
            "holders": len(holders),
            "stances": len(counted),
            "without": len({stance.holder_id for stance in stances} - holders),
            "notInForce": len(stances) - len(holding),
            "filteredOut": len(holding) - len(counted),
        },
    }


@resolves("Query.stanceChanges")
def _stance_changes(oracle: Oracle, parent: Any, filter: Any = None, **given: Any) -> Page:
    start, end = given.pop("from", None) or "0001-01-01", given.pop("until", None) or "9999-12-31"
    found = [change for change in changes(oracle.records) if start <= change.day <= end]
    return Page([change for change in found if meets(change.as_filtered, filter)], ByDay(), **given)


@resolves("Query.search")
def _search(oracle: Oracle, parent: Any, query: str, types: list[str] | None = None, **window: Any) -> Page:
    return Page(found(oracle.records, query, types), Relevance(), **window)
