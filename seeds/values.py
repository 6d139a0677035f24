"""What a field of the files can hold: text in, checked value out, or an error that says how to write it."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from schema.vocabulary import DatePrecision

# A message begins with its verb or value, because the reader puts the field's name before it:
# "holder 'Joe Biden' is not a slug: ...", "name is empty: ...". Texts are checked by pydantic's own core, which
# takes a fifth of the time of a function in Python; seeds/reading/wording.py says what it refused.


def shown(value: object) -> str:
    """A value as a message quotes it: on one line, cut to 60 characters, what does not print as U+FFFD."""
    line = " ".join(str(value).split())
    text = "".join(character if character.isprintable() else "\ufffd" for character in line)
    return text if len(text) <= 60 else text[:59] + "…"


@dataclass(frozen=True, slots=True)
class WrittenAs:
    """What a whole text has to match; an error says that it is not `name`, and to write `advice`."""

    pattern: str
    """In what Python's and pydantic's (Rust's) regular expressions have in common."""
    name: str
    advice: str
    max_length: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            core_schema.str_schema(pattern=f"^(?:{self.pattern})$", max_length=self.max_length),
            custom_error_type="not_written_as",
            custom_error_message="is not {name}: write {advice}",
            custom_error_context={"name": self.name, "advice": self.advice},
        )


# Control characters but line feed and tab, and lone surrogates.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def control_character(text: str) -> str | None:
    """The first control character or lone surrogate, as `U+0007`; line breaks and tabs are none."""
    found = CONTROL.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


SLUG = WrittenAs(
    r"[a-z0-9]+(?:-[a-z0-9]+)*",
    "a slug",
    "1 to 120 characters of a-z, 0-9 and single hyphens, as in jens-stoltenberg",
    max_length=120,
)


def is_slug(text: str) -> bool:
    """Whether the text can be a slug."""
    return len(text) <= 120 and re.fullmatch(SLUG.pattern, text) is not None


Slug = Annotated[str, SLUG]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")
]
Sha256 = Annotated[str, WrittenAs("[0-9a-f]{64}", "a sha256", "its 64 characters of 0-9 and a-f")]
Url = Annotated[
    str,
    WrittenAs(r"https?://[^\x00-\x20\x7f-\xa0]+", "a web address", "one that begins with https:// or http://"),
]
WikidataId = Annotated[str, WrittenAs("Q[1-9][0-9]{0,14}", "a Wikidata id", "Q and its number, as in Q57095")]
Language = Annotated[
    str,
    WrittenAs(
        "[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*",
        "a language tag",
        "one of BCP 47, as in en, uk or pt-BR",
        max_length=35,
    ),
]

# What a 4-byte column of the database holds.
LARGEST = 2**31 - 1
Count = Annotated[int, Field(ge=0, le=LARGEST)]


class PartialDate(BaseModel):
    """A date as exactly as it is known: 2024-05-24, 2024-W22, 2024-05 or 2024."""

    model_config = ConfigDict(frozen=True)

    first_day: date
    precision: DatePrecision

    @classmethod
    def read(cls, value: object) -> Self:
        """Read one of the four ISO 8601 forms; anything else is refused with the forms named."""
        text = str(value).strip() if isinstance(value, str | int | date) else ""
        if (period := _period(text)) is not None:
            return cls(first_day=period[0], precision=period[1])
        advice = "write 2024-05-24 for a day, 2024-W22 for a week, 2024-05 for a month or 2024 for a year"
        if not text:
            raise PydanticCustomError("date", "is not a date: {advice}", {"advice": advice})
        raise PydanticCustomError("date", "'{value}' is not a date: {advice}", {"value": shown(text), "advice": advice})

    @property
    def last_day(self) -> date:
        """The last day of the period: the day itself, the week's Sunday, the end of the month or year."""
        day = self.first_day
        match self.precision:
            case DatePrecision.DAY:
                return day
            case DatePrecision.WEEK:
                return day + timedelta(days=min(6, (date.max - day).days))
            case DatePrecision.MONTH:
                return day.replace(day=monthrange(day.year, day.month)[1])
            case _:
                return day.replace(month=12, day=31)

    def written(self) -> str:
        """The form that `read` takes, as a file holds it."""
        day = self.first_day
        match self.precision:
            case DatePrecision.DAY:
                return day.isoformat()
            case DatePrecision.WEEK:
                year, week, _ = day.isocalendar()
                return f"{year:04}-W{week:02}"
            case DatePrecision.MONTH:
                return day.isoformat()[:7]
            case _:
                return day.isoformat()[:4]


def _period(text: str) -> tuple[date, DatePrecision] | None:
    """The first day and the precision of what is written in one of the four forms; None for anything else."""
    try:
        if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
            return date(int(match[1]), int(match[2]), int(match[3])), DatePrecision.DAY
        if match := re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text):
            return date.fromisocalendar(int(match[1]), int(match[2]), 1), DatePrecision.WEEK
        if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text):
            return date(int(match[1]), int(match[2]), 1), DatePrecision.MONTH
        if re.fullmatch(r"[0-9]{4}", text):
            return date(int(text), 1, 1), DatePrecision.YEAR
    except ValueError:
        pass
    return None


def _day(value: object) -> date:
    known = value if isinstance(value, PartialDate) else PartialDate.read(value)
    if known.precision is not DatePrecision.DAY:
        raise PydanticCustomError("day", "'{value}' is not a day: write it as 2024-05-24", {"value": shown(value)})
    return known.first_day


# The same few thousand days come up again and again. A text that is no date raises, and is not kept.
_read = lru_cache(maxsize=20_000)(PartialDate.read)


def _dated(value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    return _read(value) if isinstance(value, str) else PartialDate.read(value)


Dated = Annotated[PartialDate, BeforeValidator(_dated)]
Day = Annotated[date, BeforeValidator(_day)]
