"""How long the property tests run, and the count of what they drew.

Normally a fixed number of cases from fixed seeds, the same on every machine, in about a minute. For longer:

    STANCEBASE_EQUALITY_EXAMPLES=100000 pytest tests/equality/test_alike.py
    STANCEBASE_EQUALITY_EXAMPLES=2000 STANCEBASE_EQUALITY_SEED=17 pytest …    (the seed that such a run printed)

A run goes in rounds of ROUND documents, each with a seed of its own, so that processes can share them: the one that
fails is in the test's name.
"""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from hypothesis import HealthCheck, Phase, settings

ROUND = 250
_asked_for = os.environ.get("STANCEBASE_EQUALITY_EXAMPLES")
EXAMPLES = int(_asked_for or 4 * ROUND)
_seed = os.environ.get("STANCEBASE_EQUALITY_SEED")
FIRST_SEED = int(_seed) if _seed else secrets.randbelow(2**31) if _asked_for else 0
LONG = _asked_for is not None

SEEDS = [FIRST_SEED + number for number in range(-(-EXAMPLES // ROUND))]
"""One seed for each round of the main test."""


def examples(count: int) -> settings:
    """Settings for a test of so many examples, the same in every run; failures are made small."""
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )


class Statistics:
    """What the main test has drawn and done so far."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.documents = self.operations = 0
        self.seconds = 0.0
        self.features: Counter[str] = Counter()

    @contextmanager
    def timed(self) -> Iterator[None]:
        """What is done in here takes the time that counts."""
        begun = monotonic()
        try:
            yield
        finally:
            self.seconds += monotonic() - begun

    def report(self) -> list[str]:
        """Lines for people."""
        rounds = f"seed {SEEDS[0]}" if len(SEEDS) == 1 else f"seeds {SEEDS[0]} to {SEEDS[-1]}"
        lines = [
            f"{self.operations:,} operations ({self.documents:,} documents, each with 1 to 3 sets of variables) on "
            f"two roads, two databases and the oracle in {self.seconds:.0f} s: {self.operations / self.seconds:.0f}/s, "
            f"{rounds}",
            "of these documents, in percent:",
        ]
        shares = [f"{name} {100 * count / self.documents:.0f}" for name, count in sorted(self.features.items())]
        return lines + ["  " + ", ".join(shares[start : start + 6]) for start in range(0, len(shares), 6)]


STATISTICS = Statistics()
