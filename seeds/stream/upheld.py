"""The CHECK constraints of the tables, asked for all rows of a load at once: a filled target in, problems out."""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

from seeds.problem import Problem
from seeds.stream.faults import Taken
from seeds.stream.shapes import PARENTS, SHAPES


def upheld(taken: Taken) -> Iterator[Problem]:
    """Records that are against a constraint, though the models of `seeds.format` let them pass: a fault of ours."""
    for name in SHAPES:
        parent = PARENTS.get(name)
        column = parent[0] if parent else "id"
        query = (
            f"SELECT {column} FROM {taken.target.schema}.{name}"
            f" WHERE {column} > {taken.base} AND NOT ({' AND '.join(_checks(name))}) ORDER BY 1 LIMIT 10"
        )
        if not _checks(name):
            continue
        for (row_id,) in taken.target.raw.execute(query).fetchall():
            entry = taken.entry(parent[1] if parent else name, row_id)
            yield entry.problem(f"the {entry.kind} breaks a constraint of the table '{name}': please report this")


def _checks(name: str) -> list[str]:
    """The conditions in SQL. One that gives NULL is met."""
    constraints = sorted(
        (each for each in SQLModel.metadata.tables[name].constraints if isinstance(each, CheckConstraint)),
        key=lambda each: str(each.name),
    )
    compiled = (
        each.sqltext.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}) for each in constraints
    )
    return [f"({condition})" for condition in compiled]
