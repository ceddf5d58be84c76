"""Read a document with a language model: ask it about windows of pages, and merge the claims of all
replies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Protocol

from ingest.readers.claims import (
    TEXT_ATTRIBUTES,
    Claim,
    ClaimedMetadata,
    ClaimedTotal,
    Claims,
)
from ingest.readers.folding import fold_quote
from ingest.readers.model.form import parse_reply
from ingest.readers.model.windows import WindowRequest, context_before, windows_of
from ingest.stored_readings import Reading, changed_pages, count_records, move_claims, page_digests
from ingest.validation import bare_number, validate
from prompts import say
from vectorstore.language import fold_ref
from vectorstore.records import Document

Progress = Callable[[str, float], None]
_CONTINUATION = 4  # most pages from the first claim of a sheet to another one that continues it
# of a document: records, and totals or metadata, that are stored
_MOST_RECORDS = 5_000
_MOST_PARTS = 200


class Chat(Protocol):
    """A language model, as the composition root passes it."""

    @property
    def name(self) -> str:
        """The name of the model."""

    def say(self, request: WindowRequest) -> Any:
        """Return the parsed JSON of the model's reply, which may have any form."""


class NoReading(Exception):
    """No page could be read, for the reason in the German message; the document's previous reading
    stays.
    """


def read_document(
    document: Document,
    chat: Chat,
    progress: Progress = lambda *_: None,
    retained: Reading | None = None,
) -> Reading:
    """Return the reading of a document by a model. If there is a `retained` reading, only windows
    with changed pages are sent to the model, and its other claims are kept.

    A request with an invalid reply is sent once more. After a second invalid reply the reading has
    no digests for these pages, so that they count as changed next time; a page that a later window
    shows too may still be read. Raises NoReading if all windows fail, and whatever `chat` raises.
    """
    changed = changed_pages(retained, document)
    windows = windows_of(document, changed)
    parts = _unchanged_claims(retained, document, changed)
    failed: set[int] = set()
    for index, window in enumerate(windows):
        page = say("reading.page", number=window.numbers[0])
        progress(f"{document.id}: {page}", index / len(windows))
        context = context_before(window, _records_of(parts))
        claims = parse_reply(chat.say(window.request(context)))
        if claims is None:
            claims = parse_reply(chat.say(window.request(context, again=True)))
        if claims is None:
            failed.update(window.numbers)
        else:
            parts.append(claims)
            failed.difference_update(window.numbers)
    if windows and all(failed.issuperset(window.numbers) for window in windows):
        raise NoReading(f"{say('reading.page', number=min(failed))}: {say('reading.no_form')}")
    claims = _merge_claims(parts)
    all_digests = page_digests(document)
    digests = {number: all_digests[number] for number in all_digests if number not in failed}
    accepted = count_records(validate(claims, document).claims)
    return Reading(model=chat.name, pages=digests, claims=claims, accepted=accepted)


def _unchanged_claims(
    retained: Reading | None, document: Document, changed: frozenset[int]
) -> list[Claims]:
    """Return the claims of an earlier reading about pages that did not change, moved to the new
    text, as a list of one part. Metadata are kept in any case. The list is empty if there is no
    earlier reading.
    """
    if retained is None:
        return []
    moved = move_claims(retained, document)
    records = tuple(record for record in moved.records if record.page not in changed)
    totals = tuple(total for total in moved.totals if total.page not in changed)
    return [moved.model_copy(update={"records": records, "totals": totals})]


def _records_of(parts: Sequence[Claims]) -> Iterator[Claim]:
    return chain.from_iterable(part.records for part in parts)


def _merge_claims(parts: Sequence[Claims]) -> Claims:
    """Return the claims of all parts, sorted by page. Records with the same place, number and title
    are merged, because windows share pages and a sheet may cover several windows. Sheets may be a
    few pages apart for this (`_CONTINUATION`), other records must be on the same page. Of totals
    and metadata that state the same with the same quote, the last is kept.
    """
    known: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for record in _records_of(parts):
        copies = known[record.where, fold_ref(bare_number(record.number)), record.folded_title]
        distance = _CONTINUATION if record.where == "sheet" else 0
        for index, other in enumerate(copies):
            if abs(other.page - record.page) <= distance:
                copies[index] = _merge_two(other, record)
                break
        else:
            copies.append(record)
    records = sorted(chain.from_iterable(known.values()), key=lambda record: record.page)
    totals: dict[tuple[str, int, str], ClaimedTotal] = {}
    metadata: dict[tuple[str, str], ClaimedMetadata] = {}
    for part in parts:
        for total in part.totals:
            totals[total.kind, total.count, fold_quote(total.quote)] = total
        for statement in part.metadata:
            metadata[statement.field, fold_quote(statement.quote)] = statement
    return Claims(
        records=tuple(records[:_MOST_RECORDS]),
        totals=tuple(totals.values())[:_MOST_PARTS],
        metadata=tuple(metadata.values())[:_MOST_PARTS],
    )


def _merge_two(first: Claim, second: Claim) -> Claim:
    """Return one claim from two claims of the same record. It has the fields and units of both,
    equal ones once. Parent, level and the texts in `TEXT_ATTRIBUTES` are the second claim's where
    the first has none. All else is the first claim's.
    """
    all_fields = (*second.fields, *first.fields)
    fields = {(fold_quote(field.label), fold_quote(field.text)): field for field in all_fields}
    units = {fold_quote(unit): unit for unit in (*first.units, *second.units)}
    names = ("parent", "level", *TEXT_ATTRIBUTES)
    update = {name: getattr(first, name) or getattr(second, name) for name in names}
    update |= {"units": tuple(units.values()), "fields": tuple(fields.values())}
    return first.model_copy(update=update)
