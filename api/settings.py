"""The settings: from STANCEBASE_… variables and the command line to one frozen object, read once."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, FilePath, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from api.errors import SettingsProblem
from api.variables import ENV_FILE, PREFIX, refuse_unknown
from schema.engine.limits import Limits

Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]


class Settings(BaseSettings):
    """Each field is also an environment variable: `port` is STANCEBASE_PORT."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", dotenv_filtering="only_existing", env_file_encoding="utf-8"
    )

    database_url: str = Field(
        "sqlite:///var/stancebase.db",
        min_length=1,
        # There may be a password in it.
        repr=False,
        description="Where the record is kept: three slashes and a path from the working directory,"
        " or four and one from the root; or postgresql://user@host:5432/name, all hosts if there are standbys.",
    )
    database_password_file: Path | None = Field(
        None, description="The file that holds PostgreSQL's password; without one, libpq looks where it always does."
    )
    migrate_at_start: Literal["files", "always", "never"] = Field(
        "files",
        description="Which databases with tables of an older version `serve` migrates by itself: only files, always"
        " or never.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on; 0.0.0.0 for all.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 for any that is free.")

    workers: Annotated[int, Field(ge=1, le=256)] = Field(
        1, description="How many processes answer; each has caches and connections of its own."
    )
    grace_seconds: Annotated[int, Field(ge=0, le=3600)] = Field(
        10, description="How long requests under way may go on after the server was told to stop."
    )
    ssl_certfile: FilePath | None = Field(
        None, description="The certificate and what it rests on, in PEM, to serve over TLS."
    )
    ssl_keyfile: FilePath | None = Field(
        None, description="The certificate's key, in PEM, where it is not in the same file."
    )
    proxy_headers: bool = Field(
        True, description="Whether X-Forwarded-Proto and X-Forwarded-For are believed, of whom the next one trusts."
    )
    forwarded_allow_ips: str = Field(
        "127.0.0.1,::1", description="The proxies that are believed: addresses or networks with commas, or * for all."
    )
    root_path: str = Field(
        "",
        pattern=r"^(/[^/?#\s]+)*$",
        description="The path under which a proxy shows the server, as in /stances; the proxy takes it off.",
    )

    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="How the log is written: json, text, or auto for text on a terminal and json elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is worth a line of the log; at warning, requests are not."
    )
    log_requests: bool = Field(True, description="Whether each request is a line of the log.")

    statement_seconds: Seconds = Field(
        5.0,
        description="How long one statement may take, a wait for its turn included; then it is stopped.",
    )
    loop_seconds: Seconds = Field(
        0.05,
        description="How long a statement may hold up the event loop; a longer one starts again on a thread.",
    )
    reader_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="How many long statements can run at the same time."
    )
    cache_megabytes: Annotated[int, Field(ge=0, le=65536)] = Field(
        64, description="How much of the database each reading connection keeps in memory, at most."
    )
    mmap_megabytes: Annotated[int, Field(ge=0, le=1048576)] = Field(
        1024, description="How much of the database file is mapped into memory, at most; 0 for none."
    )

    pool_size: Annotated[int, Field(ge=1, le=1000)] = Field(
        8, description="How many connections to PostgreSQL a process reads through, at most."
    )
    pool_lifetime_seconds: Seconds = Field(
        300.0,
        description="When such a connection is closed; the next one finds a standby that has come back.",
    )

    default_page_size: Count = Field(20, description="How many items a page has when the query does not say.")
    max_page_size: Count = Field(100, description="How many items a query may ask of one page.")
    max_tokens: Count = Field(2_000, description="How many words, numbers, texts and signs a document may have.")
    max_operations: Count = Field(20, description="How many operations a document may define.")
    max_fragments: Count = Field(100, description="How many fragments a document may define.")
    max_root_fields: Count = Field(50, description="How many fields an operation may begin with.")
    max_aliases: Count = Field(100, description="How many aliases a document may give.")
    max_fields: Annotated[int, Field(ge=1, le=2_000)] = Field(
        500, description="How many fields the answer to a query may have, lists counted once."
    )
    max_depth: Annotated[int, Field(ge=1, le=20)] = Field(15, description="How many fields deep an operation may go.")
    max_filter_objects: Annotated[int, Field(ge=1, le=1_000)] = Field(
        300, description="How many objects the filters and orders of a query may have, all together."
    )
    max_filter_depth: Annotated[int, Field(ge=1, le=13)] = Field(
        10, description="How many objects deep a filter may go."
    )
    max_variable_values: Count = Field(
        5_000, description="How many values the variables of a request may have, those in lists and objects included."
    )
    max_variable_depth: Annotated[int, Field(ge=1, le=100)] = Field(
        20, description="How many lists and objects deep a variable may go."
    )
    batch_size: Annotated[int, Field(ge=0, le=100)] = Field(
        0, description="How many operations one POST may send as a list; 0 for no lists."
    )
    max_url_bytes: Annotated[int, Field(ge=100, le=60_000)] = Field(
        8_000, description="How long the address of a request may be."
    )
    max_header_bytes: Annotated[int, Field(ge=1_000)] = Field(
        32_000, description="How long the headers of a request may be, all together."
    )
    request_seconds: Seconds = Field(
        10.0, description="How long a request may take to arrive, from its first byte, or the connection, to its last."
    )
    stall_seconds: Seconds = Field(
        60.0, description="How long a client may leave an answer waiting to be read before it is cut off."
    )
    keep_alive_seconds: Annotated[int, Field(ge=1, le=3600)] = Field(
        5, description="How long a connection may be idle between two requests."
    )
    max_in_flight: Count = Field(
        200, description="How many requests can be under way; one more is told to try again in a second."
    )
    max_wait_seconds: Seconds = Field(
        1.0, description="How long a request may have waited for its turn; then it is told to try again in a second."
    )
    cors_max_age_seconds: Annotated[int, Field(ge=0, le=86_400)] = Field(
        7_200, description="How long a browser may remember which sites may ask."
    )
    cors_origins: list[str] = Field(
        ["*"], description="Which web sites' pages may ask from a browser; * for all: the data is public."
    )
    max_body_bytes: Count = Field(100_000, description="How long the body of a request may be.")
    max_cost: Count = Field(
        100_000, description="How many values the answer to a query could hold, if every page in it were full."
    )
    max_network_holders: Count = Field(
        2_000, description="How many actors one network or matrix may compare with each other."
    )
    max_network_edges: Count = Field(50_000, description="How many edges a network answers with.")
    max_network_evidence: Count = Field(
        200_000, description="How many coded statements the parts of an analysis answer with, all together."
    )
    max_timeline_windows: Count = Field(1_000, description="How many windows a timeline has, and periods a window.")
    max_timeline_statements: Count = Field(
        20_000_000, description="How many coded statements the windows of a timeline count, all together."
    )
    max_timeline_holders: Count = Field(
        3_000, description="How many actors the windows of a timeline compare with each other, all together."
    )
    max_analysis_cost: Count = Field(
        500_000, description="How many values the answer to a query with an analysis in it may hold."
    )
    cache_control: str = Field(
        "no-cache",
        description="The Cache-Control of answers; no-cache: keep them, but ask each time if they still hold.",
    )
    answer_cache_megabytes: Annotated[int, Field(ge=0, le=65536)] = Field(
        32, description="How much of the answers given is kept for the same question again; 0 for none."
    )
    persisted_cache_size: Count = Field(
        1000, description="How many queries that clients registered by their hash are kept."
    )
    persisted_only: bool = Field(
        False, description="Whether only the queries in api/operations are answered, by their SHA-256 or text."
    )
    plan_cache_size: Count = Field(
        1000, description="How many planned operations are kept; the least recently used one goes first."
    )

    max_sockets: Count = Field(1_000, description="How many WebSockets can be open, in each process.")
    max_sockets_per_client: Count = Field(
        50, description="How many of them one client, known by its address, can have open."
    )
    max_socket_operations: Count = Field(
        20, description="How many operations can be under way on one WebSocket; one more is refused."
    )
    socket_init_seconds: Seconds = Field(
        3.0, description="How long a WebSocket may be open before its client sends connection_init."
    )
    socket_idle_seconds: Seconds = Field(
        300.0, description="How long a WebSocket may be open without a message, and nothing under way."
    )
    socket_ping_seconds: Seconds = Field(
        20.0, description="How often a WebSocket's client is asked for a sign of life, and how long it may take."
    )
    max_streams_per_client: Count = Field(
        50, description="How many event streams one client, known by its address, can have open, in each process."
    )
    event_stream_seconds: Seconds = Field(
        10.0, description="How often an event stream that waits for an answer shows a sign of life."
    )

    exports_at_once: Annotated[int, Field(ge=0, le=64)] = Field(
        2, description="How many exports can be under way; one more is told to try again later. 0 for none."
    )
    export_stall_seconds: Seconds = Field(
        60.0, description="How long the client of an export may take nothing of it; then it is cut off."
    )

    @model_validator(mode="after")
    def _page_sizes_agree(self) -> Self:
        if self.default_page_size > self.max_page_size:
            raise PydanticCustomError(
                "page_sizes",
                "{prefix}DEFAULT_PAGE_SIZE={default} is more than {prefix}MAX_PAGE_SIZE={most}:"
                " raise the second or lower the first",
                {"prefix": PREFIX, "default": self.default_page_size, "most": self.max_page_size},
            )
        return self

    @model_validator(mode="after")
    def _key_has_a_certificate(self) -> Self:
        if self.ssl_keyfile and not self.ssl_certfile:
            raise PydanticCustomError(
                "ssl_keyfile", "{prefix}SSL_KEYFILE is set without {prefix}SSL_CERTFILE: set both", {"prefix": PREFIX}
            )
        return self

    @property
    def limits(self) -> Limits:
        """What a query is held against."""
        return Limits(**{name: getattr(self, name) for name in Limits.__dataclass_fields__})


def read_settings(**given: Any) -> Settings:
    """The settings of this process.

    `given` (from the command line, None = not given) goes before variables, and these before the file `.env` of the
    working directory. Raises SettingsProblem with one line for each wrong value, or each name that is none.
    """
    refuse_unknown(Settings.model_fields)
    try:
        return Settings(_env_file=ENV_FILE, **{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        lines = [_line(details) for details in error.errors(include_url=False)]
        raise SettingsProblem("\n".join(lines)) from None
    except SettingsError as error:
        # Lists come as JSON, and pydantic-settings says no more than the field's name when it is none.
        name = next(name for name in Settings.model_fields if f'"{name}"' in str(error))
        raise SettingsProblem(f'{PREFIX}{name.upper()}: write it as a JSON list, as in ["a", "b"]') from None


def _line(details: ErrorDetails) -> str:
    if not details["loc"]:
        return details["msg"]
    name = str(details["loc"][0])
    variable = name if name.upper().startswith(PREFIX) else f"{PREFIX}{name.upper()}"
    message = details["msg"][0].lower() + details["msg"][1:]
    return f"{variable}={details['input']}: {message}"
