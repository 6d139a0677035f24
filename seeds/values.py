"""What a field of the files can hold: text in, checked value out, or an error that says how to write it."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from schema.vocabulary import DatePrecision

# A message begins with its verb or value, because the reader puts the field's name before it:
# "holder 'Joe Biden' is not a slug: ...", "name is empty: ...".


def shown(value: object) -> str:
    """A value as a message quotes it: on one line, cut to 60 characters, what does not print as U+FFFD."""
    line = " ".join(str(value).split())
    text = "".join(character if character.isprintable() else "\ufffd" for character in line)
    return text if len(text) <= 60 else text[:59] + "…"


def written_as(pattern: str, name: str, advice: str) -> AfterValidator:
    """The check that a whole text matches `pattern`; the error says it is not `name`, write `advice`."""
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError(
                "not_written_as",
                "'{value}' is not {name}: write {advice}",
                {"value": shown(value), "name": name, "advice": advice},
            )
        return value

    return AfterValidator(check)


def control_character(text: str) -> str | None:
    """The first control character or lone surrogate, as `U+0007`; line breaks and tabs are none."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            return f"U+{ord(character):04X}"
    return None


def _text(value: str) -> str:
    if found := control_character(value):
        raise PydanticCustomError(
            "control_character", "has the control character {found} in it: remove it", {"found": found}
        )
    text = value.strip()
    if not text:
        raise PydanticCustomError("empty", "is empty: write a text, or leave the field out")
    return text


SLUG = r"(?=.{1,120}\Z)[a-z0-9]+(-[a-z0-9]+)*"


def is_slug(text: str) -> bool:
    """Whether the text can be a slug."""
    return re.fullmatch(SLUG, text) is not None


Slug = Annotated[
    str,
    written_as(
        SLUG,
        "a slug",
        "1 to 120 characters of a-z, 0-9 and single hyphens, as in jens-stoltenberg",
    ),
]
Text = Annotated[str, AfterValidator(_text)]
Sha256 = Annotated[str, written_as(r"[0-9a-f]{64}", "a sha256", "its 64 characters of 0-9 and a-f")]
Url = Annotated[
    str,
    written_as(
        r"https?://[^\x00-\x20\x7f-\xa0\ud800-\udfff]+",
        "a web address",
        "one that begins with https:// or http://",
    ),
]
WikidataId = Annotated[str, written_as(r"Q[1-9][0-9]{0,14}", "a Wikidata id", "Q and its number, as in Q57095")]
Language = Annotated[
    str,
    written_as(
        r"(?=.{2,35}\Z)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*",
        "a language tag",
        "one of BCP 47, as in en, uk or pt-BR",
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
        try:
            if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
                day = date(int(match[1]), int(match[2]), int(match[3]))
                return cls(first_day=day, precision=DatePrecision.DAY)
            if match := re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text):
                monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
                return cls(first_day=monday, precision=DatePrecision.WEEK)
            if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text):
                return cls(first_day=date(int(match[1]), int(match[2]), 1), precision=DatePrecision.MONTH)
            if re.fullmatch(r"[0-9]{4}", text):
                return cls(first_day=date(int(text), 1, 1), precision=DatePrecision.YEAR)
        except ValueError:
            pass
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


def _day(value: object) -> date:
    known = value if isinstance(value, PartialDate) else PartialDate.read(value)
    if known.precision is not DatePrecision.DAY:
        raise PydanticCustomError("day", "'{value}' is not a day: write it as 2024-05-24", {"value": shown(value)})
    return known.first_day


def _dated(value: object) -> PartialDate:
    return value if isinstance(value, PartialDate) else PartialDate.read(value)


Dated = Annotated[PartialDate, BeforeValidator(_dated)]
Day = Annotated[date, BeforeValidator(_day)]
