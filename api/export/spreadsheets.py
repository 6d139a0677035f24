"""Makes CSV safe to open in a spreadsheet: no text in it is taken for a formula.

An apostrophe is put before the first character of a text if that is = + - @, one of their full-width forms, a tab,
a line break, or itself an apostrophe; and before a = + - @ that follows a semicolon, tab or line break inside a text,
which begin a cell where a file is opened with another separator than its own. Nothing else is changed.
"""

import re

# One look at a whole stretch for each of them: patterns that begin with one fixed character are found the fastest.
# They find all that is dangerous, and now and then what is not. A line begins with a slug, so that every text that
# matters follows a comma.
SUSPECTS = [
    re.compile(pattern)
    for pattern in (rb'"[=+@\-\t\n\'\xef]', rb',"\r', rb"\n[=+@\-]", rb"\r[=+@\-]", rb";[=+@\-]", rb"\t[=+@\-]")
]
CELL = re.compile(rb'"(?:[^"]|"")*"')
# The full-width forms are U+FF1D, U+FF0B, U+FF20 and U+FF0D.
START = re.compile(rb'^"(?=[=+@\-\t\r\n\']|\xef\xbc[\x9d\x8b\xa0\x8d])')
INSIDE = re.compile(rb"(?<=[;\t\r\n])(?=[=+@\-])")


def harmless(lines: bytes) -> bytes:
    """The lines of CSV, every text of which is in quotes, without anything that a spreadsheet takes for a formula."""
    suspicious = any(suspect.search(lines) for suspect in SUSPECTS)
    return CELL.sub(_mended, lines) if suspicious else lines


def _mended(cell: re.Match[bytes]) -> bytes:
    return START.sub(b"\"'", INSIDE.sub(b"'", cell[0]))
