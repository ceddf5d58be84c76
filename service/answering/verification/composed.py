"""Verifies composed sentences: texts of the service (`prompts`) around quotes, titles and values.

Quotes are removed from a sentence; in its remaining (own) words every number, date and capitalised
word has to be cited or computed, but for words that the texts of the service use themselves; a
status has to be that of its record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain, groupby

from german_clauses import split_untagged
from prompts import ENGLISH, FURTHER, GERMAN, load_words
from service import wording
from service.answering.corpus import Corpus
from service.answering.draft import Proof, Sentence
from service.answering.verification.checks import CheckFailure, Fault
from service.answering.verification.evidence import statuses_of, texts_of_count
from service.answering.verification.status_checks import contradicts_status, is_undecided
from service.answering.verification.verbatim import remove_quotes, split_words
from vectorstore.language import (
    DateValue,
    extract_quantities,
    merge_quantities,
    normalize_spaces,
    squash,
)
from vectorstore.records import Document, Item, ItemStatus

_CAPITALISED = re.compile(r"[A-ZÄÖÜ]")
WEB_OR_MAIL = re.compile(  # "https://kreis.de/rad", "rad@kreis.de", "rad.kreis.de", but not "z.B"
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\S+|(?<![\w.])[\w-]{2,}(?:\.[\w-]+)*\.[a-z]{2,}(?![\w.])"
)
_SERVICE_TEXTS = ("answers", "wording")
_LABELS = "de/labels"


@dataclass(frozen=True, slots=True)
class PartSources:
    """The sources of a part of a composed sentence: its proofs, documents by id, and the texts
    computed for it.
    """

    proofs: tuple[Proof, ...]
    documents: dict[str, Document]
    computed: tuple[str, ...]
    units: tuple[str, ...]  # responsible for the cited items, numbers with their names
    titles: tuple[str, ...]  # of any items, that are verbatim in the part

    @property
    def items(self) -> list[Item]:
        """The cited items, each once."""
        return list({proof.item.address: proof.item for proof in self.proofs}.values())

    def printed_texts(self) -> list[str]:
        """What documents and items print, whose words the part may have."""
        metadata = chain.from_iterable(
            (document.title, document.publisher) for document in self.documents.values()
        )
        cited = (text for text, _ in self._cited_texts())
        return [*self.units, *metadata, *cited]

    def find_fault(self, text: str, language: str) -> CheckFailure | None:
        """The first fault in the own words of a part of a sentence; None if there is none.

        Own words are those outside its quotes. In English, numbers are written as "1.5"; in all
        other languages as in German. Statuses in further languages are checked by the service's own
        words for them, since clauses of these languages are not read.
        """
        quotes = [proof.quote for proof in self.proofs]
        own = remove_quotes(text, quotes)
        return (
            self._check_figures(own, ENGLISH if language == ENGLISH else GERMAN)
            or self._check_names(own)
            or self._check_status(own, quotes)
            or (self._check_status_wording(own, quotes, language) if language in FURTHER else None)
        )

    def _check_figures(self, own: str, language: str) -> CheckFailure | None:
        """A fault for numbers and dates of the own words that are neither computed nor cited.

        The dates of the documents are allowed, as answers name them. Computed texts are in the
        language of the answer, cited ones in that of their document: "1.5" and "1,5" can be the
        same.
        """
        document_dates = dates_of(self.documents.values())
        stated = extract_quantities(self._without_titles(own), language)
        stated = replace(
            stated,
            moments=tuple(moment for moment in stated.moments if moment not in document_dates),
        )
        computed = merge_quantities(extract_quantities(text, language) for text in self.computed)
        unproven = computed.unsupported(stated)
        if unproven is not None:
            cited = merge_quantities(
                extract_quantities(text, code) for text, code in self._cited_texts()
            )
            unproven = cited.unsupported(unproven)
        if unproven is None:
            return None
        return CheckFailure(Fault.FIGURES, ", ".join(unproven.as_texts))

    def _check_names(self, own: str) -> CheckFailure | None:
        """A fault for names that neither the sources nor the service's own texts have.

        Names are capitalised words, all words of web and mail addresses, and titles of other items:
        of these each word alone may well be known.
        """
        sources = [*self.computed, *self.printed_texts()]
        known = _known_words(sources)
        candidates = [word for word in split_words(own) if _CAPITALISED.match(word)]
        for match in WEB_OR_MAIL.finditer(own):
            candidates += split_words(match[0])
        names = {word for word in candidates if not _is_known(word.casefold(), known)}
        titles = [title for title in self.titles if title in own]
        if titles:
            squashed = [squash(text) for text in sources]
            for title in titles:
                if not any(squash(title) in text for text in squashed):
                    names.add(title)
        if not names:
            return None
        return CheckFailure(Fault.NAMES, ", ".join(sorted(names)))

    def _check_status(self, own: str, quotes: list[str]) -> CheckFailure | None:
        """The fault of a status that neither a cited record nor a quote nor a computed text states.

        That a draft is decided is such a status, too, but not that it is "nicht beschlossen".
        """
        statuses = [statuses_of(item) for item in self.items]
        proving_clauses = list(
            chain.from_iterable(split_untagged(text) for text in (*self.computed, *quotes))
        )
        is_draft = is_undecided(self.documents.values())
        may_state_decided = not is_draft or any(
            other.includes_word_of("decided") for other in proving_clauses
        )
        for clause in split_untagged(self._without_titles(own)):
            states_decided = clause.includes_word_of("decided") and not clause.includes_word_of(
                "denied"
            )
            if (states_decided and not may_state_decided) or contradicts_status(
                clause, statuses, proving_clauses
            ):
                return CheckFailure(Fault.STATUS, clause.text)
        return None

    def _check_status_wording(
        self, own: str, quotes: list[str], language: str
    ) -> CheckFailure | None:
        """The fault of a status in `language` that no cited record has, and no quote or computed
        text states.

        It is for languages whose clauses are not read. In these the service fills in the status
        itself, so only its own word for each status has to be looked for, without what stands in
        brackets behind it.
        """
        known = frozenset[ItemStatus]().union(*map(statuses_of, self.items))
        bare = self._without_titles(own)
        for status in set(ItemStatus) - known:
            wording_of_status = wording.status_word(status, language).partition(" (")[0]
            stated = re.compile(rf"(?<!\w){re.escape(wording_of_status)}(?!\w)")
            if stated.search(bare) and not any(map(stated.search, (*self.computed, *quotes))):
                return CheckFailure(Fault.STATUS, wording_of_status)
        return None

    def _without_titles(self, text: str) -> str:
        titles = chain.from_iterable((item.title, item.table_title) for item in self.items)
        names = [*filter(None, titles), *(document.title for document in self.documents.values())]
        return remove_quotes(text, (), names)

    def _cited_texts(self) -> Iterator[tuple[str, str]]:
        """Yield the cited quotes and record fields, each with the language of its document."""
        for proof in self.proofs:
            yield normalize_spaces(proof.quote), self.documents[proof.item.document_id].language
        for item in self.items:
            document = self.documents[item.document_id]
            yield from (
                (normalize_spaces(text), document.language)
                for text in _record_texts(item, document)
            )


def find_sources(
    text: str, proofs: tuple[Proof, ...], sentence: Sentence, corpus: Corpus
) -> PartSources:
    """The sources of a part of a sentence: its proofs, their documents, and what was computed for
    it.

    A part without proofs may still name documents, so those whose titles it contains are its
    sources.
    """
    documents = corpus.catalogue.documents
    bare = normalize_spaces(text)
    ids = [proof.item.document_id for proof in proofs]
    if not proofs:
        ids = [document.id for document in documents.values() if document.title in bare]
    counted = chain.from_iterable(texts_of_count(count) for count in sentence.counted)
    computed = (*sentence.computed_texts, *counted)
    units = tuple(dict.fromkeys(corpus.name_units(proof.item)[0] for proof in proofs))
    return PartSources(
        proofs,
        {id_: documents[id_] for id_ in ids},
        computed,
        units,
        tuple(corpus.find_titles(bare)),
    )


def parts_of(sentence: Sentence) -> Iterator[tuple[str, tuple[Proof, ...]]]:
    """Yield the parts of a sentence, each as its text and the proofs by which it is checked.

    A fragment with proofs is a part of its own. Fragments between these are joined to one part,
    which is checked by all proofs of the sentence.
    """
    for has_proofs, fragments in groupby(
        sentence.fragments, key=lambda fragment: bool(fragment.proofs)
    ):
        if has_proofs:
            yield from ((fragment.text, fragment.proofs) for fragment in fragments)
            continue
        text = "".join(fragment.text for fragment in fragments)
        if text:
            yield text, sentence.proofs


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


def _known_words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(_folded_words, texts))


@lru_cache(maxsize=16384)
def _folded_words(text: str) -> frozenset[str]:
    """The words of a text, case-folded, and the parts of those with hyphens."""
    folded = [word.casefold() for word in split_words(text)]
    return frozenset(folded).union(*(word.split("-") for word in folded))


def _is_known(word: str, known: frozenset[str]) -> bool:
    """True if a case-folded word is one of the known words or of the service's.

    The word without "s" or "es" at the end, or with "s" added, counts too. A word with hyphens is
    known if all its parts are.
    """
    forms = {word, word.removesuffix("s"), word.removesuffix("es"), f"{word}s"}
    is_known = not (forms.isdisjoint(known) and forms.isdisjoint(_service_words()))
    return is_known or ("-" in word and all(_is_known(part, known) for part in word.split("-")))


@cache
def _service_words() -> frozenset[str]:
    """The words of the service's own texts in all languages and of its German field labels,
    case-folded.

    Placeholders ("{title}") are left out: they are names in programs.
    """
    texts: list[str] = []
    for code in (GERMAN, ENGLISH, *FURTHER):
        for name in _SERVICE_TEXTS:
            texts += load_words(f"{code}/{name}").values()
    texts += [text for name, text in load_words(_LABELS).items() if name.startswith("field_")]
    return _known_words(re.sub(r"\{.*?\}", " ", text) for text in texts)


def _record_texts(item: Item, document: Document) -> Iterator[str]:
    """Yield the texts of a record and its document whose numbers and names an answer may state.

    An archived record also goes by its former number, and both sides of a conflict may be told.
    """
    yield from (item.ref, item.title, document.title, *item.responsible, *item.municipalities)
    optional = (item.table_title, item.cooperation, item.period, item.cost, item.priority)
    yield from (text for text in optional if text)
    yield from (field.label for field in item.fields)
    yield from (head.title for head in (item.theme, item.goal) if head)
    for conflict in item.conflicts:
        yield from (conflict.text, conflict.table, *(value.text for value in conflict.values))
    if item.status is ItemStatus.ARCHIVED and item.former_ref:
        yield item.former_ref
