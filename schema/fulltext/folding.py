"""What the words of a text are: SQLite's tokenizer decides, for both databases.

It takes letters and numbers of any script as parts of words, folds case, and takes accents away. What it does with
each character is asked of it once, when the character first comes.
"""

from threading import Lock

from schema.driver import driver

TOKENIZER = "unicode61 remove_diacritics 2"
"""The tokenizer as FTS5 takes it."""


def words_of(text: str) -> list[str]:
    """The words of a text in their order, folded: "Élysée, GmbH" has elysee and gmbh."""
    return text.translate(_FOLDED).split()


class _Folded(dict[int, str]):
    """By code point what the tokenizer makes of a character: another, nothing, or a blank where it ends a word."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._memory = driver.connect(":memory:", check_same_thread=False)
        self._memory.execute(f"CREATE VIRTUAL TABLE probe USING fts5(text, tokenize='{TOKENIZER}')")
        self._memory.execute("CREATE VIRTUAL TABLE probed USING fts5vocab('probe', 'instance')")

    def __missing__(self, point: int) -> str:
        with self._lock:
            self[point] = folded = self._asked(point)
        return folded

    def _asked(self, point: int) -> str:
        if point == 0 or 0xD800 <= point < 0xE000:  # no text in a database has these
            return " "
        self._memory.execute("DELETE FROM probe")
        self._memory.execute("INSERT INTO probe VALUES (?)", (f"a{chr(point)}b",))
        found = [term for (term,) in self._memory.execute("SELECT term FROM probed ORDER BY offset")]
        return " " if len(found) > 1 else found[0][1:-1]


_FOLDED = _Folded()
