"""The row of a timeline: what is read for it, and what of its windows is computed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Boolean, Date, Float, Integer, Select, func, select

from schema.analysis.calendar import Every
from schema.engine.json import quoted
from schema.engine.limits import Limits
from schema.engine.rows import Row
from schema.engine.steps import Many
from schema.graph.analysis.analysis import Analysis, flat, in_parts, numbers
from schema.graph.analysis.balance import Balanced, groups_in
from schema.graph.analysis.coverage import covering
from schema.graph.analysis.dated import Dated
from schema.graph.analysis.evidence import average, coded_statements
from schema.graph.analysis.parts import LIST, Columns
from schema.graph.analysis.settings import Selection, check_range
from schema.graph.analysis.windows import Windowed

FIGURES: Columns = {
    **dict.fromkeys(("coded_statements", "holders", "support", "oppose", "middle", "propositions"), Integer()),
    **dict.fromkeys(("agreement", "polarization", "consensus"), Float()),
}
BALANCE: Columns = {"there": Boolean(), **Balanced.TYPES, "camps": LIST}
PREFIX = "balance_"
WINDOW: Columns = {
    "first_day": Date(),
    "last_day": Date(),
    **FIGURES,
    **{PREFIX + name: kind for name, kind in BALANCE.items()},
    "evidence": LIST,
}


class Course(Analysis):
    """The row of a timeline."""

    def __init__(self, selection: Selection, every: Every, window: Any) -> None:
        """`window` is how many periods a window has, a number or a slot."""
        super().__init__(selection, window=window)
        self._every, self._window = every, window
        self._windows: list[Row] = []

    def windows(self) -> Many:
        """The step to the windows."""
        row, step = self.listed("windows", WINDOW)
        self._windows.append(row)
        return replace(step, row=Span(self, row))

    @property
    def wants_evidence(self) -> bool:
        """If any windows shall show it."""
        return "evidence" in self._wanted_of_windows

    @property
    def _wanted_of_windows(self) -> set[str]:
        return {name for row in self._windows for name in row.used}

    def _select(self) -> Select[Any]:
        coded = Dated(self.selection, self._every, apart=isinstance(self._window, int) and self._window == 1)
        sections = [
            flat(coded.steps()),
            flat(coded.coverage()) if "coverage" in self.wanted else quoted(""),
            flat(coded.kept_by_step()) if self.wants_evidence else quoted(""),
        ]
        return select(func.concat_ws(quoted(";"), *sections))

    def _compute(self, cell: bytes, arguments: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        check_range(arguments)
        steps, coverage, kept = cell.split(b";")
        windowed = Windowed.read(steps, self._every, arguments, limits)
        parts: dict[str, Any] = {"every": self._every.value, "window": arguments["window"]}
        parts |= covering(numbers(coverage), *windowed.coverage())
        if "windows" in self.wanted:
            parts |= self._items(windowed, kept, arguments, limits)
        return in_parts(parts)

    def _items(self, windowed: Windowed, kept: bytes, arguments: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
        """The windows, each as one of WINDOW."""
        wanted = self._wanted_of_windows
        items = windowed.days(arguments["from"], arguments["until"])
        evidence = windowed.evidence(kept, limits) if self.wants_evidence else [[]] * len(items)
        balances: list[dict[str, Any]] = [{}] * len(items)
        if any(name.startswith(PREFIX) for name in wanted):
            balances = windowed.balances({name.replace(PREFIX, "balance.") for name in wanted}, limits)
        figures = windowed.figures() if wanted & FIGURES.keys() else [[None] * len(FIGURES)] * len(items)
        columns = zip(items, figures, balances, evidence, strict=True)
        camps = [camp for balance in balances for camp in balance.get("balance.camps", ())]
        return {
            "windows": [
                [*days, *some, *(balance.get(f"balance.{name}") for name in BALANCE), rests_on]
                for days, some, balance, rests_on in columns
            ],
            "windows.camps.members.size": average(size for _, size in camps),
            "windows.evidence.size": average(map(len, evidence)),
        }


class Span:
    """The row of a window: one of WINDOW."""

    def __init__(self, course: Course, row: Row) -> None:
        """`row` is the item of the list."""
        self._course, self._row = course, row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)

    @property
    def balance(self) -> "SpanBalance":
        """The row of its balance."""
        return SpanBalance(self._course, self._row)

    @property
    def evidence(self) -> Many:
        """The step to its coded statements."""
        return coded_statements(self._row.evidence, self._course.work.part("windows.evidence.size", Integer()))


class SpanBalance:
    """The row of a window's Balance: those of the columns of BALANCE."""

    def __init__(self, course: Course, row: Row) -> None:
        """`row` is the item of the list of windows."""
        self._course, self._row = course, row

    def __getattr__(self, name: str) -> Any:
        if name not in BALANCE:
            raise AttributeError(name)
        return getattr(self._row, PREFIX + name)

    @property
    def camps(self) -> Many:
        """The two camps."""
        size = self._course.work.part("windows.camps.members.size", Integer())
        return groups_in(self._row.column(PREFIX + "camps"), 2, size)
