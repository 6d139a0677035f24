"""What the words of a text are: SQLite's tokenizer decides, for both databases.

It takes letters and numbers of any script as parts of words, folds case, and takes accents away. What it does with
each character is asked of it once, when the character first comes.
"""

from threading import Lock

from schema.driver import driver

TOKENIZER = "unicode61 remove_diacritics 2"
"""The tokenizer as FTS5 takes it."""

# So many words are kept with what they are folded to, and none that is longer: 15 MB at most.
MOST_KEPT, LONGEST_KEPT = 50_000, 50


def words_of(text: str) -> list[str]:
    """The words of a text in their order, folded: "Élysée, GmbH" has elysee and gmbh."""
    return folded(text).split()


def folded(text: str) -> str:
    """The words of a text, folded, with blanks between them."""
    # What ends a word in Python ends one in the tokenizer.
    return " ".join(map(_WORDS.__getitem__, text.split()))


def folded_lines(lines: str) -> str:
    """The words of each line, folded: for many lines that are all of ASCII, ten times as fast as one by one."""
    return lines.translate(_LINES)


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


class _Words(dict[str, str]):
    """What lies between blanks, folded: the same comes up again and again."""

    def __missing__(self, word: str) -> str:
        folded = word.translate(_FOLDED)
        if len(word) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[word] = folded
        return folded


class _Lines(dict[int, str]):
    def __missing__(self, point: int) -> str:
        return _FOLDED[point]


_FOLDED = _Folded()
_LINES = _Lines({ord("\n"): "\n"})
_WORDS = _Words()
