"""What the engine refuses: errors with a stable code, a message that says what to do, and where."""

from collections.abc import Collection

from graphql import GraphQLError, Node


def in_graphql_words(error: GraphQLError) -> str:
    """The message of an error of graphql-core's, which says None where a client has to read null."""
    return error.message.replace(" not to be None.", " not to be null.")


class ClientError(GraphQLError):
    """The caller can mend it: extensions.code says what kind of mistake it is.

    Codes: BAD_USER_INPUT (a value is wrong), QUERY_TOO_DEEP, QUERY_TOO_WIDE (a limit is exceeded).
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "BAD_USER_INPUT",
        argument: str | None = None,
        path: Collection[str | int] | None = None,
        nodes: Collection[Node] | None = None,
    ) -> None:
        """`message` for people, `code` for programs, `argument` and `path` say where."""
        extensions = {"code": code} if argument is None else {"code": code, "argument": argument}
        super().__init__(message, nodes=nodes, path=path, extensions=extensions)

    def at(self, path: Collection[str | int] | None, nodes: Collection[Node]) -> "ClientError":
        """The same error, said of a field of the query, or of what its nodes say."""
        assert self.extensions is not None
        return ClientError(
            self.message,
            code=self.extensions["code"],
            argument=self.extensions.get("argument"),
            path=path,
            nodes=nodes,
        )
