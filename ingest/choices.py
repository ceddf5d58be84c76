"""What people set for a whole document: what a family of numbers is, and which rows and sections are items.

Kept as JSON among the texts of the data folder. An item is kept as the claim that a reader would have made, so that it
is looked up in the text as any other: a new layout or edition that prints it still has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import get_args

from pydantic import ValidationError

from ingest.keys import compare_ref, shape_of
from ingest.readers.claims import NO_CHOICES, Choices, Claim, ClaimedField, Claims, RecordKind
from ingest.readers.lexicon import meaning
from ingest.readers.simple.kinds import kind_of_word
from ingest.readings import Reading, move_claims
from ingest.register import RegisterEntry
from ingest.tables import is_lone_number
from ingest.validation.matching import fold
from ingest.values.statements import Statement, interpret
from vectorstore.kept_texts import Texts
from vectorstore.records import BY_STAFF, Document, Item, ItemKind, ParsedDocument

FOLDER = "choices/"
NO_RECORDS = "none"
KINDS = tuple(kind for kind in get_args(RecordKind) if kind != ItemKind.SECTION)
_LONGEST_LABEL, _MOST, _MOST_ITEMS = 80, 50, 2_000  # characters of a label, families and items of one document
_LONGEST_TITLE = 300  # characters, from which a cell is cut
_LETTERS, _FEW_LETTERS = 6, 3  # of a cell that is a title, and of one where no other is
_YEAR = re.compile(r"(?:19|20)\d\d")


def choices_name(document_id: str) -> str:
    """Return the name under which the choices for a document are kept."""
    return f"{FOLDER}{document_id}.json"


def load_choices(texts: Texts, document_id: str) -> Choices:
    """Return the choices for a document, none where they cannot be read."""
    return _parse(texts.get(choices_name(document_id)))


def store_choice(texts: Texts, document_id: str, label: str, kind: str | None) -> None:
    """Store what a family of numbers is, None for what the reader finds; raises ValueError for no kind of record."""
    if kind not in (None, NO_RECORDS, *KINDS) or len(label) > _LONGEST_LABEL:
        raise ValueError(kind)

    def set_family(choices: Choices) -> Choices:
        families = {name: value for name, value in choices.families if name != label}
        chosen = {label: kind} if kind is not None and len(families) < _MOST else {}
        known = tuple(sorted({**families, **chosen}.items()))
        return Choices.model_validate({"families": known, "items": choices.items})

    _change(texts, document_id, set_family)


def take_items(texts: Texts, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
    """Store that rows and sections are items, by where they begin; raises ValueError for none, or no kind of record."""
    claims = [claim for start in starts if (claim := claim_at(parsed, start, kind)) is not None]
    if kind not in KINDS or not claims:
        raise ValueError(kind)
    names = {name_of(claim) for claim in claims}

    def take(choices: Choices) -> Choices:
        kept = [claim for claim in choices.items if name_of(claim) not in names]
        return choices.model_copy(update={"items": (*kept, *claims)[:_MOST_ITEMS]})

    _change(texts, parsed.document.id, take)


def release_item(texts: Texts, document_id: str, name: str) -> None:
    """Store that a row or section that people took is no item."""

    def release(choices: Choices) -> Choices:
        return choices.model_copy(update={"items": tuple(one for one in choices.items if name_of(one) != name)})

    _change(texts, document_id, release)


def forget_choices(texts: Texts, ids: Iterable[str]) -> None:
    """Remove the choices for documents; raises what `Texts.remove` raises."""
    known = texts.all(FOLDER)
    for name in map(choices_name, ids):
        if name in known:
            texts.remove(name)


def with_choices(
    entries: Iterable[RegisterEntry], texts: Texts, documents: Iterable[Document]
) -> tuple[RegisterEntry, ...]:
    """Return the entries with the choices for their documents, else with those for the last one of their series."""
    known = {name: _parse(content) for name, content in texts.all(FOLDER).items()}
    earlier = {document.series: choices_name(document.id) for document in documents if document.series}
    result = []
    for entry in entries:
        choices = known.get(choices_name(entry.id)) or known.get(earlier.get(entry.series or "", ""), NO_CHOICES)
        result.append(replace(entry, choices=choices))
    return tuple(result)


def apply_choices(claims: Claims, choices: Choices, document: Document) -> Claims:
    """Return claims with the kinds that people chose for families, and with the items that they took.

    Records of what is no family become sections.
    """
    records = []
    for record in claims.records:
        kind = _kind_of(record, choices)
        if kind is None:
            records.append(record)
        elif kind != NO_RECORDS:
            records.append(record.model_copy(update={"kind": kind}))
        elif record.where in ("sheet", "heading"):
            records.append(record.model_copy(update={"kind": ItemKind.SECTION.value, "where": "heading"}))
    if choices.items:
        taken = move_claims(Reading(model=BY_STAFF, claims=Claims(records=choices.items)), document)
        records = _with_taken(records, taken.records)
    return claims.model_copy(update={"records": tuple(records)})


def claim_at(parsed: ParsedDocument, start: int, kind: str) -> Claim | None:
    """Return the claim that a row of a table or an item that begins at a place is of a kind, None without one."""
    document = parsed.document
    item = next((item for item in parsed.items if item.start == start and item.heading), None)
    row = next((row for row in document.rows if row.start == start), None)
    page = document.page_at(start)
    if row is not None:
        end = document.text.find("\n\n", start)
        cells = document.text[start : end if end >= 0 else None].split("\t")
        return _row_claim(cells, row.headers, kind, page.number if page else 1)
    return _heading_claim(item, kind) if item is not None else None


def name_of(claim: Claim) -> str:
    """Return number and title of a claim, by which people name it."""
    return f"{claim.number} {claim.title}" if claim.number else claim.title


def is_of_family(label: str, number: str | None) -> bool:
    """True if a number has the shape of a family; "" is the label of records without numbers."""
    shape = shape_of(number or "")
    if not label.startswith("{letters}"):
        return shape == label
    return re.sub(r"^[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,5}(?=[ \-.{])", "{letters}", shape) == label


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
        ClaimedField(label=known[place][:600], text=cell[:20_000], meaning=meanings[place])
        for place, cell in enumerate(cells) if cell and title is not None and place not in (title, number)
    )  # fmt: skip
    stated = interpret([Statement(field.label, field.meaning, field.text, field.text) for field in fields])
    return Claim.model_validate({
        "kind": kind, "number": None if number is None else cells[number], "page": page, "where": "row",
        "title": text if len(text) <= _LONGEST_TITLE else f"{text[:_LONGEST_TITLE]} …", "fields": fields,
        "units": tuple(unit[:600] for unit in stated.units), "partners": stated.partners, "period": stated.period,
        "cost": (stated.cost or "")[:600] or None, "priority": stated.priority, "status": stated.status_text,
    })  # fmt: skip


def _title_of(cells: Sequence[str], headers: Sequence[str], meanings: Sequence[str | None]) -> int | None:
    """Return the cell that names a row: by its header, else the first one without a meaning that has some letters."""
    letters = {place: sum(map(str.isalpha, cell)) for place, cell in enumerate(cells)}
    places = [place for place, count in letters.items() if count >= _FEW_LETTERS]
    orders = (
        [place for place in places if meanings[place] == "title"],
        [place for place in places if kind_of_word(headers[place]) is not None],
        [place for place in places if meanings[place] is None and letters[place] >= _LETTERS],
        places,
    )
    return next((found[0] for found in orders if found), None)


def _heading_claim(item: Item, kind: str) -> Claim:
    number = None if item.ref == item.title else item.ref
    return Claim.model_validate(
        {"kind": kind, "number": number, "title": item.title, "page": item.page or 1, "where": "heading"}
    )


def _with_taken(records: Sequence[Claim], taken: Sequence[Claim]) -> list[Claim]:
    """Return records with those that people took: rows and sections that the reader has too become of that kind."""
    result, titles = list(records), [fold(record.title) for record in records]
    for claim in taken:
        title, is_row = fold(claim.title), claim.where == "row"
        same = [
            place for place, record in enumerate(result)
            if titles[place] == title and (record.where == "row") is is_row and record.where != "contents"
            and (not is_row or compare_ref(record.number or "") == compare_ref(claim.number or ""))
        ]  # fmt: skip
        place = min(same, key=lambda place: abs(result[place].page - claim.page), default=None)
        if place is None:
            result.append(claim)
            titles.append(title)
        else:
            update = {"kind": claim.kind, "source": BY_STAFF, "confidence": 1.0}
            result[place] = result[place].model_copy(update=update)
    return result


def _kind_of(record: Claim, choices: Choices) -> str | None:
    if record.kind == ItemKind.SECTION.value:
        return None
    return next((kind for label, kind in choices.families if is_of_family(label, record.number)), None)


def _change(texts: Texts, document_id: str, change: Callable[[Choices], Choices]) -> None:
    def changed(content: bytes | None) -> bytes | None:
        choices = change(_parse(content))
        return choices.model_dump_json(exclude_defaults=True, indent=1).encode() if choices != NO_CHOICES else None

    texts.change(choices_name(document_id), changed)


def _parse(content: bytes | None) -> Choices:
    try:
        return Choices.model_validate_json(content or b"{}")
    except ValidationError:
        return NO_CHOICES
