"""Frames and messages that hypothesis makes up: each socket ends with a close frame or an answer, and none hangs.

FUZZ_EXAMPLES=5000 makes so many of each.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.hostile.test_fuzz import CODES, FUZZ, PYTHON, REQUESTS, VALUES, as_json
from tests.api.sockets.talking import CLOSE, frame, is_well, wired

OURS = {1000, 1002, 1007, 1009, 4400, 4401, 4409, 4429}
"""The codes with which a socket can be closed for what was sent; 4500 is none of them."""

KINDS = ["connection_init", "ping", "pong", "subscribe", "complete", "next", "start", "", None, 1, [], {}]
IDS = st.sampled_from(["1", "2", "", 'é"', 1, None, {}])
MESSAGES = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS)}, optional={"id": IDS, "payload": REQUESTS | VALUES | st.none()}
)
TEXTS = MESSAGES.map(as_json) | VALUES.map(as_json) | st.binary(max_size=300)

# What a client may close a socket with by itself; the server says the same.
THEIRS = {1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)}

BYE = frame(CLOSE, (1000).to_bytes(2))


def check(frames: list[tuple[int, bytes]], codes: set[int]) -> None:
    """What a socket said till its end: messages of the protocol, and at last a close frame of one of the codes."""
    *said, (opcode, content) = [each for each in frames if each[0] != 10]
    assert opcode == CLOSE
    assert int.from_bytes(content[:2]) in codes, content
    spoken = [content[2:].decode()]
    for opcode, content in said:
        assert opcode == 1
        message = json.loads(content)
        assert message["type"] in ("connection_ack", "pong", "next", "error", "complete")
        payload = message.get("payload", ())
        for error in payload if isinstance(payload, list) else dict(payload).get("errors", ()):
            assert error["extensions"]["code"] in CODES - {"INTERNAL"}
            assert len(error["message"]) < 1_000
            spoken.append(error["message"])
    assert not [word for text in spoken for word in PYTHON if word in text]


def conversed(server: str, sent: bytes) -> list[tuple[int, bytes]]:
    with wired(server) as wire:
        wire.head()
        wire.send(sent)
        return wire.frames()


@FUZZ
@given(texts=st.lists(TEXTS, max_size=6), initialised=st.booleans())
def test_no_message_is_too_strange(texts: list[bytes], initialised: bool, server: str) -> None:
    first = [b'{"type":"connection_init"}'] if initialised else []
    check(conversed(server, b"".join(frame(1, text) for text in [*first, *texts]) + BYE), OURS)


FRAMES = st.builds(
    frame,
    st.integers(0, 15),
    st.binary(max_size=200),
    fin=st.booleans(),
    reserved=st.sampled_from([0, 0, 0, 1, 4]),
    masked=st.sampled_from([True, True, True, False]),
)


@FUZZ
@given(frames=st.lists(FRAMES, max_size=5))
def test_no_frame_is_too_strange(frames: list[bytes], server: str) -> None:
    # A close without a code is answered by one.
    check(conversed(server, b"".join(frames) + BYE), OURS | THEIRS | {0})


@FUZZ
@given(data=st.binary(max_size=300))
def test_no_bytes_are_too_strange(data: bytes, server: str) -> None:
    # It may be that they are the beginning of a frame: then nothing can be said before the rest of it.
    with wired(server) as wire:
        wire.head()
        wire.send(data)
        wire.hang_up()
        said: Any = wire.frames()
    assert not said or said[-1][0] in (1, 9, 10, CLOSE)


@pytest.fixture(autouse=True, scope="module")
def afterwards(server: str) -> Any:
    """After all of that, the server answers as before."""
    yield
    assert is_well(server)
