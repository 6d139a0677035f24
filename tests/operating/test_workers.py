"""`--workers`: one welcome, one set of figures, the dead replaced, and all gone when the one above them is."""

import os
import signal
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.operating.server import Server, started, until

QUESTION = {"query": "{ entities { totalCount } }"}
ANSWER = {"data": {"entities": {"totalCount": 46}}}


def ask(server: Server, times: int) -> None:
    for _ in range(times):
        # A connection of its own each time: any of the workers takes it.
        assert httpx2.post(f"{server.address}/graphql", json=QUESTION).json() == ANSWER


def samples(server: Server) -> dict[tuple[str, str], float]:
    """What a scrape shows: by name, and by the outcome or whatever tells one from another."""
    text = httpx2.get(f"{server.address}/metrics").text
    return {
        (sample.name, sample.labels.get("outcome", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def children(server: Server) -> list[int]:
    """The workers: who else runs below it keeps track of resources, and serves nobody."""
    pid = server.process.pid
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            found.append(int(child))
    return found


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="workers are found in /proc, on Linux")


def test_workers_share_their_figures_and_a_dead_one_is_replaced(tmp_path: Path) -> None:
    with started(tmp_path, "--workers", "2") as server:
        assert [line.split()[0] for line in server.welcome].count("Stancebase") == 1
        first = children(server)
        assert len(first) == 2
        ask(server, 20)
        told = [samples(server) for _ in range(10)]
        requests = ("stancebase_requests_total", "OK")
        assert [found[requests] for found in told] == [20.0] * 10
        os.kill(first[0], signal.SIGKILL)
        (fresh,) = until(lambda: [pid for pid in children(server) if pid not in first])
        # The new one answers as well, and what the dead one counted is not lost.
        until(lambda: [entry for entry in server.entries() if entry.get("logger") == "stancebase.workers"])
        ask(server, 20)
        assert samples(server)[requests] == 40.0
        assert samples(server)["stancebase_requests_in_flight", ""] == 0.0
        (warning,) = [entry for entry in server.entries() if entry.get("logger") == "stancebase.workers"]
        assert warning["message"] == f"worker {first[0]} died with exit code -9; {fresh} replaces it"
        workers = children(server)
        assert server.stop(signal.SIGTERM) == 0
        assert [pid for pid in workers if running(pid)] == []
        told_requests = [entry for entry in server.entries() if "outcome" in entry]
        assert len(told_requests) == 40


def test_workers_do_not_outlive_the_one_above_them(tmp_path: Path) -> None:
    with started(tmp_path, "--workers", "2") as server:
        workers = children(server)
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        until(lambda: not any(map(running, workers)))


def test_a_second_signal_ends_them_at_once(tmp_path: Path) -> None:
    with started(tmp_path, "--workers", "2") as server:
        workers = children(server)
        os.kill(workers[0], signal.SIGSTOP)  # it will not end by itself
        server.process.send_signal(signal.SIGINT)
        assert server.stop(signal.SIGTERM) in (128 + signal.SIGINT, 128 + signal.SIGTERM)
        until(lambda: not any(map(running, workers)))
