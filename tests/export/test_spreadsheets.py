"""No text of a CSV file is taken for a formula, and nothing else is changed."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from api.export.spreadsheets import harmless
from tests.export.files import safe

ALPHABET = "=+-@\t\r\n;'\",a \uff1d\uff0b\uff20\uff0dé"


def lines_of(rows: list[list[str]]) -> bytes:
    """CSV as our SQL writes it: every text in quotes, numbers without."""
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    return "".join(f"{first},{second},-1,{third}\r\n" for first, second, third in quoted).encode()


def read(lines: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(lines.decode(), newline=""), strict=True))


texts = st.text(ALPHABET, max_size=6)


@settings(max_examples=500, derandomize=True, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=3))
@example([("\r\n", "a", "b")])
@example([("a", "\r\n", "b,")])
@example([("a", "b", ',"'), ("=", "", "")])
@example([("a", "b", "\r\n")])
@example([("a", 'x,"=1', "b")])
def test_any_text_is_as_readers_are_told(rows: list[tuple[str, str, str]]) -> None:
    # Every line of ours begins with a slug.
    mine = [["slug", second, third] for _, second, third in rows]
    assert read(harmless(lines_of(mine))) == [[first, safe(second), "-1", safe(third)] for first, second, third in mine]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://a.example", "b")', '\'=HYPERLINK("http://a.example", "b")'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("'quoted'", "''quoted'"),
        ("\uff1d1", "'\uff1d1"),
        ("a;=1", "a;'=1"),
        ("a\n-1", "a\n'-1"),
        ("a; -1", "a; -1"),
        ("1 = 1", "1 = 1"),
        ('said "-"', 'said "-"'),
        ("\uff0c", "\uff0c"),
    ],
)
def test_what_is_changed_and_what_is_not(text: str, shown: str) -> None:
    assert read(harmless(lines_of([["slug", text, "end"]]))) == [["slug", shown, "-1", "end"]]


def test_what_needs_no_change_is_not_even_copied() -> None:
    lines = lines_of([["slug", "A sentence; and 'another', said \"so\".", "é\n2"]])
    assert harmless(lines) is lines


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.text(ALPHABET, max_size=8))
def test_no_cell_of_any_separator_begins_with_a_formula(text: str) -> None:
    shown = read(harmless(lines_of([["slug", text, "end"]])))[0][1]
    assert shown[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    assert [pair for pair in pairwise(shown) if pair[0] in ";\t\r\n" and pair[1] in "=+-@"] == []
