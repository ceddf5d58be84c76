"""Files and folders of the data folder: permissions, durable writes, free space and a full disk."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vectorstore.storage.errors import NoSpace, causes_of, say

FOLDER_MODE = 0o700
FILE_MODE = 0o600
UNFINISHED_SUFFIX = ".tmp"  # suffix of files and folders that are being written
# Upper bounds of an edition's size: editions of 6, 381 and 2,399 chunks (3 kB, 1.0 and 6.6 MB of
# records) have 0.6, 5.4 and 20.0 MB without originals; the bounds give 3.5, 7.1 and 27 MB.
FIXED_BYTES = 3_500_000
PER_RECORD_BYTE = 3.0
# of Chroma's HNSW index, which has links beside the vectors; Chroma stores them once more alone
PER_VECTOR_BYTE = 1.5
FULL_BELOW = 64 * 1024  # bytes: with less left any error is taken for one of a full disk
DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
FULL_MESSAGES = ("database or disk is full", "No space left on device", "Disk quota exceeded")


def private_folder(path: Path) -> None:
    """Create a folder and its missing parents, accessible to the owner only; existing ones stay as
    they are.
    """
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


def private_file(path: Path) -> None:
    """Create an empty file, accessible to the owner only; an existing one stays as it is. Raises
    OSError.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, FILE_MODE))


def close_to_others(path: Path) -> None:
    """Make a file, or a folder with everything below, accessible to the owner only; symbolic links
    are left.
    """
    inner_paths = path.rglob("*") if path.is_dir() else ()
    for inner in (path, *inner_paths):
        if not inner.is_symlink():
            inner.chmod(FOLDER_MODE if inner.is_dir() else FILE_MODE)


def remove_path(path: Path) -> None:
    """Remove a file or a folder, if there is one.

    A folder is renamed first, so that readers do not take a partly removed folder for an edition.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    if path.suffix != UNFINISHED_SUFFIX:
        path = path.rename(path.with_name(path.name + UNFINISHED_SUFFIX))
    shutil.rmtree(path)


def link_or_copy(source: str, target: str) -> None:
    """Make a hard link `target` to a file, or a copy on disks without links; raises OSError."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a small file atomically and durably: readers see the old or the new content, also
    after a crash.
    """
    unfinished = path.with_name(path.name + UNFINISHED_SUFFIX)
    try:
        private_file(unfinished)
        unfinished.write_bytes(content)
        sync_path(unfinished)
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    sync_path(path.parent)


def sync_path(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk (fsync)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_space(root: Path, records: int, vectors: int, originals: int) -> None:
    """Raise NoSpace if an edition may not fit on the disk.

    `records`, `vectors` and `originals` are the bytes that these need; the edition's files are
    estimated from them by the factors above, rather too large than too small.
    """
    needed = FIXED_BYTES + PER_RECORD_BYTE * records + (1.0 + PER_VECTOR_BYTE) * vectors + originals
    free = free_bytes(root)
    if free < needed:
        raise NoSpace(
            say("store.no_space", root=root, free=format_size(free), needed=format_size(needed))
        )


@contextmanager
def report_full_disk(folder: Path) -> Iterator[None]:
    """Turn errors caused by a full disk into NoSpace."""
    try:
        yield
    except NoSpace:
        raise
    except Exception as error:
        if is_full(error, folder):
            raise NoSpace(
                say("store.disk_full", folder=folder, free=format_size(free_bytes(folder)))
            ) from error
        raise


def is_full(error: BaseException, folder: Path) -> bool:
    """True if an error was caused by a full disk.

    This shows in an error number or message among its causes. If almost no space is left on the
    disk of `folder`, any error counts, as libraries report a full disk in words of their own.
    """
    causes = causes_of(error)
    has_errno = any(isinstance(cause, OSError) and cause.errno in DISK_FULL for cause in causes)
    messages = "\n".join(map(str, causes))
    has_message = any(message in messages for message in FULL_MESSAGES)
    return has_errno or has_message or free_bytes(folder) < FULL_BELOW


def free_bytes(folder: Path) -> int:
    """The free bytes on the disk of a folder; quotas are not taken into account."""
    return shutil.disk_usage(folder).free


def format_size(size: float) -> str:
    """A size in bytes as German text in decimal units: "12,5 MB"."""
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= limit:
            return f"{size / limit:.1f} {unit}".replace(".", ",")
    return f"{size:.0f} Bytes"
