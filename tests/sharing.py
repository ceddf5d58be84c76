"""What is made once for all tests of a run, by whichever of its processes needs it first."""

from __future__ import annotations

import fcntl
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")
_folders: list[Path] = []


@contextmanager
def sharing(folder: Path) -> Iterator[None]:
    """Share in this folder of the run what is made until the block ends."""
    _folders.append(folder)
    yield
    _folders.remove(folder)


def once(name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` makes, a copy of one's own each time; it is made by the first who asks,
    others wait for it.

    Where nothing is shared, outside of tests, it is made each time.
    """
    if not _folders:
        return make()
    path = _folders[-1] / name
    with path.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            part = path.with_name(f"{name}.part")
            part.write_bytes(pickle.dumps(make()))
            part.rename(path)
    found: Made = pickle.loads(path.read_bytes())  # written above
    return found


def filled_once(name: str, fill: Callable[[Path], object]) -> Path:
    """Return a folder of the run that `fill` fills once, to be read."""
    folder = _folders[-1] / f"{name} filled"

    def make() -> Path:
        folder.mkdir(mode=0o700)  # as data folders are
        fill(folder)
        return folder

    return once(name, make)


def copy_of(name: str, fill: Callable[[Path], object], target: Path) -> Path:
    """Put what `fill` fills once into a folder of one's own; returns that folder."""
    return shutil.copytree(filled_once(name, fill), target, dirs_exist_ok=True)
