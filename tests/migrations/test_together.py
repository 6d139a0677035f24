"""Several processes at once: one migrates, the others find it done."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from schema.migrations.state import VERSION, Ours, state
from tests.migrations.content import rows

ROOT = Path(__file__).parent.parent.parent
SEVERAL = 4

# What a process does: it says that it is ready, waits for the others, and says what it did.
PROGRAM = """
import sys
from sqlalchemy import create_engine, make_url
from api.database.sqlite.file import open_engine
from schema.migrations.running import migrate

url = make_url(sys.argv[1])
engine = create_engine(url) if url.host else open_engine(url.database)
print("ready", flush=True)
sys.stdin.readline()
found = migrate(engine, lambda line: print(line, flush=True))
print(found, flush=True)
"""


def test_several_at_once_migrate_once(old: Engine) -> None:
    url = old.url.render_as_string(hide_password=False)
    with old.connect() as connection:
        before = rows(connection)
    old.dispose()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            text=True,
        )
        for _ in range(SEVERAL)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    said = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        said.append(process.communicate()[0].splitlines())

    assert [process.returncode for process in processes] == [0] * SEVERAL, said
    assert sorted(len(lines) for lines in said) == [1] * (SEVERAL - 1) + [2]
    assert sorted(lines[-1] for lines in said) == ["Ours(version=1)"] + [f"Ours(version={VERSION})"] * (SEVERAL - 1)
    with old.connect() as connection:
        assert state(connection) == Ours(VERSION)
        after = rows(connection)
    assert after.pop("data_version")[0][2] == before.pop("data_version")[0][2] + 1
    assert after == before
