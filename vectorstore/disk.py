"""A data folder on its disk: rights of files and folders, changes that survive a crash, space, a full disk."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from vectorstore.errors import NoSpace, say

FOLDER_MODE, FILE_MODE = 0o700, 0o600
UNFINISHED = ".tmp"
OURS = (
    "before", "before.tmp", "cache", "cases", "choices", "current", "current.tmp", "drafts", "editions", "incoming",
    "learned", "plans", "questions.jsonl", "readings", "replies.jsonl", "runs", "corrections.csv*",
    "organisations.csv*", "*.key", "*.lock", "*.sqlite", "*.sqlite-*",
)  # fmt: skip
OF_THE_DISK = "lost+found"
# Measured on three corpora of 6, 381 and 2,399 chunks (3 kB, 1.0 and 6.6 MB of records): editions of 0.6, 5.4 and
# 20.0 MB without originals. These bounds give 3.5, 7.1 and 27 MB.
FIXED_BYTES = 3_500_000
PER_RECORD_BYTE = 3.0
PER_VECTOR_BYTE = 1.5  # Chroma's: the neighbour index keeps its links beside the vectors; those alone lie there too
FULL_BELOW = 64 * 1024  # less than a few blocks left: what failed now failed for this
FULL = {errno.ENOSPC, errno.EDQUOT}
FULL_WORDS = ("database or disk is full", "No space left on device", "Disk quota exceeded")


def private_folder(path: Path) -> None:
    """Create a folder with its parents, closed to others from its first moment; one that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def private_file(path: Path) -> None:
    """Create an empty file closed to others; one that is there stays as it is. Raises OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))


def close_to_others(path: Path) -> None:
    """Take the rights of others from a file, or from a folder with all below; what another owns is left."""
    below = path.rglob("*") if path.is_dir() and not path.is_symlink() else ()
    for one in (path, *below):
        _close(one)


def close_data_folder(root: Path) -> None:
    """Close everything of ours in a data folder, and the folder itself.

    A folder that everybody may write to, or in which foreign folders lie, stays open itself: a setting that names
    somebody's home or a shared folder locks nobody out of it.
    """
    inside = list(root.iterdir())
    ours = [path for path in inside if any(fnmatchcase(path.name, pattern) for pattern in OURS)]
    for path in ours:
        close_to_others(path)
    foreign = [path for path in inside if path not in ours and path.name != OF_THE_DISK and path.is_dir()]
    if not foreign and not root.stat().st_mode & stat.S_ISVTX:
        _close(root)


def _close(path: Path) -> None:
    with suppress(PermissionError, FileNotFoundError):  # another's, or removed meanwhile
        found = path.lstat().st_mode
        wanted = FOLDER_MODE if stat.S_ISDIR(found) else FILE_MODE
        if not stat.S_ISLNK(found) and stat.S_IMODE(found) != wanted:
            path.chmod(wanted)


def remove(path: Path) -> None:
    """Remove a file or a folder; a folder loses its name first, so that no reader takes half of it for an edition."""
    if path.is_dir():
        shutil.rmtree(path if path.suffix == UNFINISHED else path.rename(path.with_name(path.name + UNFINISHED)))
    else:
        path.unlink(missing_ok=True)


def write_durably(path: Path, content: bytes) -> None:
    """Put a small file in place at once and for good: readers see the old one or the new one, after a crash too."""
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
        raise NoSpace(say("store.no_space", root=root, free=in_words(free), needed=in_words(needed)))


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """Turn whatever a full disk makes fail into NoSpace."""
    try:
        yield
    except NoSpace:
        raise
    except Exception as error:
        if is_full(error, folder):
            raise NoSpace(say("store.disk_full", folder=folder, free=in_words(free_bytes(folder)))) from error
        raise


def is_full(error: BaseException, folder: Path) -> bool:
    """Whether a disk without space is behind an error, also where a library tells it in words or not at all."""
    chain: list[BaseException] = []
    waiting: BaseException | None = error
    while waiting is not None and waiting not in chain:
        chain.append(waiting)
        waiting = waiting.__cause__ or waiting.__context__
    if any(isinstance(one, OSError) and one.errno in FULL for one in chain):
        return True
    return any(word in str(one) for one in chain for word in FULL_WORDS) or free_bytes(folder) < FULL_BELOW


def free_bytes(folder: Path) -> int:
    """What may still be written there; quotas are not seen."""
    return shutil.disk_usage(folder).free


def in_words(size: float) -> str:
    """A size as people say it: "12,5 MB"; decimal units."""
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= limit:
            return f"{size / limit:.1f} {unit}".replace(".", ",")
    return f"{size:.0f} Bytes"
