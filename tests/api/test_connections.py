"""What a connection may take before it has said what it wants, on real sockets: each refusal to the byte."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.api.sockets.talking import HANDSHAKE, PING, PONG, frame
from tests.live import live

HEAD = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 25"
BODY = b'{"query":"{__typename}" }'
REQUEST = HEAD + b"\r\n\r\n" + BODY


@contextmanager
def listening(file: Path, **settings: Any) -> Iterator[tuple[str, int]]:
    """The host and port of a real server."""
    with live(file, **settings) as address:
        yield place_of(address)


def place_of(address: str) -> tuple[str, int]:
    """The host and port of an address."""
    found = urlsplit(address)
    assert found.hostname is not None
    assert found.port is not None
    return found.hostname, found.port


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Waits for a minute, which no test takes; but not for another request."""
    file = tmp_path_factory.mktemp("patient") / "stancebase.db"
    with listening(file, request_seconds=60, keep_alive_seconds=1, max_header_bytes=1_000) as address:
        yield address


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """Waits for hardly any time."""
    file = tmp_path_factory.mktemp("impatient") / "stancebase.db"
    with listening(file, request_seconds=0.3, keep_alive_seconds=1) as address:
        yield address


def all_said(address: tuple[str, int], *pieces: bytes) -> bytes:
    """Everything that comes back until the server closes the connection."""
    with socket.create_connection(address, timeout=30) as connection:
        for piece in pieces:
            connection.sendall(piece)
        text = b""
        while received := connection.recv(65_536):
            text += received
    return text


def answers(address: tuple[str, int], *pieces: bytes) -> list[tuple[int, dict[str, str], Any]]:
    """The status, headers and body of each response in it."""
    text, found = all_said(address, *pieces), []
    while text:
        head, _, rest = text.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        length = int(headers["content-length"])
        found.append((int(status.split()[1]), headers, json.loads(rest[:length])))
        text = rest[length:]
    return found


def refusal(address: tuple[str, int], *pieces: bytes) -> tuple[int, str, str]:
    """The one refusal that comes back."""
    ((status, headers, body),) = answers(address, *pieces)
    assert headers["connection"] == "close"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "application/json"
    (error,) = body["errors"]
    return status, error["extensions"]["code"], error["message"]


def is_well(address: tuple[str, int]) -> bool:
    ((status, _, body),) = answers(address, HEAD + b"\r\nconnection: close\r\n\r\n" + BODY)
    return (status, body) == (200, {"data": {"__typename": "Query"}})


LATE = (408, "REQUEST_TIMEOUT", "the request took over 0.3 s to arrive, the limit (request_seconds)")
LARGE = (431, "HEADERS_TOO_LARGE", "the headers are over the limit of 1000 bytes (max_header_bytes)")


@pytest.mark.parametrize("piece", [REQUEST[:1], HEAD[:30], HEAD, HEAD + b"\r\n\r\n", REQUEST[:-1]])
def test_a_request_that_does_not_come_whole_is_told_so(piece: bytes, impatient: tuple[str, int]) -> None:
    assert refusal(impatient, piece) == LATE
    assert is_well(impatient)


def test_who_says_nothing_is_sent_away(impatient: tuple[str, int]) -> None:
    assert answers(impatient) == []
    assert is_well(impatient)


def test_the_time_begins_anew_with_each_request(impatient: tuple[str, int]) -> None:
    first, second = answers(impatient, REQUEST, HEAD)
    assert (first[0], second[0]) == (200, 408)


def test_who_has_no_more_to_ask_is_sent_away(impatient: tuple[str, int]) -> None:
    assert [status for status, _, _ in answers(impatient, REQUEST)] == [200]


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD + b"\r\nx: " + b"x" * 1_000 + b"\r\n\r\n" + BODY,),
        (HEAD + b"\r\nx: " + b"x" * 1_000,),
        (HEAD, *[b"\r\nx: x"] * ((1_000 - len(HEAD)) // 6 + 1)),
        (HEAD, *[b"\r\nx: " + b"x" * 60_000] * 100),
        (b"GET /" + b"x" * 2_000,),
    ],
)
def test_headers_without_end_are_refused(pieces: tuple[bytes, ...], patient: tuple[str, int]) -> None:
    assert refusal(patient, *pieces) == LARGE
    assert is_well(patient)


