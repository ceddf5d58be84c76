"""Relations of a document to others on staff pages: the same text, a newer one, one out of force;
and the decision of an editor which of the two counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from prompts import say
from service.office.uploads import DecidedPairs, DraftService
from service.records import ProblemError
from vectorstore.records import Document

KINDS = ("same_as", "repealed_by", "followed_by")
BOTH = "both"
THIS = "this"
OTHER = "other"
OPEN = "open"
Chosen = Annotated[str, Form(pattern="^(both|this|other|open)$")]


@dataclass(frozen=True, slots=True)
class Relation:
    """A document beside another: the `kind` of relation (of KINDS), a sentence on what counts, and
    what was decided.

    `decided` is BOTH, THIS (the document of the page counts), OTHER, or OPEN for no decision.
    """

    other: Document
    kind: str
    text: str
    decided: str


def relations_of(
    document: Document, documents: Mapping[str, Document], pairs: DecidedPairs
) -> Iterator[Relation]:
    """Yield the relations of a document to other documents, each other document once.

    A document names another one in a field of this kind (`followed_by`): the one that is named
    counts, unless people decided otherwise. `pairs` has their decisions by the ids of both
    documents in order, each with the id of the document that counts, "" if both do. A pair that
    people decided on stays related, even if neither document names the other any more.
    """
    for other in documents.values():
        # the kinds of relation that either names, each with the document that counts by it
        named = [(kind, other) for kind in KINDS if getattr(document, kind) == other.id]
        named += [(kind, document) for kind in KINDS if getattr(other, kind) == document.id]
        ids = min(document.id, other.id), max(document.id, other.id)
        decided_kind, counts = pairs.get(ids, ("", None))
        if not named and counts is None:
            continue
        kind, counted = named[-1] if named else (decided_kind, document)
        decided = {None: OPEN, "": BOTH, document.id: THIS}.get(counts, OTHER)
        if counts:
            counted = documents[counts]
        texts = {"other": other.title, "counted": counted.title}
        key = "both" if decided == BOTH else "one"
        text = f"{say(f'review.relation_{kind}', **texts)} {say(f'review.counts_{key}', **texts)}"
        yield Relation(other, kind, text, decided)


def decide(
    drafts: DraftService, document_id: str, other: str, kind: str, chosen: str, before: str
) -> None:
    """Store which of two documents counts: `chosen`, where `before` is what the person saw as
    decided.

    Each of the two is BOTH, THIS (the document of the page), OTHER, or OPEN for no decision. Raises
    ValueError if somebody else decided meanwhile. Raises the problem not-found for an unknown kind
    of relation, and for a document with itself.
    """
    if document_id == other or kind not in KINDS:
        raise ProblemError("not-found")
    values = {BOTH: "", THIS: document_id, OTHER: other, OPEN: None}
    ids = (document_id, other)
    drafts.reader.decide_relation(ids, kind, values[chosen], values[before])
