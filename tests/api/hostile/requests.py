"""Requests of somebody who means no good: for each limit the least that exceeds it, and exactly what it gets."""

import json
from typing import Any, NamedTuple

NARROW: dict[str, Any] = {
    "max_tokens": 60,
    "max_operations": 2,
    "max_fragments": 2,
    "max_root_fields": 3,
    "max_aliases": 2,
    "max_fields": 8,
    "max_depth": 4,
    "max_filter_objects": 4,
    "max_filter_depth": 2,
    "max_variable_values": 10,
    "max_variable_depth": 3,
    "max_page_size": 5,
    "default_page_size": 2,
    "max_cost": 100,
    "max_network_holders": 20,
    "max_network_edges": 10,
    "max_network_evidence": 20,
    "max_timeline_windows": 4,
    "max_timeline_statements": 29,
    "max_timeline_holders": 8,
    "max_analysis_cost": 30,
    "max_body_bytes": 3_000,
    "max_url_bytes": 400,
    "batch_size": 2,
}
"""The settings of a server that lets little through."""

HOLDERS = (
    "the selection has 26 holders with coded statements, over the limit of 20 (max_network_holders); choose fewer by "
    "holders, propositions, evidence, from and until, or count them together by rollUp"
)
STRONGEST = "; ask for the strongest edges by minWeight, or choose fewer holders"
EDGES = f"the network has 39 edges, over the limit of 10 (max_network_edges){STRONGEST}"
EVIDENCE = f"the edges rest on 44 coded statements, over the limit of 20 (max_network_evidence){STRONGEST}"
VALUES = (
    "the answer holds about 38 values, over the limit of 30 for one analysis (max_analysis_cost); choose less by "
    "filters, from, until or minWeight, or ask for fewer fields"
)
WINDOWS = (
    "from 2024-01-01 until 2024-01-10 there are 10 windows, over the limit of 4 (max_timeline_windows); take every: "
    "WEEK, or a shorter range by from and until"
)
TIMELINE_STATEMENTS = (
    "the windows have 30 coded statements in them, over the limit of 29 (max_timeline_statements); take a smaller "
    "window, or choose fewer holders or propositions"
)
TIMELINE_EVIDENCE = (
    "the windows rest on 26 coded statements, over the limit of 20 (max_network_evidence); take a smaller window or a "
    "shorter range by from and until, or choose fewer holders"
)
TIMELINE_HOLDERS = (
    "the windows have 9 holders to compare with each other, over the limit of 8 (max_timeline_holders); take fewer "
    "windows, choose fewer holders, count them together by rollUp, or leave out balance"
)

JSON = {"content-type": "application/json"}
Q = '{"query": "{ __typename }", "variables": {"v": %s}}'


class Hostile(NamedTuple):
    """A request, and its refusal; `status` is that of the media type of GraphQL's own."""

    status: int
    code: str
    message: str
    method: str = "POST"
    url: str = "/graphql"
    content: str | bytes = ""
    headers: dict[str, str] = JSON


def query(code: str, message: str, text: str, variables: Any = None) -> Hostile:
    return Hostile(400, code, message, content=json.dumps({"query": text, "variables": variables}))


def body(message: str, content: str | bytes) -> Hostile:
    return Hostile(400, "BAD_REQUEST", message, content=content)


def get(status: int, code: str, message: str, url: str) -> Hostile:
    return Hostile(status, code, message, "GET", url, headers={})


def wide(found: int, what: str, limit: int, name: str) -> str:
    return f"the query has {found} {what}, over the limit of {limit} ({name}); split it into several"


def nested(opening: str, closing: str, times: int) -> str:
    return opening * times + closing * times


TOO_LONG = (
    "the query has more than 60 tokens, the limit (max_tokens); split it into several, and give long lists as variables"
)
DEEP_VALUE = "a variable is nested more than 3 lists and objects deep, the limit (max_variable_depth)"
MANY_VALUES = (
    "the variables have 11 values in them, over the limit of 10 (max_variable_values); ask for fewer at a time"
)
LONG_URL = "the address is over the limit of 400 bytes (max_url_bytes); shorten it, or send the query by POST"
FILTER = "query ($f: EntityFilter) { entities(filter: $f) { totalCount } }"
CYCLE = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"

