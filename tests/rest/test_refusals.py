"""What a route refuses: each mistake told with the name of its parameter, in the shape of the graph's errors."""

from collections.abc import Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.database.interface import Row
from api.database.sqlite.database import SQLiteDatabase
from api.errors import StatementTimeout

Mistake = tuple[str, str | None, str]
"""Code, parameter and message."""

BAD = "BAD_USER_INPUT"
HEX = "5B2253494E43452044455343222C22323032342D30352D3237222C34375D"
STATEMENTS = "kind, speaker, onBehalfOf, source, text, statedFrom, statedTo, orderBy, direction, first, after"

REFUSALS: dict[str, tuple[str, list[Mistake]]] = {
    "an unknown parameter": (
        "/api/v1/statements?speeker=x",
        [(BAD, "speeker", f"there is no parameter 'speeker'; there are {STATEMENTS}. Did you mean 'speaker'?")],
    ),
    "a parameter where there is none": (
        "/api/v1/codebook?term=x",
        [(BAD, "term", "there is no parameter 'term'; there are none.")],
    ),
    "the path's name as a parameter": (
        "/api/v1/statements/stoltenberg-time-has-come?slug=x",
        [(BAD, "slug", "there is no parameter 'slug'; there are none.")],
    ),
    "a wrong term": (
        "/api/v1/stances?position=support",
        [
            (
                BAD,
                "position",
                "position: 'support' is none of SUPPORT, OPPOSE, NEUTRAL, MIXED. Did you mean 'SUPPORT'?",
            )
        ],
    ),
    "no term": (
        "/api/v1/stances?position=",
        [(BAD, "position", "position: '' is none of SUPPORT, OPPOSE, NEUTRAL, MIXED.")],
    ),
    "no date": (
        "/api/v1/stances?asOf=2024-02-30",
        [(BAD, "asOf", "asOf: '2024-02-30' is not a calendar date; write it as 2024-05-24")],
    ),
    "no instant": (
        "/api/v1/stances?knownAt=2024-02-03",
        [(BAD, "knownAt", "knownAt: '2024-02-03' is not an instant in UTC; write it as 2024-05-24T09:30:00Z")],
    ),
    "no number": (
        "/api/v1/stances?first=ten",
        [(BAD, "first", "first: 'ten' is not a whole number of at most 31 bits")],
    ),
    "a fraction": (
        "/api/v1/stances?first=1.5",
        [(BAD, "first", "first: '1.5' is not a whole number of at most 31 bits")],
    ),
    "digits of another script": (
        "/api/v1/stances?first=%D9%A1",
        [(BAD, "first", "first: '\u0661' is not a whole number of at most 31 bits")],
    ),
    "a number that is too large": (
        "/api/v1/stances?first=2147483648",
        [(BAD, "first", "first: '2147483648' is not a whole number of at most 31 bits")],
    ),
    "a number of no end": (
        f"/api/v1/stances?first={'9' * 5_000}",
        [(BAD, "first", f"first: '{'9' * 60}…' is not a whole number of at most 31 bits")],
    ),
    "a page that is too large": (
        "/api/v1/stances?first=101",
        [
            (
                BAD,
                "first",
                "first: 101 is over the limit of 100 a page (max_page_size); ask for at most 100 "
                "and go on from the page's cursor",
            )
        ],
    ),
    "a negative page": ("/api/v1/stances?first=-1", [(BAD, "first", "first: -1 is negative; ask for 0 to 100")]),
    "no cursor": (
        "/api/v1/stances?after=x",
        [
            (
                BAD,
                "after",
                "after: 'x' is not a cursor; hand back an endCursor, startCursor or edge cursor of this list as it was"
                " given",
            )
        ],
    ),
    "a cursor of another order": (
        f"/api/v1/stances?orderBy=POSITION&after={HEX}",
        [
            (
                BAD,
                "after",
                "after: the cursor belongs to a list ordered by SINCE DESC, this one is ordered by POSITION DESC;"
                " keep orderBy the same from page to page",
            )
        ],
    ),
    "a parameter twice": ("/api/v1/stances?first=1&first=2", [(BAD, "first", "first: is given 2 times; give it once")]),
    "NUL": (
        "/api/v1/stances?holder=a%00b",
        [(BAD, "holder", "holder: has a NUL character in it, which no text in this database has; remove it")],
    ),
    "NUL in the path": (
        "/api/v1/entities/a%00b",
        [(BAD, "slug", "slug: has a NUL character in it, which no text in this database has; remove it")],
    ),
    "not UTF-8": ("/api/v1/stances?holder=%ff", [(BAD, None, "the address is not percent-encoded UTF-8")]),
    "what is needed": ("/api/v1/search", [(BAD, "query", "query is missing; the words to look for.")]),
    "too many words": (
        "/api/v1/search?query=" + "a+" * 40,
        [(BAD, "query", "query: 40 words are over the limit of 32; search for the rarest of them")],
    ),
    "several mistakes": (
        "/api/v1/search?types=ENTITIES&limit=3",
        [
            (
                BAD,
                "limit",
                "there is no parameter 'limit'; there are query, types, first, after. Did you mean 'first'?",
            ),
            (BAD, "query", "query is missing; the words to look for."),
            (
                BAD,
                "types",
                "types: 'ENTITIES' is none of ENTITY, PROPOSITION, STATEMENT. Did you mean 'ENTITY'?",
            ),
        ],
    ),
}


