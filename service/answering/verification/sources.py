"""What the words of a sentence may come from: its quotes, the fields of cited records, what was
computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from service import wording
from service.answering.corpus import Corpus
from service.answering.draft import Count, Sentence
from vectorstore.language import DateValue, extract_quantities, normalize_spaces
from vectorstore.records import Document, Item

WEB_OR_MAIL = re.compile(  # "https://kreis.de/rad", "rad@kreis.de", "rad.kreis.de", but not "z.B"
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\S+|(?<![\w.])[\w-]{2,}(?:\.[\w-]+)*\.[a-z]{2,}(?![\w.])"
)


def documents_of(sentence: Sentence, corpus: Corpus) -> list[Document]:
    """The documents that a sentence cites; those whose titles it has if it cites none."""
    documents = corpus.catalogue.documents
    if not sentence.proofs:
        text = normalize_spaces(sentence.text)
        return [document for document in documents.values() if document.title in text]
    ids = dict.fromkeys(proof.item.document_id for proof in sentence.proofs)
    return [documents[id_] for id_ in ids]


def printed_texts(sentence: Sentence, corpus: Corpus) -> list[str]:
    """What the documents of a sentence print, its quotes, the names of its items, and what was
    counted.
    """
    texts = list(chain.from_iterable(map(texts_of_count, sentence.counted)))
    for proof in sentence.proofs:
        texts += [normalize_spaces(proof.quote), *names_of(proof.item, corpus)]
    for document in documents_of(sentence, corpus):
        texts += [document.title, document.publisher, document.text]
    return texts


def dates_of(documents: Iterable[Document]) -> set[DateValue]:
    """The dates (`as_of`) of documents in the form in which they are read from a text, for
    comparison.
    """
    dated = (document.as_of for document in documents if document.as_of)
    return set(
        chain.from_iterable(
            extract_quantities(wording.format_day(as_of)).moments for as_of in dated
        )
    )


def texts_of_count(count: Count) -> Iterator[str]:
    """Yield what a sentence may state of a count: its number, the words of its conditions, and each
    group with its number ("4 in Planung").
    """
    yield from (str(count.number), *count.words)
    yield from (f"{number} {name}" for name, number in count.groups)


def names_of(item: Item, corpus: Corpus) -> Iterator[str]:
    """Yield what names an item and what it belongs to: a sentence may say it without a quote."""
    document = corpus.document(item)
    yield from (item.ref, item.title, item.heading, *item.path, *item.municipalities)
    yield from (document.title, document.publisher, wording.draft_remark(document, "de"))
    yield from (text for text in (item.table_title, item.status_heading, item.former_ref) if text)
    yield from (head.title for head in (item.theme, item.goal) if head)
    if item.status:
        yield wording.status_word(item.status, "de")
