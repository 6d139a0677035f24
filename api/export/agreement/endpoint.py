"""/export/agreement.graphml and its like: the graph answers as it answers the route, and a thread writes the file.

A file is whole before its first byte is sent. It is no longer than an answer can be (max_network_edges,
max_analysis_cost), and what refuses the answer refuses the file in the same words.
"""

from collections.abc import Mapping, Sequence

from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from api import VERSION
from api.answers.answering import Answer, Answering
from api.answers.kept import is_among
from api.answers.turns import Turns
from api.export.agreement.files import AGREEMENT, AgreementFile
from api.export.agreement.question import question
from api.export.licences import licence_addresses
from api.http.requests import JSON, wanted_version
from api.http.responses import respond
from api.rest.operation import RestOperation
from api.rest.refusing import REFUSALS, refusal
from api.settings import Settings
from schema.engine.operation import Engine

WRITING = "too many files of networks are being written"

Headers = list[tuple[bytes, bytes]]


class AgreementFiles:
    """All of these files, over one database; they take turns at being written."""

    def __init__(
        self, operations: Sequence[RestOperation], answering: Answering, engine: Engine, settings: Settings
    ) -> None:
        """`operations` are all routes; `engine` is the one that `answering` asks."""
        self.operations = {operation.name: operation for operation in operations}
        self._texts = {
            name: question(self.operations[name]) for name in {each.operation for each in AGREEMENT.values()}
        }
        for text in self._texts.values():
            engine.trust(text)
        self._answering, self._cache_control = answering, settings.cache_control.encode()
        self._turns = Turns("file writer", settings.statement_seconds, WRITING)

    def routes(self) -> list[BaseRoute]:
        """A route for each file."""
        return [
            Route(f"/export/{name}", AgreementEndpoint(self, file), methods=["GET"]) for name, file in AGREEMENT.items()
        ]

    def close(self) -> None:
        """Write nothing any more."""
        self._turns.close()

    async def answer(
        self, file: AgreementFile, scope: Scope, headers: Mapping[bytes, bytes]
    ) -> tuple[Answer, list[bytes], Headers]:
        """The graph's answer, the pieces of the file and the headers that go with it; raises one of REFUSALS.

        There are no pieces where the client has the file (304).
        """
        operation = self.operations[file.operation]
        variables = operation.variables({}, scope["query_string"])
        at_least = wanted_version(headers)
        ending = b'-%b-%b"' % (VERSION.encode(), file.name.encode())
        known = _without(ending, headers.get(b"if-none-match", b""))
        answer = await self._answering.answer(self._texts[file.operation], None, variables, known, at_least)
        validated = [(b"etag", answer.tag[:-1] + ending), (b"cache-control", self._cache_control)]
        if answer.status == 304 or (known and is_among(answer.tag, known)):
            return answer._replace(status=304, body=b""), [], validated
        pieces, licences = await self._turns.run(file.written, answer.body, operation, variables)
        links = [f'<{address}>; rel="license"' for address in licence_addresses(licences)]
        disposition = f'attachment; filename="{file.name}"'.encode()
        named = [(b"content-disposition", disposition), *((b"link", link.encode()) for link in links)]
        return answer, pieces, [*validated, *named]


class AgreementEndpoint:
    """An ASGI application for one file: GET and HEAD."""

    def __init__(self, files: AgreementFiles, file: AgreementFile) -> None:
        """It is one of these files."""
        self._files, self._file = files, file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer, pieces, headers = await self._files.answer(self._file, scope, dict(scope["headers"]))
        except REFUSALS as error:
            answer, headers = refusal(error, self._files.operations[self._file.operation].parameters)
            await respond(send, answer.status, JSON, answer.body, headers)
            return
        if answer.version:
            headers.append((b"data-version", answer.version))
        if answer.status == 304:
            await respond(send, 304, b"", b"", headers)
            return
        headers.append((b"content-type", self._file.media_type.encode()))
        headers.append((b"content-length", b"%d" % sum(map(len, pieces))))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in pieces if scope["method"] == "GET" else ():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _without(ending: bytes, if_none_match: bytes) -> bytes:
    """The validators of the answers behind those of this file that a client names; `*` is any."""
    if if_none_match == b"*":
        return if_none_match
    candidates = (each.strip() for each in if_none_match.split(b","))
    return b",".join(each.removesuffix(ending) + b'"' for each in candidates if each.endswith(ending))
