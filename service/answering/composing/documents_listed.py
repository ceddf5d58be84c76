"""Lists and counts of documents: what is in, what is decided, what is a draft."""

from __future__ import annotations

import re

from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.passages import name_proof
from service.answering.query import Intent
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Document, DocumentStatus

_STATUS = (
    (re.compile(r"(?i)\b(entwurf|entwürfe|draft)"), {DocumentStatus.DRAFT}),
    (re.compile(r"(?i)\b(antrag|anträge|motions?)\b"), {DocumentStatus.PROPOSED}),
    (
        re.compile(r"(?i)\b(nicht beschlossen|noch nicht|unverbindlich)"),
        {DocumentStatus.DRAFT, DocumentStatus.PROPOSED},
    ),
    (re.compile(r"(?i)\b(beschlossen|verabschiedet|adopted)"), {DocumentStatus.ADOPTED}),
)


def wanted(context: Context) -> bool:
    """True where documents are what is listed."""
    plural = [noun for noun in context.query.nouns if noun.plural]
    return bool(plural) and plural[0].document


def compose(context: Context) -> Draft:
    """The documents, each with its date and authority, proven by its title page."""
    documents = _chosen(context)
    fronts = [(one, context.corpus.front_matter(one.id)) for one in documents]
    proofs = [(name_proof(front, context.corpus),) if front else () for _, front in fronts]
    number = str(len(documents))
    noun, nouns = ("Dokument", "document") if len(documents) == 1 else ("Dokumente", "documents")
    parts: list[Fragment] = [Fragment(context.say(f"{number} {noun}: ", f"{number} {nouns}: "))]
    for place, (document, proof) in enumerate(zip(documents, proofs, strict=True)):
        parts.append(Fragment((", " if place else "") + titled(document, context.language), proof))
    rows = [
        {"document_id": one.id, "ref": "Titel", "title": one.title, "status": one.status.value} for one in documents
    ]
    kind = DataKind.COUNT if context.query.intent is Intent.COUNT else DataKind.LIST
    data = AnswerData(kind=kind, columns=["title", "status"], rows=[dict(row) for row in rows], total=len(rows))
    row_proofs: tuple[tuple[Proof, ...], ...] = tuple(proofs)
    told = sentence(*parts, ".", computed=(number,))
    return answered(told, mode=AnswerMode.COMPUTED, data=data, row_proofs=row_proofs)


def _chosen(context: Context) -> list[Document]:
    documents = [context.corpus.catalogue.documents[one] for one in context.query.documents]
    for pattern, statuses in _STATUS:
        if pattern.search(context.query.text):
            return [one for one in documents if one.status in statuses]
    return documents
