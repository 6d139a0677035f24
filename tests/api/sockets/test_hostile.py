"""Sockets of somebody who means no good: each is closed with exactly this code, and the next one is answered."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.hostile.requests import JSON, NARROW, REQUESTS
from tests.api.sockets.talking import CLOSE, PATIENCE, frame, initialised, is_well, opened, result, wired
from tests.api.sockets.waiting import Waiting
from tests.live import live

NO_OBJECT = 'the message is not an object; send {"type": "…", …}'
NO_JSON = "the message is not JSON in UTF-8"
NO_TYPE = "the type of a message that a client sends is one of connection_init, ping, pong, subscribe, complete"
ID, PAYLOAD = "subscribe has to have an id, a text that is not empty", "the payload of subscribe has to be an object"
ASKED = '{"id":"1","type":"subscribe","payload":%s}'

MESSAGES: dict[str, tuple[str | bytes, str]] = {
    "null": ("null", NO_OBJECT),
    "1": ("1", NO_OBJECT),
    "a text": ('"x"', NO_OBJECT),
    "true": ("true", NO_OBJECT),
    "a list": ("[]", NO_OBJECT),
    "lists a thousand deep": ("[" * 1_000 + "]" * 1_000, NO_OBJECT),
    "nothing": ("", NO_JSON),
    "no JSON": ("{", NO_JSON),
    "two messages": ('{"type":"ping"}{"type":"ping"}', NO_JSON),
    "half a surrogate pair": ('{"type":"\\ud800"}', NO_JSON),
    "not a number": ('{"type":NaN}', NO_JSON),
    "JSON without end": ("[" * 1_100 + "]" * 1_100, "the message is nested more than 1,024 deep"),
    "5,000 digits": ("9" * 5_000, "the message has a number in it that is too large"),
    "binary": (b'{"type":"ping"}', "messages are text frames; this one is binary"),
    "gzip": (b"\x1f\x8b\x08\x00", "messages are text frames; this one is binary"),
    "no type": ("{}", NO_TYPE),
    "a type that is a list": ('{"type":[]}', NO_TYPE),
    "a type that is an object": ('{"type":{}}', NO_TYPE),
    "a server's type": ('{"type":"next","id":"1","payload":{}}', NO_TYPE),
    "the legacy type": ('{"type":"start","id":"1","payload":{"query":"{__typename}"}}', NO_TYPE),
    "ping of a list": ('{"type":"ping","payload":[]}', "the payload of ping has to be an object"),
    "pong of a number": ('{"type":"pong","payload":0}', "the payload of pong has to be an object"),
    "complete without id": ('{"type":"complete"}', ID.replace("subscribe", "complete")),
    "subscribe without id": ('{"type":"subscribe","payload":{}}', ID),
    "an id that is empty": ('{"type":"subscribe","id":"","payload":{}}', ID),
    "an id that is a number": ('{"type":"subscribe","id":1,"payload":{}}', ID),
    "an id that is an object": ('{"type":"subscribe","id":{},"payload":{}}', ID),
    "no payload": ('{"type":"subscribe","id":"1"}', PAYLOAD),
    "payload null": (ASKED % "null", PAYLOAD),
    "payload text": (ASKED % '"{__typename}"', PAYLOAD),
    "no query": (ASKED % "{}", "the payload of subscribe has to have a query"),
    "a query that is a number": (ASKED % '{"query":1}', "query has to be a text"),
    "variables that are a list": (
        ASKED % '{"query":"{__typename}","variables":[]}',
        "variables has to be an object or null",
    ),
    "a name that is an object": (
        ASKED % '{"query":"{__typename}","operationName":{}}',
        "operationName has to be a text or null",
    ),
    "extensions that are a text": (
        ASKED % '{"query":"{__typename}","extensions":"x"}',
        "extensions has to be an object or null",
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_what_is_no_message_closes_the_socket(case: str, server: str) -> None:
    sent, reason = MESSAGES[case]
    with initialised(server) as talk:
        talk.connection.send(sent)
        assert talk.end() == (4400, reason)
    assert is_well(server)


@pytest.mark.parametrize("payload", ["[]", "1", '"x"', "false"])
def test_a_connection_is_not_initialised_with_what_is_no_object(payload: str, server: str) -> None:
    with opened(server) as talk:
        talk.connection.send(f'{{"type":"connection_init","payload":{payload}}}')
        assert talk.end() == (4400, "the payload of connection_init has to be an object")
    assert is_well(server)


def test_nothing_is_answered_before_the_connection_is_initialised(server: str) -> None:
    with opened(server) as talk:
        talk.say("subscribe", id="1", payload={"query": "{ __typename }"})
        assert talk.end() == (4401, "Unauthorized; send connection_init first")
    assert is_well(server)


INVALID, PROTOCOL_ERROR = 1007, 1002

FRAMES: dict[str, tuple[bytes, int]] = {
    "invalid UTF-8": (frame(1, b'{"type":"\xff"}'), INVALID),
    "half a character": (frame(1, b'"\xc3"'), INVALID),
    "a surrogate in UTF-8": (frame(1, b'"\xed\xa0\x80"'), INVALID),
    "invalid UTF-8 in two pieces": (frame(1, b'"\xc3', fin=False) + frame(0, b'"'), INVALID),
    "no mask": (frame(1, b"{}", masked=False), PROTOCOL_ERROR),
    "an opcode that there is not": (frame(3, b"{}"), PROTOCOL_ERROR),
    "a control opcode that there is not": (frame(11), PROTOCOL_ERROR),
    "a compressed frame": (frame(1, b"{}", reserved=4), PROTOCOL_ERROR),
    "the rest of nothing": (frame(0, b"{}"), PROTOCOL_ERROR),
    "a message in a message": (frame(1, b"{", fin=False) + frame(1, b"}"), PROTOCOL_ERROR),
    "a ping in pieces": (frame(9, b"x", fin=False), PROTOCOL_ERROR),
    "a ping that is too long": (frame(9, b"x" * 126), PROTOCOL_ERROR),
    "a close of one byte": (frame(8, b"\x03"), PROTOCOL_ERROR),
    "a close with no code": (frame(8, b"\x00\x01"), PROTOCOL_ERROR),
    "a close with invalid UTF-8": (frame(8, b"\x03\xe8\xff"), INVALID),
}


@pytest.mark.parametrize("case", FRAMES)
def test_what_is_no_frame_closes_the_socket(case: str, server: str, caplog: pytest.LogCaptureFixture) -> None:
    sent, code = FRAMES[case]
    with wired(server) as wire:
        assert wire.head()[0] == 101
        wire.send(sent)
        assert [(opcode, int.from_bytes(content[:2])) for opcode, content in wire.frames()] == [(8, code)]
    assert caplog.records == []
    assert is_well(server)


def test_a_message_comes_in_as_many_pieces_as_it_likes(server: str) -> None:
    with wired(server) as wire:
        wire.head()
        wire.send(frame(1, b'{"type"', fin=False) + frame(0, b"", fin=False) * 5_000 + frame(0, b':"ping"}'))
        assert wire.body(17) == b'\x81\x0f{"type":"pong"}'
        wire.send(frame(9, b"there?") + frame(8, b"\x03\xe8"))
        assert wire.frames() == [(1, b'{"type":"pong"}'), (10, b"there?"), (8, b"\x03\xe8")]
    assert is_well(server)


@pytest.fixture(scope="module")
def narrow(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that lets little through, and waits for hardly anything."""
    file = tmp_path_factory.mktemp("narrow") / "stancebase.db"
    file.write_bytes(article_template.read_bytes())
    with live(file, answer_cache_megabytes=0, **NARROW) as address:
        yield address


