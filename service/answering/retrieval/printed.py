"""Finds what papers print of themselves, by patterns for printed text: who signed, the votes, their
term and total, who pays, who wrote them and why, and how often they appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import PrintedFact
from service.answering.retrieval.passages import Span
from vectorstore.records import PLANS, Document, Item

_PAPER = "{paper}"  # in a pattern: a noun for the paper
_WORD = re.compile(r"[^\W\d_]+")
# facts that records state too, each of its own
_OF_RECORDS = (PrintedFact.TERM, PrintedFact.TOTAL, PrintedFact.PAYER, PrintedFact.AUTHOR)


def find_printed(
    corpus: Corpus, document: Document, fact: PrintedFact
) -> Iterator[tuple[Item, Span]]:
    """Yield each place where a document prints a fact of itself: the item, and the span in the text
    of the document.

    A project or measure that prints its own term, total, payer or author is left out: that is not
    the document's.
    """
    chunks = [chunk for chunk in corpus.catalogue.chunks if chunk.document_id == document.id]
    for match in _matches(document, fact):
        around = (chunk for chunk in chunks if chunk.start <= match.start() < chunk.end)
        chunk = next(around, None)
        item = corpus.catalogue.item(document.id, chunk.key) if chunk else None
        if item is None:
            continue
        if fact not in _OF_RECORDS or item.kind not in PLANS:
            yield item, match.span()


def _matches(document: Document, fact: PrintedFact) -> Iterator[re.Match[str]]:
    for source in lexicon.table("printed")[fact.value]["patterns"]:
        yield from _pattern(source, document.title).finditer(document.text)


@lru_cache(maxsize=512)
def _pattern(source: str, title: str) -> re.Pattern[str]:
    """A pattern of the lexicon, with the nouns for a paper put in for "{paper}".

    Besides the general ones these are the words of the paper's title that end in one of them:
    "Klimaschutzkonzept".
    """
    nouns = [*lexicon.table("printed")["paper"]["nouns"]]
    nouns += [word for word in _WORD.findall(title) if word.casefold().endswith(tuple(nouns))]
    named = "|".join(map(re.escape, nouns))
    return re.compile(source.replace(_PAPER, f"(?:{named})"), re.IGNORECASE)
