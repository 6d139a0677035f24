"""What can be exported as a table: one row for what, which columns in which order, chosen by which parameters.

Columns are only ever added at the end: who reads by place goes on reading.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.export.columns import Column, computed, constant, of_graph, resolver_of
from api.export.joins import column_of
from schema.engine.filters import where
from schema.engine.rows import Row, Rows
from schema.graph.spans import in_force
from schema.tables import Membership

QUOTATIONS = "Quotations remain their speakers'."
"""What holds whatever the licence of a data set says."""


@dataclass(frozen=True)
class Table:
    """One table: where its rows come from, its columns, and the flat parameters, which stand for filters."""

    name: str
    rows: str
    """What a row is, for readers."""
    columns: tuple[Column, ...]
    arguments: Mapping[str, str]
    """The arguments of the graph that choose its rows, with their types."""
    flat: Mapping[str, str]
    """Short parameters, each with the place in `filter` that it stands for and the operator there."""
    choose: Callable[[Mapping[str, Any]], Rows]
    """From those arguments, as a resolver gets them, to the rows."""
    children: tuple[str, ...] = ()
    """The relationships along which one row becomes several."""


def _columns(type_name: str, declared: str, *, child: str = "") -> tuple[Column, ...]:
    """`name path` a line; of the list `child` each row has one item."""
    pairs = [line.split() for line in declared.splitlines() if line.strip()]
    return tuple(of_graph(type_name, name, path, child=child) for name, path in pairs)


def listing(field: str) -> Callable[[Mapping[str, Any]], Rows]:
    """The rows of a list at the root of the graph."""

    def choose(arguments: Mapping[str, Any]) -> Rows:
        given = {name: value for name, value in arguments.items() if name != "filter"}
        rows: Rows = resolver_of("Query", field)(None, given)
        filter = arguments.get("filter")
        return rows if filter is None else rows.filter(where(filter, rows.row))

    return choose


def _memberships(arguments: Mapping[str, Any]) -> Rows:
    """Those of the entities that the filter chooses."""
    rows = Rows.of(Membership)
    membership, day = rows.row, arguments.get("as_of")
    if arguments.get("filter") is not None:
        members = listing("entities")({"filter": arguments["filter"]})
        rows = rows.filter(membership.member_id.in_(members.select(members.row.id)))
    return rows if day is None else rows.filter(in_force(membership.starts_on, membership.ends_on, day))


def _licence(prefix: str) -> str:
    """The columns that every table ends with: whose the row is."""
    return f"""
        dataset {prefix}dataset.slug
        dataset_title {prefix}dataset.title
        licence {prefix}dataset.licence
        attribution {prefix}dataset.attribution
    """


RIGHTS = constant(
    "quotation_rights", QUOTATIONS, "The licence is that of the annotations; what somebody said is not ours to license."
)

STATEMENT = """
    statement {1}slug
    {0}kind {1}kind
    {0}text {1}text
    {0}language {1}language
    stated_on {1}statedOn
    stated_on_precision {1}statedOnPrecision
    venue {1}venue
    speaker {1}speaker.slug
    speaker_name {1}speaker.name
    speaker_type {1}speaker.type
    on_behalf_of {1}onBehalfOf.slug
    on_behalf_of_name {1}onBehalfOf.name
    on_behalf_of_type {1}onBehalfOf.type
    responds_to {1}respondsTo.slug
    locator_start {1}locator.start
    locator_end {1}locator.end
    locator_sha256 {1}locator.sha256
    source {1}source.slug
    source_title {1}source.title
    source_url {1}source.url
    source_language {1}source.language
    source_published_on {1}source.publishedOn
    source_published_on_precision {1}source.publishedOnPrecision
    source_retrieved_on {1}source.retrievedOn
    source_text_sha256 {1}source.textSha256
    source_authors {1}source.authors
    source_publisher {1}source.publisher.slug
    source_publisher_name {1}source.publisher.name
    source_publisher_type {1}source.publisher.type
"""

STANCE = """
    stance slug
    revision revision
    position position
    condition condition
    since since
    since_precision sincePrecision
    until until
    until_precision untilPrecision
    confidence confidence
    recorded_at recordedAt
    superseded_at supersededAt
"""


ENDS = """
    holder holder.slug
    proposition proposition.slug
    evidence evidence.slug
