"""Nothing is published that is not supported: one pipeline for every sentence, whoever made it.

Its quotes are verbatim in their items; what it says is in what it cites. An unsupported sentence is dropped; a draft
without sentences left is no answer. A sentence without a citation is not published, but for a reservation, which says
only what is missing. Composed sentences are checked in their own words (`composed`), freely worded ones by the table of
checks (`checks`), translations beside their German sentence. The verdict that a sentence begins with is set by rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.answering.corpus import Corpus
from service.answering.draft import Counted, Draft, Fragment, Missing, Proof, Sentence
from service.answering.reading.classifier import is_surely_other
from service.answering.verification.checks import Failing, Fault, find_fault
from service.answering.verification.clauses import Stage, has_word_of, lower_words, split_clauses, word_lists
from service.answering.verification.composed import cite, dates_of, parts_of
from service.answering.verification.evidence import Aligner, CheckedClaim
from service.answering.verification.quotes import Quotes, document_proof, name_proof, status_proof
from service.answering.verification.translation import mirrors
from service.answering.verification.verbatim import squash
from service.models import AnswerStatus
from vectorstore.quantities import figures
from vectorstore.records import Document, Item, ItemStatus

_QUOTES = 3  # of one item that show a freely worded sentence
_ROWS = 5  # counted records that a count cites


class Verifier:
    """Checks drafts against the records of an edition and the text of its documents."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._aligner = Aligner(corpus)
        self.is_verbatim = Quotes(corpus).is_verbatim

    def verify(self, draft: Draft, language: str = "de") -> Draft:
        """The draft with only its supported sentences; `unavailable` where an answer has none left.

        `language` is that of the answer's own words: it says what points and commas in numbers mean.
        """
        if draft.status not in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
            return draft
        worded = draft.language or language
        retained = tuple(
            sentence
            for sentence in draft.sentences
            if self.find_fault(sentence, worded if sentence.german else language) is None
        )
        rows = tuple(tuple(proof for proof in row if self.is_verbatim(proof)) for row in draft.row_proofs)
        if not any(sentence.proofs and not sentence.reservation for sentence in retained):
            return Draft(AnswerStatus.UNAVAILABLE)
        return replace(draft, sentences=retained, row_proofs=rows)

    def word(
        self,
        text: str,
        items: Sequence[Item] = (),
        documents: Sequence[Document] = (),
        counted: tuple[Counted, ...] = (),
        missing: tuple[Missing, ...] = (),
        german: Sentence | None = None,
    ) -> Sentence:
        """A freely worded sentence with the quotes that show it, and its verdict only where that is supported."""
        if german is None:
            text = _set_verdict(text, items)
        bare = text.rstrip(".")
        end = Fragment(text[len(bare) :])
        if german is not None:
            return replace(german, fragments=(Fragment(bare, german.proofs), end), german=german)
        proofs = self._quote(text, items)
        proofs += [proof for document in documents for proof in self._quote_document(text, document)]
        proofs += [name_proof(item, self.corpus) for count in counted for item in count.items[:_ROWS]]
        fragments = (Fragment(bare, tuple(dict.fromkeys(proofs))), end)
        return Sentence(fragments, free=True, counted=counted, missing=missing, reservation=not proofs)

    def supports(self, sentence: Sentence, language: str = "de") -> bool:
        """True if a sentence is cited, its quotes are verbatim, and its own words state only what is cited."""
        return self.find_fault(sentence, language) is None

    def find_fault(self, sentence: Sentence, language: str = "de") -> Failing | None:
        """The first objection to a sentence, None where there is none."""
        if sentence.german is not None:
            glossary = (lambda word: self.corpus.expansion.entries(word, language)) if language == "en" else None
            similar = bool(sentence.text.strip()) and mirrors(sentence.text, sentence.german.text, language, glossary)
            return self.find_fault(sentence.german) or (None if similar else Failing(Fault.TRANSLATION))
        if not sentence.proofs and not sentence.reservation:
            return Failing(Fault.QUOTES)
        if not all(map(self.is_verbatim, sentence.proofs)):
            return Failing(Fault.QUOTES)
        if sentence.free:
            return self._find_free_fault(sentence)
        parts = ((text, cite(text, proofs, sentence, self.corpus)) for text, proofs in parts_of(sentence))
        return next(filter(None, (cited.find_fault(text, language) for text, cited in parts)), None)

    def _find_free_fault(self, sentence: Sentence) -> Failing | None:
        """The objection to a freely worded sentence."""
        text = sentence.text
        if "[" in text:  # what looks like a citation is one of ours
            return Failing(Fault.QUOTES)
        if is_surely_other(text, "de"):
            return Failing(Fault.TRANSLATION)
        if not sentence.proofs:
            return None if sentence.missing and _states_missing(text) else Failing(Fault.QUOTES)
        if any(count.complete is False for count in sentence.counted) and not has_word_of(lower_words(text), "bound"):
            return Failing(Fault.COUNT)  # there may be more
        if any(squash(text) == squash(proof.quote) for proof in sentence.proofs):
            return None  # a whole sentence of what is cited
        return find_fault(self.align(sentence))

    def align(self, sentence: Sentence) -> CheckedClaim:
        """A freely worded sentence beside what it cites, its verdict left out."""
        cited = cite(sentence.text, sentence.proofs, sentence, self.corpus)
        documents, evidence = tuple(cited.documents.values()), self._aligner.cited(cited.items)
        text = split_verdict(sentence.text)[1]
        is_title_page = any(self.corpus.front_matter(document) in cited.items for document in cited.documents)
        statements = self._aligner.align(text, evidence)
        return CheckedClaim(
            text,
            statements,
            evidence,
            tuple(cited.items),
            documents,
            dates_of(documents),
            sentence.counted,
            is_title_page,
        )

    def _quote(self, text: str, items: Sequence[Item]) -> list[Proof]:
        """The quotes that show a sentence: the passages that support it, of a status its heading, else a name."""
        evidence = self._aligner.cited(items)
        statements = self._aligner.align(split_verdict(text)[1], evidence)
        sources = {passage: source.item for source in evidence for passage in source.passages}
        shown = [Proof(sources[passage], passage.quote) for s in statements for passage in s.passages]
        made = list[Proof]()
        for item in items:
            own = [p for p in shown if p.item in (item, *self.corpus.catalogue.children(item)) and self.is_verbatim(p)]
            if item.status and any(any(statement.clause.statuses) for statement in statements):
                is_named = all(statement.is_titled for statement in statements)
                own = [status_proof(item, self.corpus), *(() if is_named else own)]
            made += list(dict.fromkeys(own))[:_QUOTES] or [name_proof(item, self.corpus)]
        return made

    def _quote_document(self, text: str, document: Document) -> list[Proof]:
        """The quotes of a document's metadata that a sentence states: date, publisher, status, else its title."""
        stated = lower_words(text)
        facts = [
            fact.field
            for fact in document.front
            if fact.quote
            and (
                (fact.field == "as_of" and len(figures(text).moments) > 0)
                or (fact.field == "publisher" and document.publisher.lower() in text.lower())
                or (fact.field == "status" and has_word_of(stated, "draft", "decided", "valid"))
            )
        ]
        proofs = [document_proof(document, self.corpus, fact) for fact in dict.fromkeys(facts or ["title"])]
        return [proof for proof in proofs if proof]


