"""Nobody but the owner may read a data folder: folders are 0700 and files 0600, whatever the umask was."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600
OURS = (
    "before", "before.tmp", "cache", "cases", "current", "current.tmp", "drafts", "editions", "incoming", "learned",
    "plans", "questions.jsonl", "readings", "replies.jsonl", "runs", "corrections.csv*", "organisations.csv*", "*.key",
    "*.lock", "*.sqlite", "*.sqlite-*",
)  # fmt: skip
OF_THE_DISK = "lost+found"


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
