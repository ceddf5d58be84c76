"""A form with files as it comes in: written to a private folder piece by piece, never held in memory, within limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from service.http.limits import sized
from service.http.problems import ProblemError
from service.uploads.kinds import NO_KIND, safe_name, suffix_of
from vectorstore.private_modes import private_file

FIELD_BYTES = 2000
MOST_FIELDS = 20
_HEADER_BYTES = 4000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many files a form may bring, and how large each may be, in bytes."""

    files: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken: its name as people know it, and a sentence why."""

    name: str
    reason: str


@dataclass(slots=True)
class Received:
    """What a form brought: the files that were taken, by their paths, those that were not, and the other fields."""

    files: list[Path] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Part:
    name: str = ""
    given: str | None = None
    path: Path | None = None
    file: BinaryIO | None = None
    text: bytearray = field(default_factory=bytearray)
    size: int = 0
    why: str = ""


async def receive(stream: AsyncIterator[bytes], content_type: str, folder: Path, limits: Limits) -> Received:
    """Take a multipart form off the wire into an empty folder; raises the problems not-multipart and invalid-input.

    Raises OSError where the folder cannot be written to.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise ProblemError("not-multipart")
    form = _Form(folder, limits)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": form.part_begins,
                "on_header_field": form.header_name,
                "on_header_value": form.header_value,
                "on_header_end": form.header_ends,
                "on_headers_finished": form.headers_end,
                "on_part_data": form.data,
                "on_part_end": form.part_ends,
                "on_end": form.form_ends,
            },
        )
        async for chunk in stream:
            if chunk:
                await to_thread.run_sync(parser.write, chunk)
        parser.finalize()
    except FormParserError as error:
        raise ProblemError("invalid-input") from error
    finally:
        form.close()
    if not form.whole:  # who left in the middle has handed in nothing
        raise ProblemError("invalid-input")
    return await to_thread.run_sync(form.received)


class _Form:
    """Puts the parts of one form where they belong."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits
        self._part = _Part()
        self._header, self._value = bytearray(), bytearray()
        self._files: list[_Part] = []
        self._fields: dict[str, str] = {}
        self.whole = False

    def part_begins(self) -> None:
        self._part = _Part()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end][: _HEADER_BYTES - len(self._header)]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end][: _HEADER_BYTES - len(self._value)]

    def header_ends(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
            given = options.get(b"filename")
            self._part.given = None if given is None else given.decode("utf-8", "replace")
        self._header.clear()
        self._value.clear()

    def headers_end(self) -> None:
        part = self._part
        if not part.given:
            return
        if len(self._files) >= self._limits.files:
            part.why = f"Auf einmal gehen höchstens {self._limits.files} Dateien."
        else:
            part.path = self._folder / f"{len(self._files)}.part"
            private_file(part.path)
            part.file = part.path.open("wb")
        self._files.append(part)

    def data(self, data: bytes, start: int, end: int) -> None:
        part, size = self._part, end - start
        part.size += size
        if part.given is None:
            part.text += data[start:end][: max(FIELD_BYTES - len(part.text), 0)]
        elif part.file is not None and part.size > self._limits.file_bytes:
            part.why = f"Die Datei ist größer als {sized(self._limits.file_bytes)}."
            _forget(part)
        elif part.file is not None:
            part.file.write(data[start:end])

    def part_ends(self) -> None:
        part = self._part
        if part.file is not None:
            part.file.close()
        elif part.given is None and len(self._fields) < MOST_FIELDS:
            self._fields[part.name] = part.text.decode("utf-8", "replace").strip()

    def form_ends(self) -> None:
        self.whole = True

    def close(self) -> None:
        """Let go of files, also of one that never ended."""
        for part in self._files:
            if part.file is not None:
                part.file.close()

    def received(self) -> Received:
        """Give every file its name, by what it is; what is no document goes."""
        found = Received(fields=self._fields)
        for part in self._files:
            shown = safe_name(part.given or "") + Path(part.given or "").suffix[:12]
            suffix = suffix_of(part.path, part.given or "") if part.path and part.size and not part.why else None
            if part.path is None or suffix is None:
                found.refused.append(Refused(shown, part.why or (NO_KIND if part.size else "Die Datei ist leer.")))
                _forget(part)
            else:
                found.files.append(part.path.rename(_free(self._folder, safe_name(part.given or ""), suffix)))
        return found


def _forget(part: _Part) -> None:
    if part.file is not None:
        part.file.close()
        part.file = None
    if part.path is not None:
        with suppress(OSError):
            part.path.unlink()
        part.path = None


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """Return a name that no file of the folder has, whatever the case."""
    used = {path.name.casefold() for path in folder.iterdir()}
    names = (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}" for number in range(1, len(used) + 2))
    return folder / next(name for name in names if name.casefold() not in used)
