"""The codebook: every enumerated term of the record, each with the definition a coder applies."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A string enum whose members carry their definition; the stored value is the member's name."""

    definition: str

    def __new__(cls, value: str, definition: str) -> Self:
        """Make the member `value` with the one-sentence `definition` a coder applies."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.definition = definition
        return member


class EntityType(Term):
    """What sort of actor an entity is."""

    PERSON = "PERSON", "A natural person, recorded for a public role only."
    COUNTRY = "COUNTRY", "A state as an actor of international politics."
    GOVERNMENT = (
        "GOVERNMENT",
        "The executive of a country, or an office or ministry that speaks for it.",
    )
    ORGANIZATION = (
        "ORGANIZATION",
        "An alliance, agency, armed force, company or association that is no government, party or medium.",
    )
    PARTY = "PARTY", "A political party or parliamentary group."
    MEDIA = "MEDIA", "A publisher or broadcaster of news."
    GROUP = "GROUP", "People or states named together without being one organization."


class Position(Term):
    """Where a holder stands on a proposition. No evidence means no stance, never NEUTRAL."""

    SUPPORT = "SUPPORT", "For the proposition as worded."
    OPPOSE = "OPPOSE", "Against the proposition as worded."
    NEUTRAL = "NEUTRAL", "Says explicitly that it takes no side; silence is not neutral."
    MIXED = (
        "MIXED",
        "For some of it and against some of it, or openly undecided between the two.",
    )

    @property
    def mirrored(self) -> "Position":
        """The same attitude towards the negation: SUPPORT and OPPOSE change places, the rest stay."""
        return MIRROR.get(self, self)


# The sign convention, stated once: SUPPORT = for the proposition as worded. To support a proposition is
# to oppose its negation; mirroring twice is the identity.
MIRROR = {Position.SUPPORT: Position.OPPOSE, Position.OPPOSE: Position.SUPPORT}


class StatementKind(Term):
    """How a statement reached the record."""

    DIRECT_QUOTE = "DIRECT_QUOTE", "The speaker's own words, between quotation marks in the source."
    MIXED_QUOTE = (
        "MIXED_QUOTE",
        "The source's sentence with some of the speaker's own words quoted inside it.",
    )
    INDIRECT_QUOTE = (
        "INDIRECT_QUOTE",
        "The source says that the speaker said it, in the source's words.",
    )
    REPORTED_POSITION = (
        "REPORTED_POSITION",
        "The source says where an actor stands, without a particular utterance.",
    )
    ACTION = (
        "ACTION",
        "Something an actor did that shows where it stands: signing, sending, striking, forbidding.",
    )
    DOCUMENT = "DOCUMENT", "A written text of the actor's own: a law, a declaration, a letter."
    VOTE = "VOTE", "A vote that was cast."


class DatePrecision(Term):
    """How exactly a date is known. The date is the first day of the period, of an end (until) the last."""

    DAY = "DAY", "The day itself is known."
    WEEK = "WEEK", "The ISO week is known; the date is its Monday, of an end its Sunday."
    MONTH = "MONTH", "The month is known; the date is its first day, of an end its last."
    YEAR = "YEAR", "The year is known; the date is its first of January, of an end its last of December."