REQUESTS = {
    "tokens": query("QUERY_TOO_LONG", TOO_LONG, f"{{ {'a ' * 59}}}"),
    "tokens in a list": query("QUERY_TOO_LONG", TOO_LONG, f"{{ nodes(ids: [{'1 ' * 60}]) {{ id }} }}"),
    "operations": query(
        "QUERY_TOO_WIDE",
        wide(3, "operations", 2, "max_operations"),
        " ".join(f"query q{number} {{ __typename }}" for number in range(3)),
    ),
    "fragments": query(
        "QUERY_TOO_WIDE",
        wide(3, "fragments", 2, "max_fragments"),
        "{ ...F0 } " + " ".join(f"fragment F{number} on Query {{ __typename }}" for number in range(3)),
    ),
    "root fields": query("QUERY_TOO_WIDE", wide(4, "root fields", 3, "max_root_fields"), f"{{ {'__typename ' * 4}}}"),
    "root fields in fragments": query(
        "QUERY_TOO_WIDE",
        wide(4, "root fields", 3, "max_root_fields"),
        "{ ...A ... { __typename } } fragment A on Query { __typename ...B } "
        "fragment B on Query { __typename __typename }",
    ),
    "aliases": query(
        "QUERY_TOO_WIDE", wide(3, "aliases", 2, "max_aliases"), '{ entity(slug: "a") { a: name b: name c: name } }'
    ),
    "aliases in fragments": query(
        "QUERY_TOO_WIDE",
        wide(3, "aliases", 2, "max_aliases"),
        "{ a: __typename ...F } fragment F on Query { b: __typename ... { c: __typename } }",
    ),
    "fields": query(
        "QUERY_TOO_WIDE",
        "the query asks for more than 8 fields (max_fields); split it into several",
        '{ entity(slug: "a") { id slug name type aliases } proposition(slug: "a") { id slug text } }',
    ),
    "depth": query(
        "QUERY_TOO_DEEP",
        "the query is nested 5 levels deep at entity.memberships.organization.memberships.role; the limit is 4 "
        "(max_depth): ask for less in one query, and for the rest by id in the next",
        '{ entity(slug: "a") { memberships { organization { memberships { role } } } } }',
    ),
    "fragments in a circle": query(
        "GRAPHQL_VALIDATION_FAILED", "Cannot spread fragment 'A' within itself via 'B'.", CYCLE
    ),
    "filter objects": query(
        "QUERY_TOO_WIDE",
        "the query's filters and orders have more than 4 objects in them (max_filter_objects); ask for many values with"
        " `in`, or split the query into several",
        FILTER,
        {"f": {"or": [{}, {}, {}, {}]}},
    ),
    "filter depth": query(
        "QUERY_TOO_DEEP",
        "a filter is nested more than 2 objects deep (max_filter_depth); say the same with fewer inside each other",
        FILTER,
        {"f": {"not": {"not": {}}}},
    ),
    "cost": query(
        "COST_LIMIT_EXCEEDED",
        "the answer could hold 162 values, over the limit of 100 for one query (max_cost); ask for smaller pages "
        "(first) or fewer fields",
        "{ entities(first: 5) { nodes { slug aliases memberships { role } } } }",
    ),
    "network's holders": query("COST_LIMIT_EXCEEDED", HOLDERS, "{ agreementNetwork { nodes { degree } } }"),
    "network's edges": query(
        "COST_LIMIT_EXCEEDED", EDGES, "{ agreementNetwork(holders: { type: { eq: COUNTRY } }) { edges { weight } } }"
    ),
    "network's evidence": query(
        "COST_LIMIT_EXCEEDED",
        EVIDENCE,
        "{ agreementNetwork(holders: { type: { eq: COUNTRY } }, minWeight: 2) { edges { evidence { __typename } } } }",
    ),
    "network's values": query(
        "COST_LIMIT_EXCEEDED",
        VALUES,
        "{ agreementNetwork(holders: { type: { eq: COUNTRY } }) { nodes { codedStatements degree } } }",
    ),
    "timeline's windows": query(
        "COST_LIMIT_EXCEEDED", WINDOWS, '{ timeline(every: DAY, from: "2024-01-01", until: "2024-01-10") { every } }'
    ),
    "timeline's statements": query("COST_LIMIT_EXCEEDED", TIMELINE_STATEMENTS, "{ timeline { every } }"),
    "timeline's evidence": query(
        "COST_LIMIT_EXCEEDED",
        TIMELINE_EVIDENCE,
        '{ timeline(from: "2024-05-01", holders: { type: { eq: PERSON } }, duplicates: INCLUDE) { windows { evidence '
        "{ __typename } } } }",
    ),
    "timeline's holders": query(
        "COST_LIMIT_EXCEEDED",
        TIMELINE_HOLDERS,
        "{ timeline(holders: { type: { eq: PERSON } }) { windows { balance { frustration } } } }",
    ),
    "page size": query(
        "BAD_USER_INPUT",
        "first: 6 is over the limit of 5 a page (max_page_size); ask for at most 5 and go on from the page's cursor",
        "{ entities(first: 6) { totalCount } }",
    ),
    "variables": query("VARIABLES_TOO_LARGE", MANY_VALUES, "{ __typename }", {"v": list(range(10))}),
    "variables by the name": query(
        "VARIABLES_TOO_LARGE", MANY_VALUES, "{ __typename }", {f"v{number}": 1 for number in range(11)}
    ),
    "variables in a cached query": query("VARIABLES_TOO_LARGE", MANY_VALUES, "{ __typename }", {"v": [[1] * 9]}),
    "deep lists": query("VARIABLES_TOO_LARGE", DEEP_VALUE, "{ __typename }", {"v": [[[[]]]]}),
    "deep objects": query("VARIABLES_TOO_LARGE", DEEP_VALUE, "{ __typename }", {"v": {"v": {"v": {"v": {}}}}}),
    "deep variables in the address": get(
        400, "VARIABLES_TOO_LARGE", DEEP_VALUE, '/graphql?query={__typename}&variables={"v":[[[[]]]]}'
    ),
    "JSON without end": body("the body is nested more than 1,024 deep", Q % nested("[", "]", 1_100)),
    "JSON a thousand deep": Hostile(400, "VARIABLES_TOO_LARGE", DEEP_VALUE, content=Q % nested("[", "]", 900)),
    "5,000 digits": Hostile(
        413,
        "BODY_TOO_LARGE",
        "the body is over the limit of 3000 bytes (max_body_bytes); send a shorter query",
        content=Q % ("9" * 5_000),
    ),
    "1,000 digits": body("the body has a number in it that is too large", Q % ("9" * 1_000)),
    "a number of a great exponent": body("the body has a number in it that is too large", Q % "1e999"),
    "half a surrogate pair": body("the body is not JSON in UTF-8", Q % '"\\ud800"'),
    "half a surrogate pair in the query": query(
        "GRAPHQL_PARSE_FAILED",
        "Syntax Error: Invalid Unicode escape sequence: '\\ud800'.",
        '{ entity(slug: "\\ud800") { name } }',
    ),
    "invalid UTF-8": body("the body is not JSON in UTF-8", b'{"query": "\xff"}'),
    "gzip": body("the body is not JSON in UTF-8", b"\x1f\x8b\x08\x00"),
    "gzip that says so": Hostile(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "the body is compressed, its content-encoding says; send it as it is",
        content=b"\x1f\x8b\x08\x00",
        headers=JSON | {"content-encoding": "gzip"},
    ),
    "another charset": Hostile(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "the body is not in UTF-8, its content-type says; send it in UTF-8",
        content="{}",
        headers={"content-type": "application/json; charset=utf-16"},
    ),
    "a form of another site": Hostile(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "the body is 'text/plain'; send JSON with content-type: application/json",
        content='{"query": "{ __typename }"}',
        headers={"content-type": "text/plain"},
    ),
    "a batch of too many": body("the body is a list of 3 operations; send 1 to 2 (batch_size)", "[{}, {}, {}]"),
    "a batch of none": body("the body is a list of 0 operations; send 1 to 2 (batch_size)", "[]"),
    "an address without end": get(414, "URL_TOO_LONG", LONG_URL, f"/graphql?query={{{'a+' * 400}}}"),
    "an escaped address without end": get(414, "URL_TOO_LONG", LONG_URL, f"/{'%41' * 134}"),
    "a REST address without end": get(414, "URL_TOO_LONG", LONG_URL, f"/api/v1/search?query={'a' * 400}"),
    "a mutation by GET": get(
        405, "METHOD_NOT_ALLOWED", "GET is for queries; this is a mutation", "/graphql?query=mutation+{+load+}"
    ),
    "the true of Python": query(
        "BAD_USER_INPUT",
        "Variable '$v' has invalid value: Int cannot represent non-integer value: true",
        "query ($v: Int) { entities(first: $v) { totalCount } }",
        {"v": True},
    ),
    "the None of Python": query(
        "BAD_USER_INPUT",
        "Variable '$f' has invalid value: Expected value of type 'EntityFilter' not to include unknown field 'x', "
        "found: {'x': [null, 'None']}.",
        FILTER,
        {"f": {"x": [None, "None"]}},
    ),
    "a date that is an object": query(
        "BAD_USER_INPUT",
        "Variable '$v' has invalid value: {\"a\": [null, true]} is not a calendar date; write it as 2024-05-24",
        "query ($v: Date) { stances(asOf: $v) { totalCount } }",
        {"v": {"a": [None, True]}},
    ),
}
