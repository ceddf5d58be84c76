"""Files that are documents, and their bytes, taken once: digest, text and original all come from one copy.

A file may be replaced or written to while it is read. Whatever happens to it then, a source is one state of it. Links
are never followed.
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
from vectorstore.disk import private_folder as closed_folder

SUFFIXES = {".pdf", ".txt", ".md", ".markdown", ".html", ".htm", ".docx"}
MOST_BYTES = 200_000_000
COPIES = Path("incoming") / "reading"  # beside it are files that were handed in by the staff page
_TRIES = 3  # a file that was written to while it was copied is copied anew, this often
_ABOUT_THE_FOLDER = re.compile(
    r"(?i)(?:readme|liesmich|licen[cs]e|lizenz|copying|notice|changelog|contributing|authors|security|code[_-]of[_-]conduct)"
    r"(?![a-zäöüß])"
)


@dataclass(frozen=True)
class Source:
    """One state of one file: its printable name and its bytes."""

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
    """A source put aside in a file that nobody else writes to; `name` is the original file's."""

    path: Path
    name: str
    digest: str

    def load(self) -> Source:
        """Return the copy's bytes again."""
        return Source(self.name, self.path.read_bytes())


class LeftFile(NamedTuple):
    """A file or folder that is not read, and why, in words."""

    path: Path
    reason: str


class CollectedFiles(NamedTuple):
    """Files that can be documents, and what is left."""

    files: tuple[Path, ...]
    left: tuple[LeftFile, ...]


def find_files(paths: Iterable[Path]) -> CollectedFiles:
    """Return the files that are named, and those in the folders that are named and below, each once, by their paths."""
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
    return CollectedFiles(tuple(files), tuple(file for file in left.values() if file.path not in files))


def _traverse(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield everything below a folder with its mode, links as links; hidden folders are named, not entered."""
    for place, folders, files in os.walk(folder, followlinks=False):
        left = [name for name in folders if Path(place, name).is_symlink() or name.startswith(".")]
        folders[:] = [name for name in folders if name not in left]
        for path in (Path(place, name) for name in (*left, *files)):
            with suppress(FileNotFoundError):  # gone meanwhile
                yield path, path.lstat().st_mode


def _why_left(path: Path, mode: int) -> str | None:
    """Return why something is no document, None where it may be one, "" where nobody needs to know."""
    is_readable = path.suffix.lower() in SUFFIXES
    if not stat.S_ISREG(mode):
        return say(f"files.{'link' if stat.S_ISLNK(mode) else 'hidden_folder' if stat.S_ISDIR(mode) else 'no_file'}")
    if path.name.startswith("."):
        return say("files.hidden_file") if is_readable else ""
    if not is_readable:
        return why_not(path.suffix)
    return say("files.about") if _ABOUT_THE_FOLDER.match(path.name) else None


def load_source(path: Path, most: int = MOST_BYTES) -> Source:
    """Return a file of a readable kind, at most `most` bytes; raises Rejected with the reason where it is none."""
    if path.suffix.lower() not in SUFFIXES:
        code = Reason.MACROS if path.suffix.lower() == ".docm" else Reason.UNSUPPORTED
        raise Rejected(say("files.is", what=why_not(path.suffix)), code)
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
    # O_NONBLOCK: opening a named pipe must not wait for somebody to write into it
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        for _ in range(_TRIES):
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise Rejected(say("files.is", what=say("files.no_file")), Reason.UNREADABLE)
            if before.st_size > most:
                size = f"{most / 1_000_000:g} MB".replace(".", ",")
                raise Rejected(say("files.too_large", size=size), Reason.TOO_LARGE)
            file.seek(0)
            content = file.read(before.st_size + 1)
            after = os.fstat(descriptor)
            is_same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
            if is_same and len(content) == before.st_size:
                return content
    raise Rejected(say("files.changing"), Reason.CHANGING)


def put_aside(source: Source, folder: Path, name: str) -> Copy:
    """Write a source into a private file `name` of a folder, with its own ending."""
    path = folder / f"{name}{source.suffix}"
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(source.content)
    return Copy(path, source.name, source.digest)


@contextmanager
def private_folder(root: Path) -> Iterator[Path]:
    """Make an empty folder for copies in a data folder, for its one writer; it is gone afterwards."""
    folder = root / COPIES
    for left in (folder, *folder.parent.glob("restore-*")):  # of a run or a restore that was killed
        shutil.rmtree(left, ignore_errors=True)
    closed_folder(folder.parent)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # something else came in
            folder.parent.rmdir()


def why_not(suffix: str) -> str:
    """Return what a file with an ending that is not read is, as the end of a sentence."""
    kind = suffix.lower().lstrip(".")
    return say(f"files.is_{kind}") if kind in ("doc", "docm", "odt") else say("files.other")


def printable(name: str) -> str:
    """Return a file's name as it may be printed and stored: control characters and bytes of no encoding are "?"."""
    return "".join(char if char.isprintable() else "?" for char in name)
