"""Changes as entries of an Atom feed, with ids that stay."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from vectorstore.records import DocumentChange, EditionChanges, RecordChange

if TYPE_CHECKING:
    from vectorstore.records import DocumentState, RecordState

MAX_FEED_ENTRIES = 1000  # newest changes in the feed; older ones are on the page of their edition
# control characters, not "\n"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# id, edition, document, record or None
FeedEntry = tuple[str, EditionChanges, DocumentChange, RecordChange | None]


def feed_entries(editions: Iterable[EditionChanges]) -> list[FeedEntry]:
    """The newest changes of records, and of documents that are new, gone or have other metadata,
    newest first.

    `editions` are newest first, too. Readers of a feed know an entry by its id. So this is a digest
    of the change and of how often the same change was made before, not of edition or date: an
    edition that is built again gets the same ids.
    """
    changes: list[tuple[EditionChanges, DocumentChange, RecordChange | None]] = []
    for edition in editions:
        for document in edition.documents:
            if document.parts or not (document.before and document.after):
                changes.append((edition, document, None))
            changes += [(edition, document, record) for record in document.records]
    times_before = Counter[str]()
    entries = list[FeedEntry]()  # oldest first, for `times_before`
    for edition, document, record in reversed(changes):
        change = record or document
        states = [_identity(change.before), _identity(change.after)]
        parts = [(part.part, part.before.text, part.after.text) for part in change.parts]
        kind = record and record.kind
        text = json.dumps([document.state.id, kind, states, parts], ensure_ascii=False)
        entries.append((feed_urn(text, str(times_before[text])), edition, document, record))
        times_before[text] += 1
    return entries[::-1][:MAX_FEED_ENTRIES]


def _identity(state: DocumentState | RecordState | None) -> list[str]:
    """The values that tell in the ids of a feed which state it is; "" for those that it has not.

    Documents have an id, records a document id and a key. None, for a state that is not there, has
    none.
    """
    return [getattr(state, name, "") for name in ("id", "document_id", "key", "title")]


def feed_urn(*names: str) -> str:
    """The UUID URN of these names: the same names have the same one."""
    return uuid5(NAMESPACE_URL, json.dumps(names, ensure_ascii=False)).urn


def without_controls(text: str) -> str:
    """A text with each character that XML does not allow replaced by a space."""
    return _NO_XML.sub(" ", text)
