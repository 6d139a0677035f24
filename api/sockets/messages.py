"""The messages of graphql-transport-ws: texts in, what they say out; and back."""

from typing import Any, Literal, NamedTuple, get_args

import orjson

from api.http.requests import Refused, decoded

PROTOCOL = "graphql-transport-ws"
"""The sub-protocol that both sides name in the handshake."""

NORMAL, GOING_AWAY = 1000, 1001
BAD_MESSAGE, UNAUTHORIZED, NOT_ACCEPTABLE, INIT_TIMEOUT = 4400, 4401, 4406, 4408
ID_IN_USE, SECOND_INIT, INTERNAL = 4409, 4429, 4500

LONGEST_REASON = 123
"""What the frame that closes a socket has room for, in bytes."""

Kind = Literal["connection_init", "ping", "pong", "subscribe", "complete"]

KINDS: tuple[Kind, ...] = get_args(Kind)


class Closing(Exception):
    """The socket has to be closed: with which code, and why."""

    def __init__(self, code: int, reason: str) -> None:
        """`reason` is cut to what there is room for."""
        super().__init__(reason)
        self.status = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


class Message(NamedTuple):
    """What a client says; `id` and `payload` are empty where its kind has none."""

    kind: Kind
    id: str
    payload: dict[str, Any]


def read_message(text: str | None) -> Message:
    """The message of a frame (None: a binary one); raises Closing for what is none of the protocol's."""
    if text is None:
        raise Closing(BAD_MESSAGE, "messages are text frames; this one is binary")
    try:
        message = decoded(text, "the message")
    except Refused as refused:
        raise Closing(BAD_MESSAGE, refused.message) from None
    if type(message) is not dict:
        raise Closing(BAD_MESSAGE, 'the message is not an object; send {"type": "…", …}')
    kind, identifier, payload = message.get("type"), message.get("id", ""), message.get("payload")
    if type(kind) is not str or kind not in KINDS:
        raise Closing(BAD_MESSAGE, f"the type of a message that a client sends is one of {', '.join(KINDS)}")
    if kind in ("subscribe", "complete") and (type(identifier) is not str or not identifier):
        raise Closing(BAD_MESSAGE, f"{kind} has to have an id, a text that is not empty")
    if payload is None and kind != "subscribe":
        payload = {}
    if type(payload) is not dict:
        raise Closing(BAD_MESSAGE, f"the payload of {kind} has to be an object")
    return Message(kind, identifier, payload)


ACKNOWLEDGED = '{"type":"connection_ack"}'

PONG = '{"type":"pong"}'


def next_message(identifier: str, result: bytes) -> str:
    """The result of an operation: `{"data":…}`, with errors or without."""
    return f'{{"id":{_quoted(identifier)},"type":"next","payload":{result.decode()}}}'


def error_message(identifier: str, errors: bytes) -> str:
    """The list of errors of an operation that has no result; it is over."""
    return f'{{"id":{_quoted(identifier)},"type":"error","payload":{errors.decode()}}}'


def complete_message(identifier: str) -> str:
    """The operation is over."""
    return f'{{"id":{_quoted(identifier)},"type":"complete"}}'


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()
