"""What is wrong with the YAML, in plain English: the parser's error in, a line and a sentence out."""

from typing import NamedTuple, TypeAlias

import yaml

from seeds.values import shown

Complaint: TypeAlias = tuple[int, str]
"""A line and what is wrong there."""


class Mistake(NamedTuple):
    """What PyYAML says, and what people did."""

    said: str
    done: str
    earlier: bool = False
    """Whether it is mended where PyYAML says that it began (a quote, a bracket, a name), not where it ended."""


MISTAKES = (
    Mistake(
        "mapping values are not allowed",
        "a ': ' stands inside a text, or the line is not indented like its neighbours:"
        " put the text in quotes, or indent the line as they are",
    ),
    Mistake(
        "cannot start any token",
        "a text begins with a character that YAML keeps for itself, or a tab indents the line:"
        " put the text in quotes, or indent with spaces",
    ),
    Mistake("a tab character", "a tab indents the line: indent with spaces"),
    Mistake(
        "could not find expected ':'",
        "the line has no ': ' after a field's name, or should be indented",
        earlier=True,
    ),
    Mistake(
        "expected '-' indicator",
        "the line has no '- ' before it as the records or items above have, or is indented less than its record",
    ),
    Mistake("expected <block end>", "the line is not indented like its neighbours"),
    Mistake(
        "expected key",
        "the line is not indented like its neighbours, or a text goes on after its closing quote",
    ),
    Mistake("unexpected end of stream", "a quotation mark is opened here and never closed", earlier=True),
    Mistake("unexpected document indicator", "a quotation mark is opened here and never closed", earlier=True),
    Mistake(
        "expected ',' or",
        "a bracket is opened here and never closed, or lacks a comma in it",
        earlier=True,
    ),
    Mistake(
        "expected node content",
        "brackets do not match: close each one that is opened, and quote a text that begins with one",
    ),
    Mistake(
        "unknown escape character",
        "a backslash in double quotes begins an escape: write it twice, or use single quotes",
    ),
    Mistake("expected alphabetic or numeric character", "a text begins with * or &: put it in quotes"),
)


def explained(error: yaml.YAMLError, last_line: int) -> Complaint:
    """Where the mistake is, never beyond the file's last line, and what it is."""
    said = str(getattr(error, "problem", None) or error)
    mistake = next((each for each in MISTAKES if each.said in said), Mistake(said, shown(said)))
    mark = getattr(error, "context_mark" if mistake.earlier else "problem_mark", None)
    line = last_line if mark is None else min(mark.line + 1, last_line)
    return line, f"is not valid YAML: {mistake.done}"
