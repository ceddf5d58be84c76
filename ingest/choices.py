"""Staff choices for a whole document: what records look like, and rows and sections that are
records.

A chosen record is stored as the claim that a reader would have made, and is searched in the text
like any other claim. So the choice still applies after the document changes, as long as the text
still prints the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from ingest.keys import number_of, page_number_at
from ingest.readers.claims import (
    LONG,
    RECORD_KINDS,
    SHORT,
    Claim,
    ClaimedField,
    Claims,
    RecordKind,
    Span,
)
from ingest.readers.kinds import kind_of_word
from ingest.readers.lexicon import field_of_label
from ingest.readers.looks import PREDECESSOR, REGISTER, Look, RecordExample
from ingest.stored_form import StoredForm
from ingest.tables import is_lone_number
from ingest.validation.text_index import TextIndex, page_texts
from ingest.values.parsing import YEAR
from vectorstore import Texts
from vectorstore.records import BY_STAFF, Document, Item, ParsedDocument

_MAX_ITEMS = 2_000  # added for one document; further ones are left out
_MAX_LOOKS = 50  # of one document
_MAX_TITLE_LENGTH = 300  # characters; a longer cell is cut
_TITLE_LETTERS = 6  # letters of a cell from which it may be the title though no header says so
_MIN_TITLE_LETTERS = 3  # letters of a cell from which it may be the title at all


class Choices(StoredForm):
    """What staff chose for a document: what records look like, and the records that they added.

    `families` are the record kinds of families by label, as earlier versions stored them: they
    become looks once the document is read (see `replace_families`).

    Once something was chosen, the choices stay stored even if they are empty. So what staff took
    back is not taken over from a predecessor again.
    """

    folder = "choices/"

    families: tuple[tuple[str, RecordKind | Literal["none"]], ...] = ()
    items: tuple[Claim, ...] = ()
    looks: tuple[Look, ...] = ()

    def with_look(self, look: Look) -> Choices:
        """Return the choices with a further look.

        Two looks with the same example would contradict one another. So a look by a person replaces
        the looks of a model that share an example with it. Any other look with a shared example
        raises ValueError, as do too many looks.
        """
        rivals = [other for other in self.looks if look.has_example_of(other)]
        others = [other for other in self.looks if other not in rivals]
        is_decided = look.is_by_model or not all(rival.is_by_model for rival in rivals)
        if len(others) >= _MAX_LOOKS or (rivals and is_decided):
            raise ValueError(look)
        return self.model_copy(update={"looks": (*others, look)})


NO_CHOICES = Choices()


def load_choices(texts: Texts, document_id: str) -> Choices:
    """Return the choices for a document; empty ones if there are none or they cannot be read."""
    return Choices.load(texts, document_id) or NO_CHOICES


def add_items(texts: Texts, parsed: ParsedDocument, starts: Sequence[int], kind: str) -> None:
    """Store the rows and sections that begin at the offsets `starts` as records of a kind.

    An offset where none begins is passed over. A record that was added before under the same
    number and title is replaced. Raises ValueError for a kind that no record has, and if nothing
    begins at any of the offsets.
    """
    claims = list(filter(None, (_claim_at(parsed, start, kind) for start in starts)))
    if kind not in RECORD_KINDS or not claims:
        raise ValueError(kind)
    names = {claim.name for claim in claims}

    def replace_items(choices: Choices) -> dict[str, Any]:
        others = (item for item in choices.items if item.name not in names)
        return {"items": (*others, *claims)[:_MAX_ITEMS]}

    _update(texts, parsed.document.id, replace_items)


def remove_item(texts: Texts, document_id: str, name: str) -> None:
    """Remove a record that staff added, by the name of its claim."""
    _update(
        texts,
        document_id,
        lambda choices: {"items": tuple(i for i in choices.items if i.name != name)},
    )


def add_look(texts: Texts, document_id: str, look: Look) -> None:
    """Store what records look like; raises ValueError (see `Choices.with_look`)."""
    _update(texts, document_id, lambda choices: {"looks": choices.with_look(look).looks})


def remove_look(texts: Texts, document_id: str, names: Sequence[str]) -> None:
    """Remove the look whose examples have these names; raises ValueError if it is gone already."""

    def remove(choices: Choices) -> dict[str, Any]:
        remaining = tuple(look for look in choices.looks if look.names != tuple(names))
        if len(remaining) == len(choices.looks):
            raise ValueError(names)
        return {"looks": remaining}

    _update(texts, document_id, remove)


def replace_families(texts: Texts, parsed: ParsedDocument, *, store: bool) -> Choices | None:
    """Turn the families that an earlier version stored into looks, and return the choices with
    them; None if the document has none of these families.

    A family was stored with its label ("M {n}"), a look has examples instead: here the first and
    the last record of the family. A family that the document does not have stays as it is. With
    `store` the new choices are stored.
    """
    choices = load_choices(texts, parsed.document.id)
    looks, remaining = [], []
    for label, kind in choices.families:
        members = [item for item in parsed.items if item.family == label]
        if members:
            first, last = members[0], members[-1]
            pages = {_name_of(item): item.page for item in (first, last)}
            examples = tuple(RecordExample(name=name, page=page) for name, page in pages.items())
            looks.append(Look(kind=kind, examples=examples))
        else:
            remaining.append((label, kind))
    if not looks:
        return None
    update = {"families": tuple(remaining), "looks": (*looks, *choices.looks)}
    if store:
        _update(texts, parsed.document.id, lambda _: update)
    return choices.model_copy(update=update)


def _name_of(item: Item) -> str:
    return f"{number_of(item)} {item.title}".strip()


def renew_choices(
    texts: Texts,
    document_id: str,
    predecessor: str,
    registered: Sequence[Look] | None,
    *,
    store: bool,
) -> Choices:
    """Return the choices for a document that is to be read.

    They are its own, or those of its predecessor (an id, "" for none) if nothing was ever chosen
    for it. The looks of the register, `registered`, replace all looks that an earlier register
    gave, and any look that shares an example with them. If `registered` is None, the run has no
    register and all looks stay. With `store` the result is stored as the document's own.
    """
    taken_over = _take_over(load_choices(texts, predecessor))

    def renew(content: bytes | None) -> Choices:
        choices = Choices.parse(content) or taken_over
        if registered is None:
            return choices
        others = (look for look in choices.looks if look.source != REGISTER)
        kept = (look for look in others if not any(map(look.has_example_of, registered)))
        return choices.model_copy(update={"looks": (*registered, *kept)})

    name = Choices.name_for(document_id)
    before = texts.get(name)
    choices = renew(before)
    if store and choices != (Choices.parse(before) or NO_CHOICES):
        # renewed once more, as somebody may have changed the stored choices meanwhile
        texts.change(name, lambda content: renew(content).content)
    return choices


def _take_over(choices: Choices) -> Choices:
    """Return the choices of a predecessor for its successor.

    The examples of its looks lose their pages, as the same records may stand on other pages of the
    successor. The looks are marked as taken over (`PREDECESSOR`). Records that staff added are kept
    as they are.
    """
    looks = []
    for look in choices.looks:
        examples = tuple(RecordExample(name=example.name) for example in look.examples)
        looks.append(look.model_copy(update={"examples": examples, "source": PREDECESSOR}))
    return choices.model_copy(update={"looks": tuple(looks)})


def _update(texts: Texts, document_id: str, change: Callable[[Choices], dict[str, Any]]) -> None:
    """Store the choices for a document with some fields changed.

    `change` gets the choices that are stored at that moment, and returns the fields to replace by
    name.
    """

    def apply(content: bytes | None) -> bytes:
        choices = Choices.parse(content) or NO_CHOICES
        return choices.model_copy(update=change(choices)).content

    texts.change(Choices.name_for(document_id), apply)


def apply_choices(claims: Claims, choices: Choices, document: Document) -> Claims:
    """Return claims with the records that staff added; the reader has used the looks already."""
    if not choices.items:
        return claims
    added = list(_place_items(choices.items, document))
    return claims.model_copy(update={"records": tuple(_merge_added(claims.records, added))})


def _place_items(items: Sequence[Claim], document: Document) -> Iterator[Claim]:
    """Yield the records that staff added, on the pages that they have in the document.

    If the title of a record is not on its page or the pages beside, the nearest page with this
    title is taken.
    """
    index = TextIndex(document)
    last_page = max((number for number, _ in page_texts(document)), default=1)
    for item in items:
        page = min(item.page, last_page)
        around = index.find_all(item.title, index.pages(max(1, page - 1), page + 1))
        if next(around, None) is None:
            spans = index.find_all(item.title, Span(0, len(document.text)))
            pages = (index.page_of(span.start) for span in spans)
            page = min(pages, key=lambda number: abs(number - page), default=page)
        yield item.model_copy(update={"page": max(1, page), "source": BY_STAFF})


def _merge_added(records: Sequence[Claim], added: Sequence[Claim]) -> list[Claim]:
    """Return the records with those that staff added.

    If a reader found an added record too, it is not added twice: the found record, the nearest one
    if there are several, gets the kind that staff gave.
    """
    result = list(records)
    for claim in added:
        matches = [index for index, record in enumerate(records) if _are_same(record, claim)]
        index = min(matches, key=lambda index: abs(records[index].page - claim.page), default=None)
        if index is None:
            result.append(claim)
        else:
            update = {"kind": claim.kind, "source": BY_STAFF, "confidence": 1.0}
            result[index] = result[index].model_copy(update=update)
    return result


def _are_same(record: Claim, added: Claim) -> bool:
    """True if a record is the one that staff added.

    Two rows are the same if they have one title and number. A section that staff added is the same
    as any heading with its title, whatever their numbers.
    """
    if record.folded_title != added.folded_title:
        return False
    if added.where == "row":
        return record.where == "row" and record.ref == added.ref
    return record.is_head


def _claim_at(parsed: ParsedDocument, start: int, kind: str) -> Claim | None:
    """Return a claim for the table row that begins at an offset, or else for the item with a
    heading there; None if neither begins there.

    `kind` is the kind that staff gave to it. The cells of a row are separated by tabs, and the row
    ends at an empty line.
    """
    page = page_number_at(parsed.document, start) or 1  # a claim always has a page
    shared: dict[str, Any] = {"kind": kind, "page": page}
    row = next((row for row in parsed.document.rows if row.start == start), None)
    if row is not None:
        cells = parsed.document.text[start:].partition("\n\n")[0].split("\t")
        headers = [*row.headers, *[""] * len(cells)]
        return Claim(**shared, where="row", **_parse_row(cells, headers))
    item = next((item for item in parsed.items if item.start == start and item.heading), None)
    if item is None:
        return None
    return Claim(**shared, where="heading", number=number_of(item) or None, title=item.title)


def _parse_row(cells: Sequence[str], headers: Sequence[str]) -> dict[str, Any]:
    """Return `number`, `title` and `fields` of a row; `headers` are the headers of its columns, ""
    for a column without one.

    The title is the cell below a header for titles ("Maßnahme"). Without such a header it is the
    first long cell below no known header, else the first cell with some letters. A row without
    letters is its own title, without fields. The number is the first cell with a number alone that
    is no year; it must be in the first column or below a header for numbers ("Nr.").
    """
    meanings = [field_of_label(header, weak=True) for header in headers]
    title_column = _title_column(cells, headers, meanings)
    number, number_column = None, None
    for column, cell in enumerate(cells):
        may_be_number = column != title_column and (column == 0 or meanings[column] == "ref")
        if may_be_number and is_lone_number(cell) and not YEAR.fullmatch(cell):
            number, number_column = cell, column
            break
    if title_column is None:
        return {"number": number, "title": _shorten(" ".join(cells)), "fields": ()}
    fields = tuple(
        ClaimedField(label=headers[column][:SHORT], text=cell[:LONG], meaning=meanings[column])
        for column, cell in enumerate(cells)
        if cell and column not in (title_column, number_column)
    )
    return {"number": number, "title": _shorten(cells[title_column]), "fields": fields}


def _title_column(
    cells: Sequence[str], headers: Sequence[str], meanings: Sequence[str | None]
) -> int | None:
    """Return the index of the cell with the title of a row, None if no cell has three letters.

    Of the cells with three letters or more, the title is the first below a header for titles
    ("Maßnahme"). Without one it is the first with six letters or more whose header means no known
    field; without that the first of all.
    """
    letters = [sum(map(str.isalpha, cell)) for cell in cells]
    candidates = [column for column, count in enumerate(letters) if count >= _MIN_TITLE_LETTERS]
    for column in candidates:
        if meanings[column] == "title" or kind_of_word(headers[column]) is not None:
            return column
    for column in candidates:
        if meanings[column] is None and letters[column] >= _TITLE_LETTERS:
            return column
    return next(iter(candidates), None)


def _shorten(title: str) -> str:
    if len(title) <= _MAX_TITLE_LENGTH:
        return title
    return f"{title[:_MAX_TITLE_LENGTH]} …"
