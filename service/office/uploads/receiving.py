"""Receives a multipart form with files into a private folder, each under a safe name; ingestion
checks contents.
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
from service.office.uploads.requests import FileOutcome
from service.records import ProblemError
from service.web.http import format_size
from vectorstore import FORMATS_BY_SUFFIX
from vectorstore.language import collapse_spaces
from vectorstore.storage import private_file

ACCEPTED = tuple(FORMATS_BY_SUFFIX)
LONGEST_NAME = 200  # bytes of a stem
MAX_NAME = 1000  # characters of a name as it was sent, with its folders, that are read
MOST_FIELDS = 20
FIELD_BYTES = 2000
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{n}" for n in range(1, 10)),
    *(f"lpt{n}" for n in range(1, 10)),
}


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """How many files a form may have, and the largest size of each in bytes."""

    files: int
    file_bytes: int


@dataclass(slots=True)
class ReceivedForm:
    """The content of a form: paths of accepted files, refused files, and the other fields."""

    files: list[Path] = field(default_factory=list)
    refused: list[FileOutcome] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


class _Parser(MultiPartParser):
    """Starlette's parser with its temporary files in the target folder; `whole` is true if the
    form's end was read.
    """

    def __init__(
        self, kind: str, stream: AsyncGenerator[bytes, None], folder: Path, limits: UploadLimits
    ) -> None:
        """Prepare to parse a form of the content type `kind` from the bytes of `stream`.

        It takes ten times as many files as `limits` has: files beyond `limits` are refused by their
        name, and only a form with far too many fails. FIELD_BYTES limits each field that is no
        file.
        """
        headers = Headers({"content-type": kind})
        most = 10 * limits.files
        super().__init__(
            headers, stream, max_files=most, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES
        )
        self._folder = folder
        self.whole = False

    def on_headers_finished(self) -> None:
        """Put the temporary file of a part into our folder, where Starlette uses that of the
        system.

        The folder is private and on the disk of the data.
        """
        super().on_headers_finished()
        part = self._current_part.file
        if part is not None:
            part.file.close()
            size, folder = self.spool_max_size, str(self._folder)
            spooled = SpooledTemporaryFile(max_size=size, dir=folder)  # noqa: SIM115 -- `close` closes it
            self._files_to_close_on_error.append(spooled)
            part.file = cast(BinaryIO, spooled)

    def on_end(self) -> None:
        self.whole = True

    def close(self) -> None:
        """Close all temporary files, including those of a form that broke off."""
        for file in self._files_to_close_on_error:
            file.close()


async def receive(
    stream: AsyncGenerator[bytes, None], kind: str, folder: Path, limits: UploadLimits
) -> ReceivedForm:
    """Receive a multipart form of the content type `kind` into an empty folder.

    A field of files that was left empty has a part without a file's name: it is left out. Raises
    the problems not-multipart and invalid-input, the latter also for a form that broke off; raises
    OSError where the folder cannot be written to.
    """
    if not re.match(r"multipart/form-data\s*;.*boundary=", kind, re.IGNORECASE):
        raise ProblemError("not-multipart")
    parser = _Parser(kind, stream, folder, limits)
    try:
        form = await parser.parse()  # closes its files itself if it fails
    except MultiPartException as error:
        raise ProblemError("invalid-input") from error
    try:
        if not parser.whole:  # the connection was closed before the end
            raise ProblemError("invalid-input")
        received = ReceivedForm()
        for name, value in form.multi_items():
            if isinstance(value, str):
                received.fields[name] = value.strip()
            elif value.filename:
                await to_thread.run_sync(_store_file, value, folder, limits, received)
        return received
    finally:
        parser.close()


def _store_file(
    file: UploadFile, folder: Path, limits: UploadLimits, received: ReceivedForm
) -> None:
    """Copy a file into the folder under a safe name, or add it to the refused files with the
    reason.

    Reasons are that there are too many files, that this one is too large or empty, or that its
    ending is none of ACCEPTED. Contents are not looked at.
    """
    name, size = file.filename or "", file.size or 0
    suffix = Path(name).suffix.lower()
    why = ""
    if len(received.files) + len(received.refused) >= limits.files:
        why = say("uploads.too_many", most=limits.files)
    elif size > limits.file_bytes:
        why = say("uploads.too_large", most=format_size(limits.file_bytes))
    elif not size:
        why = say("uploads.empty")
    elif suffix not in ACCEPTED:
        why = say("uploads.no_kind")
    if why:
        refused = FileOutcome(safe_name(name) + suffix[:12], taken=False, told=why)
        received.refused.append(refused)
        return
    path = _free_path(folder, safe_name(name), suffix)
    private_file(path)
    with path.open("wb") as target:
        shutil.copyfileobj(file.file, target)
    received.files.append(path)


def safe_name(name: str) -> str:
    """Return the stem of a file's name, safe on every system: "Klima-neu" for "C:\\Pläne\\Klima &
    (neu).pdf".

    A name of which nothing is left, or that Windows reserves for a device ("con"), becomes
    "dokument".
    """
    base_name = re.split(r"[\\/]", unicodedata.normalize("NFKC", name[-MAX_NAME:]))[-1]
    stem = base_name.removesuffix(Path(base_name).suffix)
    # signs, with the spaces around them, become one hyphen; spaces alone stay
    plain = collapse_spaces(re.sub(r"[^\w.]*[^\w. ][^\w.]*", "-", stem))
    # file systems count bytes: a Chinese letter has three
    short = plain.strip(" .-_").encode()[:LONGEST_NAME].decode(errors="ignore")
    plain = short.strip(" .-_")
    if not plain or plain.casefold() in _RESERVED:
        return "dokument"
    return plain


def _free_path(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path in a folder for a file with this stem and suffix, numbered if the name is taken
    ("Plan-2.pdf").

    Upper and lower case count as the same: "plan.pdf" takes the name "Plan.pdf".
    """
    used = {path.name.casefold() for path in folder.iterdir()}
    name, number = f"{stem}{suffix}", 1
    while name.casefold() in used:
        number += 1
        name = f"{stem}-{number}{suffix}"
    return folder / name
