"""Doors: each room has a list of public names, all of which are there and used by somebody."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests import imports
from tests.imports import imported_names
from tests.processes import REPOSITORY

LONGEST_INIT = 30  # lines of an `__init__.py`, which holds no code of its own
HOLDS_CODE = {"service/answering/lexicon"}  # a loader and its data are one package


def rooms_of_tach() -> list[str]:
    """The rooms that `tach` knows, such as "service.web"."""
    table = tomllib.loads((REPOSITORY / "tach.toml").read_text(encoding="utf-8"))
    return [module["path"] for module in table["modules"]]


ALL_ROOMS = rooms_of_tach()
ROOMS = [room for room in ALL_ROOMS if (REPOSITORY / room.replace(".", "/")).is_dir()]


def public_names(room: str) -> list[str]:
    """The names that the door of a room gives, from its list."""
    folder = REPOSITORY / room.replace(".", "/")
    stub = folder / "__init__.pyi"
    tree = ast.parse((stub if stub.is_file() else folder / "__init__.py").read_text("utf-8"))
    statements = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return [alias.asname or alias.name for node in statements for alias in node.names]


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_of_a_door_is_there(room: str) -> None:
    door, names = import_module(room), public_names(room)
    assert names and len(set(names)) == len(names)
    assert [name for name in names if not hasattr(door, name)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_of_a_door_is_used_elsewhere(room: str) -> None:
    folder = room.replace(".", "/")
    used = {
        name.removeprefix(f"{room}.")
        for path, names in imported_names((*imports.ROOMS, imports.LAB)).items()
        if not path.startswith(f"{folder}/") or is_room_inside(path, room)
        for name in names
        if name.startswith(f"{room}.")
    }
    in_manual = re.findall(r"from (\S+) import (.+)", (REPOSITORY / "docs/library.md").read_text())
    used |= {name for door, listed in in_manual if door == room for name in listed.split(", ")}
    assert set(public_names(room)) - used == set()


def is_room_inside(path: str, room: str) -> bool:
    """True for a file of a room that lies in the folder of another one."""
    module = path.removesuffix(".py").replace("/", ".")
    inner = [other for other in ALL_ROOMS if other.startswith(f"{room}.")]
    return any(f"{module}.".startswith(f"{other}.") for other in inner)


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_takes_the_door_of_their_own_room(room: str) -> None:
    """Else what is imported depends on who came first."""
    names = {f"{room}.{name}" for name in public_names(room)} - imported_modules()
    inside = {
        path: imported & names
        for path, imported in imported_names().items()
        if path.startswith(f"{room.replace('.', '/')}/") and not is_room_inside(path, room)
    }
    assert {
        path for path, own in inside.items() if own and not path.endswith("__init__.py")
    } == set()


def imported_modules() -> set[str]:
    """The dotted names of all files of the rooms."""
    return {path.removesuffix(".py").replace("/", ".") for path in imported_names()}


def test_what_stands_before_a_room_is_short() -> None:
    long = {}
    for path in sorted({Path(path) for path in imported_names() if path.endswith("__init__.py")}):
        lines = (REPOSITORY / path).read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_INIT:
            long[path.parent.as_posix()] = lines
    assert long.keys() == HOLDS_CODE
