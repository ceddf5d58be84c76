"""The verifier: drops every sentence of a draft that its sources do not support, whoever wrote it.

Quotes have to be verbatim in their items. A draft without supported sentences is no answer. A
sentence without a citation is dropped, unless it is a reservation: it states only what is missing.
The service's own sentences are built from proven parts and need no more. Freely worded ones bring
their own quote and pass the hard checks (`checks`); what they mean is judged elsewhere.
Translations are checked against their German sentence. The verdict at the beginning of a sentence
is set by rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from service.answering.corpus import Corpus
from service.answering.draft import Count, Draft, Fragment, Proof, Sentence
from service.answering.reading.classifier import is_third_language
from service.answering.verification.characters import (
    find_foreign,
    normalize_characters,
    tokenize_characters,
)
from service.answering.verification.checks import (
    STAFF_CHECKS,
    CheckFailure,
    Fault,
    FreeSentence,
    find_fault,
    find_own_words,
    find_statuses,
    has_word_of,
    words_of,
)
from service.answering.verification.quotes import Quotes, document_proof, name_proof, status_proof
from service.answering.verification.sources import documents_of, names_of, printed_texts
from service.answering.verification.translation import beside_original, is_faithful_translation
from service.answering.verification.verbatim import is_prompt_injection
from service.answering.verification.verdicts import split_verdict, without_verdict
from service.records import AnswerStatus, Checked
from vectorstore.language import extract_quantities, fold, squash
from vectorstore.records import Document, Item

_MOST_ROWS = 5  # counted records that a count cites
_MOST_QUOTES = 2  # passages for a sentence that brings no quote
_FURTHER_TERMS = 2  # of the sentence, for which a second passage is cited
_LEAST_WORDS = 3  # of a quote, unless it is all of a labelled field
_QUOTE_MARKS = ' „“”»«"…'


class SupportedSentence(NamedTuple):
    """A freely worded sentence with its proofs, and the fault for which it cannot be shown."""

    sentence: Sentence
    fault: CheckFailure | None = None


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.is_verbatim = Quotes(corpus).is_verbatim

    def verify(self, draft: Draft, language: str = "de") -> Draft:
        """The draft without the sentences in which `find_fault` finds a fault, and without the
        proofs of rows that are not verbatim.

        If no sentence is left that claims something and cites its proof, it is an empty draft with
        the status `unavailable`. A draft of another status than `answered` or `found` claims
        nothing, so it is returned as it is.

        `language` is that of the service's own words in the draft, which decides how numbers are
        written ("1,5" or "1.5"). Translations are in the language of the draft itself.
        """
        if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
            return draft
        language_of_translations = draft.language or language
        supported = []
        for sentence in draft.sentences:
            written_in = language_of_translations if sentence.german_original else language
            if self.find_fault(sentence, written_in) is None:
                supported.append(sentence)
        is_claim_left = any(
            sentence.proofs and not sentence.is_reservation for sentence in supported
        )
        if not is_claim_left:
            return Draft(AnswerStatus.UNAVAILABLE)
        rows = tuple(tuple(filter(self.is_verbatim, row)) for row in draft.row_proofs)
        return replace(draft, sentences=tuple(supported), row_proofs=rows)

    def prove(
        self,
        text: str,
        quote: str,
        items: Sequence[Item] = (),
        documents: Sequence[Document] = (),
        counted: tuple[Count, ...] = (),
        *,
        translation: str = "",
        language: str = "de",
    ) -> SupportedSentence:
        """Prove a freely worded sentence by its quote from one of the cited `items`, by the front
        matter of `documents`, or by what was counted.

        A status is proven by the record itself. A quote that is given has to be one, unless a tool
        counted. Outside German, `translation` is the same sentence in `language`.
        """
        _, text = split_verdict(normalize_characters(text))
        proofs = self._status_proofs(text, items)
        quoted = self._find_quoted(quote, items)
        proofs += [quoted] if quoted else []
        for document in documents:
            proofs += self._document_proofs(text, document)
        for count in counted:
            proofs += [name_proof(item, self.corpus) for item in count.items[:_MOST_ROWS]]
        sentence = make_free(text, proofs, counted)
        if language != "de":
            _, translation = split_verdict(normalize_characters(translation), language)
            sentence = beside_original(translation, sentence, language)
        fault = self.find_fault(sentence, language)
        if quote.strip() and quoted is None and not counted:
            fault = CheckFailure(Fault.QUOTES)
        return SupportedSentence(sentence, fault)

    def prove_by_passages(self, text: str, items: Sequence[Item]) -> SupportedSentence:
        """Prove a sentence that people wrote, and answer for, by the passages of items that have
        most of its words; it may have no noun or figure that these do not print.
        """
        _, text = split_verdict(normalize_characters(text))
        proofs = self._status_proofs(text, items)
        proofs += self._find_passages(text, items)
        sentence = make_free(text, proofs)
        fault = self.find_fault(sentence) or find_fault(self.free_sentence(sentence), STAFF_CHECKS)
        return SupportedSentence(sentence, fault)

    def is_own_wording(self, sentence: Sentence) -> bool:
        """True if a freely worded sentence, or the German one that it translates, says what its
        quotes do not print.
        """
        own_words = find_own_words(self.free_sentence(sentence.german_original or sentence))
        return next(own_words, None) is not None

    def free_sentence(self, sentence: Sentence) -> FreeSentence:
        """A freely worded sentence with all that its checks need. The quotes that are open behind
        it are none of its words.
        """
        text = sentence.text
        if sentence.checked is Checked.FREE:
            text = sentence.fragments[0].text
        items = list({proof.item.address: proof.item for proof in sentence.proofs}.values())
        documents = documents_of(sentence, self.corpus)
        names = [name for item in items for name in names_of(item, self.corpus)]
        for document in documents:
            names += [document.title, document.publisher]
        return FreeSentence(
            text,
            tuple(proof.quote for proof in sentence.proofs),
            tuple(names),
            tuple(items),
            tuple(documents),
            sentence.counted,
            self._places,
        )

    @cached_property
    def _places(self) -> frozenset[str]:
        """The folded names of the municipalities that take part in records."""
        items = self.corpus.catalogue.items
        names = chain.from_iterable(item.municipalities for item in items)
        return frozenset(map(fold, names))

    def _status_proofs(self, text: str, items: Sequence[Item]) -> list[Proof]:
        """The proofs of the status of each cited record, if a sentence states one."""
        if not any(find_statuses(text)):
            return []
        return [status_proof(item, self.corpus) for item in items if item.status]

    def _find_quoted(self, quote: str, items: Sequence[Item]) -> Proof | None:
        """The proof with a quote from one of the items or of their parts; None if it is in none of
        them, or says nothing: it is a name, a row or too short.
        """
        quote = quote.strip(_QUOTE_MARKS)
        if not quote or is_prompt_injection(quote):
            return None
        for item in items:
            for own in (item, *self.corpus.catalogue.children(item)):
                proof = Proof(own, quote)
                if self.is_verbatim(proof) and _is_statement(quote, own):
                    return proof
        return None

    def _find_passages(self, text: str, items: Sequence[Item]) -> list[Proof]:
        """The passages of items that have most of a sentence's words, at most two; the second only
        if it has some further ones.
        """
        wanted = set(self.corpus.analyzer.terms(text))
        candidates = []
        for item in items:
            passages = [sentence.text for sentence in self.corpus.sentences(item)]
            passages += [field.text for field in item.fields]
            candidates += [Proof(item, passage) for passage in passages if passage.strip()]
        chosen = list[Proof]()
        for _ in range(_MOST_QUOTES):
            rated = [(self._count_terms(proof, wanted), proof) for proof in candidates]
            best, proof = max(rated, key=lambda pair: pair[0], default=(0, None))
            if proof is None or best < (_FURTHER_TERMS if chosen else 1):
                break
            chosen.append(proof)
            wanted -= set(self.corpus.analyzer.terms(proof.quote))
        return [proof for proof in chosen if self.is_verbatim(proof)]

    def _count_terms(self, proof: Proof, wanted: set[str]) -> int:
        return len(wanted.intersection(self.corpus.analyzer.terms(proof.quote)))

    def find_fault(self, sentence: Sentence, language: str = "de") -> CheckFailure | None:
        """The first fault in a sentence (citation, quotes, characters, own words), None if there is
        none.

        A verdict at its beginning was set by a rule and is not checked. A translation also has the
        faults of its German sentence, on which alone it rests. Only a reservation, which states
        what is missing, may have no proof.
        """
        are_verbatim = all(map(self.is_verbatim, sentence.proofs))
        if not are_verbatim or any(map(_is_altered, sentence.fragments)):
            return CheckFailure(Fault.QUOTES)
        sentence = without_verdict(sentence)
        foreign = self._find_foreign(sentence, language)
        if foreign:
            return CheckFailure(Fault.CHARACTERS, foreign)
        german = sentence.german_original
        if german is not None:
            fault = self.find_fault(german)
            return fault or self._find_translation_fault(sentence, german, language)
        if not sentence.proofs and not sentence.is_reservation:
            return CheckFailure(Fault.QUOTES)
        if not sentence.is_free:
            return None
        if is_third_language(sentence.text, "de"):
            return CheckFailure(Fault.TRANSLATION)
        return find_fault(self.free_sentence(sentence))

    def _find_foreign(self, sentence: Sentence, language: str) -> str:
        """The first word or sign of a sentence with other characters than shown sentences may have;
        "" if there is none.

        Words that its sources print or compute are right as they are, and so are all words that the
        service itself put together; signs only if they are printed, and in the service's own
        sentences alone.
        """
        foreign = find_foreign(sentence.text, language, is_free=sentence.is_free)
        if not sentence.is_free:
            foreign = [token for token in foreign if not token.isalnum()]
        if not foreign:
            return ""
        printed = set(tokenize_characters("\n".join(printed_texts(sentence, self.corpus))))
        if sentence.is_free:
            printed = set(filter(str.isalnum, printed))
        return next((token for token in foreign if token not in printed), "")

    def _find_translation_fault(
        self, sentence: Sentence, german: Sentence, language: str
    ) -> CheckFailure | None:
        """The fault in the translation beside a supported German sentence; None if there is none.

        It also has one if it is not built as `beside_original` builds it. A glossary exists for
        English only.
        """
        translation = sentence.fragments[0].text
        translate = self.corpus.expansion.translate_phrase
        glossary = (lambda word: translate(word, language)) if language == "en" else None
        beside = beside_original(translation, german, language)
        is_beside = sentence.fragments == beside.fragments
        if is_beside and is_faithful_translation(translation, german.text, language, glossary):
            return None
        return CheckFailure(Fault.TRANSLATION)

    def _document_proofs(self, text: str, document: Document) -> list[Proof]:
        """The proofs of what a sentence states of a document: its date, publisher and status.

        That a date is stated is seen from any date, the status from words such as "Entwurf" and
        "beschlossen". If none of these is both stated and quoted, the title is the proof.
        """
        is_stated = {
            "as_of": bool(extract_quantities(text).moments),
            "publisher": document.publisher.lower() in text.lower(),
            "status": has_word_of(text, "draft", "decided", "valid"),
        }
        fields = [fact.field for fact in document.front if fact.quote and is_stated.get(fact.field)]
        proofs = (
            document_proof(document, self.corpus, field)
            for field in dict.fromkeys(fields or ["title"])
        )
        return [proof for proof in proofs if proof]


def make_free(text: str, proofs: Sequence[Proof], counted: tuple[Count, ...] = ()) -> Sentence:
    """A freely worded sentence with its proofs."""
    bare = text.rstrip(".")
    end = Fragment(text[len(bare) :])  # behind the citation markers
    return Sentence(
        (Fragment(bare, tuple(dict.fromkeys(proofs))), end),
        is_free=True,
        counted=counted,
    )


def _is_statement(quote: str, item: Item) -> bool:
    """True if a quote states something: it is all of a labelled field, or a few words of letters at
    least that are neither a name of the item nor a row of a table.
    """
    squashed = squash(quote).casefold()
    if any(squash(field.text).casefold() == squashed for field in item.fields):
        return True
    names = [
        squash(name).casefold() for name in (item.title, item.heading, f"{item.ref} {item.title}")
    ]
    is_row = "\t" in quote or " | " in quote
    words = [word for word in words_of(quote) if word.isalpha() and len(word) > 1]
    return len(words) >= _LEAST_WORDS and squashed not in names and not is_row


def _is_altered(fragment: Fragment) -> bool:
    """True if a fragment that is to be a quote says anything else than one of its proofs.

    White space and a full stop at the end may differ.
    """
    said = squash(fragment.text).rstrip(".")
    return fragment.is_quote and all(
        said != squash(proof.quote).rstrip(".") for proof in fragment.proofs
    )
