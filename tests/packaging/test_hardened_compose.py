"""Every container of the compose files is closed and bounded; releases pin images by a command that asks for them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.processes import REPOSITORY

FILES = ("compose.yaml", "compose.several.yaml")
SERVICES = [
    pytest.param(one, id=f"{name}:{key}")
    for name in FILES
    for key, one in yaml.safe_load((REPOSITORY / name).read_text())["services"].items()
]
FAKE = """#!/bin/sh
[ "$1 $2 $3" = "buildx imagetools inspect" ] || exit 2
case $4 in *lost*) exit 1 ;; esac
echo "sha256:of-$4"
"""


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_closed_and_bounded(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and 0 < service["pids_limit"] <= 512
    assert any(place.split(":")[0] == "/tmp" and "size=" in place for place in service["tmpfs"])
    assert "SYS_ADMIN" not in service.get("cap_add", ()) and not service.get("privileged")


@pytest.mark.parametrize("service", SERVICES)
def test_images_have_an_exact_version(service: dict[str, Any]) -> None:
    assert service.get("build") == "." or re.search(r":\d+\.\d+(\.\d+)?(-\w+)?$", service["image"])
    bases = re.findall(r"^FROM (\S+)", (REPOSITORY / "Dockerfile").read_text(), re.M)
    assert bases and all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", one) for one in bases)


@pytest.mark.parametrize("lost", [False, True])
def test_the_release_command_pins_each_image(tmp_path: Path, lost: bool) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci" / "digests", tmp_path / ".ci")
    several = (REPOSITORY / "compose.several.yaml").read_text()
    (tmp_path / "compose.several.yaml").write_text(several.replace("postgres:17", "lost:17") if lost else several)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").write_text(FAKE)
    (tmp_path / "bin" / "docker").chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run([tmp_path / ".ci" / "digests"], env={"PATH": path}, timeout=60)
    assert (done.returncode != 0) is lost
    assert not list(tmp_path.glob("*.new"))
    if lost:
        assert not (tmp_path / "compose.digests.yaml").exists()
        return
    pinned = yaml.safe_load((tmp_path / "compose.digests.yaml").read_text())["services"]
    images = {name: one["image"] for name, one in yaml.safe_load(several)["services"].items() if "build" not in one}
    assert {name: one["image"] for name, one in pinned.items()} == {
        name: f"{image}@sha256:of-{image}" for name, image in images.items()
    }
