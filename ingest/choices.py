"""What people set for a whole document: what a family of numbers is, and which rows and sections are items.

An item is kept as the claim that a reader would have made, so that it is looked up in the text as any other: a new
layout or edition that prints it still has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

from ingest.keys import is_of_family
from ingest.readers.claims import Claim, ClaimedField, Claims, RecordKind
from ingest.readers.lexicon import meaning
from ingest.readers.simple.kinds import kind_of_word
from ingest.readings import Reading, move_claims
from ingest.stored import StoredForm
from ingest.tables import is_lone_number
from ingest.validation import name_of as name_of
from ingest.validation.text_index import fold
from vectorstore.kept_texts import Texts
from vectorstore.notation import fold_ref
from vectorstore.records import BY_STAFF, Document, ItemKind, ParsedDocument

NO_RECORDS = "none"
KINDS = tuple(kind for kind in get_args(RecordKind) if kind != ItemKind.SECTION)
_LONGEST_LABEL, _MOST, _MOST_ITEMS = 80, 50, 2_000  # characters of a label, families and items of one document
_LONGEST_TITLE, _LONGEST_CELL = 300, 20_000  # characters, from which a cell is cut as a title, and as a field
_LETTERS, _FEW_LETTERS = 6, 3  # of a cell that is a title, and of one where no other is
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
    if kind not in (None, NO_RECORDS, *KINDS) or len(label) > _LONGEST_LABEL:
        raise ValueError(kind)

    def set_family(choices: Choices) -> dict[str, Any]:
        others = [(name, value) for name, value in choices.families if name != label]
        chosen = [(label, kind)] if kind is not None and len(others) < _MOST else []
        return {"families": tuple(sorted([*others, *chosen]))}

    _change(texts, document_id, set_family)


def take_items(texts: Texts, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
    """Store that rows and sections are items, by where they begin; raises ValueError for none, or no kind of record."""
    claims = [claim for start in starts if (claim := claim_at(parsed, start, kind)) is not None]
    if kind not in KINDS or not claims:
        raise ValueError(kind)
    names = {name_of(claim) for claim in claims}

    def take(choices: Choices) -> dict[str, Any]:
        others = [claim for claim in choices.items if name_of(claim) not in names]
        return {"items": (*others, *claims)[:_MOST_ITEMS]}

    _change(texts, parsed.document.id, take)


def release_item(texts: Texts, document_id: str, name: str) -> None:
    """Store that a row or section that people took is no item."""
    _change(texts, document_id, lambda choices: {"items": tuple(i for i in choices.items if name_of(i) != name)})


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
        kind = _kind_of(record, choices)
        if kind == NO_RECORDS and record.where in ("sheet", "heading"):
            records.append(record.model_copy(update={"kind": ItemKind.SECTION.value, "where": "heading"}))
        elif kind != NO_RECORDS:
            records.append(record.model_copy(update={"kind": kind}) if kind else record)
    if choices.items:
        taken = move_claims(Reading(model=BY_STAFF, claims=Claims(records=choices.items)), document)
        records = _add_taken(records, taken.records)
    return claims.model_copy(update={"records": tuple(records)})


def _kind_of(record: Claim, choices: Choices) -> str | None:
    if record.kind == "section":
        return None
    return next((kind for label, kind in choices.families if is_of_family(label, record.number)), None)


def _add_taken(records: Sequence[Claim], taken: Sequence[Claim]) -> list[Claim]:
    """Return records with those that people took: rows and sections that the reader has too become of that kind."""
    result, titles = list(records), [fold(record.title) for record in records]
    for claim in taken:
        same = [
            place for place, record in enumerate(records)
            if titles[place] == fold(claim.title) and record.where != "contents"
            and (record.where == "row") == (claim.where == "row")
            and (claim.where != "row" or fold_ref(record.number or "") == fold_ref(claim.number or ""))
        ]  # fmt: skip
        place = min(same, key=lambda place: abs(records[place].page - claim.page), default=None)
        if place is None:
            result.append(claim)
        else:
            update = {"kind": claim.kind, "source": BY_STAFF, "confidence": 1.0}
            result[place] = result[place].model_copy(update=update)
    return result


def claim_at(parsed: ParsedDocument, start: int, kind: str) -> Claim | None:
    """Return the claim that a row of a table or an item that begins at a place is of a kind, None without one."""
    text, page = parsed.document.text, parsed.document.page_at(start)
    row = next((row for row in parsed.document.rows if row.start == start), None)
    if row is not None:
        cells = text[start : text.find("\n\n", start) if text.find("\n\n", start) >= 0 else None].split("\t")
        return _row_claim(cells, row.headers, kind, page.number if page else 1)
    item = next((item for item in parsed.items if item.start == start and item.heading), None)
    if item is None:
        return None
    number = None if item.ref == item.title else item.ref
    return Claim.model_validate(
        {"kind": kind, "number": number, "title": item.title, "page": item.page or 1, "where": "heading"}
    )


def _row_claim(cells: Sequence[str], headers: Sequence[str], kind: str, page: int) -> Claim:
    """Return the claim of a row: number and title by the headers of their columns, else the first cells that fit."""
    known = [*headers, *[""] * len(cells)]
    meanings = [meaning(header, weak=True) if header else None for header in known]
    title = _title_of(cells, known, meanings)
    numbers = (
        place for place, cell in enumerate(cells)
        if place != title and (meanings[place] == "ref" or not place) and is_lone_number(cell)
        and not _YEAR.fullmatch(cell)
    )  # fmt: skip
    number = next(numbers, None)
    text = " ".join(cells) if title is None else cells[title]
    fields = tuple(
        ClaimedField(label=known[place][:600], text=cell[:_LONGEST_CELL], meaning=meanings[place])
        for place, cell in enumerate(cells) if cell and title is not None and place not in (title, number)
    )  # fmt: skip
    return Claim.model_validate({
        "kind": kind, "number": None if number is None else cells[number], "page": page, "where": "row",
        "title": text if len(text) <= _LONGEST_TITLE else f"{text[:_LONGEST_TITLE]} …", "fields": fields,
    })  # fmt: skip


def _title_of(cells: Sequence[str], headers: Sequence[str], meanings: Sequence[str | None]) -> int | None:
    """Return the cell that names a row: by its header, else the first one without a meaning that has some letters."""
    letters = [sum(map(str.isalpha, cell)) for cell in cells]
    places = [place for place, count in enumerate(letters) if count >= _FEW_LETTERS]
    orders = (
        [place for place in places if meanings[place] == "title"],
        [place for place in places if kind_of_word(headers[place]) is not None],
        [place for place in places if meanings[place] is None and letters[place] >= _LETTERS],
        places,
    )
    return next((found[0] for found in orders if found), None)
