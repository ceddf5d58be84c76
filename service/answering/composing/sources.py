"""From which paper the passages of an answer are: said once, behind the last of them, with its date and authority."""

from __future__ import annotations

from dataclasses import replace

from service.answering.composing.titles import source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence
from service.models import AnswerMode, AnswerStatus

_OF_PASSAGES = (AnswerMode.EXTRACTIVE, AnswerMode.GENERATED)


def sourced(context: Context, draft: Draft, language: str = "") -> Draft:
    """The draft of passages with the paper named behind the last sentence from it, where no sentence names it yet.

    `language` is that of a worded draft, where it is none of the service's own.
    """
    if draft.status is not AnswerStatus.ANSWERED or draft.mode not in _OF_PASSAGES:
        return draft
    if draft.mode is AnswerMode.GENERATED:
        return _at_the_end(context, draft, language or context.language)
    sentences, last = list(draft.sentences), dict[str, int]()
    for place, one in enumerate(sentences):
        last |= {proof.item.document_id: place for proof in one.proofs[-1:]}
    said = " ".join(one.text for one in sentences)
    for document_id, place in last.items():
        document = context.corpus.catalogue.documents[document_id]
        if document.title not in said:
            sentences[place] = _behind(sentences[place], source(document, context.language))
    return replace(draft, sentences=tuple(sentences))


def _at_the_end(context: Context, draft: Draft, language: str) -> Draft:
    """The draft with all its papers named behind its last sentence: those before it may have been told already."""
    documents = dict.fromkeys(proof.item.document_id for one in draft.sentences for proof in one.proofs)
    named = [source(context.corpus.catalogue.documents[one], language) for one in documents]
    *before, last = draft.sentences
    return replace(draft, sentences=(*before, _behind(last, "; ".join(named))))


def _behind(one: Sentence, said: str) -> Sentence:
    return replace(one, fragments=(*one.fragments, Fragment(f" ({said})")))
