"""What changed as an Atom feed (RFC 4287): an entry for each record and document, its id a digest of what changed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
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


class FeedHead(NamedTuple):
    """What a feed says of itself: name and address of the service, paths of the feed and of the page it belongs to."""

    name: str
    base: str
    path: str
    page_path: str
    updated: date
    language: str
    rights: str


class Entry(NamedTuple):
    """A change of a record, or of a document where `record` is None."""

    edition: EditionChanges
    document: DocumentChange
    record: RecordChange | None


def atom_feed(head: FeedHead, editions: list[EditionChanges]) -> bytes:
    """The newest changes of these editions, newest first; the same contents give entries of the same ids."""
    words, entries = reworded(f"{head.language}/progress"), list(_entries(editions))
    feed = _ATOM.feed(
        _ATOM.id(_urn("feed", head.base, head.path)),
        _ATOM.title(words["feed_title"].format(name=head.name)),
        _ATOM.updated(_moment(head.updated)),
        _ATOM.author(_ATOM.name(head.name)),
        _ATOM.link(rel="self", type=MEDIA_TYPE, href=head.base + head.path),
        _ATOM.link(rel="alternate", type="text/html", href=head.base + head.page_path),
        *([_ATOM.rights(head.rights)] if head.rights else []),
    )
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", head.language)
    for urn, entry in islice(zip(_ids(entries), entries, strict=True), MOST_ENTRIES):
        feed.append(_element(head, words, urn, entry))
    made: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8")
    return made


def _entries(editions: list[EditionChanges]) -> Iterator[Entry]:
    for edition in editions:
        for document in edition.documents:
            if document.parts or not document.before or not document.after:
                yield Entry(edition, document, None)
            yield from (Entry(edition, document, record) for record in document.records)


def _ids(entries: list[Entry]) -> list[str]:
    """The id of each entry: what changed, told without edition and date, and how often it had changed so before."""
    seen, ids = Counter[str](), list[str]()
    for _, document, record in reversed(entries):
        change = record or document
        names = ("id", "document_id", "key", "title")
        sides = [[getattr(side, name, "") for name in names] for side in (change.before, change.after)]
        parts = [(part.part, part.before.text, part.after.text) for part in change.parts]
        told = json.dumps([document.state.id, record and record.kind, sides, parts], ensure_ascii=False)
        ids.append(_urn(told, str(seen[told])))
        seen[told] += 1
    return ids[::-1]


def _element(head: FeedHead, words: Mapping[str, str], urn: str, entry: Entry) -> Any:
    edition, document, record = entry
    kind, path, title = "document", f"/aenderungen/{edition.edition}", document.state.title
    said = "changes" if document.before and document.after else "document_new" if document.after else "document_gone"
    if record is not None:
        kind, path, said = record.kind.value, item_url(*record.state.address), f"change_{record.kind}"
        title = f"{number_of(record.state.ref, record.state.title)} {record.state.title}".strip()
    return _ATOM.entry(
        _ATOM.id(urn),
        _ATOM.title(f"{title}: {words[said]}"),
        _ATOM.updated(_moment(edition.created)),
        _ATOM.link(rel="alternate", type="text/html", href=head.base + path),
        _ATOM.category(term=kind),
        _ATOM.author(_ATOM.name(document.state.publisher or head.name)),
        _ATOM.content(_content(words, head.language, entry), type="xhtml"),
    )


def _content(words: Mapping[str, str], language: str, entry: Entry) -> Any:
    """The document and each part that differs, with both texts and their pages."""
    _, document, record = entry
    div = _HTML.div(_HTML.p(document.state.title), *([_HTML.p(words["reread"])] if document.reread else []))
    if record and not record.parts:
        div.append(_HTML.p(f"{words['part_status']}: {status_word(record.state.status, language)}"))
    for part in (record or document).parts:
        word, *values = part_line(part, record, language)
        div.append(_HTML.h2(word))
        for key, value, quote in zip(("before", "after"), values, (part.before, part.after), strict=True):
            page = f" ({words['page'].format(page=quote.page)})" if quote.page else ""
            div.append(_HTML.p(_HTML.strong(f"{words[key]}: "), value + page))
            if quote.page and quote.text != value:
                div.append(_HTML.blockquote(quote.text))
    return div


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _urn(*names: str) -> str:
    return uuid5(NAMESPACE_URL, json.dumps(names, ensure_ascii=False)).urn
