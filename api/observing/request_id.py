"""The id of a request: the client's own where it sends a usable one, else one of ours; never a secret.

It is in the header `x-request-id` of every response, in an INTERNAL error and in the log. Where it is known:
`request_id(scope)`.
"""

import re
import secrets
from collections.abc import Mapping, MutableMapping
from itertools import count
from typing import Any

from api.observing.traceparent import trace_id

USABLE = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")
"""What may stand in a log and in a header without being mistaken for anything else."""

# Drawing each would be a call of the system: a process has one draw, and numbers.
_process = secrets.token_hex(4)
_numbers = count(1)


def identify(scope: MutableMapping[str, Any]) -> str:
    """Give the request its id: `x-request-id`, else the trace id of `traceparent`, else a new one."""
    found = None
    for name, value in scope["headers"]:
        if name == b"x-request-id" and USABLE.fullmatch(value):
            found = value.decode("ascii")
            break
        if name == b"traceparent":
            found = trace_id(value)
    if found is None:
        found = f"{_process}{next(_numbers) & 0xFFFFFFFF:08x}"
    if "state" in scope:
        scope["state"]["request_id"] = found
    else:
        scope["state"] = {"request_id": found}
    return found


def request_id(scope: Mapping[str, Any]) -> str:
    """The id that the request was given."""
    found: str = scope["state"]["request_id"]
    return found