def test_a_long_body_is_no_long_header(patient: tuple[str, int]) -> None:
    body = BODY + b" " * 5_000
    head = HEAD.replace(b"content-length: 25", b"content-length: %d\r\nconnection: close" % len(body))
    ((status, _, _),) = answers(patient, head + b"\r\n\r\n" + body)
    assert status == 200


@pytest.mark.parametrize(
    "piece", [b"\x16\x03\x01\x02\x00\x01\x00\x01", b"HELO there\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
)
def test_what_is_no_http_is_told_so(piece: bytes, patient: tuple[str, int]) -> None:
    assert refusal(patient, piece) == (400, "BAD_REQUEST", "this is not an HTTP request")
    assert is_well(patient)


@pytest.mark.parametrize("piece", [b"HELO there\r\n\r\n", b"GET /" + b"x" * 2_000])
def test_who_does_not_hang_up_is_not_waited_for(
    piece: bytes, patient: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.lingering.LINGER_SECONDS", 0.05)
    with socket.create_connection(patient, timeout=30) as connection:
        connection.sendall(piece)
        while connection.recv(65_536):
            pass
        assert is_closed(connection)
    assert is_well(patient)


def is_closed(connection: socket.socket) -> bool:
    """Whether nobody takes what is sent any more: the system says so after a while."""
    with suppress(BrokenPipeError, ConnectionResetError):
        for _ in range(3_000):
            connection.sendall(b"x")
            sleep(0.01)
        return False
    return True


TOO_LARGE = {"code": "BODY_TOO_LARGE"}


def test_a_body_that_is_too_large_is_not_waited_for(impatient: tuple[str, int]) -> None:
    head = HEAD.replace(b"content-length: 25", b"content-length: 99999999999")
    ((status, _, body),) = answers(impatient, head + b"\r\n\r\n{")
    assert (status, body["errors"][0]["extensions"]) == (413, TOO_LARGE)
    assert is_well(impatient)


def test_who_sends_it_all_the_same_is_told_and_can_go_on(patient: tuple[str, int]) -> None:
    head = HEAD.replace(b"content-length: 25", b"content-length: 6000000")
    first, second = answers(patient, head + b"\r\n\r\n", b" " * 6_000_000, REQUEST)
    assert (first[0], first[2]["errors"][0]["extensions"]) == (413, TOO_LARGE)
    assert second[0] == 200


def test_who_sends_it_over_a_connection_of_its_own_is_told(patient: tuple[str, int]) -> None:
    head = HEAD.replace(b"content-length: 25", b"connection: close\r\ncontent-length: 6000000")
    ((status, headers, _),) = answers(patient, head + b"\r\n\r\n", b" " * 6_000_000)
    assert (status, headers["connection"]) == (413, "close")


def test_a_body_that_comes_after_its_answer_is_not_the_last_that_is_waited_for(patient: tuple[str, int]) -> None:
    with socket.create_connection(patient, timeout=30) as connection:
        connection.sendall(REQUEST.replace(b"/graphql", b"/nowhere")[:-1])
        assert connection.recv(65_536).startswith(b"HTTP/1.1 404 ")
        connection.sendall(b"}")
        assert connection.recv(65_536) == b""


def test_a_socket_is_no_connection_that_waits_for_a_request(patient: tuple[str, int]) -> None:
    handshake = "\r\n".join(["GET /graphql HTTP/1.1", *(f"{name}: {value}" for name, value in HANDSHAKE.items())])
    with socket.create_connection(patient, timeout=30) as connection:
        connection.sendall(REQUEST)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
        connection.sendall(handshake.encode() + b"\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 101 ")
        # A connection would have ended by then (keep_alive_seconds).
        sleep(1.2)
        connection.sendall(frame(PING, b"?"))
        assert connection.recv(65_536) == frame(PONG, b"?", masked=False)


def test_requests_in_one_piece_are_answered_in_their_order(patient: tuple[str, int]) -> None:
    last = HEAD + b"\r\nconnection: close\r\n\r\n" + BODY
    assert [status for status, _, _ in answers(patient, REQUEST * 5 + last)] == [200] * 6
