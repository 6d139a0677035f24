"""The comment that an operation's file begins with: documentation for people, and where the route is.

# Its first line says what the route answers.
#
# What follows says more.
#
# GET /api/v1/things/{slug}
# Example: /api/v1/things/some-thing?first=2
"""

import re
from dataclasses import dataclass

from api.paths import REST

ROUTE = re.compile(r"GET (?P<path>\S+)")
EXAMPLE = re.compile(r"Example: (?P<address>\S+)")
PATH = re.compile(rf"{REST}(/[a-z0-9-]+|/\{{[a-zA-Z]+\}})+")
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Misfit(Exception):
    """What keeps a file from being a route, and the line where it stands."""

    def __init__(self, line: int, message: str) -> None:
        """`line` counts from 1."""
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(frozen=True, slots=True)
class Comment:
    """What the comment says; `examples` are addresses with the line that each stands in."""

    summary: str
    description: str
    path: str
    path_line: int
    examples: tuple[tuple[int, str], ...]

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names in braces in the path."""
        return tuple(PLACEHOLDER.findall(self.path))


def read_comment(text: str) -> Comment:
    """The comment at the beginning of a file; raises Misfit."""
    said: list[str] = []
    routes: list[tuple[int, str]] = []
    examples: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        content = line.removeprefix("#").strip()
        if match := ROUTE.fullmatch(content):
            routes.append((number, match["path"]))
        elif match := EXAMPLE.fullmatch(content):
            examples.append((number, match["address"]))
        else:
            said.append(content)
    summary, description = _paragraphs(said)
    if not summary:
        raise Misfit(1, "begin with a comment whose first line says what the route answers: # Things: …")
    if len(routes) != 1:
        raise Misfit(1, f"say in the comment where the route is, once: # GET {REST}/things")
    line_number, path = routes[0]
    if not PATH.fullmatch(path):
        raise Misfit(line_number, f"'{path}' is no path for a route; write it as {REST}/things or …/things/{{slug}}")
    if not examples:
        raise Misfit(line_number, f"give an address to try: # Example: {path}")
    return Comment(summary, description, path, line_number, tuple(examples))


def _paragraphs(said: list[str]) -> tuple[str, str]:
    """The first line, and the rest as paragraphs with an empty line between them."""
    first, _, rest = "\n".join(said).strip().partition("\n")
    return first, re.sub(r"(?<!\n)\n(?!\n)", " ", rest.strip())
