"""A copy of the checkout, and the service installed from it by the command that the Dockerfile
runs.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.dockerfile import Stage, parse_dockerfile
from tests.processes import REPOSITORY, environment

IMAGE_PREFIX = "/opt/strategielotse"


@pytest.fixture(scope="session")
def stages() -> list[Stage]:
    return parse_dockerfile((REPOSITORY / "Dockerfile").read_text())


def copy_checkout(target: Path) -> Path:
    """Copy what git tracks or would track, as a clone would hold it."""
    listed = subprocess.check_output(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=REPOSITORY, text=True
    )
    for name in filter(None, listed.split("\0")):
        source = REPOSITORY / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


def build_context(checkout: Path) -> set[str]:
    """Return what .dockerignore keeps of a checkout, as paths relative to it."""
    return {
        line[1:]
        for line in (checkout / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }


@pytest.fixture(scope="session")
def context(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the build of the image sees, and nothing more."""
    folder = tmp_path_factory.mktemp("context")
    for name in build_context(checkout):
        source, target = checkout / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    return folder


@pytest.fixture(scope="session")
def prefix(context: Path, stages: list[Stage], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that holds what the image holds in /opt/strategielotse, start script
    included.
    """
    folder = tmp_path_factory.mktemp("image") / "strategielotse"
    (build,) = stages[0].arguments("RUN")
    command = build.replace(IMAGE_PREFIX, str(folder)).split()
    subprocess.run(
        command, cwd=context, env=environment(), stdin=subprocess.DEVNULL, check=True, timeout=900
    )
    shutil.copy2(context / ".ci/start", folder / "start")
    return folder
