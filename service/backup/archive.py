"""The archive of a backup: a tar whose last member lists all others with size and SHA-256, and is sealed itself.

It is written and read from front to end, so it may come through a pipe. Whatever is missing, changed or cut off shows.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from prompts import say
from vectorstore.disk import full_disk_told, private_file, private_folder
from vectorstore.edition_files import UNFINISHED, digest_of, list_files
from vectorstore.errors import StoreError

FORMAT = 1
MANIFEST = "manifest.json"
PIPE = Path("-")


class BackupError(StoreError):
    """A backup cannot be made, read or put back; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Contents:
    """An archive that was unpacked and found whole: where its members lie, which these are, what it says of them."""

    folder: Path
    members: tuple[str, ...]
    about: Mapping[str, Any]

    def below(self, prefix: str) -> dict[str, Path]:
        """Return the members whose names begin so, by the rest of their names."""
        return {name.removeprefix(prefix): self.folder / name for name in self.members if name.startswith(prefix)}


class Writer:
    """Puts members into an archive, one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members: dict[str, dict[str, object]] = {}

    def put(self, name: str, content: bytes) -> None:
        """Add a member with this content."""
        self._add(name, len(content), sha256(content).hexdigest(), io.BytesIO(content))

    def put_file(self, name: str, path: Path) -> None:
        """Add a file that nobody writes to; raises OSError."""
        with path.open("rb") as file:
            self._add(name, path.stat().st_size, digest_of(path), file)

    def finish(self, about: Mapping[str, Any]) -> None:
        """Add the list of all members with what is said of them; nothing comes after it."""
        said = {"format": FORMAT, **about, "members": self._members}
        self.put(MANIFEST, json.dumps({**said, "seal": _seal(said)}, ensure_ascii=False, indent=1).encode())

    def _add(self, name: str, size: int, digest: str, source: BinaryIO) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, source)
        self._members[name] = {"size": size, "sha256": digest}


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write an archive to a file that is not there yet, or to standard output for `PIPE`; whole or not at all.

    Raises BackupError where the file is there or cannot be written, NoSpace.
    """
    if target == PIPE:
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
            yield Writer(tar)
        sys.stdout.buffer.flush()
        return
    if target.exists():
        raise BackupError(say("backup.exists", file=target))
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        with full_disk_told(target.parent):
            private_file(unfinished)
            with tarfile.open(unfinished, "w") as tar:
                yield Writer(tar)
            unfinished.replace(target)
    except OSError as error:
        raise BackupError(say("backup.not_written", file=target, reason=error.strerror or error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> Contents:
    """Unpack an archive, from standard input for `PIPE`, into an empty folder, and compare all of it with its list.

    Raises BackupError where it is none, damaged, incomplete, or of a later version; NoSpace.
    """
    try:
        with full_disk_told(folder.parent), _opened(source) as tar:
            for one in tar:
                _take(tar, one, folder)
    except FileNotFoundError as error:
        raise BackupError(say("backup.no_file", file=source)) from error
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(say("backup.none", file=source)) from error
    except OSError as error:
        raise BackupError(say("backup.not_unpacked", file=source, reason=error.strerror or error)) from error
    return _compared(source, folder)


def _opened(source: Path) -> tarfile.TarFile:
    return tarfile.open(fileobj=sys.stdin.buffer, mode="r|") if source == PIPE else tarfile.open(source, "r:")


def _take(tar: tarfile.TarFile, one: tarfile.TarInfo, folder: Path) -> None:
    """Write a member below the folder; only plain files with a name that leads nowhere else."""
    path = PurePosixPath(one.name)
    source = tar.extractfile(one) if one.isreg() else None
    if source is None or path.is_absolute() or ".." in path.parts or not path.parts:
        raise BackupError(say("backup.strange_member", name=repr(one.name)))
    target = folder.joinpath(*path.parts)
    for parent in reversed(target.relative_to(folder).parents):
        private_folder(folder / parent)
    private_file(target)
    with target.open("wb") as file:
        shutil.copyfileobj(source, file)


def _compared(source: Path, folder: Path) -> Contents:
    found = {name: one.model_dump() for name, one in list_files(folder).items()}
    if found.pop(MANIFEST, None) is None:
        raise BackupError(say("backup.no_list", file=source))
    try:
        said = json.loads((folder / MANIFEST).read_bytes())
        if said.pop("seal") != _seal(said):
            raise ValueError("the seal is broken")
        version, members = said.pop("format"), dict(said.pop("members"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(say("backup.list_changed", file=source)) from error
    if version != FORMAT:
        raise BackupError(say("backup.other_version", file=source, version=version))
    if different := sorted(name for name in {*members, *found} if members.get(name) != found.get(name)):
        shown = ", ".join(different[:5]) + (" …" if len(different) > 5 else "")
        raise BackupError(say("backup.different", file=source, names=shown))
    return Contents(folder, tuple(sorted(found)), said)


def _seal(said: Mapping[str, Any]) -> str:
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
