"""Known content of a document: a catalogue of records (JSON lines), or the truth file of a
generated document.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from service.terminal import CommandError

RECORDS = ("measure", "project", "goal")
THEME = "theme"
Texts = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)
]


class CatalogueError(CommandError):
    """A catalogue cannot be read; the German message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecord:
    """One known record, as printed.

    `ref` is its number without label word, None if none is printed; `ref_also` are other right
    readings of it. `title_overview` is the title in the document's own overview. `pages` are those
    of its sheet, from 1, empty if the format has none. `uncertain` records count neither as missed
    nor as false.
    """

    kind: str
    ref: str | None
    title: str
    ref_also: tuple[str, ...] = ()
    title_overview: str | None = None
    parent: str | None = None
    pages: tuple[int, ...] = ()
    responsible: Texts = ()
    partners: Texts = ()
    period: str | None = None
    cost: str | None = None
    priority: str | None = None
    status: str | None = None
    state: str | None = None
    uncertain: bool = False

    @property
    def refs(self) -> tuple[str, ...]:
        """All right readings of the number; empty if none is printed."""
        return (self.ref, *self.ref_also) if self.ref else ()

    @property
    def titles(self) -> tuple[str, ...]:
        """All right wordings of the title."""
        return tuple(filter(None, (self.title, self.title_overview)))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMetadata:
    """The document metadata as printed; `date` is an ISO day, month or year. None if not
    printed.
    """

    title: str
    publisher: str
    kind: str
    status: str | None
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDocument:
    """The known content of one document.

    `body` are sentences that must be in a passage, `table_rows` the cells of rows that must be,
    `furniture` lines that repeat on every page ("{n}" and "{m}" are numbers), `hidden` texts that
    must not be shown, `not_records` texts that look like titles of records and are none. `themes`
    is true if the records include all themes: then these count too.
    """

    records: tuple[KnownRecord, ...]
    front: KnownMetadata | None = None
    body: tuple[str, ...] = ()
    table_rows: tuple[tuple[str, ...], ...] = ()
    furniture: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    not_records: tuple[str, ...] = ()
    themes: bool = False

    @property
    def scorable_records(self) -> tuple[KnownRecord, ...]:
        """The records of the kinds that are measured."""
        return tuple(record for record in self.records if record.kind in RECORDS)


_RECORD = TypeAdapter(KnownRecord)
_CATALOGUE = TypeAdapter(KnownDocument)


def load_catalogue(path: Path) -> KnownDocument:
    """Read the known content of a document from a file.

    A file `<stem>.jsonl` has a record in each line and nothing else. A file `<name>.truth.json`, of
    a generated document, has all that is known, and among its records all themes. Raises
    CatalogueError.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CatalogueError(f"{path} ist nicht lesbar.") from None
    if path.suffix == ".jsonl":
        records = [
            _parse(_RECORD, line, f"{path}, Zeile {number}")
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
        return KnownDocument(records=tuple(records))
    result: KnownDocument = _parse(_CATALOGUE, text, str(path), themes=True)
    return result


def _parse(adapter: TypeAdapter[Any], text: str, position: str, **more: Any) -> Any:
    """Parse JSON with the adapter of a type and return the value; `more` are further attributes of
    it.

    Raises CatalogueError, which names the `position` of the text: "faelle.jsonl, Zeile 3".
    """
    try:
        return adapter.validate_python({**json.loads(text), **more})
    except ValidationError as error:
        first = error.errors()[0]
        field, message = ".".join(map(str, first["loc"])), first["msg"]
        raise CatalogueError(
            f"{position}: Kein Katalog bekannter Einträge ({field}: {message})."
        ) from None
    except (ValueError, TypeError) as error:
        raise CatalogueError(f"{position}: Kein Katalog bekannter Einträge ({error}).") from None
