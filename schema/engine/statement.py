"""A rendered plan: the SQL text, and for each of its parameters where the value comes from."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

from sqlalchemy import BindParameter, Select

from schema.engine.dialects.dialect import Dialect, Process
from schema.engine.slots import Slot, Variables


class Statement:
    """One SQL statement of one row, ready to be executed any number of times."""

    def __init__(self, select: Select[Any], dialect: Dialect, checks: Sequence[Slot] = ()) -> None:
        """Compiles the select: milliseconds, which is why plans are kept.

        `checks` are slots that are read, so that they can refuse a value, whether the statement uses them or not.
        """
        compiled = select.compile(dialect=dialect.compiler)
        self.sql = str(compiled)
        self.digest = blake2b(self.sql.encode(), digest_size=16).digest()
        self._constants: list[Any] = []
        self._reads: list[tuple[int, Callable[[Variables], Any], Process | None]] = []
        for place, name in enumerate(compiled.positiontup or ()):
            bound = compiled.binds[name]
            process = dialect.processor(bound.type)
            if isinstance(bound, Slot):
                self._constants.append(None)
                self._reads.append((place, bound.read, process))
            else:
                self._constants.append(_ready(_constant(bound), process))
        used = {read for _, read, _ in self._reads}
        self._checks = [slot.read for slot in checks if slot.read not in used]

    def parameters(self, variables: Variables) -> list[Any]:
        """The parameters for one request; raises ClientError where a value cannot be one."""
        values = self._constants.copy()
        for place, read, process in self._reads:
            values[place] = _ready(read(variables), process)
        for check in self._checks:
            check(variables)
        return values


def _constant(bound: BindParameter[Any]) -> Any:
    return bound.callable() if bound.callable else bound.value


def _ready(value: Any, process: Process | None) -> Any:
    """The value in the form the driver takes."""
    return value if process is None or value is None else process(value)
