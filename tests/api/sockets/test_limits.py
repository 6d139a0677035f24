"""How much can be under way: on one socket, and over all of them and HTTP together."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest

from tests.api.sockets.talking import ANSWER, PATIENCE, RAI, initialised, is_well, result
from tests.api.sockets.waiting import Waiting
from tests.live import live


@pytest.fixture(scope="module")
def small(article_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that does little at a time."""
    file = tmp_path_factory.mktemp("small") / "stancebase.db"
    file.write_bytes(article_template.read_bytes())
    with live(file, answer_cache_megabytes=0, max_in_flight=3, max_socket_operations=2) as address:
        yield address


def test_so_many_operations_can_a_socket_have_and_no_more(small: str, waiting: Waiting) -> None:
    with initialised(small) as talk:
        for identifier in "ab":
            talk.say("subscribe", id=identifier, payload=RAI)
            assert waiting.begun.acquire(timeout=PATIENCE)
        for identifier in "cde":
            (heard,) = talk.ask(identifier, **RAI)
            message = (
                "2 operations of this socket are under way, the limit (max_socket_operations); wait until one is"
                " complete"
            )
            error = {"message": message, "extensions": {"code": "TOO_MANY_OPERATIONS"}}
            assert heard == {"id": identifier, "type": "error", "payload": [error]}
        waiting.let_go(0)
        assert [talk.hear(), talk.hear()] == result("a", ANSWER)
        # There is room for one again; giving up makes room, too.
        talk.say("complete", id="b")
        for place, identifier in ((2, "b"), (3, "f")):
            talk.say("subscribe", id=identifier, payload=RAI)
            assert waiting.begun.acquire(timeout=PATIENCE)
            waiting.let_go(place)
            assert [talk.hear(), talk.hear()] == result(identifier, ANSWER)


def test_what_is_under_way_is_counted_over_all_sockets_and_http(small: str, waiting: Waiting) -> None:
    with ExitStack() as stack:
        talks = [stack.enter_context(initialised(small)) for _ in range(3)]
        for talk in talks:
            talk.say("subscribe", id="1", payload=RAI)
            assert waiting.begun.acquire(timeout=PATIENCE)
        (heard,) = talks[0].ask("2", **RAI)
        message = "3 requests are under way, the limit (max_in_flight); try again in 1 s"
        error = {"message": message, "extensions": {"code": "OVERLOADED"}}
        assert heard == {"id": "2", "type": "error", "payload": [error]}
        refused = httpx2.post(f"{small}/graphql", json=RAI)
        assert (refused.status_code, refused.json()) == (503, {"errors": [error]})
        assert httpx2.get(f"{small}/healthz").status_code == 200
        for place, talk in enumerate(talks):
            waiting.let_go(place)
            assert [talk.hear(), talk.hear()] == result("1", ANSWER)


def test_it_recovers_at_once(small: str) -> None:
    assert is_well(small)
    assert httpx2.post(f"{small}/graphql", json=RAI).json() == ANSWER
