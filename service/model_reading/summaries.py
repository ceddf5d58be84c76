"""Summaries of papers and their themes: what a model is shown, and which of its sentences the papers bear out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prompts import filled
from service.answering.corpus import Corpus
from service.answering.draft import Fragment, sentence
from service.answering.generating.material import Material, material_of, token_of
from service.answering.generating.proving import BORNE, Bearer
from service.answering.generating.replies import is_nothing, sentences_of
from service.answering.verifying.statuses import says_status
from service.answering.verifying.verifier import Verifier
from service.model_reading.asking import Request
from service.question_writing.batches import has_text
from vectorstore.analysis import Word, printed_words
from vectorstore.records import Item, ItemKind, ItemStatus
from vectorstore.summaries import LONGEST, Passage, SummarySentence

SENTENCES = 2
_PROMPTS = ("de/model/summary_instruction", "de/model/summary_items")
_MATERIAL = 14_000  # characters of items that are shown
_REPLY = 450  # characters
_LEAST = 3  # words of a sentence
_OPENING = 6  # sections at the beginning of a paper that are shown first
_FIRST = (ItemKind.THEME, ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS, ItemKind.RESOLUTION)
_NOT_BEGUN = (ItemStatus.IDEA, ItemStatus.PLANNED)


@dataclass(frozen=True, slots=True)
class Subject:
    """A document, or its theme `key` ("" for the whole document), with the items that it is summed up from."""

    document_id: str
    key: str
    material: Material
    request: Request

    @property
    def name(self) -> tuple[str, str]:
        """Document and key."""
        return self.document_id, self.key


def subjects(corpus: Corpus, documents: Iterable[str]) -> list[Subject]:
    """These documents in German and their themes, as far as they say anything."""
    catalogue = corpus.catalogue
    found: list[Subject] = []
    for name in documents:
        if catalogue.documents[name].language != "de":
            continue
        items = catalogue.items_of(name)
        found += _subject(corpus, name, "", _of_document(items), "das ganze Papier")
        for theme in (item for item in items if item.kind is ItemKind.THEME and catalogue.children(item)):
            shown = _of_theme([theme, *_below(corpus, theme)])
            found += _subject(corpus, name, theme.key, shown, f"das Handlungsfeld [{token_of(theme)}]")
    return found


def _subject(corpus: Corpus, document: str, key: str, items: Sequence[Item], about: str) -> Iterator[Subject]:
    if sum(map(has_text, items)) < 2:
        return
    material = material_of(items, corpus, _MATERIAL)
    count = str(SENTENCES)
    asked = filled(_PROMPTS[1], eintraege=material.text, worum=about, saetze=count)
    yield Subject(document, key, material, Request(_PROMPTS, filled(_PROMPTS[0], saetze=count), asked, _REPLY))


def _of_document(items: Sequence[Item]) -> list[Item]:
    """The items of a document in the order in which they tell what it is about: opening, what is broad, rest."""
    said = [item for item in items if has_text(item) and item.status is not ItemStatus.ARCHIVED]
    opening = [item for item in said if item.kind is ItemKind.SECTION][:_OPENING]
    broad = [item for item in items if item.kind in _FIRST]
    return list({item.key: item for item in (*opening, *broad, *said)}.values())


def _of_theme(items: Sequence[Item]) -> list[Item]:
    """A theme and what stands below it, what is broad first."""
    told = [item for item in items if item.status is not ItemStatus.ARCHIVED]
    return sorted(told, key=lambda item: item.kind not in _FIRST)


def _below(corpus: Corpus, item: Item) -> Iterator[Item]:
    for child in corpus.catalogue.children(item):
        yield child
        yield from _below(corpus, child)


class Prover:
    """Says which sentences the items of an edition bear out, as it is done for drafts."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus, self._bearer, self._verifier = corpus, Bearer(corpus), Verifier(corpus)

    def passages(self, text: str, items: Sequence[Item]) -> tuple[Passage, ...]:
        """The passages of these items of one document that prove a sentence; none where it is not proven."""
        if not items or len(text) > LONGEST or not text.isprintable() or len(list(printed_words(text))) < _LEAST:
            return ()
        if _says_too_much(text, items) or self._invents(text):
            return ()
        borne = self._bearer.borne(text, items)
        if borne.share < BORNE or self._bearer.turned(text, borne.proofs):
            return ()
        if not self._verifier.proven(sentence(Fragment(text, borne.proofs), "."), "de"):
            return ()
        return tuple(Passage(proof.item.key, proof.quote) for proof in borne.proofs)

    def _invents(self, text: str) -> bool:
        """True where a sentence holds a name or noun of which no paper of the edition has any part."""
        nouns = [word for word in printed_words(text) if word[0].isupper()]
        analysed = (self._corpus.analyzer.words(noun) for noun in nouns)
        return any(words and not any(self._is_known(word) for word in words) for words in analysed)

    def _is_known(self, word: Word) -> bool:
        return self._corpus.knows(word.whole) or any(self._corpus.knows(part) for part in word.parts)

    def proven(self, subject: Subject, reply: str, origin: str) -> list[SummarySentence]:
        """The sentences of a reply that the items which they name bear out."""
        found = []
        for said in [] if is_nothing(reply) else sentences_of(reply)[:SENTENCES]:
            items = [subject.material.items[token] for token in said.tokens if token in subject.material.items]
            if passages := self.passages(said.text, items):
                found.append(SummarySentence(*subject.name, said.text + said.end, passages, origin))
        return found


def _says_too_much(text: str, items: Sequence[Item]) -> bool:
    """True where a sentence tells ideas and plans alone and does not say that they are none but that."""
    return all(item.status in _NOT_BEGUN for item in items) and not says_status(text)


def joined(
    before: Sequence[SummarySentence], fresh: Mapping[tuple[str, str], Sequence[SummarySentence]]
) -> tuple[SummarySentence, ...]:
    """All sentences, where fresh ones of a subject replace those of models; what people wrote of one stays alone."""
    by_people = {one.subject for one in before if not one.origin}
    told = {name: sentences for name, sentences in fresh.items() if sentences and name not in by_people}
    kept = [one for one in before if one.subject not in told]
    return (*kept, *(one for sentences in told.values() for one in sentences))


def is_told(subject: Subject, origin: str, before: Iterable[SummarySentence]) -> bool:
    """True where a subject has sentences of this origin or of people, whatever was taken away of them."""
    return any(one.subject == subject.name and one.origin in ("", origin) for one in before)
