"""Files to ingest, and their bytes: digest, text and stored original all come from one copy.

A file may be replaced or written to during a run; its copy is one consistent state. Links are never
followed.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ingest.errors import Reason, Rejected
from prompts import say
from vectorstore import FORMATS_BY_SUFFIX, WRITER_LOCK
from vectorstore.language import printable
from vectorstore.storage import private_folder as make_private_folder

SUFFIXES = frozenset(FORMATS_BY_SUFFIX)
MOST_BYTES = 200_000_000
COPIES = Path("incoming") / "reading"  # the parent folder has the files uploaded by staff
_MAX_ATTEMPTS = 3  # to read a file that is written to meanwhile
_FOLDER_NOTES = re.compile(  # "README.md", "Lizenz.txt"; not "Lizenzen.pdf"
    r"(?i)(?:readme|liesmich|licen[cs]e|lizenz|copying|notice|changelog|contributing|authors|security|code[_-]of[_-]conduct)"
    r"(?![a-zäöüß])"
)


@dataclass(frozen=True)
class Source:
    """The content of a file at one time: its printable name and its bytes."""

    name: str
    content: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return sha256(self.content).hexdigest()

    @property
    def suffix(self) -> str:
        """The name's ending in lower case: ".pdf"."""
        return Path(self.name).suffix.lower()


class Copy(NamedTuple):
    """A source stored in a private file at `path`; `name` is the name of the original file."""

    path: Path
    name: str
    digest: str

    def load(self) -> Source:
        """Return the source, read from the copy."""
        return Source(self.name, self.path.read_bytes())


class LeftFile(NamedTuple):
    """A file or folder that is not read, and why, in German."""

    path: Path
    reason: str


class CollectedFiles(NamedTuple):
    """Files that can be documents, and those that are left unread."""

    files: tuple[Path, ...]
    left: tuple[LeftFile, ...]


def find_files(paths: Iterable[Path]) -> CollectedFiles:
    """Return the named files, and the files at any depth in the named folders, each once.

    The files of a folder are sorted by path. Files in folders that cannot be documents are left,
    with the reason why, except those that nobody would expect to be read, such as ".gitignore". A
    file that is named itself is never left.
    """
    files: dict[Path, None] = {}
    left: dict[Path, LeftFile] = {}
    for path in map(Path.resolve, paths):
        if not path.is_dir():
            files[path] = None
            continue
        for inside, mode in sorted(_traverse(path)):
            reason = _why_left(inside, mode)
            if reason is None:
                files[inside] = None
            elif reason:
                left[inside] = LeftFile(inside, reason)
    return CollectedFiles(
        tuple(files), tuple(file for file in left.values() if file.path not in files)
    )


def _traverse(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield each path below a folder with its mode (`st_mode`).

    Links, hidden folders and data folders are yielded, so that they can be reported as left, but
    not entered.
    """
    for parent, folders, files in os.walk(folder, followlinks=False):
        skipped = [name for name in folders if _is_skipped(Path(parent, name))]
        folders[:] = [name for name in folders if name not in skipped]
        for path in (Path(parent, name) for name in (*skipped, *files)):
            with suppress(FileNotFoundError):  # deleted meanwhile
                yield path, path.lstat().st_mode


def _is_skipped(folder: Path) -> bool:
    """True for a link, a hidden folder, and a data folder, whose originals were read already."""
    if folder.is_symlink() or folder.name.startswith("."):
        return True
    return os.path.exists(folder / WRITER_LOCK)  # noqa: PTH110 - no error where nobody may look


def _why_left(path: Path, mode: int) -> str | None:
    """Return why a path in a folder is not read, in German; None if it may be a document.

    "" if it is not read, but need not be reported either, such as ".gitignore". A file such as
    "README.md" is about the folder and no document.
    """
    is_readable = path.suffix.lower() in SUFFIXES
    if not stat.S_ISREG(mode):
        if stat.S_ISLNK(mode):
            return say("files.link")
        return say("files.skipped_folder" if stat.S_ISDIR(mode) else "files.no_file")
    if path.name.startswith((".", "~$")):  # "~$Plan.docx": Word's mark of an open file
        if is_readable:
            return say("files.hidden_file")
        return ""
    if not is_readable:
        return why_not_read(path.suffix)
    if _FOLDER_NOTES.match(path.name):
        return say("files.about")
    return None


def load_source(path: Path, most: int = MOST_BYTES) -> Source:
    """Return the content of a file; raises Rejected for an unsupported kind, more than `most`
    bytes, or no access.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        code = Reason.MACROS if suffix == ".docm" else Reason.UNSUPPORTED
        raise Rejected(say("files.is", what=why_not_read(suffix)), code)
    try:
        content = _read_whole(path, most)
    except FileNotFoundError:
        raise Rejected(say("files.lacking"), Reason.MISSING) from None
    except OSError as error:
        raise Rejected(say("files.unreadable", why=error.strerror), Reason.UNREADABLE) from None
    if not content:
        raise Rejected(say("files.empty"), Reason.EMPTY)
    return Source(printable(path.name), content)


def _read_whole(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file.

    The file is read again if it changed while it was read. Raises Rejected if it is larger than
    `most` bytes, no regular file, or changed in each attempt.
    """
    # O_NONBLOCK: opening a named pipe must not wait for somebody to write into it
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with os.fdopen(descriptor, "rb") as file:
        for _ in range(_MAX_ATTEMPTS):
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise Rejected(say("files.is", what=say("files.no_file")), Reason.UNREADABLE)
            if before.st_size > most:
                size = f"{most / 1_000_000:g} MB".replace(".", ",")
                raise Rejected(say("files.too_large", size=size), Reason.TOO_LARGE)
            file.seek(0)
            content = file.read(before.st_size + 1)  # one byte more if the file has grown
            after = os.fstat(descriptor)
            is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
            if is_same and len(content) == before.st_size:
                return content
    raise Rejected(say("files.changing"), Reason.CHANGING)


def store_copy(source: Source, folder: Path, name: str) -> Copy:
    """Write a source to a new private file `name` in a folder, with the source's suffix."""
    path = folder / f"{name}{source.suffix}"
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(source.content)
    return Copy(path, source.name, source.digest)


@contextmanager
def private_folder(root: Path) -> Iterator[Path]:
    """Make an empty folder for copies in the data folder `root`, and remove it afterwards; for one
    writer at a time.
    """
    folder = root / COPIES
    for left in (folder, *folder.parent.glob("restore-*")):  # remains of a killed run or restore
        shutil.rmtree(left, ignore_errors=True)
    make_private_folder(folder.parent)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # not empty: it has uploaded files
            folder.parent.rmdir()


def why_not_read(suffix: str) -> str:
    """Return what a file with an unsupported suffix is, as the end of a German sentence."""
    kind = suffix.lower().lstrip(".")
    if kind in ("doc", "docm"):
        return say(f"files.is_{kind}")
    return say("files.other")
