"""The wheel holds everything that the rooms read at run time, and nothing else owns their names."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.imports import ROOMS
from tests.processes import REPOSITORY, environment

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
DATA = {Path(pattern).suffix for pattern in PROJECT["tool"]["setuptools"]["package-data"]["*"]}


@pytest.fixture(scope="module")
def wheel(checkout: Path, prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names in a wheel built by the pinned backend, as the last line of `.ci/install`
    builds it.
    """
    target = tmp_path_factory.mktemp("wheel")
    arguments = [
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(target),
        str(checkout),
    ]
    subprocess.run(
        [prefix / "bin/python", *arguments],
        env=environment(),
        check=True,
        capture_output=True,
        timeout=300,
    )
    (built,) = target.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


@pytest.mark.long
def test_everything_in_the_rooms_is_in_the_wheel(checkout: Path, wheel: set[str]) -> None:
    needed = {
        path.relative_to(checkout).as_posix()
        for room in ROOMS
        for path in (checkout / room).rglob("*")
        if path.suffix in DATA | {".py"}
    }
    assert needed - wheel == set()
    assert any(name.endswith(".pdf") for name in needed)


@pytest.mark.long
def test_no_data_of_a_kind_that_the_wheel_leaves_out_lies_in_the_rooms(checkout: Path) -> None:
    kinds = {
        path.suffix for room in ROOMS for path in (checkout / room).rglob("*") if path.is_file()
    }
    assert kinds <= DATA | {".py", ".pyc"}


@pytest.mark.long
def test_the_wheel_has_the_rooms_and_its_licence_only(wheel: set[str]) -> None:
    top = {name.split("/")[0] for name in wheel}
    assert {name for name in top if not name.endswith(".dist-info")} == set(ROOMS)
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


def owners(path: list[str]) -> dict[str, set[str]]:
    """Return room → names of the distributions on a path that install a module or package of that
    name.
    """
    found: dict[str, set[str]] = {room: set() for room in ROOMS}
    for distribution in distributions(path=path):
        for room in {Path(file.parts[0]).stem for file in distribution.files or ()} & set(ROOMS):
            found[room].add(distribution.name)
    return found


def test_no_other_distribution_owns_the_name_of_a_room() -> None:
    foreign = {room: names - {"strategielotse"} for room, names in owners(sys.path).items()}
    assert foreign == {room: set() for room in ROOMS}