QUERIES = {
    case: (json.loads(request.content), request)
    for case, request in REQUESTS.items()
    if request.method == "POST" and request.headers == JSON and request.code not in ("BAD_REQUEST", "BODY_TOO_LARGE")
}


@pytest.mark.parametrize("case", QUERIES)
def test_every_limit_on_a_query_holds_over_a_socket(case: str, narrow: str, statements: list[str]) -> None:
    payload, request = QUERIES[case]
    with initialised(narrow) as talk:
        (heard,) = talk.ask("1", **payload)
        (error,) = heard["payload"]
        assert (heard["type"], error["extensions"]["code"], error["message"]) == (
            "error",
            request.code,
            request.message,
        )
        assert len(statements) == case.startswith(("network", "timeline"))
        assert talk.ask("1", query="{ __typename }") == result("1", {"data": {"__typename": "Query"}})
    assert is_well(narrow)


def test_those_queries_are_many() -> None:
    assert len(QUERIES) > 20


LARGE = "the message is over the limit of 3000 bytes (max_body_bytes)"


def closed(address: str, sent: bytes) -> tuple[int, str]:
    """The code and reason of the frame that closes a socket on which this is sent; nothing else is said."""
    with wired(address) as wire:
        wire.head()
        wire.send(sent)
        ((opcode, content),) = wire.frames()
    assert opcode == CLOSE
    return int.from_bytes(content[:2]), content[2:].decode()


