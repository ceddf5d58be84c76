"""Readings: the claims of a model about a document, stored with a digest of each page that it read.

When the document changes, claims that are still verbatim in it remain valid, the report counts the
records that are not, and only the changed pages are read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from itertools import pairwise
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.readers.claims import RECORD_KINDS, Claim, Claims, Span
from ingest.readers.folding import fold_quote
from ingest.validation.text_index import TextIndex, pages_of
from vectorstore import Texts
from vectorstore.records import Document


class StoredForm(BaseModel):
    """A value stored as JSON for a document, in `folder`; content that cannot be parsed counts as
    missing.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    folder: ClassVar[str]

    @classmethod
    def name_for(cls, document_id: str) -> str:
        """Return the name under which the value of a document is stored."""
        return f"{cls.folder}{document_id}.json"

    @classmethod
    def parse(cls, content: bytes | None) -> Self | None:
        """Return the value of stored JSON, None if it is missing or cannot be parsed."""
        try:
            if content is not None:
                return cls.model_validate_json(content)
            return None
        except ValidationError:
            return None

    @classmethod
    def load(cls, texts: Texts, document_id: str) -> Self | None:
        """Return the value of a document, None without one."""
        return cls.parse(texts.get(cls.name_for(document_id)))

    @classmethod
    def forget(cls, texts: Texts, ids: Iterable[str]) -> None:
        """Remove the values of documents; raises what `Texts.remove` raises."""
        for name in texts.all(cls.folder).keys() & {*map(cls.name_for, ids)}:
            texts.remove(name)

    @property
    def content(self) -> bytes:
        """The value as stored JSON, without defaults."""
        return self.model_dump_json(exclude_defaults=True, indent=1).encode()


class Reading(StoredForm):
    """The claims of a model, the digests of the pages that it read by number, and how many records
    were accepted.
    """

    folder = "readings/"

    model: str
    pages: Mapping[int, str] = {}
    claims: Claims = Claims()
    accepted: int = 0


def page_texts(document: Document) -> list[tuple[int, str]]:
    """Return number and text of each page that has text, stripped.

    A document without pages is divided into parts that serve as pages (see `pages_of`).
    """
    pages = pages_of(document)
    edges = pairwise([*(page.start for page in pages), len(document.text)])
    texts = (
        (page.number, document.text[slice(*edge)].strip())
        for page, edge in zip(pages, edges, strict=True)
    )
    return [(number, text) for number, text in texts if text]


def page_digests(document: Document) -> dict[int, str]:
    """Return a digest of each page with text, by number; white space, hyphens and case do not
    change it.
    """
    return {
        number: sha256(fold_quote(text).encode()).hexdigest()[:16]
        for number, text in page_texts(document)
    }


def changed_pages(reading: Reading | None, document: Document) -> frozenset[int]:
    """Return the pages whose text is not in a reading; without a reading all."""
    known = {*reading.pages.values()} if reading else set()
    return frozenset(
        number for number, digest in page_digests(document).items() if digest not in known
    )


def count_records(claims: Claims, kinds: Collection[str] = RECORD_KINDS) -> int:
    """Return the number of distinct records of some kinds among claims.

    Two claims are the same record if they have the same kind and number, or without a number the
    same title.
    """
    records = [record for record in claims.records if record.kind in kinds]
    return len({(record.kind, record.ref or record.folded_title) for record in records})


def move_claims(reading: Reading, document: Document) -> Claims:
    """Return the claims of a reading, moved to the pages that they have in a changed document.

    The source of each record becomes the model of the reading. If the title of a record is not on
    its moved page or the pages beside, the nearest page with this title is taken.
    """
    pages = _moved_pages(reading, document)
    index = TextIndex(document)
    last_page = max(page_digests(document), default=1)

    def move(record: Claim) -> Claim:
        page = min(pages.get(record.page, record.page), last_page)
        if index.find(record.title, index.pages(max(1, page - 1), page + 1)) is None:
            spans = index.find_all(record.title, Span(0, len(document.text)))
            pages_with_title = (index.page_of(span.start) for span in spans)
            page = min(pages_with_title, key=lambda number: abs(number - page), default=page)
        return record.model_copy(update={"page": max(1, page), "source": reading.model})

    totals = (
        total.model_copy(update={"page": pages.get(total.page, total.page)})
        for total in reading.claims.totals
    )
    records = tuple(map(move, reading.claims.records))
    return reading.claims.model_copy(update={"records": records, "totals": tuple(totals)})


def _moved_pages(reading: Reading, document: Document) -> dict[int, int]:
    """Return the page of a document for each page of a reading, by number.

    It is the page with the same digest, of several the one nearest to where the page is expected. A
    page is expected to be shifted like the one before it: if page 3 became page 5, page 4 becomes
    page 6. There it is also taken to be if no page has its digest.
    """
    pages_by_digest: dict[str, list[int]] = defaultdict(list)
    for number, digest in page_digests(document).items():
        pages_by_digest[digest].append(number)
    moved, shift = {}, 0
    for number, digest in sorted(reading.pages.items()):
        if digest in pages_by_digest:
            expected = number + shift
            page = min(pages_by_digest[digest], key=lambda page: abs(page - expected))
            shift = page - number
        moved[number] = number + shift
    return moved
