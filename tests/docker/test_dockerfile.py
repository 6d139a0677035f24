"""The image, as far as it can be tried where no container engine is: what is pinned, what runs, and as whom."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from tests.docker.dockerfile import BUILD, EXPLORER, FINAL, ROOT, Stage, stages, variables
from tests.postgres import AS_ROOT, free_port

USER = 10001

EXACT = re.compile(r"[a-z]+:\d+\.\d+\.\d+-[a-z-]+(@sha256:[0-9a-f]{64})?")


def test_base_images_are_exact() -> None:
    assert [stage.image for stage in stages() if not EXACT.fullmatch(stage.image)] == []
    assert BUILD.image == FINAL.image, "the environment is built where it runs"


def test_it_runs_as_nobody_and_is_watched() -> None:
    (user,) = FINAL.all("USER")
    assert user == f"{USER}:{USER}"
    assert FINAL.instructions[-1].word == "CMD"
    assert len(FINAL.all("HEALTHCHECK")) == 1
    assert [each for stage in stages() for each in stage.all("ADD")] == []


def test_settings_of_the_image_are_ours() -> None:
    named = {name.removeprefix("STANCEBASE_").lower() for name in variables(FINAL) if name.startswith("STANCEBASE_")}
    assert named
    assert named <= set(Settings.model_fields)


@pytest.mark.parametrize("stage", [EXPLORER, BUILD], ids=["explorer", "build"])
def test_what_is_copied_is_there_and_let_in(stage: Stage) -> None:
    kept_out, let_in = [], []
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            (let_in if line.startswith("!") else kept_out).append(line.lstrip("!"))
    assert kept_out[0] == "*"
    for line in stage.all("COPY"):
        if not line.startswith("--from"):
            for source in line.split(" ")[:-1]:
                assert (ROOT / source).exists(), source
                assert source.split("/")[0] in let_in, source


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """The folder that stands for the image's root, made by the commands of the build stage.

    /opt, /srv and /var of the Dockerfile are folders in it, and the Python is the one that runs the tests.
    """
    root = Path(tempfile.mkdtemp(prefix="stancebase-image-"))
    root.chmod(0o755)
    source = root / "srv" / "stancebase"
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "*.egg-info")
    try:
        for instruction in BUILD.instructions:
            if instruction.word == "COPY" and not instruction.rest.startswith("--from"):
                *names, where = instruction.rest.split(" ")
                for name in names:
                    source.mkdir(parents=True, exist_ok=True)
                    if (ROOT / name).is_dir():
                        shutil.copytree(ROOT / name, source / where, ignore=ignored, dirs_exist_ok=True)
                    else:
                        shutil.copy(ROOT / name, source)
            elif instruction.word == "RUN":
                source.mkdir(parents=True, exist_ok=True)
                command = here(instruction.rest, root)
                done = subprocess.run(
                    command, shell=True, cwd=source, env=inherited(), check=False, capture_output=True, text=True
                )
                assert done.returncode == 0, f"{instruction.rest}\n{done.stdout}{done.stderr}"
        yield root
    finally:
        shutil.rmtree(root)


def here(command: str, root: Path) -> str:
    """A command of the image as one of this machine."""
    command = re.sub(r"^python ", f"{sys.executable} ", command)
    command = command.replace("python3.13", f"python3.{sys.version_info.minor}")
    return re.sub(r"(?<![\w.])/(opt|srv|var)/", rf"{root}/\1/", command)


def inherited() -> dict[str, str]:
    """What a process in the image would not have is taken away; how packages are found here stays.

    pip leaves the libraries uncompiled, which is half of its time: Python compiles the few that are imported.
    """
    taken = ("STANCEBASE_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(taken)} | {"PIP_COMPILE": "0"}


def test_the_entrypoint_serves_and_the_healthcheck_tells(image: Path) -> None:
    """As the user of the image, who owns the volume and nothing else, has no home and is in no list of users; as
    ourselves where we are not root, or where the Python that runs us is for us alone.
    """
    port = free_port()
    volume = image / "var" / "lib" / "stancebase"
    owner: dict[str, Any] = {}
    if AS_ROOT and all(path.stat().st_mode & 0o001 for path in Path(sys.base_prefix).resolve().parents):
        os.chown(volume, USER, USER)
        owner = {"user": USER, "group": USER, "extra_groups": []}
    environment = {name: here(value, image) for name, value in variables(FINAL).items()}
    environment |= {"PATH": f"{image}/opt/stancebase/bin:/usr/bin:/bin", "STANCEBASE_PORT": str(port)}
    environment["STANCEBASE_DATABASE_URL"] = f"sqlite:///{volume}/stancebase.db"
    (entrypoint,), (arguments,) = (map(json.loads, FINAL.all(word)) for word in ("ENTRYPOINT", "CMD"))
    check = json.loads(FINAL.all("HEALTHCHECK")[0].partition(" CMD ")[2])
    check = [part.replace(":8000/", f":{port}/") for part in check]

    def healthy() -> bool:
        asked = subprocess.run(check, env=environment, cwd=volume, **owner, check=False, capture_output=True)
        return asked.returncode == 0

    # subprocess looks for a program on our path, not on that of the environment it is given.
    program = shutil.which(entrypoint[0], path=environment["PATH"])
    check[0] = str(shutil.which(check[0], path=environment["PATH"]))
    assert program is not None
    assert not healthy()
    with subprocess.Popen(
        [program, *arguments], env=environment, cwd=volume, **owner, stdout=subprocess.DEVNULL
    ) as run:
        try:
            deadline = time.monotonic() + 60
            while not healthy():
                assert run.poll() is None, "it did not start"
                assert time.monotonic() < deadline, "it did not become healthy"
                time.sleep(0.5)
        finally:
            run.terminate()
        assert run.wait(timeout=30) == 0
    written = {path.relative_to(volume).parts[0] for path in volume.rglob("*")}
    assert "stancebase.db" in written <= {"stancebase.db", "stancebase.db-wal", "stancebase.db-shm"}
