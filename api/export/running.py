"""One export under way: its snapshot and its pieces, made in whichever thread asks for the next."""

from collections.abc import Iterator
from pathlib import Path

from api.export.files import Prepared, licences
from api.export.snapshot import Snapshot
from seeds.loading.progress import Progress

# A piece is made before anything is answered, and one more: what fails at once fails as a whole.
AHEAD = 2


class Running:
    """Opened and read in one thread after the other, stopped from any."""

    def __init__(self, prepared: Prepared, file: Path, progress: Progress | None = None) -> None:
        """Open the database; raises DatabaseProblem."""
        self.snapshot = Snapshot(file, progress)
        self.first: list[bytes] = []
        self.licences = licences(self.snapshot)
        self._pieces: Iterator[bytes] = prepared.pieces(self.snapshot)

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
        self.snapshot.stop()

    def close(self) -> None:
        """Give the file back."""
        self.snapshot.close()
