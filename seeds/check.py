"""Checks data sets without a database: folders in, a report of problems, warnings and counts out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from seeds.checking.chains import negations_are_of_positives, responses_end
from seeds.checking.doubts import contradictions, unused_entities
from seeds.checking.expectations import expectations_are_met
from seeds.checking.outside import Outside
from seeds.checking.references import defined_once, owned_by_its_set, refers_to_known
from seeds.checking.repeats import listed_once, memberships_make_sense
from seeds.format import Kind
from seeds.problem import Problem
from seeds.read import read
from seeds.seedset import KINDS, SeedSet, counted

Rule: TypeAlias = Callable[[Sequence[SeedSet], Outside], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    defined_once,
    owned_by_its_set,
    refers_to_known,
    negations_are_of_positives,
    responses_end,
    memberships_make_sense,
    listed_once,
    expectations_are_met,
)
"""What holds between the records of the sets; whoever breaks one is not loaded."""

DOUBTS: tuple[Rule, ...] = (
    contradictions,
    unused_entities,
)
"""What a coder should look at, but may be right as it stands."""


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` found."""

    sets: list[SeedSet]
    problems: list[Problem]
    """Errors: while there is one, nothing is loaded."""
    warnings: list[Problem]
    counts: Mapping[str, Mapping[Kind, int]]
    """Records found, by the data set's slug and the kind."""

    def lines(self) -> Iterator[str]:
        """The report for a terminal: every problem, every warning, then one line a set and the sum."""
        yield from map(str, self.problems)
        yield from (f"{warning.place}: warning: {warning.message}" for warning in self.warnings)
        for slug, counts in self.counts.items():
            yield f"{slug}: {', '.join(counted(found, kind) for kind, found in counts.items())}"
        yield f"{counted(len(self.problems), 'problem')}, {counted(len(self.warnings), 'warning')}"

    def __str__(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines())


def check(paths: Iterable[Path | str], outside: Outside | None = None) -> Report:
    """Read the data sets in these folders and check them together.

    `outside` tells what other data sets in a database define, see `seeds.loading.lookup`; without it the sets
    must be complete among themselves. What a path or file holds never raises: it is in the report.
    """
    sets, problems = read(paths)
    known = outside or Outside()
    return Report(
        sets=sets,
        problems=sorted({*problems, *inconsistencies(sets, known)}),
        warnings=sorted({doubt for rule in DOUBTS for doubt in rule(sets, known)}),
        counts={each.slug: {kind: len(each.entries[kind]) for kind in KINDS} for each in sets},
    )


def inconsistencies(sets: Sequence[SeedSet], outside: Outside) -> list[Problem]:
    """What is wrong between the records of the sets, in the order of file and line."""
    return sorted({problem for rule in RULES for problem in rule(sets, outside)})
