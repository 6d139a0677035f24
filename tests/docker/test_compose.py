"""The compose files: valid to the specification's own schema, and what they name is there."""

import json
import subprocess
import sys
from typing import Any

import pytest
import yaml

from api.settings import Settings
from tests.docker.dockerfile import FINAL, ROOT

FILES = sorted((ROOT / "docker").glob("compose*.yaml"))


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / "docker" / name).read_text("utf-8"))


def test_they_are_valid_to_the_specification() -> None:
    check = [sys.executable, "-W", "ignore", "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*check, *map(str, FILES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_they_name_is_there(file: Any) -> None:
    found = read(file.name)
    for name, service in found["services"].items():
        for other in service.get("depends_on", {}):
            assert other in found["services"], f"{name} waits for {other}"
        for secret in service.get("secrets", []):
            assert secret in found["secrets"], f"{name} reads {secret}"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in found["volumes"] or (file.parent / source).is_file(), f"{name} mounts {source}"
        for variable in service.get("environment", {}):
            if variable.startswith("STANCEBASE_"):
                assert variable.removeprefix("STANCEBASE_").lower() in Settings.model_fields, variable
        if "build" in service:
            assert (file.parent / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_container_can_do_more_than_it_has_to(file: Any) -> None:
    for name, service in read(file.name)["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] not in ("root", "0"), name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), f"{name} is reachable from outside"


def test_no_password_stands_in_them() -> None:
    for file in FILES:
        for service in read(file.name)["services"].values():
            for variable, value in service.get("environment", {}).items():
                if "PASSWORD" in variable:
                    assert variable.endswith("_FILE"), variable
                    assert value.startswith("/run/secrets/"), value


def test_servers_are_given_time_to_finish() -> None:
    """Longer than the server itself takes: then it is killed."""
    for file in FILES:
        service = read(file.name)["services"]["server"]
        assert int(service["stop_grace_period"].removesuffix("s")) > Settings.model_fields["grace_seconds"].default
        assert service["user"] == FINAL.all("USER")[0]
        assert service.get("command", json.loads(FINAL.all("CMD")[0])) == ["serve"]
