"""Dates as exactly as they are known, and what else a single field holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from schema.vocabulary import DatePrecision
from seeds.values import PartialDate, control_character, is_slug, shown

# The same examples in every run, however long one takes.
STEADY = settings(derandomize=True, deadline=None)

DATES = st.builds(
    lambda day, precision: PartialDate(first_day=FIRST[precision](day), precision=precision),
    st.dates(),
    st.sampled_from(DatePrecision),
)
FIRST = {
    DatePrecision.DAY: lambda day: day,
    DatePrecision.WEEK: lambda day: day - timedelta(days=day.weekday()),
    DatePrecision.MONTH: lambda day: day.replace(day=1),
    DatePrecision.YEAR: lambda day: day.replace(month=1, day=1),
}


@STEADY
@given(DATES)
def test_a_date_is_written_as_it_is_read(known: PartialDate) -> None:
    assert PartialDate.read(known.written()) == known


@STEADY
@given(DATES, st.dates())
def test_a_period_has_a_first_and_a_last_day(known: PartialDate, day: date) -> None:
    assert known.first_day <= known.last_day
    inside = FIRST[known.precision](day) == known.first_day
    assert inside == (known.first_day <= day <= known.last_day)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024-05-24", date(2024, 5, 24), date(2024, 5, 24)),
        ("2024-W22", date(2024, 5, 27), date(2024, 6, 2)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("0001-W01", date(1, 1, 1), date(1, 1, 7)),
        ("9999-W52", date(9999, 12, 27), date(9999, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("0987", date(987, 1, 1), date(987, 12, 31)),
        (" 2024 ", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_the_four_forms(written: str, first: date, last: date) -> None:
    known = PartialDate.read(written)
    assert (known.first_day, known.last_day) == (first, last)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "24",
        "2024-5-4",
        "2024-W54",
        "2021-W53",
        "2024-13",
        "2023-02-29",
        "0000",
        "20240524",
        "2024-W22-1",
        "٢٠٢٤",
        "-2024",
    ],
)
def test_nothing_else_is_a_date(written: str) -> None:
    with pytest.raises(PydanticCustomError, match="is not a date: write 2024-05-24 for a day"):
        PartialDate.read(written)


@STEADY
@given(st.text())
def test_a_message_stays_on_its_line(value: str) -> None:
    assert shown(value).isprintable()
    assert len(shown(value)) <= 60


def test_control_characters() -> None:
    assert control_character("Zoë’s\n\ttext \U0001f5e3") is None
    assert [control_character(text) for text in ("\0", "a\x7f", "\x85", "\ud800", "a\rb")] == [
        "U+0000",
        "U+007F",
        "U+0085",
        "U+D800",
        "U+000D",
    ]


def test_slugs() -> None:
    assert all(map(is_slug, ["a", "0", "a-b-3", "a" * 120]))
    assert not any(map(is_slug, ["", "-", "a-", "-a", "a--b", "A", "a_b", "é", "a\n", "a" * 121, "٣"]))