# How a client goes on that does not listen: more than the system keeps for a server that does not read.
DEAF = frame(1, b" " * 2_000) * 3_000


@pytest.mark.parametrize("after", [b"", DEAF], ids=["", "deaf"])
@pytest.mark.parametrize(
    "begun",
    [frame(1, b" " * 3_001), frame(1, b" " * 31, fin=False) + frame(0, b" " * 31, fin=False) * 99],
    ids=["at once", "in pieces"],
)
def test_a_message_that_is_too_long_is_not_waited_for(begun: bytes, after: bytes, narrow: str) -> None:
    assert closed(narrow, begun + after) == (1009, LARGE)
    assert is_well(narrow)


def test_who_does_not_listen_is_told_all_the_same(narrow: str) -> None:
    assert closed(narrow, frame(1, b"\xff") + DEAF) == (1007, "the message is not in UTF-8")
    assert closed(narrow, frame(1, b"{") + DEAF) == (4400, NO_JSON)
    assert is_well(narrow)


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that waits for hardly any time."""
    file = tmp_path_factory.mktemp("impatient") / "stancebase.db"
    with live(file, socket_init_seconds=0.3, socket_idle_seconds=0.3, request_seconds=0.3) as address:
        yield address


@pytest.mark.parametrize("sent", [[], ['{"type":"ping"}'], ['{"type":"pong"}'] * 100])
def test_who_does_not_initialise_the_connection_is_sent_away(sent: list[str], impatient: str) -> None:
    with wired(impatient) as wire:
        wire.head()
        wire.send(b"".join(frame(1, text.encode()) for text in sent))
        *_, (opcode, content) = wire.frames()
    assert (opcode, content) == (8, (4408).to_bytes(2) + b"Connection initialisation timeout (socket_init_seconds)")


def test_who_has_nothing_to_say_is_sent_away(impatient: str) -> None:
    with wired(impatient) as wire:
        wire.head()
        wire.send(frame(1, b'{"type":"connection_init"}'))
        acknowledged, closed = wire.frames()
    assert acknowledged == (1, b'{"type":"connection_ack"}')
    assert closed == (8, (1000).to_bytes(2) + b"idle for 0.3 s, the limit (socket_idle_seconds)")


def test_who_waits_for_an_answer_is_not_idle(impatient: str, waiting: Waiting) -> None:
    with initialised(impatient) as talk:
        talk.say("subscribe", id="1", payload={"query": "{ stances { totalCount } }"})
        assert waiting.begun.acquire(timeout=PATIENCE)
        with pytest.raises(TimeoutError):
            talk.connection.recv(timeout=0.6)
        waiting.let_go(0)
        assert [talk.hear(), talk.hear()] == result("1", {"data": {"stances": {"totalCount": 0}}})
        assert talk.end() == (1000, "idle for 0.3 s, the limit (socket_idle_seconds)")


def test_a_mistake_of_ours_closes_the_socket_with_its_id(
    server: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with initialised(server, additional_headers={"x-request-id": "mine"}) as talk, monkeypatch.context() as patched:
        patched.setattr("api.sockets.session.request_of", lambda payload: 1 / 0)
        talk.say("subscribe", id="1", payload={"query": "{ __typename }"})
        assert talk.end() == (4500, "Internal server error; report it with the id mine")
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["socket mine failed"]
    assert is_well(server)


def test_who_does_not_answer_a_ping_is_sent_away(tmp_path: Path) -> None:
    with live(tmp_path / "stancebase.db", socket_ping_seconds=0.05) as address, wired(address) as wire:
        wire.head()
        ping, closed = wire.frames()
    assert ping[0] == 9
    assert (closed[0], int.from_bytes(closed[1][:2])) == (8, 1011)


def test_who_reads_no_answers_is_not_read_either(tmp_path: Path) -> None:
    many = {"query": "{ __schema { types { name fields { name type { name } } } } }"}
    questions = (
        frame(1, json.dumps({"id": str(number), "type": "subscribe", "payload": many}).encode()) + frame(9, b"x" * 125)
        for number in range(200_000)
    )
    with live(tmp_path / "stancebase.db") as address:
        with wired(address) as wire:
            wire.head()
            wire.send(frame(1, b'{"type":"connection_init"}'))
            assert wire.fill(questions) < 200_000
        with initialised(address) as talk:
            assert talk.ask("1", query="{ __typename }") == result("1", {"data": {"__typename": "Query"}})
