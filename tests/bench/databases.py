"""The databases that are measured: each size is generated and loaded once by our own commands, and kept."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.database.sqlite.file import create, open_engine
from schema.driver import driver
from tests.bench.telling import tell

ROOT = Path(__file__).parent.parent.parent
SEED = 1

SIZES: dict[str, int | None] = {"article": None, "20k": 20_000, "1m": 1_000_000}
"""How many statements a size has; None for the data set that comes with us."""


CONSOLE = (sys.executable, "-c", "from api.cli import main; main()")
"""Our console command."""


def environment(database: Path | str, **settings: str) -> dict[str, str]:
    """The variables of a process that works on a database, a file or a URL: our settings are these, whatever the
    shell has."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("STANCEBASE_")}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # a server does not compile itself at each start
    url = database if isinstance(database, str) else f"sqlite:///{database.absolute()}"
    return {**inherited, "STANCEBASE_DATABASE_URL": url, **settings}


def database(size: str, folder: Path) -> Path:
    """The file with the data of a size, made if it is not there: under a minute for 20k, some minutes for 1m."""
    file = folder / f"{size}-{tables_digest()}.db"
    if not file.exists():
        tell(f"making {file}")
        folder.mkdir(parents=True, exist_ok=True)
        make_database(SIZES[size], file)
    return file


def make_database(statements: int | None, file: Path) -> None:
    """Generate and load a database, as our commands do it; it is there when it is whole."""
    with TemporaryDirectory(dir=file.parent) as folder:
        new, source = Path(folder) / "new.db", ROOT / "seeds" / "nato-strikes-2024"
        if statements is not None:
            source = Path(folder) / "records.ndjson"
            run(new, "generate", "--statements", str(statements), "--seed", str(SEED), str(source))
        run(new, "load", str(source))
        new.rename(file)


def run(file: Path, *arguments: str) -> None:
    """Run our console command on a database; CalledProcessError if it fails."""
    subprocess.run([*CONSOLE, *arguments], cwd=ROOT, env=environment(file), check=True, stdout=subprocess.DEVNULL)


def open_database(file: Path) -> Any:
    """A read-only connection that gives texts as str."""
    return driver.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def contents(file: Path) -> dict[str, int | bool]:
    """How many rows there are in the large tables, and whether SQLite has statistics of them."""
    with closing(open_database(file)) as connection:
        counts: dict[str, int | bool] = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("entity", "source", "proposition", "statement", "stance", "evidence")
        }
        analyzed = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'").fetchone()[0]
    return {**counts, "megabytes": file.stat().st_size >> 20, "analyzed": bool(analyzed)}


def tables_digest() -> str:
    """Names the tables as they are now: a database made for others is not used again."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = open_engine(file)
        create(engine, file)
        engine.dispose()
        with closing(sqlite3.connect(file)) as connection:
            tables = connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()
    return sha256(repr(tables).encode()).hexdigest()[:8]
