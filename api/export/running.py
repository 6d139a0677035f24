"""One export under way: its snapshot and its pieces, made in whichever thread asks for the next."""

from collections.abc import Iterator

from api.database.interface import Database
from api.export.files import Prepared
from api.export.licences import licences
from api.export.reading import Reading
from seeds.loading.progress import Progress

# A piece is made before anything is answered, and one more: what fails at once fails as a whole.
AHEAD = 2


class Running:
    """Opened and read in one thread after the other, stopped from any."""

    def __init__(self, prepared: Prepared, database: Database, progress: Progress | None = None) -> None:
        """Take a snapshot of the database; raises DatabaseProblem."""
        self.reading = Reading(database.snapshot(), progress)
        self.first: list[bytes] = []
        try:
            self.licences = licences(self.reading)
        except BaseException:
            self.reading.close()
            raise
        self._pieces: Iterator[bytes] = prepared.pieces(self.reading)

    def begin(self) -> None:
        """Make the first pieces. Raises Stopped, and ClientError for what only the database could tell."""
        while len(self.first) < AHEAD and (piece := self.next()) is not None:
            self.first.append(piece)

    @property
    def whole(self) -> bool:
        """Whether the first pieces are all there are."""
        return len(self.first) < AHEAD

    def next(self) -> bytes | None:
        """The next piece that has anything in it; None after the last. Raises Stopped."""
        for piece in self._pieces:
            if piece:
                return piece
        return None

    def stop(self) -> None:
        """Nobody wants the rest: `next` ends at once; from any thread."""
        self.reading.stop()

    def close(self) -> None:
        """Close the snapshot."""
        self.reading.close()