def test_what_is_sent_in_masses_is_not_sent_back_in_masses(client: TestClient) -> None:
    unknown = client.get("/api/v1/stances?" + "&".join(f"p{number}" for number in range(1_000)))
    assert (unknown.status_code, len(mistakes(unknown))) == (400, 20)
    long = client.get(f"/api/v1/stances?{'x' * 7_000}=1")
    assert (long.status_code, len(long.content) < 500) == (400, True)
    many = client.get("/api/v1/stances?first=1" + "&position=SUPPORT" * 400)
    assert (many.status_code, many.json()["totalCount"] > 0) == (200, True)


def mistakes(answer: Any) -> list[Mistake]:
    """The errors of an answer, which are of one shape everywhere."""
    assert set(answer.json()) == {"errors"}
    found = []
    for error in answer.json()["errors"]:
        assert set(error) == {"message", "extensions"}
        assert {"code"} <= set(error["extensions"]) <= {"code", "parameter", "requestId"}
        found.append((error["extensions"]["code"], error["extensions"].get("parameter"), error["message"]))
    return found


@pytest.mark.parametrize("case", REFUSALS)
def test_a_parameter_that_cannot_be_is_told_by_name(case: str, client: TestClient, statements: list[str]) -> None:
    address, expected = REFUSALS[case]
    answer = client.get(address)
    assert mistakes(answer) == expected
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
    assert "etag" not in answer.headers
    assert statements == []


@pytest.mark.parametrize(
    ("address", "suggested"),
    [
        ("/api/v1/stance", " Did you mean '/api/v1/stances'?"),
        ("/api/v1/entities/a/b", " Did you mean '/api/v1/entities'?"),
        ("/api/v1/" + "x" * 500, ""),
    ],
)
def test_an_address_that_is_none_is_told_where_they_are(address: str, suggested: str, client: TestClient) -> None:
    answer = client.get(address)
    ((code, parameter, message),) = mistakes(answer)
    assert (answer.status_code, code, parameter) == (404, "NOT_FOUND", None)
    assert message.endswith(f"; the routes are in /openapi.json, and explained at /docs.{suggested}")


def test_the_bare_prefix_leads_to_the_documentation(client: TestClient) -> None:
    answer = client.get("/api/v1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("address", ["/api/v1/stances", "/api/v1/entities/nato", "/api/v1/codebook"])
def test_a_method_that_is_not_taken_is_told_which_are(method: str, address: str, client: TestClient) -> None:
    answer = client.request(method, address)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    message = f"{method} is no method of this address; it has GET, HEAD"
    assert mistakes(answer) == [("METHOD_NOT_ALLOWED", None, message)]


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [(StatementTimeout(5), 503, "STATEMENT_TIMEOUT"), (RuntimeError("a secret"), 500, "INTERNAL")],
)
def test_what_goes_wrong_on_our_side_is_told_without_what_it_was(
    raised: Exception, status: int, code: str, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(database: SQLiteDatabase, sql: str, parameters: Sequence[object] = (), **how: Any) -> Row:
        raise raised

    monkeypatch.setattr(SQLiteDatabase, "read", read)
    answer = client.get("/api/v1/stances")
    assert (answer.status_code, mistakes(answer)[0][0]) == (status, code)
    assert "secret" not in answer.text
    # The document does without the examples that it cannot have.
    document = client.get("/openapi.json")
    assert document.status_code == 200
    content = document.json()["paths"]["/api/v1/stances"]["get"]["responses"]["200"]["content"]["application/json"]
    assert "examples" not in content
