"""Queries named by their SHA-256: automatic persisted queries, and the mode that answers nothing else."""

from collections.abc import Iterable
from hashlib import sha256

from api.http.requests import GraphQLRequest, Refused
from schema.engine.cache import BoundedCache


class PersistedQueries:
    """The texts that can be named by their hash: our own for good, those that clients registered while kept."""

    def __init__(self, ours: Iterable[str], size: int, *, only_ours: bool) -> None:
        """`only_ours` refuses every other query; `size` bounds the clients'."""
        self._ours = {digest(text): text for text in ours}
        self._texts = frozenset(self._ours.values())
        self._registered: BoundedCache[str] = BoundedCache(size)
        self._only_ours = only_ours

    def text(self, request: GraphQLRequest) -> str:
        """The text that a request asks for, registered if it came with its hash; raises Refused."""
        if request.persisted is not None:
            return self._named(request.query, request.persisted)
        if request.query is None:
            raise Refused(
                400, "BAD_REQUEST", 'there is no query; send {"query": "{ propositions { nodes { text } } }"}'
            )
        return self._allowed(request.query)

    def _named(self, query: str | None, hash_: str) -> str:
        if query is not None:
            if digest(query) != hash_:
                raise Refused(400, "PERSISTED_QUERY_HASH_MISMATCH", "sha256Hash is not the SHA-256 of the query")
            self._registered.put(hash_, self._allowed(query))
            return query
        found = self._ours.get(hash_) or self._registered.get(hash_)
        if found is None:
            # Clients look for this message or code in the body, and then send the text along. Apollo Server says it
            # with 200; another status is a failure of the network to clients that know no better.
            raise Refused(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        return found

    def _allowed(self, query: str) -> str:
        if self._only_ours and query not in self._texts:
            raise Refused(403, "PERSISTED_QUERY_ONLY", "this server answers its own operations only, by text or hash")
        return query


def digest(text: str) -> str:
    """The name of a query: its SHA-256 in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()
