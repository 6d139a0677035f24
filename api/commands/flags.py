"""The options that commands share; each is a setting, and goes before its variable."""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import Settings


def default_of(setting: str) -> str:
    """A setting's default, as --help shows it."""
    return str(Settings.model_fields[setting].default)


def flags_of(context: typer.Context) -> dict[str, Any]:
    """What was given of the options that are settings; None for one that was not."""
    return {name: value for name, value in context.params.items() if name in Settings.model_fields}


DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        metavar="URL",
        help="Where the database is: sqlite:///FILE. Also by the variable STANCEBASE_DATABASE_URL.",
        show_default=default_of("database_url"),
    ),
]
Host = Annotated[str | None, typer.Option(help="The address to listen on.", show_default=default_of("host"))]
Port = Annotated[
    int | None, typer.Option(help="The port; 0 for any.", min=0, max=65535, show_default=default_of("port"))
]
Workers = Annotated[
    int | None,
    typer.Option(help="How many processes answer.", min=1, max=256, show_default=default_of("workers")),
]
Certificate = Annotated[
    Path | None,
    typer.Option("--ssl-certfile", metavar="PEM", help="Serve over TLS with this certificate.", show_default=False),
]
Key = Annotated[
    Path | None,
    typer.Option("--ssl-keyfile", metavar="PEM", help="The key, if it is not beside it.", show_default=False),
]
ProxyHeaders = Annotated[
    bool | None,
    typer.Option(
        "--proxy-headers/--no-proxy-headers",
        help="Believe a proxy's X-Forwarded-For and X-Forwarded-Proto.",
        show_default="proxy-headers",
    ),
]
ForwardedAllowIps = Annotated[
    str | None,
    typer.Option(metavar="IPS", help="The proxies to believe.", show_default=default_of("forwarded_allow_ips")),
]
RootPath = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="The path under which a proxy shows the server.", show_default=False),
]
