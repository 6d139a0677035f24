"""Rounds of `kill -9` in the middle of `stancebase load`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.trials.material import Material
from tests.trials.places import OnServer, Place
from tests.trials.processes import command, finish, timed
from tests.trials.state import state_of

EARLIEST, LATEST = 0.1, 1.3
"""Between which moments a load is killed, as shares of the time that one takes."""


@dataclass(frozen=True)
class Round:
    """What one round showed."""

    name: str
    moment: float
    """Seconds after the load began."""
    how: str
    killed: bool
    """Whether the load was still running."""
    found: str
    """`before` or `after`: the state that the database was in."""


class Loads:
    """Loads one edit again and again, and kills whoever does it."""

    def __init__(self, place: Place, name: str, material: Material, folder: Path, seed: int) -> None:
        """Load both states once, to know them and how long it takes; `folder` is for what the loads say."""
        self.place, self.name, self.material, self.seed = place, name, material, seed
        self._said = folder / "said"
        self._templates = {"edit": place.make(), "new": None}
        template = str(self._templates["edit"])
        timed(self._said, *self._load(material.before, template))
        self._before = {"edit": state_of(template)}
        empty, after, new = place.make(), place.make(template), place.make()
        self._before["new"] = state_of(empty)
        self._seconds = {
            "edit": timed(self._said, *self._load(material.after, after)),
            "new": timed(self._said, *self._load(material.after, new)),
        }
        self._after = {"edit": state_of(after), "new": state_of(new)}
        assert self._before["edit"].meaning != self._after["edit"].meaning
        for url in (empty, after, new):
            place.forget(url)

    def rounds(self, number: int) -> Iterator[Round]:
        """As many rounds; AssertionError tells what is wrong after one, and with which numbers it is had again."""
        for count in range(number):
            random = Random(f"{self.seed} {self.name} {self.place.kind} {count}")
            # Every fourth into a database that is not there, or has no tables.
            start = "new" if count % 4 == 3 else "edit"
            how = "crash" if self.place.can_crash and count % 3 == 2 else "kill"
            moment = self._seconds[start] * random.uniform(EARLIEST, LATEST)
            try:
                yield self._round(start, how, moment)
            except Exception as error:
                raise AssertionError(
                    f"{self.place.kind} {self.name}, round {count} (seed {self.seed}: {start}, {how} after"
                    f" {moment:.3f} s): {error}"
                ) from error

    def _round(self, start: str, how: str, moment: float) -> Round:
        url = self.place.make(self._templates[start])
        loading = command(self._said, *self._load(self.material.after, url))
        loading.join(moment)
        killed = loading.exitcode is None
        if how == "crash" and isinstance(self.place, OnServer):
            # The load is told by its connection, and has to end by itself, and say why.
            self.place.crash()
            code = finish(loading)
            said = self._said.read_text("utf-8")
            explained = code in (0, 1) and "Traceback" not in said
            assert explained, f"the load ended with {code} and said: {said[-2000:]}"
        else:
            loading.kill()
            code = finish(loading)
        found = state_of(url)
        before, after = self._before[start], self._after[start]
        is_before = found.exact == before.exact if start == "edit" else found.meaning == before.meaning
        is_after = found.meaning == after.meaning
        assert is_before or is_after, "the database holds neither the state before nor the one after"
        assert is_after or code != 0, "the load said that it was done, and it is not in the database"
        left = self.place.left(url)
        assert not left, f"files are left over: {left}"
        timed(self._said, *self._load(self.material.after, url))
        assert state_of(url).meaning == after.meaning, "the next load made something else of it"
        self.place.forget(url)
        return Round(f"{self.name} {start}", moment, how, killed and code != 0, "after" if is_after else "before")

    def _load(self, path: Path, url: str) -> tuple[str, ...]:
        return "load", str(path), "--database-url", url
