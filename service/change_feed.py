"""The entries of the Atom feed of changes (RFC 4287), each with an id that is a digest of its change."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from vectorstore.history import DocumentChange, EditionChanges, RecordChange

MEDIA_TYPE = "application/atom+xml"
MOST_ENTRIES = 1000  # newest changes in the feed; older ones are on the page of their edition
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # control characters, not "\n"
Entry = tuple[str, EditionChanges, DocumentChange, RecordChange | None]  # id, edition, document, record or None


def feed_entries(editions: Iterable[EditionChanges]) -> list[Entry]:
    """The newest changes of documents and records, newest first; the same changes have the same ids.

    `editions` are newest first. An id is a digest of the change and of how often the same change was made before, not
    of edition or date.
    """
    times_before, entries = Counter[str](), list[Entry]()  # oldest first, for `times_before`
    changes = [
        (edition, document, record)
        for edition in editions
        for document in edition.documents
        for record in (None, *document.records)
        if record or document.parts or not (document.before and document.after)
    ]
    for edition, document, record in reversed(changes):
        change, names = record or document, ("id", "document_id", "key", "title")
        states = [[getattr(state, name, "") for name in names] for state in (change.before, change.after)]
        parts = [(part.part, part.before.text, part.after.text) for part in change.parts]
        text = json.dumps([document.state.id, record and record.kind, states, parts], ensure_ascii=False)
        entries.append((urn(text, str(times_before[text])), edition, document, record))
        times_before[text] += 1
    return entries[::-1][:MOST_ENTRIES]


def urn(*names: str) -> str:
    """The UUID URN of these names: the same names have the same one."""
    return uuid5(NAMESPACE_URL, json.dumps(names, ensure_ascii=False)).urn


def without_controls(text: str) -> str:
    """A text with each character that XML does not allow replaced by a space."""
    return _NO_XML.sub(" ", text)
