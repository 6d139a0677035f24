"""Memory, files and threads of a server and its workers over time, and whether they stay what they are (Linux)."""

from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, linear_regression

from tests.trials.processes import family

WARM = 0.3
"""What share of the time is for warming up: caches fill, connections are made."""


@dataclass(frozen=True)
class Sample:
    """All processes together at one moment."""

    second: float
    megabytes: float
    """Resident, without the pages of files, which are the system's."""
    files: int
    threads: int


@dataclass(frozen=True)
class Course:
    """One figure after warming up: its mean, and how much a straight line through it rises in all that time."""

    name: str
    mean: float
    rise: float
    most: float
    """How much of a rise is none."""

    @property
    def flat(self) -> bool:
        """Whether it stayed what it was."""
        return self.rise <= self.most


def sample(pid: int, second: float) -> Sample:
    """The figures now; a process that ends meanwhile counts nothing."""
    megabytes, files, threads = 0.0, 0, 0
    for each in family(pid):
        try:
            lines = Path(f"/proc/{each}/status").read_text("utf-8").splitlines()
            files += len(list(Path(f"/proc/{each}/fd").iterdir()))
        except OSError:
            continue
        found = dict(line.split(":", 1) for line in lines)
        megabytes += int(found.get("RssAnon", "0 kB").split()[0]) / 1024
        threads += int(found["Threads"])
    return Sample(second, megabytes, files, threads)


def courses(samples: list[Sample], most: dict[str, float]) -> list[Course]:
    """Each figure of `most`, which says how much of a rise is none, over the samples after warming up."""
    end = samples[-1].second
    warm = [each for each in samples if each.second >= WARM * end]
    found = []
    for name, limit in most.items():
        values = [float(getattr(each, name)) for each in warm]
        slope, _ = linear_regression([each.second for each in warm], values)
        found.append(Course(name, fmean(values), slope * (end - warm[0].second), limit))
    return found
