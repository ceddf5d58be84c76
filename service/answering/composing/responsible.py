"""Who is responsible: the units that the project list prints, with its row; else what the text says."""

from __future__ import annotations

from service.answering import wording
from service.answering.composing import extract
from service.answering.composing.status import best_project, conflicts
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, answered, sentence
from service.answering.nonanswers import not_in_documents
from service.answering.passages import row_proof
from service.models import AnswerData, AnswerMode, DataKind


def compose(context: Context) -> Draft:
    """The responsible units of the project asked about; an honest non-answer where none is printed."""
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
