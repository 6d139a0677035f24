"""The floor: a Starlette route for each question, with hand-written SQL whose one cell is the whole answer."""

import re
from collections.abc import Awaitable, Callable

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bench.questions import QUESTIONS, Question
from tests.bench.served.connection import connect, settle

WORD = re.compile(r"[^\W_]+")

CONNECTION = connect(as_bytes=True)


def answered(question: Question) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a question: its parameters come as a JSON object."""
    sql = question.sql

    async def answer(request: Request) -> Response:
        values = orjson.loads(await request.body())
        return Response(CONNECTION.execute(sql, values).fetchone()[0], media_type="application/json")

    return answer


def searched(question: Question) -> Callable[[Request], Awaitable[Response]]:
    """The same for a search: a user's words are no FTS5 expression yet."""
    sql = question.sql

    async def answer(request: Request) -> Response:
        words = orjson.loads(await request.body())["words"]
        match = " ".join([f'"{word}"*' for word in WORD.findall(words)])
        return Response(CONNECTION.execute(sql, (match,)).fetchone()[0], media_type="application/json")

    return answer


app = Starlette(
    routes=[
        Route(f"/{question.name}", (searched if question.name == "search" else answered)(question), methods=["POST"])
        for question in QUESTIONS
    ]
)
settle()
