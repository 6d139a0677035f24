"""What is computed before a statement (schema/engine/groundwork.py): in a thread, at one version of the data, kept."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from threadpoolctl import ThreadpoolController

from api.answers.kept import tag_of
from api.answers.turns import Turns
from api.database.interface import Database
from api.errors import Overloaded
from schema.engine.cache import BoundedCache
from schema.engine.groundwork import Laying

KEPT_CHARACTERS = 32 << 20
"""How long all texts together may be that were computed and are kept."""

ATTEMPTS = 5
"""How often a request begins anew because somebody wrote between its statements."""


class Groundworks:
    """The groundwork of one application's requests."""

    def __init__(self, database: Database, wait_seconds: float) -> None:
        """`wait_seconds`: how long a request may wait until something is computed, its turn included."""
        self._database = database
        self._turns = Turns("analyst", wait_seconds, "too many networks are being computed")
        # The event loop shall have a core to itself, and threads that wait for each other take most of another.
        self._blas = ThreadpoolController().select(user_api="blas")
        self._kept: BoundedCache[Mapping[str, Any]] = BoundedCache(1_000, KEPT_CHARACTERS)

    async def laid(self, layings: Sequence[Laying], at_least: bytes | None) -> tuple[dict[Any, Any], bytes | None]:
        """What is computed for a request, and of which version of the data it is.

        Raises ClientError, Overloaded, and what reading the database raises.
        """
        for _ in range(ATTEMPTS):
            values: dict[Any, Any] = {}
            versions: set[bytes | None] = set()
            for laying in layings:
                values[laying.groundwork], version = await self._lay(laying, at_least)
                versions.add(version)
            if len(versions) == 1:
                return values, versions.pop()
        raise written_meanwhile()

    def close(self) -> None:
        """Compute nothing any more."""
        self._turns.close()

    async def _lay(self, laying: Laying, at_least: bytes | None) -> tuple[Mapping[str, Any], bytes | None]:
        known = self._database.version()
        kept = None if known is None else self._kept.get(_key(laying, known))
        unless = None if kept is None else known
        statement = laying.statement
        cell, version = await self._database.read(statement.sql, laying.parameters, unless=unless, at_least=at_least)
        if kept is not None and version == unless:
            return kept, version
        computed = await self._turns.run(self._compute, laying, cell)
        if version is not None:
            length = sum(len(part) for part in computed.values() if isinstance(part, str))
            self._kept.put(_key(laying, version), computed, length)
        return computed, version

    def _compute(self, laying: Laying, cell: bytes | None) -> Mapping[str, Any]:
        with self._blas.limit(limits=1):
            return laying.compute(cell)


class Reading:
    """The way of graphql-core's executor to the database: `versions` are those of the data that it met."""

    def __init__(self, database: Database, groundworks: Groundworks, at_least: bytes | None) -> None:
        """For one attempt at one request."""
        self._database, self._groundworks, self._at_least = database, groundworks, at_least
        self.versions: set[bytes | None] = set()

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> bytes | None:
        """The cell of a statement."""
        cell, version = await self._database.read(sql, parameters, at_least=self._at_least)
        self.versions.add(version)
        return cell

    async def lay(self, layings: Sequence[Laying]) -> dict[Any, Any]:
        """What is computed beforehand."""
        if not layings:
            return {}
        values, version = await self._groundworks.laid(layings, self._at_least)
        self.versions.add(version)
        return values


def written_meanwhile() -> Overloaded:
    """What a request comes to that met another version of the data at each of its statements."""
    return Overloaded("the data is being written so often that no network can be computed")


def _key(laying: Laying, version: bytes) -> Hashable:
    return laying.groundwork, tag_of(version, laying.statement.digest, laying.parameters), repr(laying.arguments)
