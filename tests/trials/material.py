"""What is loaded in a trial: a data set as it is first, and edited; as a stream and as a folder."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import orjson

from seeds.generate import write as generate
from tests.editing import copy_of_the_article, read, write

SEED = 1


@dataclass(frozen=True)
class Material:
    """A data set before and after an edit."""

    before: Path
    after: Path


def stream(folder: Path, statements: int) -> Material:
    """A synthetic data set of so many statements; the edit takes a third of its stances away and rewrites entities."""
    before, after = folder / "before.ndjson", folder / "after.ndjson"
    with before.open("wb") as file:
        generate(statements, SEED, file)
    stances = 0
    with before.open("rb") as old, after.open("wb") as new:
        for line in old:
            record = orjson.loads(line)
            if record["record"] == "dataset":
                del record["expects"]
            if record["record"] == "entity":
                record["description"] = "Edited."
            if record["record"] == "stance":
                stances += 1
                if stances % 3 == 0:
                    continue
            new.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    return Material(before, after)


def article(folder: Path) -> Material:
    """The data set that comes with us; the edit takes its last stance away and rewrites entities."""
    before = copy_of_the_article(folder / "before")
    after = Path(shutil.copytree(before, folder / "after"))
    entities = read(after / "entities.yaml")
    for entity in entities.values():
        entity["description"] = "Edited."
    write(after / "entities.yaml", list(entities.values()))
    write(after / "stances.yaml", list(read(after / "stances.yaml").values())[:-1])
    return Material(before, after)
