"""What changed as an Atom feed (RFC 4287): an entry for each record and document, its id a digest of what changed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from lxml.builder import ElementMaker

from prompts import reworded
from service.changes import part_line, status_word
from service.pages.labels import number_of
from service.records import item_url
from vectorstore.history import DocumentChange, EditionChanges, RecordChange

MEDIA_TYPE = "application/atom+xml"
MOST_ENTRIES = 1000  # the newest; older ones are on the page of their edition
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _add_text(element: Any, text: str) -> None:
    """Append a text to an element, without what XML cannot say."""
    text = _NO_XML.sub(" ", text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


_XHTML, _NAMESPACE = "http://www.w3.org/1999/xhtml", "http://www.w3.org/2005/Atom"
_ATOM = ElementMaker(namespace=_NAMESPACE, nsmap={None: _NAMESPACE}, typemap={str: _add_text})
_HTML = ElementMaker(namespace=_XHTML, nsmap={None: _XHTML}, typemap={str: _add_text})


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself: name of the service, its address, paths of the feed and of the page it belongs to."""

    name: str
    base: str
    path: str
    page_path: str
    updated: date
    language: str
    rights: str


def atom_feed(head: FeedHead, editions: list[EditionChanges]) -> bytes:
    """The newest changes of these editions, newest first; the same contents give entries of the same ids."""
    words = reworded(f"{head.language}/progress")
    feed = _ATOM.feed(
        _ATOM.id(_urn(["feed", head.base + head.path])),
        _ATOM.title(words["feed_title"].format(name=head.name)),
        _ATOM.updated(_moment(head.updated)),
        _ATOM.author(_ATOM.name(head.name)),
        _ATOM.link(rel="self", type=MEDIA_TYPE, href=head.base + head.path),
        _ATOM.link(rel="alternate", type="text/html", href=head.base + head.page_path),
        *([_ATOM.rights(head.rights)] if head.rights else []),
    )
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", head.language)
    ids = entry_ids(editions)
    for edition, document, record in islice(_changes(editions), MOST_ENTRIES):
        feed.append(_entry(head, edition, document, record, ids[id(record or document)]))
    made: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8")
    return made


def entry_ids(editions: list[EditionChanges]) -> dict[int, str]:
    """The id of each change, by its identity: a digest of what changed, and how often it had changed so before."""
    seen, ids = Counter[str](), dict[int, str]()
    for _, document, record in reversed(list(_changes(editions))):
        name = json.dumps([document.state.id, _fingerprint(document, record)], ensure_ascii=False, default=str)
        ids[id(record or document)] = _urn([name, seen[name]])
        seen[name] += 1
    return ids


def _changes(editions: list[EditionChanges]) -> Iterator[tuple[EditionChanges, DocumentChange, RecordChange | None]]:
    for edition in editions:
        for document in edition.documents:
            if document.parts or not document.before or not document.after:
                yield edition, document, None
            for record in document.records:
                yield edition, document, record


def _fingerprint(document: DocumentChange, record: RecordChange | None) -> list[Any]:
    """What a change is known by: names and texts before and after, no edition and no date of it."""
    change = record or document
    sides = [
        [getattr(side, name, "") for name in ("id", "document_id", "key", "title")] if side else None
        for side in (change.before, change.after)
    ]
    return [
        record.kind if record else "",
        *sides,
        [(part.part, part.before.text, part.after.text) for part in change.parts],
    ]


def _entry(
    head: FeedHead, edition: EditionChanges, document: DocumentChange, record: RecordChange | None, urn: str
) -> Any:
    words, state = reworded(f"{head.language}/progress"), document.state
    if record is None:
        kind, path, name = "document", f"/aenderungen/{edition.edition}", state.title
        said = words["document_gone" if not document.after else "changes"]
        said = said if document.before else words["document_new"]
    else:
        kind, path = record.kind.value, item_url(*record.state.address)
        name = f"{number_of(record.state.ref, record.state.title)} {record.state.title}".strip()
        said = words[f"change_{record.kind}"]
    return _ATOM.entry(
        _ATOM.id(urn),
        _ATOM.title(f"{name}: {said}"),
        _ATOM.updated(_moment(edition.created)),
        _ATOM.link(rel="alternate", type="text/html", href=head.base + path),
        _ATOM.category(term=kind),
        _ATOM.author(_ATOM.name(state.publisher or head.name)),
        _ATOM.content(_content(words, head.language, document, record), type="xhtml"),
    )


def _content(words: dict[str, str], language: str, document: DocumentChange, record: RecordChange | None) -> Any:
    """The document and each part that differs, with both texts and their pages."""
    div = _HTML.div(_HTML.p(document.state.title))
    if document.reread:
        div.append(_HTML.p(words["reread"]))
    if record and not record.parts and record.state.status:
        div.append(_HTML.p(f"{words['part_status']}: {status_word(record.state.status, language)}"))
    for part in (record or document).parts:
        word, before, now = part_line(part, record, language)
        div.append(_HTML.h2(word))
        for key, value, quote in (("before", before, part.before), ("after", now, part.after)):
            page = f" ({words['page'].format(page=quote.page)})" if quote.page else ""
            quoted = quote.text if record and part.part == "status" and quote.text else ""
            div.append(_HTML.p(_HTML.strong(f"{words[key]}: "), value + page))
            div.append(_HTML.blockquote(quoted)) if quoted else None
    return div


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _urn(name: list[object]) -> str:
    return uuid5(NAMESPACE_URL, json.dumps(name, ensure_ascii=False)).urn
