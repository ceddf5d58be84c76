"""The verifier: drops every sentence of a draft that its sources do not support, whoever wrote it.

Quotes have to be verbatim in their items, statements have to be supported by their sources. A draft
without supported sentences is no answer. A sentence without a citation is dropped, unless it is a
reservation: it states only what is missing. The service's own sentences are built from proven parts
and need no more. Freely worded ones are checked by the table of checks (`checks`), translations
against their German sentence. The verdict at the beginning of a sentence is set by rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import NamedTuple

from german_clauses import has_word_of, lower_words
from prompts import text as prompt_text
from service.answering.corpus import Corpus
from service.answering.draft import Count, Draft, Fragment, Proof, Sentence
from service.answering.reading.classifier import is_third_language
from service.answering.verification.characters import (
    find_foreign,
    normalize_characters,
    tokenize_characters,
)
from service.answering.verification.checks import CheckFailure, Fault, find_fault
from service.answering.verification.evidence import Aligner, CheckedClaim
from service.answering.verification.quotes import (
    Quotes,
    cut_text,
    document_proof,
    name_proof,
    status_proof,
)
from service.answering.verification.sources import (
    computed_texts,
    dates_of,
    documents_of,
    printed_texts,
)
from service.answering.verification.translation import beside_original, is_faithful_translation
from service.answering.verification.verdicts import split_verdict, without_verdict
from service.answering.verification.wordlists import statuses_in
from service.records import AnswerStatus
from vectorstore.language import extract_quantities, squash
from vectorstore.records import Document, Item

_MOST_QUOTES = 3  # of one item for a freely worded sentence
_LONGEST_QUOTE = 600  # characters of the quote in place of a sentence
_MOST_PAIRED = 4  # cited items up to which two of them may prove a sentence together
_MOST_ROWS = 5  # counted records that a count cites


class JudgedSentence(NamedTuple):
    """What becomes of a freely worded sentence: it passes (no `fault`), the words that it cites
    replace it, or it is dropped (no `sentence`).
    """

    sentence: Sentence | None
    fault: CheckFailure | None = None


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._aligner = Aligner(corpus)
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

    def judge(
        self,
        text: str,
        items: Sequence[Item] = (),
        documents: Sequence[Document] = (),
        counted: tuple[Count, ...] = (),
        *,
        by_empty_search: bool = False,
        translation: str = "",
        language: str = "de",
    ) -> JudgedSentence:
        """Judge a freely worded sentence by what it cites; see `formulate`.

        Each cited item or document is tried alone, then (of up to four items) two together, then
        all: a sentence that one source proves must not fail because of another one. Outside German,
        `translation` is the same sentence in `language`. A sentence that fails is replaced by a
        quote, if there is one.
        """
        cited: list[tuple[Sequence[Item], Sequence[Document]]] = [((item,), ()) for item in items]
        cited += [((), (document,)) for document in documents]
        if len(items) <= _MOST_PAIRED:
            cited += [(pair, ()) for pair in combinations(items, 2)]
        for own_items, own_documents in (*cited, (items, documents)):
            drafted = self.formulate(
                text, own_items, own_documents, counted, by_empty_search=by_empty_search
            )
            fault = self.find_fault(drafted)
            if fault is None:
                break
        sentence = drafted
        if language != "de":
            _, translation = split_verdict(normalize_characters(translation), language)
            sentence = beside_original(translation, drafted, language)
            fault = self.find_fault(sentence, language)
        if fault is None:
            return JudgedSentence(sentence)
        return JudgedSentence(self._quote_instead(drafted, language), fault)

    def _quote_instead(self, sentence: Sentence, language: str) -> Sentence | None:
        """A sentence that quotes what a doubtful one cites, to take its place.

        None if it states a count, which no quote can replace, or if no quote passes the check. The
        name of an item that has sentences is not quoted.
        """
        if sentence.counted:
            return None
        for proof in sentence.proofs:
            item = proof.item
            name = name_proof(item, self.corpus)
            if squash(proof.quote) == squash(name.quote) and self.corpus.sentences(item):
                continue
            quote = cut_text(proof.quote, _LONGEST_QUOTE)
            label = next(
                (f"{part.label}: " for part in item.fields if part.text == proof.quote), ""
            )
            lead = f"{prompt_text(f'{language}/replaced')} {label}"
            end = "" if quote.endswith((".", "!", "?")) else "."
            quoted = Fragment(f"„{quote}“", (replace(proof, quote=quote),))
            replaced = Sentence(
                (Fragment(lead), quoted, Fragment(end)), computed_texts=(lead,), is_replaced=True
            )
            if self.find_fault(replaced) is None:
                return replaced
        return None

    def formulate(
        self,
        text: str,
        items: Sequence[Item] = (),
        documents: Sequence[Document] = (),
        counted: tuple[Count, ...] = (),
        *,
        by_empty_search: bool = False,
    ) -> Sentence:
        """A freely worded sentence with the quotes that support it, without its own verdict.

        It cites `items` and `documents`, states the counts `counted`, or with `by_empty_search`
        that nothing was found. Without any proof it can only state what is missing, so it is a
        reservation.
        """
        _, text = split_verdict(normalize_characters(text))
        bare = text.rstrip(".")
        end = Fragment(text[len(bare) :])  # behind the citation markers
        proofs = self._find_quotes(text, items)
        for document in documents:
            proofs += self._find_document_quotes(text, document)
        for count in counted:
            proofs += [name_proof(item, self.corpus) for item in count.items[:_MOST_ROWS]]
        return Sentence(
            (Fragment(bare, tuple(dict.fromkeys(proofs))), end),
            is_free=True,
            counted=counted,
            by_empty_search=by_empty_search,
            is_reservation=not proofs,
        )

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
        if sentence.is_free:
            return self._find_free_fault(sentence)
        return None

    def _find_foreign(self, sentence: Sentence, language: str) -> str:
        """The first word or sign of a sentence with other characters than shown sentences may have;
        "" if there is none.

        Words that its sources print or compute are right as they are; signs only if they are
        printed, and in the service's own sentences alone.
        """
        foreign = find_foreign(sentence.text, language, is_free=sentence.is_free)
        if not foreign:
            return ""
        printed = tokenize_characters("\n".join(printed_texts(sentence, self.corpus)))
        computed = tokenize_characters("\n".join(computed_texts(sentence)))
        known = set(filter(str.isalnum, [*printed, *computed]))
        if not sentence.is_free:
            known.update(printed)
        return next((token for token in foreign if token not in known), "")

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
        is_beside = sentence == beside_original(translation, german, language)
        if is_beside and is_faithful_translation(translation, german.text, language, glossary):
            return None
        return CheckFailure(Fault.TRANSLATION)

    def _find_free_fault(self, sentence: Sentence) -> CheckFailure | None:
        """The fault in a freely worded sentence; None if there is none.

        A sentence that is nothing but a quote needs no comparison with its sources.
        """
        text = sentence.text
        words = lower_words(text)
        if is_third_language(text, "de"):
            return CheckFailure(Fault.TRANSLATION)
        if not sentence.proofs:
            # "nichts gefunden" states that it was not found, "gibt es nicht" that it does not exist
            states_missing = has_word_of(words, "denied") and has_word_of(words, "found")
            if sentence.by_empty_search and states_missing:
                return None
            return CheckFailure(Fault.QUOTES)
        if any(count.complete is False for count in sentence.counted) and not has_word_of(
            words, "bound"
        ):
            return CheckFailure(Fault.COUNT)  # an incomplete count needs a bound: "mindestens"
        if any(squash(text) == squash(proof.quote) for proof in sentence.proofs):
            return None  # the sentence is a quote
        return find_fault(self.align(sentence))

    def align(self, sentence: Sentence) -> CheckedClaim:
        """A freely worded sentence with all that its checks need: its clauses aligned with
        passages, the evidence of its items, and its documents.

        Whether it cites a title page is kept, too, as some checks then allow what is said of the
        whole document.
        """
        documents = tuple(documents_of(sentence, self.corpus))
        items = list({proof.item.address: proof.item for proof in sentence.proofs}.values())
        evidence = self._aligner.collect_evidence(items)
        return CheckedClaim(
            sentence.text,
            self._aligner.align(sentence.text, evidence),
            evidence,
            documents,
            dates_of(documents),
            sentence.counted,
            cites_title_page=any(
                self.corpus.title_page(document.id) in items for document in documents
            ),
        )

    def _find_quotes(self, text: str, items: Sequence[Item]) -> list[Proof]:
        """The proofs of a sentence, up to three for each item.

        These are the supporting passages of the item and of its children. The item's status comes
        first if the sentence states one; if it is on statuses alone ("Der Radweg ist umgesetzt"),
        it is the only proof. If nothing of an item supports the sentence, the proof is its name.
        """
        evidence = self._aligner.collect_evidence(items)
        statements = self._aligner.align(text, evidence)
        sources = {passage: source.item for source in evidence for passage in source.passages}
        passages = list(chain.from_iterable(statement.passages for statement in statements))
        supporting = [Proof(sources[passage], passage.quote) for passage in passages]
        states_status = any(any(statuses_in(statement.clause)) for statement in statements)
        is_about_items = all(statement.is_about_item for statement in statements)
        proofs = list[Proof]()
        for item in items:
            own_items = (item, *self.corpus.catalogue.children(item))
            item_proofs = [
                proof for proof in supporting if proof.item in own_items and self.is_verbatim(proof)
            ]
            if item.status and states_status:
                item_proofs = [
                    status_proof(item, self.corpus),
                    *(() if is_about_items else item_proofs),
                ]
            proofs += list(dict.fromkeys(item_proofs))[:_MOST_QUOTES] or [
                name_proof(item, self.corpus)
            ]
        return proofs

    def _find_document_quotes(self, text: str, document: Document) -> list[Proof]:
        """The proofs of what a sentence states of a document: its date, publisher and status.

        That a date is stated is seen from any date, the status from words such as "Entwurf" and
        "beschlossen". If none of these is both stated and quoted, the title is the proof.
        """
        is_stated = {
            "as_of": len(extract_quantities(text).moments) > 0,
            "publisher": document.publisher.lower() in text.lower(),
            "status": has_word_of(lower_words(text), "draft", "decided", "valid"),
        }
        fields = [fact.field for fact in document.front if fact.quote and is_stated.get(fact.field)]
        proofs = (
            document_proof(document, self.corpus, field)
            for field in dict.fromkeys(fields or ["title"])
        )
        return [proof for proof in proofs if proof]


def _is_altered(fragment: Fragment) -> bool:
    """True if a fragment that is to be a quote says anything else than one of its proofs.

    White space and a full stop at the end may differ.
    """
    said = squash(fragment.text).rstrip(".")
    return fragment.is_quote and all(
        said != squash(proof.quote).rstrip(".") for proof in fragment.proofs
    )
