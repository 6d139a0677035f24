"""A rendered plan: the SQL text, and for each of its parameters where the value comes from."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from sqlalchemy import BindParameter, Select

from schema.engine.errors import ClientError
from schema.engine.slots import Slot, Variables
from schema.engine.sqlite import DIALECT

Process = Callable[[Any], Any]


class Statement:
    """One SQL statement of one cell, ready to be executed any number of times."""

    def __init__(self, select: Select[Any]) -> None:
        """Compiles the select: milliseconds, which is why plans are kept."""
        compiled = select.compile(dialect=DIALECT)
        self.sql = str(compiled)
        self.digest = blake2b(self.sql.encode(), digest_size=16).digest()
        self._constants: list[Any] = []
        self._reads: list[tuple[int, Callable[[Variables], Any], Process | None]] = []
        for place, name in enumerate(compiled.positiontup or ()):
            bound = compiled.binds[name]
            process = bound.type.dialect_impl(DIALECT).bind_processor(DIALECT)
            if isinstance(bound, Slot):
                self._constants.append(None)
                self._reads.append((place, bound.read, process))
            else:
                self._constants.append(_checked(_constant(bound), process))

    def parameters(self, variables: Variables) -> list[Any]:
        """The parameters for one request; raises ClientError where a value cannot be one."""
        values = self._constants.copy()
        for place, read, process in self._reads:
            values[place] = _checked(read(variables), process)
        return values


def _constant(bound: BindParameter[Any]) -> Any:
    return bound.callable() if bound.callable else bound.value


def _checked(value: Any, process: Process | None) -> Any:
    """The value in the form the driver takes; texts that no database can hold are refused."""
    if process is not None and value is not None:
        value = process(value)
    if isinstance(value, str) and ("\0" in value or not (value.isascii() or _is_unicode(value))):
        raise ClientError(
            "a text contains a NUL character or half of a surrogate pair, which no text in this database does; "
            "remove it"
        )
    return value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
