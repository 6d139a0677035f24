"""The floor on PostgreSQL: a Starlette route for each question, with hand-written SQL that is prepared.

Connections and their pool are those of ours, which are quicker than psycopg's own: what is compared is all the rest.
"""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.database.postgresql.address import address_of
from api.database.postgresql.connection import Connection
from api.database.postgresql.pool import Pool
from api.settings import Settings
from tests.bench.questions import QUESTIONS, Question
from tests.bench.served.connection import settle

WORD = re.compile(r"[^\W_]+")
NAMED = re.compile(r"(?<!:):(\w+)")
"""A parameter; not a cast, which has two colons."""

SETTINGS = Settings()
POOL = Pool(
    partial(Connection.open, address_of(SETTINGS).reading, SETTINGS.statement_seconds),
    size=SETTINGS.pool_size,
    lifetime=SETTINGS.pool_lifetime_seconds,
    seconds=SETTINGS.statement_seconds,
)


def answered(question: Question) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a question: its parameters come as a JSON object."""
    names = list(dict.fromkeys(NAMED.findall(question.sql_postgresql)))
    sql = NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", question.sql_postgresql)

    async def answer(request: Request) -> Response:
        values = parameters(orjson.loads(await request.body()))
        (text,) = await POOL.row(sql, [values[name] for name in names])
        return Response(text, media_type="application/json")

    return answer


def parameters(values: dict[str, Any]) -> dict[str, Any]:
    """As the server takes them: a user's words are no tsquery yet."""
    if "words" not in values:
        return values
    return {"words": " & ".join([f"{word.lower()}:*" for word in WORD.findall(values["words"])])}


app = Starlette(routes=[Route(f"/{each.name}", answered(each), methods=["POST"]) for each in QUESTIONS])
settle()
