"""Questions that people decided on, over one edition: the decision that a question means, and its answer.

A question is compared with the wordings of decisions as search compares it with questions written for items, times how
similar the reader takes what both ask for. Each sentence of a text has to be proven by the items that it cites, as a
draft's; a text with one that is not proven is not told, and staff see why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from prompts import fill, load_words, say
from service import wording
from service.answering.composing.fixed import fixed, not_in_documents
from service.answering.corpus import Corpus
from service.answering.draft import Draft, Fragment, Sentence, answered, sentence
from service.answering.pipeline import PipelineParts, Work
from service.answering.retrieval.search import QuestionIndex
from service.answering.verification.clauses import has_word_of, lower_words
from service.answering.verification.quotes import document_proof
from service.answering.verification.verbatim import is_order
from service.answering.verification.verifier import Verifier
from service.models import AnswerMode, AnswerStatus
from service.people.decisions import Decision, DecisionKind
from vectorstore.analysis import fold, printed_words
from vectorstore.quantities import figures
from vectorstore.questions import ItemKey, ItemQuestion, Questions
from vectorstore.records import Item
from vectorstore.sentences import sentence_spans

LEAST_TEXT, LEAST_END = 0.45, 0.7  # similarity of a wording from which a text, or the end of a question, is meant
_GERMAN, _EASY = "de", "einfach"


@dataclass(frozen=True)
class CheckedDecision:
    """A decision on a question over one edition: the proven sentences of a text, why others are not, all its words."""

    decision: Decision
    sentences: tuple[Sentence, ...] = ()
    problems: tuple[str, ...] = ()
    words: str = ""

    def is_answered_directly(self, today: date) -> bool:
        """True on a day on which it holds, if all of it is proven."""
        return not self.problems and self.decision.is_valid(today)


class DecidedQuestions:
    """What was decided on questions, over one edition; never changes, used by many requests at a time."""

    def __init__(
        self, parts: PipelineParts, decisions: Sequence[Decision], today: Callable[[], date] = date.today
    ) -> None:
        self._parts, self._today = parts, today
        on_questions = [each for each in decisions if each.is_standing and each.kind is not DecisionKind.VALUE]
        self.checked = tuple(_check(each, parts.corpus, parts.verifier) for each in on_questions)
        self._compared = [each for each in self.checked if each.decision.kind is not DecisionKind.ITEM]
        asked = [(row, text) for row, each in enumerate(self._compared) for text in each.decision.wordings]
        self._wordings = [(row, self._asks(text), _denies(text)) for row, text in asked]
        corpus, rows = parts.corpus, {("", str(row)): row for row in range(len(self._compared))}
        indexed = Questions.build([ItemQuestion("", str(row), text) for row, text in asked], corpus.analyzer)
        self._index = QuestionIndex(indexed, rows, corpus.analyzer, corpus.rarity)

    def __call__(self, work: Work) -> Draft | None:
        """What a question is answered by the decision that it means, None where it means none."""
        context = work.context
        if context is None or work.parts is not self._parts or work.language != _GERMAN:
            return None
        query = context.query
        if query.spoken != _GERMAN or not (meant := self.find(query.text, query.conditions.place)):
            return None
        decision = meant.decision
        if decision.kind is DecisionKind.GAP:
            return not_in_documents(context)
        if decision.kind is DecisionKind.NOT_OURS:
            return fixed("not_ours", work.language, AnswerStatus.OUT_OF_SCOPE)
        cited = {document for document, _ in decision.items}
        first = context.hits[0].item if context.hits else None
        inside = cited <= set(query.conditions.documents or context.corpus.catalogue.documents)
        if not inside or first is None or (first.document_id, first.key) not in decision.items:
            return None
        return _draft(meant, self._parts.corpus, _EASY if work.request.style == _EASY else _GERMAN)

    def find(self, question: str, place: str = "") -> CheckedDecision | None:
        """The decision with the wording most similar to a question, None where none is similar enough.

        None that lacks a number, a date or the place of the question, or one of its nouns that no document has.
        """
        for similarity, row in self._rank(question):
            checked = self._compared[row]
            least = LEAST_TEXT if checked.decision.kind is DecisionKind.TEXT else LEAST_END
            if similarity >= least and checked.is_answered_directly(self._today()):
                return checked if self._covers(checked, question, place) else None
        return None

    def find_missing(self, decision: Decision) -> list[str]:
        """Why items of a decision cannot be cited, a sentence for each."""
        return [problem for item in decision.items if (problem := _missing(item, self._parts.corpus))]

    def _covers(self, checked: CheckedDecision, question: str, place: str) -> bool:
        if fold(place) not in fold(checked.words) or not figures(checked.words).prove(figures(question)):
            return False
        corpus = self._parts.corpus
        terms = corpus.analyzer.terms(checked.words)
        nouns = (word for text in printed_words(question) if text[0].isupper() for word in corpus.analyzer.words(text))
        return all(any(term in terms or corpus.knows(term) for term in noun.terms) for noun in nouns)

    def _rank(self, question: str) -> list[tuple[float, int]]:
        """How similar the most similar wording of each decision is, 0 to 1, with its row; the most similar first."""
        if not self._wordings:
            return []
        asked, denied = self._asks(question), _denies(question)
        same: dict[int, float] = {}
        for row, asks, denies in self._wordings:
            if denies == denied:
                same[row] = max(same.get(row, 0.0), float(np.minimum(asks, asked).sum()))
        shares = self._index.likeness(question)
        return sorted(((float(shares[row]) * share, row) for row, share in same.items()), key=lambda pair: -pair[0])

    def _asks(self, text: str) -> NDArray[np.float32]:
        return np.array(list(self._parts.reader.probabilities(text)["asked"].values()), dtype=np.float32)


def _denies(text: str) -> bool:
    return has_word_of(lower_words(text), "denied")


def _check(decision: Decision, corpus: Corpus, verifier: Verifier) -> CheckedDecision:
    """What an edition proves of a decision on a question."""
    items = [item for cited in decision.items if (item := corpus.catalogue.item(*cited)) is not None]
    words = " ".join(
        (*decision.wordings, decision.value, *(f"{item.title} {item.table_title or ''}" for item in items))
    )
    problems = [problem for cited in decision.items if (problem := _missing(cited, corpus))]
    supported = list[Sentence]()
    for text in _sentences(decision.value):
        made = _prove(text, items, verifier)
        if isinstance(made, Sentence):
            supported.append(made)
        else:
            problems.append(say("people.because", text=text, reason=made))
    if decision.kind is DecisionKind.TEXT and not (supported or problems):
        problems.append(say("people.no_sentence"))
    return CheckedDecision(decision, tuple(supported), tuple(problems), words)


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.splitlines():
        for start, end in sentence_spans(paragraph):
            if sentence_text := " ".join(paragraph[start:end].split()):
                yield sentence_text


def _prove(text: str, items: Sequence[Item], verifier: Verifier) -> Sentence | str:
    """A sentence with the first item that proves it alone, else with all together; or why none does."""
    if is_order(text):
        return say("people.order")
    problem = say("people.fault_quotes")
    for chosen in [*([item] for item in items), *([list(items)] if len(items) > 1 else [])]:
        made = verifier.word(text, chosen)
        if (fault := verifier.find_fault(made)) is None:
            return made
        problem = load_words("de/people")[f"fault_{fault.kind.value}"].format(said=fault.said)
    return problem


def _missing(cited: ItemKey, corpus: Corpus) -> str:
    """Why an item cannot be cited; "" where it can."""
    document, key = cited
    everything = corpus.edition.catalogue
    if document not in everything.documents:
        return say("people.no_document", document=document)
    if everything.item(document, key) is None:
        return say("people.no_item", document=document, key=key)
    return "" if corpus.catalogue.item(document, key) else say("people.superseded", document=document)


def _draft(checked: CheckedDecision, corpus: Corpus, style: str) -> Draft:
    """A text as a draft, with who wrote it; documents that are not decided are named as that behind it."""
    decision, sentences = checked.decision, list(checked.sentences)
    for document in map(corpus.catalogue.documents.__getitem__, sorted({name for name, _ in decision.items})):
        proof = document_proof(document, corpus)
        if proof is not None and wording.undecided(document, _GERMAN):
            named = sentence(Fragment(wording.source(document, _GERMAN), (proof,)), ".")
            sentences.append(replace(named, reservation=True))
    until = wording.day(decision.until) if decision.until else ""
    curated = fill(f"{style}/curated", owner=decision.owner, until=until)
    return answered(*sentences, mode=AnswerMode.CURATED).noting("curated", curated)
