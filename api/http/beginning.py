"""How a request begins on its connection: when it is its turn, directly where that can be, else as a task."""

import asyncio
from functools import partial
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from api.http.admission import Admission, Waiting
from api.http.connections import LimitedProtocol
from api.http.direct import Direct
from api.http.entrance import Refusal
from api.http.headers import Header
from api.http.lingering import Last
from api.http.responses import Reply
from api.settings import Settings

ADMISSION = "admission"
"""Where the application leaves its Admission for us: in the state that its lifespan gives to the server."""

DIRECT = "direct"
"""Where it leaves its Direct."""


class AdmittedProtocol(LimitedProtocol):
    """One connection, and what becomes of the requests that come over it."""

    _head: tuple[RequestResponseCycle, Any] | None = None
    _parsing = False

    def data_received(self, data: bytes) -> None:
        """Take what came; a request begins when all of that is read."""
        self._parsing = True
        super().data_received(data)
        self._parsing = False
        if self._head is not None and not self._refused:
            head, self._head = self._head, None
            self._enter(*head)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """The headers of a request are there; it begins when all is read that came with them, its body perhaps."""
        if self._parsing:
            self._head = cycle, app
        else:
            self._enter(cycle, app)

    def _enter(self, cycle: RequestResponseCycle, app: Any) -> None:
        """The request could begin; whether it does, and when, is for the admission to say, where there is one."""
        admission: Admission | None = self.app_state.get(ADMISSION)
        if admission is None:
            self._begin(cycle, app)
        else:
            begin, refuse = partial(self._begin, cycle, app), partial(self._turn_away, cycle)
            admission.enter(self.loop, Waiting(cast(Scope, cycle.scope), begin, refuse))

    def _begin(self, cycle: RequestResponseCycle, app: Any) -> None:
        # Who hung up while waiting is not worked for.
        if cycle.disconnected or self._goes_directly(cycle):
            return
        self._under_way = cycle
        if not cycle.keep_alive:
            cycle.transport = cast(asyncio.Transport, Last(self.transport, self._close))
        super()._start_asgi_task(cycle, app)

    def _goes_directly(self, cycle: RequestResponseCycle) -> bool:
        direct: Direct | None = self.app_state.get(DIRECT)
        if direct is None or cycle.more_body:
            return False
        question = direct.question(cast(Scope, cycle.scope), bytes(cycle.body))
        if question is None:
            return False
        reply = None if self.flow.write_paused else direct.reply_at_once(question)
        if reply is not None:
            self._write(cycle, *reply)
            return True
        self._under_way = cycle
        task = self.loop.create_task(direct.reply(question, partial(self._write_when_taken, cycle)))
        # What uvicorn lets end when it is to stop.
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return True

    async def _write_when_taken(self, cycle: RequestResponseCycle, reply: Reply) -> None:
        if self.flow.write_paused and not cycle.disconnected:
            await self.flow.drain()
        if not cycle.disconnected:
            self._write(cycle, *reply)

    def _turn_away(self, cycle: RequestResponseCycle, refusal: Refusal) -> bool:
        """Answer without a task what the entrance would send; False if it must wait."""
        if self.flow.write_paused and not cycle.disconnected:
            return False
        if not cycle.disconnected:
            body = b"" if cycle.scope["method"] == "HEAD" else refusal.body
            self._write(cycle, refusal.status, refusal.headers, body)
        return True

    def _write(self, cycle: RequestResponseCycle, status: int, headers: list[Header], body: bytes) -> None:
        """Answer, to the byte as uvicorn would write it, and all at once."""
        lines = [b"%b: %b\r\n" % header for header in (*cycle.default_headers, *headers)]
        if not cycle.keep_alive:
            lines.append(b"connection: close\r\n")
        self.transport.write(b"".join((STATUS_LINE[status], *lines, b"\r\n", body)))
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        if not cycle.keep_alive:
            self._close()
        cycle.on_response()

    def _close(self) -> None:
        """All is said on this connection, though maybe not all has come."""
        if self._incomplete:
            self._linger()
        else:
            self.transport.close()


def http_protocol(settings: Settings) -> Any:
    """For uvicorn's option `http`; workers get it by pickle, as they do the rest of uvicorn's options."""
    return partial(
        AdmittedProtocol,
        request_seconds=settings.request_seconds,
        stall_seconds=settings.stall_seconds,
        max_header_bytes=settings.max_header_bytes,
    )
