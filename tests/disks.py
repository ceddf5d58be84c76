"""Disks as they fail in practice: one that becomes full, and one that can only be read. Both need
mounts.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

NEEDED = (
    "This test mounts a small file system, and may not do so here. Run it as root; in a container with "
    "`docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined`. ({0.stderr})"
)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Yield an empty disk of `size` bytes, which is `folder` until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _unmount(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[Path]:
    """Make a folder one that nobody may write to, not even root, until the block ends."""
    _mount("--bind", str(folder), str(folder))
    try:
        _mount("-o", "remount,bind,ro", str(folder))
        yield folder
    finally:
        _unmount(folder)


def fill(folder: Path, spare: int = 0) -> Path:
    """Write a file until the disk of a folder has `spare` bytes left; deleting it makes room
    again.
    """
    path = folder / "filler"
    with suppress(OSError):  # full before: what is written by then stays
        path.write_bytes(bytes(max(0, shutil.disk_usage(folder).free - spare)))
    return path


def _unmount(folder: Path) -> None:
    gc.collect()  # closes what commands of this process had open and let go of
    subprocess.run(["umount", str(folder)], check=True)


def _mount(*arguments: str) -> None:
    result = subprocess.run(["mount", *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NEEDED.format(result))


def files_below(folder: Path) -> set[str]:
    """Return what lies in a folder, but for what fills its disk."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.name != "filler"}
