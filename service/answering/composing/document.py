"""The composer of a document's card: title, kind, publisher, status and date, before the passages
that fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prompts import say
from service import wording
from service.answering.composing import parts
from service.answering.composing.fixed_texts import fixed_draft
from service.answering.context import Context
from service.answering.corpus import TITLE_REF
from service.answering.draft import Draft, Lead, Proof, Sentence, make_answer
from service.answering.query import AnswerType
from service.answering.verification.checks import is_undecided
from service.answering.verification.quotes import document_proof, name_proof
from service.records import AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Document, DocumentKind, DocumentStatus

_MOST = 3  # documents with a card
_LISTED = 12  # of a list in its sentence; the data rows have all
_FIELDS = {  # the metadata that answers a kind of fact
    AnswerType.STATUS: "status",
    AnswerType.DATE: "as_of",
    AnswerType.PERSON: "publisher",
    AnswerType.ORGANISATION: "publisher",
    AnswerType.QUANTITY: "pages",
}


def compose(context: Context) -> Draft | Lead | None:
    """The list of documents if the question names none; the cards of those that it names:
    `answered` where every word was taken and the status, date or publisher of the one document is
    asked for and known, else `found`, with the passages.

    None for more documents, and without title pages, which would prove the cards. What became of a
    motion is in no document.
    """
    documents = list(context.documents)
    if not context.query.names_documents and len(documents) > 1:
        return _list(context, documents)
    asks_status = context.query.answer_type is AnswerType.STATUS
    if asks_status and not context.query.left_over and all(map(_is_pending_motion, documents)):
        return fixed_draft("outcome", context.language, AnswerStatus.NOT_IN_DOCUMENTS)
    if len(documents) > _MOST:
        return None
    cards = list(filter(None, (_card(context, document) for document in documents)))
    if not cards:
        return None
    field = _FIELDS.get(context.query.answer_type, "")
    is_known = bool(field) and all(getattr(document, field) for document in documents)
    if len(documents) == 1 and is_known and not context.query.left_over:
        return make_answer(*cards, mode=AnswerMode.COMPUTED)
    asks_nothing = context.query.answer_type is AnswerType.NOTHING
    return Lead(tuple(cards) if is_known or asks_nothing else ())


def _card(context: Context, document: Document) -> Sentence | None:
    """The sentence with the metadata of a document, the requested one first; "Ja" or "Noch nicht"
    before it where one asks whether it is decided. None without a title page.
    """
    title_page = context.corpus.title_page(document.id)
    if title_page is None:
        return None
    facts = {
        "kind": say(f"labels.document_{document.kind.value}"),
        "publisher": _publisher(context, document),
        "as_of": wording.format_as_of(document, context.language),
        "status": _status(context, document),
    }
    if context.language != "de":
        facts["kind"] = document.kind.value.replace("_", " ")
    asked = _FIELDS.get(context.query.answer_type, "kind")
    if asked == "pages":
        pages = {page.number for page in document.pages}
        facts["pages"] = context.say("pages", number=len(pages)) if pages else ""
    ordered = dict.fromkeys([facts[asked], *facts.values()])
    statement = f"{document.title}: {', '.join(filter(None, ordered))}"
    verdict = verdict_on_document(context, document)
    if verdict:
        statement = f"{context.say(verdict)}: {statement}"
    proof = document_proof(document, context.corpus, asked) or name_proof(
        title_page, context.corpus
    )
    return parts.cited_sentence(statement, proof)


def _list(context: Context, documents: Sequence[Document]) -> Draft | None:
    """The list of documents, each proven by its title page: a sentence with their dates and whether
    they are drafts, and rows with every status.

    A document without a title page is left out, since nothing would prove it; None if all are.
    """
    entries: list[tuple[str, tuple[Proof, ...]]] = []
    rows: list[dict[str, Any]] = []
    for document in documents:
        title_page = context.corpus.title_page(document.id)
        if title_page:
            proofs = (name_proof(title_page, context.corpus),)
            entries.append((wording.format_source(document, context.language), proofs))
            rows.append(
                {
                    "document_id": document.id,
                    "ref": TITLE_REF,
                    "title": document.title,
                    "status": document.status and document.status.value,
                }
            )
    if not rows:
        return None
    opening = f"{len(rows)} {context.say('documents')}: "
    listed = parts.list_names(context, opening, entries, _LISTED, between="; ")
    data = AnswerData(kind=DataKind.LIST, columns=["title", "status"], rows=rows, total=len(rows))
    row_proofs = tuple(proofs for _, proofs in entries)
    return make_answer(listed, mode=AnswerMode.COMPUTED, data=data, row_proofs=row_proofs)


def _is_pending_motion(document: Document) -> bool:
    """True for a motion that is only proposed: what became of it is told elsewhere."""
    is_motion = document.kind is DocumentKind.MOTION
    return is_motion and document.status is DocumentStatus.PROPOSED


def _publisher(context: Context, document: Document) -> str:
    """The publisher in words; a motion has an applicant. "" if it is unknown."""
    if not document.publisher:
        return ""
    key = "applicant" if document.kind is DocumentKind.MOTION else "publisher"
    text = context.say(key, publisher=document.publisher)
    return wording.mark_unconfirmed(text, "publisher", document, context.language)


def _status(context: Context, document: Document) -> str:
    """The status in words, "" if it is unknown."""
    if not document.status:
        return ""
    if _is_pending_motion(document):
        return context.say("binding_proposed_motion")
    return context.say(f"binding_{document.status.value}")


def verdict_on_document(context: Context, document: Document) -> str:
    """The name of the verdict on whether a document is decided, "yes" or "not_yet"; "" if this is
    not asked or not sure.

    It is not sure if the status is unknown or not confirmed, or if the document is only known to be
    published, which says nothing of a decision.
    """
    is_uncertain = (
        document.status in (None, DocumentStatus.PUBLISHED) or "status" in document.unconfirmed
    )
    asks_status = context.query.yes_no and context.query.answer_type is AnswerType.STATUS
    if not asks_status or is_uncertain:
        return ""
    return "not_yet" if is_undecided([document]) else "yes"
