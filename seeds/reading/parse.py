"""YAML with its line numbers: the text of a file in, a tree of texts, lists and mappings out, or problems."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from seeds.reading.syntax import Complaint, explained
from seeds.values import shown

Location: TypeAlias = tuple[str | int, ...]
"""Where a value stands inside its record: ("memberships", 0, "since")."""

# The deepest field of the format lies four levels down; whoever nests deeper has mistaken the indentation.
DEEPEST = 16

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# U+0085, U+2028 and U+2029 end a line in YAML 1.1, but not in 1.2 and in no editor.
NOT_ALLOWED = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Node:
    """A value and the line it is found on: for a field's value, the line of the field's name."""

    line: int
    value: "str | list[Node] | dict[str, Node] | None"

    def plain(self) -> Any:
        """The value without its lines: text, None for an empty one, list or dict."""
        match self.value:
            case list(items):
                return [item.plain() for item in items]
            case dict(fields):
                return {name: node.plain() for name, node in fields.items()}
            case text:
                return text

    def lines(self, at: Location = ()) -> Iterator[tuple[Location, int]]:
        """The line of this value and of everything in it, by its location."""
        yield at, self.line
        match self.value:
            case list(items):
                for position, item in enumerate(items):
                    yield from item.lines((*at, position))
            case dict(fields):
                for name, node in fields.items():
                    yield from node.lines((*at, name))


class _Refused(Exception):
    """What stops the reading of a file: the line and what is wrong there."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.complaint: Complaint = (line, message)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet, and the field in it that waits for its value."""

    node: Node
    key: str | None = None
    key_line: int = 0


@dataclass(slots=True)
class _Builder:
    """Makes the tree from the parser's events, one after the other: no recursion for a file to exhaust."""

    root: Node | None = None
    open: list[_Open] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        """Take the next event; raises _Refused where going on would only mislead."""
        line = event.start_mark.line + 1 if event.start_mark else 0
        match event:
            case yaml.DocumentStartEvent() if self.root is not None:
                raise _Refused(line, "a second document begins with '---': keep one in a file")
            case yaml.AliasEvent():
                self._complain_of_alias(line, f"*{event.anchor}")
                self._put(Node(line, None))
            case yaml.NodeEvent():
                self._start(event, line)
            case yaml.CollectionEndEvent():
                self.open.pop()

    def _start(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self._complain_of_alias(line, f"&{event.anchor}")
        if event.tag is not None:
            self.complaints.append((line, f"the tag '{shown(event.tag)}' is not used here: every value is text"))
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.SequenceStartEvent():
                self._enter(Node(line, []))
            case _:
                self._enter(Node(line, {}))

    def _scalar(self, event: Any, line: int) -> None:
        if self.open and isinstance(self.open[-1].node.value, dict) and self.open[-1].key is None:
            self.open[-1].key, self.open[-1].key_line = event.value, line
            return
        plain = not event.style
        if plain and event.value in ("~", "null"):
            self.complaints.append((line, f"'{event.value}' means nothing here: leave the field out, or quote it"))
        absent = plain and event.value in ("", "~", "null")
        self._put(Node(line, None if absent else event.value))

    def _enter(self, node: Node) -> None:
        if len(self.open) == DEEPEST:
            raise _Refused(node.line, f"lists and mappings are nested more than {DEEPEST} deep")
        self._put(node)
        self.open.append(_Open(node))

    def _put(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if isinstance(parent.node.value, list):
            parent.node.value.append(node)
        elif isinstance(parent.node.value, dict):
            if parent.key is None:
                raise _Refused(node.line, "a list or mapping cannot be the name of a field")
            name, node.line, parent.key = parent.key, parent.key_line, None
            first = parent.node.value.setdefault(name, node)
            if first is not node:
                self.complaints.append((node.line, f"'{shown(name)}' is given twice; first on line {first.line}"))

    def _complain_of_alias(self, line: int, written: str) -> None:
        self.complaints.append(
            (
                line,
                f"'{shown(written)}' is a YAML reference, not used here: repeat the value, or quote the text",
            )
        )


def parse(text: str) -> tuple[Node | None, list[Complaint]]:
    """The tree of one YAML document, None when it is empty or unreadable, and what is wrong with it.

    A tree that comes with complaints lacks what they are about.
    """
    if strange := list(_strange_characters(text)):
        return None, strange
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except _Refused as refused:
        return None, [*builder.complaints, refused.complaint]
    except yaml.YAMLError as error:
        return None, [*builder.complaints, explained(error, last_line=len(text.splitlines()) or 1)]
    return builder.root, builder.complaints


def _strange_characters(text: str) -> Iterator[Complaint]:
    if NOT_ALLOWED.search(text) is None:
        return
    for number, line in enumerate(re.split("\r\n|\r|\n", text), start=1):
        if found := NOT_ALLOWED.search(line):
            yield number, f"has the control character U+{ord(found[0]):04X} in it: remove it"
