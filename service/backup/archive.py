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
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath
from typing import Any

from prompts import say
from vectorstore.disk import full_disk_told, private_file, private_folder
from vectorstore.edition_files import UNFINISHED, list_files
from vectorstore.errors import StoreError

FORMAT = 1
MANIFEST = "manifest.json"
PIPE = Path("-")


class BackupError(StoreError):
    """A backup cannot be made, read or put back; the message is one sentence for people."""


class Writer:
    """Puts members into an archive, one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members: dict[str, dict[str, object]] = {}

    def put(self, name: str, content: Path | bytes) -> None:
        """Add a member: these bytes, or what a file holds that nobody writes to; raises OSError."""
        info = tarfile.TarInfo(name)
        with content.open("rb") if isinstance(content, Path) else io.BytesIO(content) as file:
            digest = file_digest(file, "sha256").hexdigest()
            info.size, info.mode = file.seek(0, io.SEEK_END), 0o600
            file.seek(0)
            self._tar.addfile(info, file)
        self._members[name] = {"size": info.size, "sha256": digest}

    def finish(self, about: Mapping[str, Any]) -> None:
        """Add the list of all members with what is said of them; nothing comes after it."""
        said = {"format": FORMAT, **about, "members": self._members}
        self.put(MANIFEST, json.dumps({**said, "seal": _seal(said)}, ensure_ascii=False, indent=1).encode())


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


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive, from standard input for `PIPE`, into an empty folder; return what it says of itself.

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
    for parent in reversed(path.parents):
        private_folder(folder / parent)
    private_file(folder / path)
    with (folder / path).open("wb") as file:
        shutil.copyfileobj(source, file)


def _compared(source: Path, folder: Path) -> dict[str, Any]:
    """Compare what was unpacked with the archive's own list of it."""
    found = {name: one.model_dump() for name, one in list_files(folder).items()}
    if found.pop(MANIFEST, None) is None:
        raise BackupError(say("backup.no_list", file=source))
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
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
    return said


def _seal(said: Mapping[str, Any]) -> str:
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
