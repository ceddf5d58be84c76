"""What people set for a whole document: what a family of numbers is, and which rows and sections are items.

An item is kept as the claim that a reader would have made, so that it is looked up in the text as any other: a new
layout or edition that prints it still has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

from ingest.keys import is_of_family
from ingest.readers.claims import RECORD_KINDS, Claim, ClaimedField, Claims, RecordKind
from ingest.readers.lexicon import meaning
from ingest.readers.simple.kinds import kind_of_word
from ingest.readings import Reading, StoredForm, move_claims
from ingest.tables import is_lone_number
from vectorstore.records import BY_STAFF, Document, ParsedDocument
from vectorstore.texts import Texts

NO_RECORDS = "none"
_LONGEST_LABEL, _MOST, _MOST_ITEMS = 80, 50, 2_000  # characters of a label, families and items of one document
_LONGEST_TITLE, _LONGEST_CELL = 300, 20_000  # characters, from which a cell is cut as a title, and as a field
_LETTERS, _MAX_LETTERS = 6, 3  # of a cell that is a title, and of one where no other is
_YEAR = re.compile(r"(?:19|20)\d\d")


class Choices(StoredForm):
    """Kinds of families by label, "none" for no records, and claims of items that people took."""

    folder = "choices/"

    families: tuple[tuple[str, RecordKind | Literal["none"]], ...] = ()
    items: tuple[Claim, ...] = ()


NO_CHOICES = Choices()


def load_choices(texts: Texts, document_id: str) -> Choices:
    """Return the choices for a document, none where they cannot be read."""
    return Choices.load(texts, document_id) or NO_CHOICES


def store_choice(texts: Texts, document_id: str, label: str, kind: str | None) -> None:
    """Store what a family of numbers is, None for what the reader finds; raises ValueError for no kind of record."""
    if kind not in (None, NO_RECORDS, *RECORD_KINDS) or len(label) > _LONGEST_LABEL:
        raise ValueError(kind)

    def set_family(choices: Choices) -> dict[str, Any]:
        remaining = [(name, value) for name, value in choices.families if name != label]
        chosen = [(label, kind)] if kind is not None and len(remaining) < _MOST else []
        return {"families": tuple(sorted([*remaining, *chosen]))}

    _change(texts, document_id, set_family)


def take_items(texts: Texts, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
    """Store that rows and sections are items, by where they begin; raises ValueError for none, or no kind of record."""
    claims = [claim for start in starts if (claim := _claim_at(parsed, start, kind)) is not None]
    if kind not in RECORD_KINDS or not claims:
        raise ValueError(kind)
    names = {claim.name for claim in claims}

    def take(choices: Choices) -> dict[str, Any]:
        return {"items": (*(item for item in choices.items if item.name not in names), *claims)[:_MOST_ITEMS]}

    _change(texts, parsed.document.id, take)


def release_item(texts: Texts, document_id: str, name: str) -> None:
    """Store that a row or section that people took is no item."""
    _change(texts, document_id, lambda choices: {"items": tuple(i for i in choices.items if i.name != name)})


def _change(texts: Texts, document_id: str, change: Callable[[Choices], dict[str, Any]]) -> None:
    def apply(content: bytes | None) -> bytes | None:
        choices = Choices.parse(content) or NO_CHOICES
        choices = choices.model_copy(update=change(choices))
        return choices.content if choices != NO_CHOICES else None

    texts.change(Choices.name_for(document_id), apply)


def apply_choices(claims: Claims, choices: Choices, document: Document) -> Claims:
    """Return claims with the kinds that people chose for families, and with the items that they took.

    Records of what is no family become sections.
    """
    records = []
    for record in claims.records:
        chosen = (kind for label, kind in choices.families if is_of_family(label, record.number))
        kind = next(chosen, record.kind) if record.kind != "section" else record.kind
        if kind != NO_RECORDS:
            records.append(record if kind == record.kind else record.model_copy(update={"kind": kind}))
        elif record.where in ("sheet", "heading"):
            records.append(record.model_copy(update={"kind": "section", "where": "heading"}))
    if choices.items:
        taken = move_claims(Reading(model=BY_STAFF, claims=Claims(records=choices.items)), document)
        records = _add_taken(records, taken.records)
    return claims.model_copy(update={"records": tuple(records)})


def _add_taken(records: Sequence[Claim], taken: Sequence[Claim]) -> list[Claim]:
    """Return records with those that people took: rows and sections that the reader has too become of that kind."""
    result, names = list(records), list(map(_compared, records))
    for claim in taken:
        same = [place for place, name in enumerate(names) if name == _compared(claim)]
        place = min(same, key=lambda place: abs(records[place].page - claim.page), default=None)
        if place is None:
            result.append(claim)
        else:
            update = {"kind": claim.kind, "source": BY_STAFF, "confidence": 1.0}
            result[place] = result[place].model_copy(update=update)
    return result


def _compared(claim: Claim) -> tuple[str, ...]:
    """Return by what claims are compared: rows by title and number, heads by title."""
    title = claim.folded_title
    return (
        ("contents",) if claim.where == "contents" else ("row", title, claim.ref) if claim.where == "row" else (title,)
    )


def _claim_at(parsed: ParsedDocument, start: int, kind: str) -> Claim | None:
    """Return the claim that a row of a table or an item that begins at a place is of a kind, None without one."""
    page = parsed.document.page_at(start)
    given: dict[str, Any] = {"kind": kind, "page": page.number if page else 1}
    row = next((row for row in parsed.document.rows if row.start == start), None)
    if row is not None:
        cells = parsed.document.text[start:].partition("\n\n")[0].split("\t")
        return Claim(**given, where="row", **_parse_row(cells, [*row.headers, *[""] * len(cells)]))
    item = next((item for item in parsed.items if item.start == start and item.heading), None)
    if item is None:
        return None
    return Claim(**given, where="heading", number=None if item.ref == item.title else item.ref, title=item.title)


def _parse_row(cells: Sequence[str], headers: Sequence[str]) -> dict[str, Any]:
    """Return number, title and fields of a row: by the headers of its columns, else by the first cells that fit."""
    meanings = [meaning(header, weak=True) if header else None for header in headers]
    letters = [sum(map(str.isalpha, cell)) for cell in cells]
    places = [place for place, count in enumerate(letters) if count >= _MAX_LETTERS]
    named = [p for p in places if meanings[p] == "title" or kind_of_word(headers[p]) is not None]
    unknown = [place for place in places if meanings[place] is None and letters[place] >= _LETTERS]
    title = next(iter([*named, *unknown, *places]), None)
    numbers = (
        place for place, cell in enumerate(cells)
        if place != title and (meanings[place] == "ref" or not place) and is_lone_number(cell)
        and not _YEAR.fullmatch(cell)
    )  # fmt: skip
    number = next(numbers, None)
    text = " ".join(cells) if title is None else cells[title]
    fields = tuple(
        ClaimedField(label=headers[place][:600], text=cell[:_LONGEST_CELL], meaning=meanings[place])
        for place, cell in enumerate(cells) if cell and title is not None and place not in (title, number)
    )  # fmt: skip
    short = text if len(text) <= _LONGEST_TITLE else f"{text[:_LONGEST_TITLE]} …"
    return {"number": None if number is None else cells[number], "title": short, "fields": fields}
