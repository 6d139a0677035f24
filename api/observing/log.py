"""The log, on the standard error: a line for each request, and what the server and its libraries have to say.

Each line is a JSON object, or a text for people on a terminal. None holds the values of variables, the query string
of an address, a header but the two that name the request, or where a request came from.
"""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson
from rich.console import Console
from typer import style

from api.observing.sink import Sink
from api.settings import Settings

STANDARD_ERROR = 2

# How long the last lines may take to be written when the server stops.
LAST_SECONDS = 2.0

Entry = dict[str, Any]

COLOURS = {"debug": "bright_black", "info": "green", "warning": "yellow", "error": "red", "critical": "red"}

# What becomes of half a surrogate pair, which no UTF-8 holds: it is escaped.
FALLBACK = "backslashreplace"


class Log:
    """Writes entries: dictionaries with at least `time` and `level`."""

    def __init__(self, sink: Sink, *, text: bool, colour: bool, requests: bool) -> None:
        """`requests` says whether each request is told."""
        self.requests = requests
        self._sink, self._text, self._colour = sink, text, colour

    def write(self, entry: Entry) -> None:
        """Write one; never raises, never waits."""
        if lost := self._sink.lost():
            said = f"{lost} lines of the log were lost: it was not read as fast as it was written"
            self._sink.put(self._line(entry_of("warning", "stancebase.log", said)))
        self._sink.put(self._line(entry))

    def flush(self) -> None:
        """Wait till all is written, for a moment at most."""
        self._sink.flush(LAST_SECONDS)

    def _line(self, entry: Entry) -> bytes:
        if self._text:
            return as_text(entry, colour=self._colour).encode(errors=FALLBACK)
        try:
            return orjson.dumps(entry, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
        except orjson.JSONEncodeError:
            safe = {name: _safe(value) for name, value in entry.items()}
            return orjson.dumps(safe, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


class LogHandler(logging.Handler):
    """Brings what Python's `logging` is told into the log."""

    def __init__(self, log: Log) -> None:
        """`log` takes the entries."""
        super().__init__()
        self._log = log
        self._formatter = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, with the trace of its exception."""
        try:
            entry = entry_of(record.levelname.lower(), record.name, record.getMessage())
            if record.exc_info:
                entry["exception"] = self._formatter.formatException(record.exc_info)
            self._log.write(entry)
        except Exception:
            self.handleError(record)


def open_log(settings: Settings) -> Log:
    """The log of this process, which also takes what is told to Python's `logging` from now on."""
    form = settings.log_format
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    console = Console(stderr=True)
    colour = text and console.is_terminal and not console.no_color
    level = getattr(logging, settings.log_level.upper())
    log = Log(Sink(STANDARD_ERROR), text=text, colour=colour, requests=settings.log_requests and level <= logging.INFO)
    root = logging.getLogger()
    for handler in [*root.handlers]:
        root.removeHandler(handler)
    root.addHandler(LogHandler(log))
    logging.getLogger("stancebase").setLevel(level)
    return log


def server_level(settings: Settings) -> str:
    """How much uvicorn tells: how it starts and stops is for those who look for a mistake."""
    return "warning" if settings.log_level == "info" else settings.log_level


def entry_of(level: str, logger: str, message: str) -> Entry:
    """What is not about one request."""
    return {"time": datetime.now(UTC), "level": level, "logger": logger, "message": message}


def as_text(entry: Entry, *, colour: bool) -> str:
    """An entry as a line for people; an exception follows on lines of its own."""
    level = entry["level"]
    parts = [f"{entry['time']:%H:%M:%S}", style(f"{level:7}", fg=COLOURS[level]) if colour else f"{level:7}"]
    if "message" in entry:
        parts.append(f"{entry['logger']}: {_printable(entry['message'])}")
        if "exception" in entry:
            parts.append(f"\n{entry['exception']}")
        return f"{' '.join(parts)}\n"
    parts.append(f"{_printable(entry['method'])} {_printable(entry['path'])} {entry['status']} {entry['outcome']}")
    if entry["name"] or entry["operation"] != "other":
        parts.append(_printable(entry["name"] or entry["operation"]))
    took = f"{entry['ms']:g} ms" + (f" (SQL {entry['sql_ms']:g})" if entry["sql_ms"] is not None else "")
    parts.append(f"{took} {entry['bytes']} bytes {entry['id']}")
    return f"{' '.join(parts)}\n"


def _printable(text: str) -> str:
    """Nothing in it moves a terminal's cursor, or begins a line of its own."""
    return text if text.isprintable() else repr(text)[1:-1]


def _safe(value: Any) -> Any:
    return value.encode(errors=FALLBACK).decode() if isinstance(value, str) else value
