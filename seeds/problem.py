"""What is wrong with a file, where, and what would be right: one line for one thing."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

# Beyond so many candidates, only those that share the first letter are compared: difflib takes 20 µs a pair.
COMPARED = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right; problems sort by file, then line. Line 0 is the file or folder as a whole."""

    file: Path
    line: int
    message: str

    @property
    def place(self) -> str:
        """`path/file.yaml:12`, without the line when it is about the whole file."""
        # A file name need not be valid Unicode, but a terminal takes nothing else.
        name = os.fsencode(self.file).decode("utf-8", "replace")
        return f"{name}:{self.line}" if self.line else name

    def __str__(self) -> str:
        """`path/file.yaml:12: message`."""
        return f"{self.place}: {self.message}"


class Refused(Exception):
    """Nothing was loaded; `problems` says why, in the order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is spelt most like this one or goes on where it stops; None when none is near."""
    candidates = list(known)
    if len(candidates) > COMPARED:
        candidates = [candidate for candidate in candidates if candidate[:1] == word[:1]][:COMPARED]
    near = get_close_matches(word, candidates, n=1, cutoff=0.7)
    longer = (candidate for candidate in candidates if len(word) > 2 and candidate.startswith(word))
    return near[0] if near else next(longer, None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest known word, or nothing when none is near."""
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""
