"""An ASGI application that does nothing but answer: how fast uvicorn and the load generator can be."""

from starlette.types import Receive, Scope, Send

BODY = b'{"data":{"entity":{"name":"Jens Stoltenberg","type":"PERSON"}}}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The same answer to every request."""
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})
