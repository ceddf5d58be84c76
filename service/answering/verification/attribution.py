"""Puts the name of its document before what a document says in the words of the service.

"Laut Korrektur der Verwaltung …" printed in a document would else read as if the service said it.
"""

from __future__ import annotations

from dataclasses import replace

from prompts import imitates_service
from service import wording
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Proof, Sentence
from service.records import AnswerData
from vectorstore.language import sentence_spans, squash

_END_MARKS = ".!?:…"


def attribute(draft: Draft, corpus: Corpus, language: str) -> Draft:
    """The draft with the document's name before each quote and title that reads as if the service
    spoke.

    In the rows of a table the name is put before such sentences of their passages.
    """
    sentences = tuple(_attribute_sentence(part, corpus, language) for part in draft.sentences)
    data = draft.data and _attribute_rows(draft.data, language)
    return replace(draft, sentences=sentences, data=data)


def is_unattributed(sentence: Sentence, corpus: Corpus) -> bool:
    """True if a freely worded sentence imitates the service and names none of its documents.

    A sentence on a corrected record may do so: it has to say that the administration corrected a
    value, as the service does itself.
    """
    items = [proof.item for proof in sentence.proofs]
    if not imitates_service(sentence.text) or any(item.corrected for item in items):
        return False
    return not any(corpus.document(item).title in sentence.text for item in items)


def _attribute_sentence(sentence: Sentence, corpus: Corpus, language: str) -> Sentence:
    """A composed sentence, with the document's name before each part of it that speaks as the
    service.

    Freely worded sentences are left as they are, as `is_unattributed` is their check. So are
    sentences without proofs, which are the service's own.
    """
    if sentence.is_free or not sentence.proofs:
        return sentence
    fragments = tuple(
        _attribute_fragment(fragment, fragment.proofs or sentence.proofs, corpus, language)
        for fragment in sentence.fragments
    )
    return replace(sentence, fragments=fragments)


def _attribute_fragment(
    fragment: Fragment, proofs: tuple[Proof, ...], corpus: Corpus, language: str
) -> Fragment:
    """A fragment with the name of the document before each quoted sentence that speaks as the
    service.

    If the title of a cited item does so, and is in the fragment, the name stands before the whole
    fragment.
    """
    text = fragment.text
    for proof in proofs:
        prefix = wording.format_words(language, "said_in", title=corpus.document(proof.item).title)
        title = proof.item.title
        if title in text and imitates_service(title):
            return replace(fragment, text=f"{prefix}{text}")
        text = _prefix_sentences(text, prefix, squash(proof.quote))
    return replace(fragment, text=text)


def _prefix_sentences(text: str, prefix: str, source: str) -> str:
    """A text with a prefix before each sentence that speaks as the service and is in the source.

    `source` is squashed. End marks are not compared, since a quote in a sentence may lack them.
    """
    parts = list[str]()
    position = 0
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        is_quoted = squash(sentence).rstrip(_END_MARKS) in source
        parts += [text[position:start], prefix if is_quoted and imitates_service(sentence) else ""]
        position = start
    return "".join([*parts, text[position:]])


def _attribute_rows(data: AnswerData, language: str) -> AnswerData:
    """The rows, each with its document's name before the sentences of its passage that speak as the
    service.
    """
    rows = []
    for row in data.rows:
        passage = str(row.get("passage") or "")
        prefix = wording.format_words(language, "said_in", title=row.get("document", ""))
        prefixed = _prefix_sentences(passage, prefix, squash(passage))
        rows.append({**row, "passage": prefixed} if prefixed != passage else row)
    return data.model_copy(update={"rows": rows})
