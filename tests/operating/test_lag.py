"""The lag of the event loop, by a clock of the test's own."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.observing.lag import PERIOD, Lag
from tests.asking import serving


class Loop:
    """Keeps the one thing that is to be done later, and a clock."""

    now = 1000.0

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Any:
        self.callback = callback
        self.cancelled = 0
        return self

    def cancel(self) -> None:
        self.cancelled += 1

    def look(self, seconds: float) -> None:
        """So long after the timer was set, the loop looks what there is to do."""
        self.now += seconds
        self.callback()


def watched() -> tuple[Loop, Lag, list[float]]:
    loop, told = Loop(), list[float]()
    lag = Lag(told.append, lambda: loop.now)
    lag.watch(loop)  # type: ignore[arg-type]
    return loop, lag, told


def test_a_loop_in_time_has_nothing_waiting() -> None:
    loop, lag, told = watched()
    for seconds in (PERIOD, PERIOD, PERIOD - 0.001):
        loop.look(seconds)
        assert lag.waited == pytest.approx(0)
    assert told == pytest.approx([0, 0, 0])


def test_one_late_look_is_no_overload_and_two_in_a_row_are() -> None:
    loop, lag, told = watched()
    waited = []
    for late in (3.0, 0.4, 0.6, 0.7, 0.0, 2.0, 0.0):
        loop.look(PERIOD + late)
        waited.append(lag.waited)
    assert waited == pytest.approx([0, 0.4, 0.4, 0.6, 0, 0, 0])
    assert sum(told) == pytest.approx(6.7)


def test_it_ends() -> None:
    loop, lag, _ = watched()
    lag.stop()
    assert loop.cancelled == 1
    Lag([].append).stop()


def test_a_server_watches_its_loop_and_tells_what_it_saw(
    article_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Lag] = []
    watch = Lag.watch

    def seen(lag: Lag, loop: asyncio.AbstractEventLoop) -> None:
        made.append(lag)
        watch(lag, loop)

    monkeypatch.setattr(Lag, "watch", seen)
    (tmp_path / "stancebase.db").write_bytes(article_template.read_bytes())
    with serving(tmp_path / "stancebase.db") as client:
        (lag,) = made
        lag._tell(1000.0)
        line = next(
            line
            for line in client.get("/metrics").text.splitlines()
            if line.startswith("stancebase_loop_late_seconds_")
        )
        assert line.startswith("stancebase_loop_late_seconds_total ")
        assert 1000 <= float(line.split()[1]) < 2000
