"""Lists and counts of documents: what is in, what is decided, what is a draft."""

from __future__ import annotations

from service.answering.composing.selection import mentioning
from service.answering.composing.titles import titled
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, answered, sentence
from service.answering.evidence.passages import first_words, name_proof
from service.answering.nonanswers import not_in_documents
from service.answering.query import Intent, Role, Word
from service.models import AnswerData, AnswerMode, DataKind
from vectorstore.analysis import fold
from vectorstore.records import Document, Item


def wanted(context: Context) -> bool:
    """True where documents are what is listed."""
    plural = [noun for noun in context.query.nouns if noun.plural]
    return bool(plural) and plural[0].document


def narrowed(context: Context) -> bool:
    """True where documents of a topic, a status or a county are listed, not all that the service knows."""
    query = context.query
    return wanted(context) and (bool(query.filters.document_statuses) or query.named or bool(_topic(context)))


def compose(context: Context) -> Draft:
    """The documents, each with its date and authority, proven by its title page."""
    words = _topic(context)
    chosen = [(one, _stands_for(one, words, context)) for one in _chosen(context)]
    chosen = [(one, item) for one, item in chosen if item or not words]
    if not chosen and (words or context.query.intent is Intent.LIST):
        return not_in_documents(context)
    documents = [one for one, _ in chosen]
    proofs = [(_proof(item, words, context),) if item else () for _, item in chosen]
    number = str(len(documents))
    noun, nouns = ("Dokument", "document") if len(documents) == 1 else ("Dokumente", "documents")
    about = ", ".join(f"„{word.text}“" for word in words)
    on = context.say(f" mit Bezug zu {about}", f" on {about}") if words else ""
    parts: list[Fragment] = [Fragment(context.say(f"{number} {noun}{on}: ", f"{number} {nouns}{on}: "))]
    for place, (document, proof) in enumerate(zip(documents, proofs, strict=True)):
        parts.append(Fragment((", " if place else "") + titled(document, context.language), proof))
    rows = [
        {"document_id": one.id, "ref": "Titel", "title": one.title, "status": one.status.value if one.status else None}
        for one in documents
    ]
    kind = DataKind.COUNT if context.query.intent is Intent.COUNT else DataKind.LIST
    data = AnswerData(kind=kind, columns=["title", "status"], rows=[dict(row) for row in rows], total=len(rows))
    row_proofs: tuple[tuple[Proof, ...], ...] = tuple(proofs)
    told = sentence(*parts, ".", computed=(number, *(word.text for word in words)))
    return answered(told, mode=AnswerMode.COMPUTED, data=data, row_proofs=row_proofs)


def _chosen(context: Context) -> list[Document]:
    documents = [context.corpus.catalogue.documents[one] for one in context.query.documents]
    statuses = context.query.filters.document_statuses
    return [one for one in documents if one.status in statuses] if statuses else documents


def _topic(context: Context) -> tuple[Word, ...]:
    """The words that a document must have to be listed; none of those that ask for its status."""
    return tuple(word for word in context.query.topic if word.role is not Role.CONDITION)


def _stands_for(document: Document, words: tuple[Word, ...], context: Context) -> Item | None:
    """The item that proves a document: the first that mentions all words, else its title page where none is asked."""
    if not words:
        return context.corpus.front_matter(document.id)
    found = mentioning(context.corpus.catalogue.items_of(document.id), words, context.corpus)
    return next((item for item in found if _said(item, words, context)), found[0] if found else None)


def _proof(item: Item, words: tuple[Word, ...], context: Context) -> Proof:
    """The passage of an item that has a word of the topic, else what names it."""
    said = _said(item, words, context)
    named = name_proof(item, context.corpus)
    return named if said is None or said == named.quote else Proof(item, first_words(said))


def _said(item: Item, words: tuple[Word, ...], context: Context) -> str | None:
    """The first passage of an item that prints a word of the topic."""
    stems = {term for word in words for term in (fold(word.text), word.terms[0])}
    parts = (name_proof(item, context.corpus).quote, *(one for _, one in context.corpus.sentences(item)))
    return next((one for one in parts if any(stem in fold(one) for stem in stems)), None)