"""


def _sign(row: Row) -> str:
    position = column_of(row, "position")
    return f"CASE {position} WHEN 'SUPPORT' THEN 1 WHEN 'OPPOSE' THEN -1 ELSE 0 END"


SIGN = computed(
    "sign",
    "Int",
    "1 for SUPPORT, -1 for OPPOSE, 0 for NEUTRAL and MIXED: towards the proposition as worded.",
    _sign,
)

STANCE_ARGUMENTS = {"filter": "StanceFilter", "asOf": "Date", "knownAt": "DateTime"}
STANCE_FLAT = {
    "holder": "holder.slug.in",
    "holderType": "holder.type.in",
    "memberOf": "holder.memberOf.slug.in",
    "proposition": "proposition.slug.in",
    "topic": "proposition.topic.in",
    "position": "position.in",
    "sinceFrom": "since.gte",
    "sinceTo": "since.lte",
    "evidenceFrom": "evidence.statedOn.gte",
    "evidenceTo": "evidence.statedOn.lte",
    "kind": "evidence.kind.in",
    "source": "evidence.source.slug.in",
}

STANCES = Table(
    name="stances",
    rows="a stance and one statement that it rests on",
    columns=(
        *_columns("Stance", STANCE),
        SIGN,
        *_columns(
            "Stance",
            """
            holder holder.slug
            holder_name holder.name
            holder_type holder.type
            holder_description holder.description
            holder_wikidata_id holder.wikidataId
            holder_aliases holder.aliases
            proposition proposition.slug
            proposition_text proposition.text
            proposition_topic proposition.topic
            proposition_negation_of proposition.negationOf.slug
            """,
        ),
        *_columns("Stance", STATEMENT.format("statement_", "evidence."), child="evidence"),
        *_columns("Stance", _licence("")),
        RIGHTS,
    ),
    arguments=STANCE_ARGUMENTS,
    flat=STANCE_FLAT,
    choose=listing("stances"),
    children=("evidence", "statement"),
)

STATEMENTS = Table(
    name="statements",
    rows="a statement",
    columns=(*_columns("Statement", STATEMENT.format("", "")), *_columns("Statement", _licence("")), RIGHTS),
    arguments={"filter": "StatementFilter"},
    flat={
        "speaker": "speaker.slug.in",
        "speakerType": "speaker.type.in",
        "memberOf": "speaker.memberOf.slug.in",
        "onBehalfOf": "onBehalfOf.slug.in",
        "kind": "kind.in",
        "source": "source.slug.in",
        "statedFrom": "statedOn.gte",
        "statedTo": "statedOn.lte",
    },
    choose=listing("statements"),
)

ENTITIES = Table(
    name="entities",
    rows="an entity",
    columns=_columns(
        "Entity",
        f"""
        entity slug
        name name
        type type
        description description
        wikidata_id wikidataId
        aliases aliases
        {_licence("")}
        """,
    ),
    arguments={"filter": "EntityFilter"},
    flat={"entity": "slug.in", "type": "type.in", "memberOf": "memberOf.slug.in"},
    choose=listing("entities"),
)

PROPOSITIONS = Table(
    name="propositions",
    rows="a proposition",
    columns=_columns(
        "Proposition",
        f"""
        proposition slug
        text text
        topic topic
        negation_of negationOf.slug
        {_licence("")}
        """,
    ),
    arguments={"filter": "PropositionFilter"},
    flat={"proposition": "slug.in", "topic": "topic.in"},
    choose=listing("propositions"),
)

MEMBERSHIPS = Table(
    name="memberships",
    rows="an office or affiliation of one entity in another",
    columns=_columns(
        "Membership",
        f"""
        member member.slug
        member_name member.name
        member_type member.type
        organization organization.slug
        organization_name organization.name
        organization_type organization.type
        role role
        starts_on startsOn
        starts_on_precision startsOnPrecision
        ends_on endsOn
        ends_on_precision endsOnPrecision
        source source.slug
        source_title source.title
        source_url source.url
        locator_start locator.start
        locator_end locator.end
        locator_sha256 locator.sha256
        {_licence("member.")}
        """,
    ),
    arguments={"filter": "EntityFilter", "asOf": "Date"},
    flat={"member": "slug.in", "memberType": "type.in", "memberOf": "memberOf.slug.in"},
    choose=_memberships,
)

EDGES = Table(
    name="stances",
    rows="a stance",
    columns=(
        *_columns("Stance", STANCE),
        SIGN,
        *_columns("Stance", ENDS + _licence("")),
        RIGHTS,
    ),
    arguments=STANCE_ARGUMENTS,
    flat=STANCE_FLAT,
    choose=listing("stances"),
)
"""The edges of a network: one for each stance."""

TABLES = {table.name: table for table in (STANCES, STATEMENTS, ENTITIES, PROPOSITIONS, MEMBERSHIPS)}
"""Every table, by its name in addresses."""
