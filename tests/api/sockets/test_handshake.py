"""What a handshake has to be, who may make one, and how many; each refusal to the byte."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from api.http.crowd import SOCKETS, Crowd, client_of
from tests.api.sockets.talking import ANSWER, RAI, connect, initialised, is_well, opened, result, wired
from tests.live import live


def refusal(address: str, **how: Any) -> tuple[int, str, str]:
    """The status, code and message of the response that is no socket."""
    with pytest.raises(InvalidStatus) as raised, opened(address, **how):
        pass
    response = raised.value.response
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-request-id"]
    assert (response.headers.get("retry-after") is not None) == (response.status_code == 429)
    (error,) = json.loads(response.body)["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]


NOT_OURS = (4406, "Subprotocol not acceptable; use graphql-transport-ws")


@pytest.mark.parametrize("protocol", [None, "graphql-ws", "graphql-ws, soap", "GRAPHQL-TRANSPORT-WS"])
def test_other_protocols_are_not_spoken_least_of_all_the_legacy_one(protocol: str | None, server: str) -> None:
    with opened(server, protocol=protocol) as talk:
        assert talk.connection.subprotocol is None
        assert talk.end() == NOT_OURS
    assert is_well(server)


def test_of_several_protocols_ours_is_taken(server: str) -> None:
    with opened(server, protocol="graphql-ws, graphql-transport-ws") as talk:
        assert talk.connection.subprotocol == "graphql-transport-ws"


@pytest.fixture(scope="module")
def choosy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that answers the pages of one site, and its own."""
    with live(tmp_path_factory.mktemp("choosy") / "stancebase.db", cors_origins=["https://a.example"]) as address:
        yield address


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        (None, True),
        ("https://a.example", True),
        ("itself", True),
        ("http://a.example", False),
        ("https://a.example.org", False),
        ("https://b.example", False),
        ("null", False),
        ("é", False),
        ("x" * 1_000, False),
    ],
)
def test_only_pages_that_may_ask_over_http_may_ask_here(origin: str | None, welcome: bool, choosy: str) -> None:
    given = {} if origin is None else {"origin": choosy if origin == "itself" else origin}
    with wired(choosy, host=choosy.removeprefix("http://"), **given) as wire:
        status, headers = wire.head()
        if welcome:
            assert status == 101
            return
        (error,) = json.loads(wire.body(int(headers["content-length"])))["errors"]
    assert (status, error["extensions"]["code"]) == (403, "ORIGIN_NOT_ALLOWED")
    assert error["message"].endswith("may not ask this server; whoever runs it can let them in (cors_origins)")
    assert len(error["message"]) < 300


def test_what_is_refused_is_no_mistake_of_ours(choosy: str, caplog: pytest.LogCaptureFixture) -> None:
    assert refusal(choosy, origin="https://b.example")[0] == 403
    assert caplog.records == []


def test_any_page_may_ask_by_default(server: str) -> None:
    with wired(server, origin="https://anywhere.example") as wire:
        assert wire.head()[0] == 101


@pytest.mark.parametrize("path", ["/", "/graphql/", "/api/v1/stances", "/nowhere"])
def test_there_is_one_address(path: str, server: str) -> None:
    with pytest.raises(InvalidStatus) as raised:
        connect(f"{server.replace('http', 'ws', 1)}{path}", proxy=None)
    response = raised.value.response
    message = f"there is no WebSocket at {path}; that of the graph is at /graphql"
    assert response.status_code == 404
    assert json.loads(response.body) == {"errors": [{"message": message, "extensions": {"code": "NOT_FOUND"}}]}


def test_a_version_that_is_none_is_refused(server: str) -> None:
    status, code, message = refusal(server, additional_headers={"if-data-version-at-least": "x"})
    assert (status, code) == (400, "BAD_REQUEST")
    assert message.startswith("if-data-version-at-least is no version")


def test_an_address_without_end_is_refused(tmp_path: Path) -> None:
    with live(tmp_path / "stancebase.db", max_url_bytes=100) as address:
        with pytest.raises(InvalidStatus) as raised:
            connect(f"{address.replace('http', 'ws', 1)}/graphql?{'x' * 100}", proxy=None)
        assert raised.value.response.status_code == 414
        (error,) = json.loads(raised.value.response.body)["errors"]
        message = "the address is over the limit of 100 bytes (max_url_bytes); shorten it"
        assert error == {"message": message, "extensions": {"code": "URL_TOO_LONG"}}


@pytest.mark.parametrize(
    ("status", "method", "headers"),
    [
        (400, "GET", {"sec_websocket_key": None}),
        (400, "GET", {"sec_websocket_key": "short"}),
        (400, "GET", {"sec_websocket_version": None}),
        (400, "GET", {"sec_websocket_version": "8"}),
        (400, "GET", {"cookie": "x" * 9_000}),
        (400, "GET", {f"x-{number}": "x" for number in range(200)}),
        (405, "POST", {}),
    ],
)
def test_what_is_no_handshake_is_told_so(status: int, method: str, headers: dict[str, str | None], server: str) -> None:
    with wired(server, method, **headers) as wire:
        found, told = wire.head()
        (error,) = json.loads(wire.body(int(told["content-length"])))["errors"]
        assert wire.ends()
    message = "this is not a WebSocket handshake (RFC 6455, version 13); use a WebSocket client"
    assert (found, error) == (status, {"message": message, "extensions": {"code": "BAD_REQUEST"}})
    assert told["content-type"] == "application/json"
    assert is_well(server)


def test_so_many_sockets_can_a_client_have_and_no_more(article_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "stancebase.db"
    file.write_bytes(article_template.read_bytes())
    with live(file, max_sockets_per_client=2) as address:
        with initialised(address), initialised(address):
            assert refusal(address) == (
                429,
                "TOO_MANY_SOCKETS",
                "2 WebSockets of this client are open, the limit (max_sockets_per_client); ask over one of them",
            )
        with ExitStack() as stack:
            for _ in range(2):
                assert stack.enter_context(initialised(address)).ask("1", **RAI) == result("1", ANSWER)


def test_so_many_sockets_can_be_open_and_no_more() -> None:
    crowd = Crowd(SOCKETS, 2, 3)
    for client in ("a", "a", "b"):
        assert crowd.full(client) is None
        crowd.enter(client)
    assert "(max_sockets_per_client)" in str(crowd.full("a"))
    assert crowd.full("b") == "3 WebSockets are open, the limit (max_sockets)"
    crowd.leave("a")
    assert crowd.full("a") is None
    assert crowd.full("c") is None
    for client in ("a", "b"):
        crowd.leave(client)
    assert not crowd._open


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::7%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_or_a_network(host: str, client: str) -> None:
    assert client_of({"client": (host, 50_000)}) == client
    assert client_of({"client": None}) == client_of({}) == ""
