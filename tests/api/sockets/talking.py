"""A client of graphql-transport-ws that says anything: texts, frames, and bytes that are no frame."""

import base64
import json
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PROTOCOL = "graphql-transport-ws"

# How long anything may take that takes a few milliseconds on an idle machine.
PATIENCE = 30.0

# How long nothing has to be taken before it is said that nothing is.
FULL_SECONDS = 0.5

RAI = {"query": '{ entity(slug: "rai") { name } }'}
ANSWER = {"data": {"entity": {"name": "RAI"}}}


class Talk:
    """One socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def say(self, kind: str, **more: Any) -> None:
        """Send a message."""
        self.connection.send(json.dumps({"type": kind, **more}))

    def hear(self) -> Any:
        """The next message."""
        return json.loads(self.connection.recv(timeout=PATIENCE))

    def ask(self, identifier: str, **payload: Any) -> list[Any]:
        """The messages that answer an operation: `error`, or all up to `complete`."""
        self.say("subscribe", id=identifier, payload=payload)
        heard = [self.hear()]
        while heard[-1]["type"] == "next":
            heard.append(self.hear())
        return heard

    def end(self) -> tuple[int | None, str | None]:
        """The code and reason of the frame that closes the socket, before which nothing is said."""
        try:
            heard = self.connection.recv(timeout=PATIENCE)
        except ConnectionClosed:
            return self.connection.close_code, self.connection.close_reason
        raise AssertionError(f"the socket is not closed, but says {heard!r}")


@contextmanager
def opened(address: str, *, protocol: str | None = PROTOCOL, **how: Any) -> Iterator[Talk]:
    """A socket at a server's address, http://…, after the handshake."""
    url = f"{address.replace('http', 'ws', 1)}/graphql"
    named: Any = None if protocol is None else protocol.split(", ")
    with connect(url, subprotocols=named, proxy=None, open_timeout=PATIENCE, **how) as connection:
        yield Talk(connection)


@contextmanager
def initialised(address: str, **how: Any) -> Iterator[Talk]:
    """A socket that can be asked over."""
    with opened(address, **how) as talk:
        talk.say("connection_init")
        assert talk.hear() == {"type": "connection_ack"}
        yield talk


def is_well(address: str) -> bool:
    """Whether a socket is opened, asked and answered."""
    with initialised(address) as talk:
        return talk.ask("1", **RAI) == result("1", ANSWER)


def result(identifier: str, payload: Any) -> list[Any]:
    """The messages of an operation that has a result."""
    return [
        {"id": identifier, "type": "next", "payload": payload},
        {"id": identifier, "type": "complete"},
    ]


HANDSHAKE = {
    "host": "a",
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": base64.b64encode(b"x" * 16).decode(),
    "sec-websocket-protocol": PROTOCOL,
}


CLOSE, PING, PONG = 8, 9, 10


class Wire:
    """A socket whose bytes one writes oneself."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._received = connection, b""

    def ends(self) -> bool:
        """Whether the server has said all, and ends the connection."""
        return not self._more()

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def hang_up(self) -> None:
        """Say that nothing more will come."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)

    def fill(self, pieces: Iterable[bytes]) -> int:
        """Send without reading; how many pieces were taken until no more were."""
        self._connection.settimeout(FULL_SECONDS)
        taken = 0
        try:
            for piece in pieces:
                self.send(piece)
                taken += 1
        except TimeoutError:
            pass
        self._connection.settimeout(PATIENCE)
        return taken

    def head(self) -> tuple[int, dict[str, str]]:
        """The status and headers of the response to the handshake."""
        while b"\r\n\r\n" not in self._received:
            self._more()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        found = dict(line.split(": ", 1) for line in lines)
        return int(status.split()[1]), {name.lower(): value for name, value in found.items()}

    def body(self, length: int) -> bytes:
        while len(self._received) < length:
            self._more()
        return self._received[:length]

    def frames(self) -> list[tuple[int, bytes]]:
        """The opcode and content of each frame until the server ends the connection; a close frame is answered."""
        found: list[tuple[int, bytes]] = []
        while self._more():
            found += self._taken()
            if found and found[-1][0] == CLOSE:
                with suppress(OSError):
                    self.send(frame(*found[-1]))
        return found + self._taken()

    def _taken(self) -> list[tuple[int, bytes]]:
        """The frames that are here as a whole."""
        found = []
        while (data := self._received)[1:]:
            length, start = data[1], 2
            if length == 126:
                (length,), start = struct.unpack(">H", data[2:4]), 4
            if len(data) < start + length:
                break
            found.append((data[0] & 15, data[start : start + length]))
            self._received = data[start + length :]
        return found

    def _more(self) -> bool:
        try:
            piece = self._connection.recv(65_536)
        except ConnectionResetError:
            piece = b""
        self._received += piece
        return bool(piece)


@contextmanager
def wired(address: str, method: str = "GET", **headers: str | None) -> Iterator[Wire]:
    """A connection on which a handshake was sent, with these headers instead of the right ones (None: without)."""
    place = urlsplit(address)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in (HANDSHAKE | given).items() if value is not None]
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=PATIENCE) as connection:
        wire = Wire(connection)
        wire.send("\r\n".join([f"{method} /graphql HTTP/1.1", *lines, "", ""]).encode("latin-1"))
        yield wire


def frame(opcode: int, content: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True) -> bytes:
    """A frame as a client sends it, its mask all zeros."""
    first = fin << 7 | reserved << 4 | opcode
    if len(content) < 126:
        head = struct.pack(">BB", first, masked << 7 | len(content))
    else:
        head = struct.pack(">BBH", first, masked << 7 | 126, len(content))
    return head + (bytes(4) if masked else b"") + content