def split_verdict(text: str) -> tuple[str, str]:
    """The verdict that a sentence begins with (yes, no, not_yet, "") and the rest of it."""
    for name, word in word_lists()["verdicts"].items():
        behind = text[len(word) :]
        if text.startswith(word) and behind[:1] in (",", ":", ";", "!", ".") and behind[1:].strip():
            return name, behind[1:].strip()
    return "", text


def _set_verdict(text: str, items: Sequence[Item]) -> str:
    """A sentence with the verdict that it begins with, if a status, a stage or a negation supports it, else without."""
    verdict, remaining = split_verdict(text)
    clauses, statuses = split_clauses(remaining) if verdict else (), {item.status for item in items}
    denied = any(clause.has("denied", "idea", "contrast", "refused", "ended_otherwise") for clause in clauses)
    lessened = any(clause.has("lessened", "ahead", "only", "examined") for clause in clauses)
    is_open = not statuses.isdisjoint((ItemStatus.IDEA, ItemStatus.PLANNED))
    happened = any(clause.stage in (Stage.NOW, Stage.DONE) for clause in clauses)
    supported = {
        "": True,
        "yes": not (denied or lessened) and (happened or not is_open),
        "no": denied or lessened,
        "not_yet": denied or lessened or is_open or ItemStatus.IN_PROGRESS in statuses,
        "partly": True,
    }[verdict]
    return text if supported else remaining[:1].upper() + remaining[1:]


def _states_missing(text: str) -> bool:
    """True if a sentence says that something was not found, and not that it does not exist."""
    stated = lower_words(text)
    return has_word_of(stated, "denied") and has_word_of(stated, "found")
