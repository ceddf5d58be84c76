"""Which files of a folder are documents, and which are left, each with the reason; links are never followed."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.keys import url_safe
from ingest.register import Register, RegisterEntry
from ingest.sources import SUFFIXES, why_not
from prompts import say

LONGEST_ID = 100
_ABOUT_THE_FOLDER = re.compile(
    r"(?:readme|liesmich|licen[cs]e|lizenz|copying|notice|changelog|contributing|authors|security|code[_-]of[_-]conduct)"
    r"(?![a-zäöüß])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LeftFile:
    """A file or folder that is not read, and why, in words."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a folder: files that can be documents, and what is left."""

    files: tuple[Path, ...]
    left: tuple[LeftFile, ...]


def found_in(folder: Path) -> Found:
    """Look through a folder and those below it, in the order of their paths."""
    files, left = [], []
    for path, mode in sorted(_walked(folder.resolve())):
        reason = _why_left(path, mode)
        if reason is None:
            files.append(path)
        elif reason:
            left.append(LeftFile(path, reason))
    return Found(tuple(files), tuple(left))


def found_among(paths: Iterable[Path]) -> Found:
    """Return the files that are named, and those in the folders that are named, each once."""
    files: dict[Path, None] = {}
    left: dict[Path, LeftFile] = {}
    for path in paths:
        inside = found_in(path) if path.is_dir() else Found((path.resolve(),), ())
        files.update(dict.fromkeys(inside.files))
        left.update((one.path, one) for one in inside.left)
    return Found(tuple(files), tuple(one for one in left.values() if one.path not in files))


def entries_for_files(files: Iterable[Path]) -> list[RegisterEntry]:
    """Return an entry for every file; the id is the slug of its name."""
    entries: list[RegisterEntry] = []
    used: set[str] = set()
    for file in files:
        base = url_safe(file.stem, "dokument").lower().replace(".", "-")[:LONGEST_ID].strip("-")
        name, count = base, 1
        while name in used:
            count += 1
            name = f"{base}-{count}"
        used.add(name)
        entries.append(RegisterEntry(name, file))
    return entries


def unregistered(path: Path, register: Register) -> tuple[LeftFile, ...]:
    """Return the readable files below the register's folder that it does not name."""
    found = found_in(path.parent)
    unnamed = (LeftFile(file, say("files.unregistered")) for file in found.files if not register.names(file))
    readable = (one for one in found.left if one.path.suffix.lower() in SUFFIXES and not register.names(one.path))
    return (*unnamed, *readable)


def _walked(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield everything below a folder with its mode, links as links; hidden folders are told, not entered."""
    for place, folders, files in os.walk(folder, followlinks=False):
        links = [name for name in folders if Path(place, name).is_symlink() or name.startswith(".")]
        folders[:] = [name for name in folders if name not in links]
        for name in (*links, *files):
            path = Path(place, name)
            try:
                yield path, path.lstat().st_mode
            except FileNotFoundError:  # gone meanwhile
                continue


def _why_left(path: Path, mode: int) -> str | None:
    """Return why something is no document, None where it may be one, "" where nobody needs to know."""
    readable = path.suffix.lower() in SUFFIXES
    if stat.S_ISLNK(mode):
        return say("files.link")
    if stat.S_ISDIR(mode):
        return say("files.hidden_folder")
    if not stat.S_ISREG(mode):
        return say("files.no_file")
    if path.name.startswith("."):
        return say("files.hidden_file") if readable else ""
    if not readable:
        return why_not(path.suffix)
    return say("files.about") if _ABOUT_THE_FOLDER.match(path.name) else None
