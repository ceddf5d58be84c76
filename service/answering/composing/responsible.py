"""Who is responsible: the units that the project list prints, with its row; else what the text says."""

from __future__ import annotations

import re

from service.answering import wording
from service.answering.composing import extract
from service.answering.composing.status import best_project, conflicts
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.nonanswers import not_in_documents
from service.answering.passages import row_proof
from service.answering.query import Asked
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.records import Item, ItemKind


def compose(context: Context) -> Draft:
    """The responsible units of the project asked about; an honest non-answer where none is printed."""
    labelled = _labelled(context)
    if labelled:
        return _told(context, labelled)
    item = best_project(context)
    if item is None:
        return extract.compose(context)
    row = row_proof(item)
    named = wording.named(item, context.language)
    if not item.responsible or row is None:
        missing = context.say(
            f"Für {named} nennt das Dokument keine zuständige Einheit.",
            f"The document names no responsible unit for {named}.",
        )
        return not_in_documents(context, missing, item)
    units = ", ".join(item.responsible)
    standing = wording.standing(context.corpus.document(item), context.language)
    bracket = f" ({standing})" if standing else ""
    text = context.say(
        f"Für {named} ist laut Projektliste verantwortlich: {units}{bracket}",
        f"Responsible for {named} according to the project list: {units}{bracket}",
    )
    facts = {
        "document_id": item.document_id,
        "ref": item.ref,
        "title": item.title,
        "responsible": list(item.responsible),
    }
    data = AnswerData(kind=DataKind.FACTS, columns=list(facts), rows=[facts], total=1)
    number = [one for one in conflicts(context, item) if "Nummer" in one.text or "number" in one.text]
    return answered(
        sentence(Fragment(text, (row,)), "."), *number, mode=AnswerMode.COMPUTED, data=data, row_proofs=((row,),)
    )


_LABEL = re.compile(r"(?i)verantwortlich|zuständig|ansprechpartner|federführ|beteiligte")


def _labelled(context: Context) -> list[Item]:
    """The labelled sections that say who is responsible, in named documents that have no projects."""
    if not context.query.named or context.query.asked is Asked.PERSON or _tells_more(context):
        return []
    items = [item for one in context.query.documents for item in context.corpus.catalogue.items_of(one)]
    if any(item.kind is ItemKind.PROJECT for item in items):
        return []
    return [item for item in items if item.kind is ItemKind.SECTION and item.body and _LABEL.search(item.title)]


def _tells_more(context: Context) -> bool:
    """True where the question is on a part of the document, not on the document as a whole."""
    return any(word.weight >= 0.9 and any(map(context.corpus.knows, word.terms)) for word in context.query.topic)


def _told(context: Context, items: list[Item]) -> Draft:
    told = []
    for item in items[:3]:
        said = " ".join(item.body.split())
        told.append(sentence(f"{item.title}: ", Fragment(said, (Proof(item, item.body),)), "."))
    return answered(*told, mode=AnswerMode.EXTRACTIVE)
