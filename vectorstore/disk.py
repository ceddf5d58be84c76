"""A data folder on its disk: rights of files and folders, changes that survive a crash, space, a full disk."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vectorstore.errors import NoSpace, causes_of, say

FOLDER_MODE, FILE_MODE = 0o700, 0o600
UNFINISHED = ".tmp"
# Measured on three corpora of 6, 381 and 2,399 chunks (3 kB, 1.0 and 6.6 MB of records): editions of 0.6, 5.4 and
# 20.0 MB without originals. These bounds give 3.5, 7.1 and 27 MB.
FIXED_BYTES = 3_500_000
PER_RECORD_BYTE = 3.0
PER_VECTOR_BYTE = 1.5  # Chroma's: the neighbour index keeps its links beside the vectors; those alone are stored too
FULL_BELOW = 64 * 1024  # less than a few blocks left: what failed now failed for this
FULL = {errno.ENOSPC, errno.EDQUOT}
FULL_WORDS = ("database or disk is full", "No space left on device", "Disk quota exceeded")


def private_folder(path: Path) -> None:
    """Create a folder and what is missing above it, closed to others from the first moment; what exists stays."""
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def private_file(path: Path) -> None:
    """Create an empty file closed to others; an existing one stays as it is. Raises OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))


def close_to_others(path: Path) -> None:
    """Take the rights of others from a file, or from a folder with everything below; links are left."""
    for inner in (path, *(path.rglob("*") if path.is_dir() else ())):
        if not inner.is_symlink():
            inner.chmod(FOLDER_MODE if inner.is_dir() else FILE_MODE)


def remove(path: Path) -> None:
    """Remove a file or a folder; a folder loses its name first, so that no reader takes half of it for an edition."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path if path.suffix == UNFINISHED else path.rename(path.with_name(path.name + UNFINISHED)))
    else:
        path.unlink(missing_ok=True)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a small file at once and for good: readers see the old one or the new one, after a crash too."""
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        private_file(unfinished)
        unfinished.write_bytes(content)
        sync(unfinished)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_space(root: Path, records: int, vectors: int, originals: int) -> None:
    """Raise NoSpace where an edition will not fit: `records`, `vectors` and new `originals` in bytes."""
    needed = FIXED_BYTES + PER_RECORD_BYTE * records + (1.0 + PER_VECTOR_BYTE) * vectors + originals
    free = free_bytes(root)
    if free < needed:
        raise NoSpace(say("store.no_space", root=root, free=format_size(free), needed=format_size(needed)))


@contextmanager
def report_full_disk(folder: Path) -> Iterator[None]:
    """Turn whatever a full disk makes fail into NoSpace."""
    try:
        yield
    except NoSpace:
        raise
    except Exception as error:
        if is_full(error, folder):
            raise NoSpace(say("store.disk_full", folder=folder, free=format_size(free_bytes(folder)))) from error
        raise


def is_full(error: BaseException, folder: Path) -> bool:
    """True if a disk without space is behind an error, also where a library says so in words or not at all."""
    causes = causes_of(error)
    is_known = any(isinstance(cause, OSError) and cause.errno in FULL for cause in causes)
    is_worded = any(word in str(cause) for cause in causes for word in FULL_WORDS)
    return is_known or is_worded or free_bytes(folder) < FULL_BELOW


def free_bytes(folder: Path) -> int:
    """What may still be written there; quotas are not seen."""
    return shutil.disk_usage(folder).free


def format_size(size: float) -> str:
    """A size as people say it: "12,5 MB"; decimal units."""
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= limit:
            return f"{size / limit:.1f} {unit}".replace(".", ",")
    return f"{size:.0f} Bytes"
