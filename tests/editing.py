"""How tests edit the article: a copy of its data set, its files as records, and a load at a fixed instant."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from api.commands.loading import BUNDLED
from api.database.opening import open_database
from api.settings import Settings
from seeds.load import load_folders


def load(file: Path, folder: Path, now: datetime) -> None:
    with open_database(Settings(database_url=f"sqlite:///{file}")) as database:
        database.create()
        load_folders(database.engine, [folder], now=now)


def copy_of_the_article(target: Path) -> Path:
    """The data set that comes with us, without its expectations: it is to lose a stance."""
    shutil.copytree(BUNDLED, target)
    header = yaml.safe_load((target / "dataset.yaml").read_text("utf-8"))
    del header["expects"]
    write(target / "dataset.yaml", header)
    return target


def read(file: Path) -> dict[str, dict[str, Any]]:
    return {record["slug"]: record for record in yaml.safe_load(file.read_text("utf-8"))}


def write(file: Path, content: Any) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
