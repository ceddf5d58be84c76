"""What the records of an edition say, read without the answering code: items, their texts, and what is counted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from evals.cases import CountProof, Ref
from evals.metrics.knowledge import Named, is_named
from evals.metrics.statements import flat
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

STATUS_WORDS = {
    ItemStatus.IDEA: ("Idee im Ideenspeicher", "Ideenspeicher", "idea"),
    ItemStatus.PLANNED: ("in Planung", "planned"),
    ItemStatus.IN_PROGRESS: ("in Bearbeitung", "in progress"),
    ItemStatus.IMPLEMENTED: ("umgesetzt", "implemented"),
    ItemStatus.ARCHIVED: ("archiviert", "archived"),
}
_DOCUMENT_WORDS = {
    DocumentStatus.ADOPTED: ("beschlossen", "adopted"),
    DocumentStatus.DRAFT: ("Entwurf", "nicht beschlossen", "draft"),
    DocumentStatus.PROPOSED: ("Antrag", "nicht beschlossen", "motion"),
    DocumentStatus.PUBLISHED: ("veröffentlicht", "published"),
}


class Records:
    """An edition's catalogue as cases speak of it: by document id and printed ref."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def items(self, ref: Ref) -> list[Item]:
        """The items that a ref, key or heading names, and their parts (B.X.3 of B.X); [] where there are none."""
        of_document = self._by_document.get(ref[0], [])
        return [item for item in of_document if is_named(ref[1], Named(item.ref, item.key, item.title))]

    def text(self, ref: Ref) -> str:
        """All that the records say of a ref, its parts and what stands below it."""
        found = {item.key: item for item in self.items(ref)}
        below = {child.key: child for item in found.values() for child in self.catalogue.children(item)}
        return "\n".join(part for item in (found | below).values() for part in _said(item))

    def document_text(self, document_id: str) -> str:
        """What the records say of a document as a whole."""
        document = self.catalogue.documents.get(document_id)
        return "\n".join(_told(document)) if document else ""

    def counted(self, proof: CountProof) -> list[Item]:
        """The records that a proof is of, in reading order."""
        return [item for item in self.catalogue.items if _matches(item, proof)]

    @cached_property
    def _by_document(self) -> dict[str, list[Item]]:
        grouped: dict[str, list[Item]] = defaultdict(list)
        for item in self.catalogue.items:
            grouped[item.document_id].append(item)
        return grouped


def _said(item: Item) -> Iterator[str]:
    """The texts of one item, its status in words, who is responsible, and what text and table disagree on."""
    yield from (*item.path, item.heading, item.title, item.body, *item.responsible)
    yield from (one.text for one in item.fields)
    yield from (one for one in (item.table_title, item.table_row, item.status_heading, item.cooperation) if one)
    yield from STATUS_WORDS[item.status] if item.status else ()
    for conflict in item.conflicts:
        for value in (conflict.text, conflict.table):
            yield from STATUS_WORDS[ItemStatus(value)] if conflict.field == "status" else (value,)


def _told(document: Document) -> Iterator[str]:
    yield from (document.title, document.publisher, *(_DOCUMENT_WORDS[document.status] if document.status else ()))
    if document.as_of:
        yield f"{document.as_of:%d.%m.%Y}"


def _matches(item: Item, proof: CountProof) -> bool:
    archived = item.status is ItemStatus.ARCHIVED
    return (
        item.kind == proof.kind
        and (item.status in proof.status if proof.status else not archived)
        and proof.document in (None, item.document_id)
        and proof.theme in (None, item.theme.ref if item.theme else None)
        and proof.goal in (None, item.goal.ref if item.goal else None)
        and (proof.unit is None or any(_is_unit(one, proof.unit) for one in item.responsible))
        and proof.municipality in (None, *item.municipalities)
        and (proof.text is None or flat(proof.text) in flat("\n".join(_printed(item))))
    )


def _printed(item: Item) -> Iterator[str]:
    yield from (item.heading, item.title, item.body, item.table_row or "")


def _is_unit(printed: str, unit: str) -> bool:
    """66 is 66 and 66.01, not 661 nor Dez. 66; a name may stand anywhere as words of its own."""
    printed, unit = (re.sub(r"\.\s+", ".", " ".join(one.casefold().split())) for one in (printed, unit))
    start = "^" if unit[:1].isdigit() else r"(?<!\w)"
    return re.search(rf"{start}{re.escape(unit)}(?!\w)", printed) is not None
