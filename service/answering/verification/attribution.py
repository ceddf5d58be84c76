"""Puts the name of its document before what a document says in the words of the service.

"Laut Korrektur der Verwaltung …" printed in a document would else read as if the service said it.
Of a model's sentences, those with a telephone number, an account or a link would, too.
"""

from __future__ import annotations

from dataclasses import replace

from prompts import imitates_service
from service import wording
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Proof, Sentence
from service.answering.verification.sources import WEB_OR_MAIL
from service.answering.verification.verdicts import without_verdict
from service.masking import is_personal
from service.records import AnswerData, AnswerMode
from vectorstore.language import sentence_spans, squash

_END_MARKS = ".!?:…"


def attribute(draft: Draft, corpus: Corpus, language: str) -> Draft:
    """The draft with the document's name before each quote and title that reads as if the service
    spoke, and before each such sentence of a model.

    In the rows of a table the name is put before such sentences of their passages. What people
    worded is left as it is.
    """
    by_model = draft.mode is AnswerMode.GENERATED
    sentences = list[Sentence]()
    for sentence in draft.sentences:
        if not sentence.is_free:
            sentences.append(_attribute_composed(sentence, corpus, language))
        elif by_model:
            sentences.append(_attribute_free(sentence, corpus, draft.language or language))
        else:
            sentences.append(sentence)
    data = draft.data and _attribute_rows(draft.data, language)
    return replace(draft, sentences=tuple(sentences), data=data)


def _attribute_free(sentence: Sentence, corpus: Corpus, language: str) -> Sentence:
    """A model's sentence, with the name of the document that it cites first before it if it speaks
    as the service or tells people whom to call, to pay or to visit.

    The verdict of a rule stays in front. On a corrected record a sentence has to say that the
    administration corrected a value, as the service does itself.
    """
    text = sentence.text
    items = [proof.item for proof in sentence.proofs]
    imitates = imitates_service(text) and not any(item.corrected for item in items)
    if not items or not (imitates or is_personal(text) or WEB_OR_MAIL.search(text)):
        return sentence
    title = corpus.document(items[0]).title
    prefix = Fragment(wording.format_words(language, "said_in", title=title))
    own = without_verdict(sentence).fragments
    verdict = sentence.fragments[: len(sentence.fragments) - len(own)]
    return replace(sentence, fragments=(*verdict, prefix, *own))


def _attribute_composed(sentence: Sentence, corpus: Corpus, language: str) -> Sentence:
    """A composed sentence, with the document's name before each part of it that speaks as the
    service.

    Sentences without proofs are left as they are, since they are the service's own.
    """
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
