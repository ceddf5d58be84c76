"""Known records of a paper: a catalogue (a JSON object per line), or the truth that a generated paper comes with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from prompts import say

RECORDS = ("measure", "project", "goal")
THEME = "theme"
Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class CatalogueError(Exception):
    """A catalogue that cannot be read; the message names file and line, in German."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecord:
    """One known record, as the paper prints it.

    `ref` is its number without label word, None where none is printed; `ref_also` are other readings that are as right.
    `title_overview` is the wording of the paper's own overview. `pages` are those of its sheet, from 1, empty where the
    format has none. `uncertain` records are neither missed nor false.
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
        """All readings of the number that are right; empty where the paper prints none."""
        return (self.ref, *self.ref_also) if self.ref else ()

    @property
    def titles(self) -> tuple[str, ...]:
        """All wordings of the title that are right."""
        return (self.title, self.title_overview) if self.title_overview else (self.title,)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMetadata:
    """The front matter as printed; `date` is an ISO day, month or year. None where the paper prints none."""

    title: str
    publisher: str
    kind: str
    status: str | None
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDocument:
    """What is known of one paper.

    `body` are sentences that must stand in a passage, `table_rows` the cells of rows that must be findable, `furniture`
    lines that repeat on every page ("{n}" and "{m}" stand for numbers), `hidden` what nobody may be shown,
    `not_records` what looks like a title and is none. `themes` says whether all fields of action are among the records,
    so that their number can be judged.
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
        """The records of the kinds by which reading is judged."""
        return tuple(record for record in self.records if record.kind in RECORDS)


_RECORD = TypeAdapter(KnownRecord)
_CATALOGUE = TypeAdapter(KnownDocument)


def load_catalogue(path: Path) -> KnownDocument:
    """Read `<stem>.jsonl` or `<name>.truth.json`; raises CatalogueError where it is neither."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CatalogueError(say("reading_figures.catalogue_unreadable", path=path)) from None
    if path.suffix == ".jsonl":
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        places = {number: say("reading_figures.line", path=path, number=number) for number, _ in lines}
        return KnownDocument(records=tuple(_parsed(_RECORD, line, places[number]) for number, line in lines))
    result: KnownDocument = _parsed(_CATALOGUE, text, str(path), themes=True)
    return result


def _parsed(form: TypeAdapter[Any], text: str, place: str, **more: Any) -> Any:
    """Return a form read from JSON, numbers as lists of it; raises CatalogueError naming the place."""
    try:
        return form.validate_python({**json.loads(text), **more})
    except ValidationError as error:
        first = error.errors()[0]
        where, message = ".".join(map(str, first["loc"])), first["msg"]
        raise CatalogueError(say("reading_figures.catalogue_form", place=place, where=where, first=message)) from None
    except (ValueError, TypeError) as error:
        raise CatalogueError(say("reading_figures.catalogue_broken", place=place, error=error)) from None
