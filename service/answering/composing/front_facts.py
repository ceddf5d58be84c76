"""What a paper says of itself, with the passage that says it: publisher, date, signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.answering import wording
from service.answering.corpus import Corpus
from service.answering.draft import Proof
from service.answering.evidence.passages import first_words, name_proof
from service.answering.evidence.verbatim import squash
from service.answering.understanding.document_names import parted, words_of
from vectorstore.records import Document, Item

_MONTH = (
    r"(?:Jan[a-z]+|Feb[a-z]+|März|March|April|Mai|May|Jun[ie]|Jul[iy]|August|"
    r"Sept[a-z]+|O[kc]tober|Novem[a-z]+|De[zc]em[a-z]+)"
)
_DAY = rf"(?:\d{{1,2}}\.\s?\d{{1,2}}\.\s?\d{{2,4}}|(?:\d{{1,2}}\.\s?)?{_MONTH}\s+\d{{4}}|(?:19|20)\d{{2}})"
_DATED = re.compile(
    rf"\b(?:Stand|Datum|Ausgabe|Auflage|Redaktionsschluss|Eingang|Date|As of)\b:?\s+{_DAY}|"
    rf"^[A-ZÄÖÜ][\w .-]{{2,30}},\s+(?:den\s+|im\s+)?{_DAY}",
    re.MULTILINE,
)
_IMPRINT = re.compile(r"(?im)^\W*(?:impressum|imprint)\W*$")
_CLOSING = re.compile(
    r"(?:(?:^|\n)(?:(?:Mit|Beste|Viele|Herzliche)\s+\w*\s?Grüßen?,?|Unterzeichnet von:?|Unterschrieben von:?|gez\.|"
    r"In Vertretung|Im Auftrag|i\.\s?[VA]\.|Yours \w+,?|Signed(?: by)?:?)|"
    r"(?:Mit|Beste|Viele|Herzliche)\s+\w*\s?Grüßen?,?)\s+(?=[A-ZÄÖÜ])"
)
_SIGNER = re.compile(r"(?!Anlage|Anhang|Verteiler|Annex)[A-ZÄÖÜ][^\d:!?\n ]+ [^\d:!?\n]{2,90}")
_MOST_SIGNERS = 12
_TITLE_PAGE = 900
_END = 600
_SHORT = 160


@dataclass(frozen=True, slots=True)
class Printed:
    """Words that a paper prints about itself, with their proof."""

    text: str
    proof: Proof


def fact_proof(document: Document, field: str, corpus: Corpus) -> Proof | None:
    """The passage that reading found for a part of the front matter; None where none is known or it is not in text."""
    fact = next((one for one in document.front if one.field == field and one.quote), None)
    if fact is None or squash(fact.quote) not in corpus.squashed[document.id]:
        return None
    start = _place(fact.quote, document)
    item = item_at(document, start, corpus)
    return Proof(item, fact.quote, start) if item else None


def _place(quote: str, document: Document) -> int:
    match = re.search(r"\s*".join(map(re.escape, quote.split())), document.text)
    return match.start() if match else 0


def item_at(document: Document, start: int, corpus: Corpus) -> Item | None:
    """The innermost item at a place of the text; the front matter where none is there."""
    around = [item for item in corpus.catalogue.items_of(document.id) if item.start <= start < item.end]
    return min(around, key=lambda item: item.end - item.start) if around else corpus.front_matter(document.id)


def imprint(document: Document, corpus: Corpus) -> Proof | None:
    """The beginning of the imprint below its heading, with the item that it stands in; None for a paper without one."""
    heading = _IMPRINT.search(document.text)
    body = document.text[heading.end() : heading.end() + _END].strip() if heading else ""
    if heading is None or not body:
        return None
    start = document.text.index(body, heading.end())
    holder = item_at(document, start, corpus)
    return Proof(holder, body, start) if holder else None


def publisher(document: Document, front: Item, corpus: Corpus) -> Proof:
    """Who published the paper: in its imprint, where reading found it, or the first sentence that names it."""
    found = imprint(document, corpus)
    if found is not None:
        return replace(found, quote=_first_lines(found.quote))
    return fact_proof(document, "publisher", corpus) or _naming(document, front, corpus)


def _first_lines(body: str) -> str:
    """The beginning of an imprint: the paragraph that names the publisher, with the next where it is as short."""
    paragraphs = [part for part in body.split("\n\n") if part.strip()]
    if len(paragraphs) > 1 and ":" not in paragraphs[0] and not re.search(r"[\d:]", paragraphs[1]):
        return first_words(body[: body.index(paragraphs[1]) + len(paragraphs[1])], _SHORT)
    return first_words(paragraphs[0], _SHORT)


def _naming(document: Document, front: Item, corpus: Corpus) -> Proof:
    """The first sentence of the document that names its publisher, or the words of it that tell it from others."""
    telling = corpus.names.publishers[document.id]
    for item in [front, *corpus.catalogue.items_of(document.id)]:
        for _, said in corpus.sentences(item):
            words = set(parted(words_of(said)))
            if squash(document.publisher) in squash(said) or (telling and telling <= words):
                return Proof(item, first_words(said))
    return name_proof(front, corpus)


def printed_date(document: Document, corpus: Corpus) -> Printed | None:
    """A date that the paper prints of itself: in its imprint, on its title page, at its end; None where it has none."""
    length = len(document.text)
    spans = [(0, min(_TITLE_PAGE, length)), (max(length - _END, 0), length)]
    found = imprint(document, corpus)
    own = [(found.start, found.start + len(found.quote))] if found and found.start is not None else []
    for start, end in own + spans:
        match = _DATED.search(document.text, start, end)
        holder = item_at(document, match.start(), corpus) if match else None
        if match is not None and holder is not None:
            said = " ".join(match[0].split())
            return Printed(said, Proof(holder, match[0], match.start()))
    return None


def date_proof(document: Document, front: Item, corpus: Corpus) -> Proof:
    """The line of the title page that prints the document's date."""
    lines = [line for line in f"{front.heading}\n{front.body}".splitlines() if line.strip()]
    if document.as_of is not None:
        for spelling in (wording.day(document.as_of), str(document.as_of.year)):
            line = next((one for one in lines if squash(spelling) in squash(one)), None)
            if line is not None:
                return Proof(front, line.strip())
    return fact_proof(document, "as_of", corpus) or name_proof(front, corpus)


def signature(document: Document, corpus: Corpus) -> Printed | None:
    """The names below the closing formula of a letter; None for a paper that nobody signed."""
    closings = list(_CLOSING.finditer(document.text))
    for closing in reversed(closings):
        lines = list(_signers(document.text[closing.end() :]))
        holder = item_at(document, closing.start(), corpus)
        if lines and holder is not None:
            end = document.text.index(lines[-1], closing.end()) + len(lines[-1])
            quote = document.text[closing.start() : end].strip()
            return Printed(", ".join(" ".join(line.split()) for line in lines), Proof(holder, quote))
    return None


def _signers(text: str) -> Iterator[str]:
    for paragraph in text.strip().split("\n\n")[:_MOST_SIGNERS]:
        if not _SIGNER.fullmatch(" ".join(paragraph.split())):
            return
        yield paragraph
