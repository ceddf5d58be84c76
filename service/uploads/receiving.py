"""A form with files as it comes in: kept in a private folder within limits, each file under a safe name.

Whether a file is what its ending says shows when it is read, which is made for hostile files.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from anyio import to_thread
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from prompts import say
from service.http.limits import sized
from service.http.problems import ProblemError
from vectorstore.disk import private_file

ACCEPTED = (".pdf", ".docx", ".txt", ".md", ".markdown", ".html", ".htm")
LONGEST_NAME = 100
MOST_FIELDS, FIELD_BYTES = 20, 2000
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How many files a form may bring, and how large each may be, in bytes."""

    files: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that is not taken: its name as people know it, and a sentence why."""

    name: str
    reason: str


@dataclass(slots=True)
class Received:
    """What a form brought: the files that were taken, by their paths, those that were not, and the other fields."""

    files: list[Path] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


class _Parser(MultiPartParser):
    """Starlette's parser, with its temporary files where the files are to lie, and told of the form's end."""

    def __init__(self, kind: str, stream: AsyncGenerator[bytes, None], folder: Path, limits: UploadLimits) -> None:
        headers = Headers({"content-type": kind})
        most = 10 * limits.files  # what is more than may be is told by name, what is far more is no form
        super().__init__(headers, stream, max_files=most, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES)
        self._folder = folder
        self.whole = False

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if (part := self._current_part.file) is not None:
            part.file.close()
            size, folder = self.spool_max_size, str(self._folder)
            spooled = SpooledTemporaryFile(max_size=size, dir=folder)  # noqa: SIM115 -- `close` closes it
            self._files_to_close_on_error.append(spooled)
            part.file = cast(BinaryIO, spooled)

    def on_end(self) -> None:
        self.whole = True

    def close(self) -> None:
        """Let go of all files, also of one that never ended."""
        for file in self._files_to_close_on_error:
            file.close()


async def receive(stream: AsyncGenerator[bytes, None], kind: str, folder: Path, limits: UploadLimits) -> Received:
    """Take a multipart form of this content type into an empty folder.

    Raises the problems not-multipart and invalid-input, and OSError where the folder cannot be written to.
    """
    if not re.match(r"multipart/form-data\s*;.*boundary=", kind, re.IGNORECASE):
        raise ProblemError("not-multipart")
    parser = _Parser(kind, stream, folder, limits)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise ProblemError("invalid-input") from error
    try:
        if not parser.whole:  # who left in the middle has handed in nothing
            raise ProblemError("invalid-input")
        received = Received()
        for name, value in form.multi_items():
            if isinstance(value, str):
                received.fields[name] = value.strip()
            elif value.filename:
                await to_thread.run_sync(_take, value, folder, limits, received)
        return received
    finally:
        parser.close()


def _take(file: UploadFile, folder: Path, limits: UploadLimits, received: Received) -> None:
    """Put a file where it belongs under a safe name, or note why it is not taken."""
    given, size = file.filename or "", file.size or 0
    suffix = Path(given).suffix.lower()
    if len(received.files) + len(received.refused) >= limits.files:
        why = say("uploads.too_many", most=limits.files)
    elif size > limits.file_bytes:
        why = say("uploads.too_large", most=sized(limits.file_bytes))
    elif not size:
        why = say("uploads.empty")
    else:
        why = "" if suffix in ACCEPTED else say("uploads.no_kind")
    if why:
        received.refused.append(RefusedFile(safe_name(given) + suffix[:12], why))
        return
    path = _free(folder, safe_name(given), suffix)
    private_file(path)
    with path.open("wb") as target:
        shutil.copyfileobj(file.file, target)
    received.files.append(path)


def safe_name(given: str) -> str:
    """Return the stem of a sender's file name as it can be stored anywhere: no folders, controls or odd characters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    stem = last[: -len(suffix)] if (suffix := Path(last).suffix) else last
    plain = "".join(char if char.isalnum() or char in " ._-" else "-" for char in stem)
    plain = re.sub(r"[\s-]*-[\s-]*", "-", " ".join(plain.split())).strip(" .-_")[:LONGEST_NAME].strip(" .-_")
    return "dokument" if not plain or plain.casefold() in _RESERVED else plain


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """Return a name that no file of the folder has, whatever the case."""
    used = {path.name.casefold() for path in folder.iterdir()}
    names = (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}" for number in range(1, len(used) + 2))
    return folder / next(name for name in names if name.casefold() not in used)
