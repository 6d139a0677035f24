"""Texts that have broken serializers, collations, tokenizers and quoting before."""

from random import Random

WORDS = (
    "NATO", "Nato", "nato", "strikes", "Strike", "weapons", "Russia", "russian", "territory", "Café", "Cafe\u0301s",
    "Zürich", "zurich", "Ångström", "Straße", "Київ", "Україна", "Ελλάδα", "日本", "x1", "2024", "F-16", "St. Jens",
)  # fmt: skip
"""Few words, so that a word, a prefix of it or another spelling of it is found in several records."""

AWKWARD = (
    "He said \"no\" and 'no'",
    "back\\slash \\u0041 \\\\ \\n /slash/",
    "tab\tnew\nline\r\nreturn\x0b\x0c\x08",
    "\x01\x02\x1b\x1f\x7f\x80\x9f control",
    "line\u2028paragraph\u2029separators\u0085",
    "emoji 😀 👩\u200d👩\u200d👧 🇺🇦",
    "\U0010ffff" * 9 + " ",  # the space because SQLite takes it for a letter of the word that follows
    "\U0010ffff\U0010ffff beyond",
    "\ud7ff\ue000\ufdd0\ufffe\uffff\ufeff",
    "\u202eright to left\u202c אבג",
    "100%_?*[a-z]^~",
    "<script>alert('&amp;')</script>",
    '{"json": [1, null, "\\""]}',
    "'; DROP TABLE stance; -- :name ?1 @x $v",
    " leading and trailing ",
    "null",
    "NULL",
    "0",
    "-1.5e10",
    "e\u0301 and é",
    "NEAR(a b) AND OR NOT * ^ col:umn",
)

LONG = "Ein sehr langer Text, “quoted” 😀\n" * 400


def text(random: Random) -> str:
    """Some words, an awkward text, or both; never empty."""
    words = " ".join(random.choices(WORDS, k=random.randint(1, 4)))
    match random.randrange(10):
        case 0 | 1:
            return random.choice(AWKWARD)
        case 2:
            return f"{words}{random.choice(AWKWARD)}"
        case 3:
            return f"{random.choice(AWKWARD)}{words}"
    return words


def maybe(random: Random, empty: float = 0.4) -> str | None:
    """A text or None, sometimes the empty text."""
    if random.random() < empty:
        return None
    return "" if random.random() < 0.15 else text(random)
