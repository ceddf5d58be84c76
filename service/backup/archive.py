"""The archive of a backup: a tar file whose last member, the manifest, lists all others with size
and SHA-256.

It is written and read as a stream, so it can go through a pipe. The manifest has a digest of itself
(`seal`); missing, changed or truncated members are detected.
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
from typing import Any, BinaryIO

from prompts import say
from vectorstore.storage import (
    UNFINISHED_SUFFIX,
    StoreError,
    private_file,
    private_folder,
    report_full_disk,
)

FORMAT = 1
MANIFEST = "manifest.json"
PIPE = Path("-")
# of a manifest that has another form, or is nested too deeply
_NO_MANIFEST = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class BackupError(StoreError):
    """A backup cannot be made, read or restored; the message is one sentence for people."""


class ArchiveWriter:
    """Adds members to an archive one by one, then the manifest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members: dict[str, dict[str, object]] = {}

    def put(self, name: str, content: Path | bytes) -> None:
        """Add a member: bytes or a file.

        The file is read twice, for its digest and into the archive, so it must not change
        meanwhile. Raises OSError.
        """
        info = tarfile.TarInfo(name)
        with content.open("rb") if isinstance(content, Path) else io.BytesIO(content) as file:
            self._members[name] = _describe_file(file)
            info.size, info.mode = file.seek(0, io.SEEK_END), 0o600
            file.seek(0)
            self._tar.addfile(info, file)

    def finish(self, about: Mapping[str, Any]) -> None:
        """Add the manifest as the last member: the fields of `about`, all members, and the seal."""
        fields = {"format": FORMAT, **about, "members": self._members}
        self.put(
            MANIFEST,
            json.dumps({**fields, "seal": _seal_of(fields)}, ensure_ascii=False, indent=1).encode(),
        )


@contextmanager
def write_archive(target: Path) -> Iterator[ArchiveWriter]:
    """Yield the writer of an archive: to a new file or, for `PIPE`, to standard output.

    The file is written under another name and appears only when it is complete. Raises BackupError
    if it exists already or cannot be written, and NoSpace.
    """
    if target == PIPE:
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
            yield ArchiveWriter(tar)
        sys.stdout.buffer.flush()
        return
    if target.exists():
        raise BackupError(say("backup.exists", file=target))
    unfinished = target.with_name(target.name + UNFINISHED_SUFFIX)
    try:
        with report_full_disk(target.parent):
            private_file(unfinished)
            with tarfile.open(unfinished, "w") as tar:
                yield ArchiveWriter(tar)
            unfinished.replace(target)
    except OSError as error:
        raise BackupError(
            say("backup.not_written", file=target, reason=error.strerror or error)
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive into an empty folder and return the fields of its manifest.

    The archive is a file or, for `PIPE`, standard input. It is compared with its manifest only when
    all of it is unpacked, since the manifest comes last. Raises BackupError if it is no archive, if
    it is damaged or incomplete, or if it has another format; raises NoSpace.
    """
    if source != PIPE and not source.is_file():
        raise BackupError(say("backup.no_file", file=source))
    try:
        with report_full_disk(folder.parent), _open_tar(source) as tar:
            members = {member.name: _extract(tar, member, folder) for member in tar}
        del members[MANIFEST]
        fields: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        if fields.pop("seal") != _seal_of(fields) or fields["members"] != members:
            raise ValueError("not what was put in")
        version = fields["format"]
    except (tarfile.TarError, EOFError, *_NO_MANIFEST) as error:
        raise BackupError(say("backup.none", file=source)) from error
    except OSError as error:
        raise BackupError(
            say("backup.not_unpacked", file=source, reason=error.strerror or error)
        ) from error
    if version != FORMAT:
        raise BackupError(say("backup.other_version", file=source, version=version))
    return fields


def _open_tar(source: Path) -> tarfile.TarFile:
    if source == PIPE:
        return tarfile.open(fileobj=sys.stdin.buffer, mode="r|")
    return tarfile.open(source, "r:")


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> dict[str, object]:
    """Write a member of an archive into the folder and return its size and digest.

    Raises ValueError if the member is no regular file, or if its path leads out of the folder, as
    in an archive that somebody made to overwrite other files.
    """
    path = PurePosixPath(member.name)
    source = tar.extractfile(member) if member.isreg() else None
    is_outside = path.is_absolute() or ".." in path.parts or not path.parts
    if source is None or is_outside:
        raise ValueError("no member of a backup")
    private_folder((folder / path).parent)
    private_file(folder / path)
    with (folder / path).open("w+b") as file:
        shutil.copyfileobj(source, file)
        file.seek(0)
        return _describe_file(file)


def _describe_file(file: BinaryIO) -> dict[str, object]:
    """Return size and SHA-256 of an open file, as in the manifest."""
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    return {"size": file.seek(0, io.SEEK_END), "sha256": digest}


def _seal_of(fields: Mapping[str, Any]) -> str:
    return sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
