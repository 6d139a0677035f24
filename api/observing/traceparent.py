"""The header `traceparent` of W3C trace context: which trace a request belongs to."""

import re

TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
"""Version, trace id, parent id, flags; a later version may have more behind them."""


def trace_id(traceparent: bytes) -> str | None:
    """The id of the trace that the header names, 32 hexadecimal digits; None if it is not one."""
    match = TRACEPARENT.fullmatch(traceparent)
    if match is None or (match[1] == b"00" and match[3] is not None):
        return None
    return match[2].decode()
