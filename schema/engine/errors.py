"""What the engine refuses: errors with a stable code, a message that says what to do, and where."""

import re
from collections.abc import Collection

from graphql import GraphQLError, Node

from schema.engine.codes import Code

JSON_WORDS = {"True": "true", "False": "false", "None": "null"}
PYTHON_WORDS = re.compile(r"'(?:[^'\\]|\\.)*'|\b(?:True|False|None)\b")
"""Such a word, or a text in quotes, in which it is the client's own."""

MOST_CHARACTERS = 400
"""How long a message of graphql-core's may be: it repeats what it was given, all of it."""


def in_graphql_words(error: GraphQLError) -> str:
    """The message of an error of graphql-core's, which says None where a client has to read null."""
    message = error.message.replace(" not to be None.", " not to be null.")
    return message if len(message) <= MOST_CHARACTERS else f"{message[:MOST_CHARACTERS]}…"


def in_json_words(message: str) -> str:
    """What graphql-core says of a value that came as JSON, without the words that Python has for three of them."""
    return PYTHON_WORDS.sub(lambda found: JSON_WORDS.get(found[0], found[0]), message)


class ClientError(GraphQLError):
    """The caller can mend it: extensions.code says what kind of mistake it is (codes.py has them all)."""

    def __init__(
        self,
        message: str,
        *,
        code: Code = "BAD_USER_INPUT",
        argument: str | None = None,
        path: Collection[str | int] | None = None,
        nodes: Collection[Node] | None = None,
    ) -> None:
        """`message` for people, `code` for programs, `argument` and `path` say where."""
        extensions = {"code": code} if argument is None else {"code": code, "argument": argument}
        super().__init__(message, nodes=nodes, path=path, extensions=extensions)
        self.code: Code = code

    def at(self, path: Collection[str | int] | None, nodes: Collection[Node]) -> "ClientError":
        """The same error, said of a field of the query, or of what its nodes say."""
        assert self.extensions is not None
        return ClientError(
            self.message,
            code=self.code,
            argument=self.extensions.get("argument"),
            path=path,
            nodes=nodes,
        )
