"""Decisions on questions, applied over one edition: matches a question to a decision and drafts its
answer.

The score of a wording is its text similarity to the question (as search compares questions written
for items) times the overlap of both answer types' probabilities. Each sentence of a decided text
has to be supported by the items that it cites, as in a draft; a text with an unsupported sentence
is not used, and staff see the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from prompts import fill, load_words, say
from service import wording
from service.answering import (
    Context,
    Corpus,
    Draft,
    Fragment,
    PipelineParts,
    QuestionIndex,
    QuestionRun,
    Sentence,
    Verifier,
    document_proof,
    fixed_draft,
    has_word_of,
    is_prompt_injection,
    make_answer,
    make_sentence,
    not_in_documents,
)
from service.people.decisions import Decision, DecisionKind, fold_wording
from service.records import AnswerMode, AnswerStatus
from vectorstore import ItemQuestion, Questions
from vectorstore.language import (
    Word,
    collapse_spaces,
    extract_quantities,
    fold,
    printed_words,
    sentence_spans,
)
from vectorstore.records import Item

# least score of a match: for a decided text, for a refusal
LEAST_TEXT = 0.35
LEAST_END = 0.55
_GERMAN = "de"
_EASY = "einfach"


@dataclass(frozen=True)
class CheckedDecision:
    """A decision checked against one edition: its supported sentences, its problems, and all its
    text to compare.
    """

    decision: Decision
    sentences: tuple[Sentence, ...] = ()
    problems: tuple[str, ...] = ()
    words: str = ""

    def is_answered_directly(self, today: date) -> bool:
        """True if it has no problem and is valid on this day."""
        return not self.problems and self.decision.is_valid(today)


@dataclass(frozen=True, slots=True)
class _KnownQuestion:
    """A wording of a decision that answers by itself, and the probabilities of what it asks for."""

    text: str
    checked: CheckedDecision
    asked: Mapping[str, float]


class DecidedQuestions:
    """The decisions on questions over one edition; immutable, so that many requests can use it at a
    time.
    """

    def __init__(
        self,
        parts: PipelineParts,
        decisions: Sequence[Decision],
        today: Callable[[], date] = date.today,
    ) -> None:
        """Check the decisions on questions against an edition, and index the wordings to compare.

        `parts` are those of the pipeline that answers over the documents in force. Decisions of
        kind ITEM are questions for their items in the edition, by which search finds these.
        """
        self._parts, self._today = parts, today
        corpus = parts.corpus
        self.checked = tuple(
            _check_decision(decision, corpus, parts.verifier)
            for decision in decisions
            if decision.kind is not DecisionKind.VALUE
        )
        self._known = [
            _KnownQuestion(text, checked, parts.reader.probabilities(text)["asked"])
            for checked in self.checked
            if checked.decision.kind is not DecisionKind.ITEM
            for text in checked.decision.wordings
        ]
        # the newest decision is first; imported ones may be on the same wording: the newest answers
        self._by_wording = {
            fold_wording(known.text): known.checked for known in reversed(self._known)
        }
        # wordings are indexed like questions for items, with their rows in place of keys
        questions = [
            ItemQuestion("", str(row), known.text) for row, known in enumerate(self._known)
        ]
        rows = {question.item: row for row, question in enumerate(questions)}
        self._index = QuestionIndex(
            Questions(tuple(questions)), rows, corpus.analyzer, corpus.rarity
        )

    def __call__(self, question_run: QuestionRun) -> Draft | None:
        """Return the draft of an answer by the decision that matches a question, None if no
        decision matches.

        A decision always answers its own wordings. Only for a request that is limited to documents
        a text that cites others is no answer.
        """
        context, reading = question_run.context, question_run.reading
        assert context is not None and reading is not None
        request = question_run.request
        # a follow-up means what its conversation is on, not what its words say alone
        question = context.query.question if reading.query.is_follow_up else request.question
        match = self._find_wording(question) or self._find_similar(question_run, context)
        if match is None:
            return None
        decision = match.decision
        if decision.kind is DecisionKind.GAP:
            return not_in_documents(context)
        if decision.kind is DecisionKind.NOT_OURS:
            return fixed_draft("not_ours", question_run.language, AnswerStatus.OUT_OF_SCOPE)
        cited = {document for document, _ in decision.items}
        if request.documents is not None and not cited.issubset(request.documents):
            return None
        style = _EASY if request.style == _EASY else _GERMAN
        return _draft_text(match, self._parts.corpus, style)

    def _find_wording(self, question: str) -> CheckedDecision | None:
        """Return the valid decision without problems that has a question as one of its wordings."""
        checked = self._by_wording.get(fold_wording(collapse_spaces(question)))
        if checked is None or not checked.is_answered_directly(self._today()):
            return None
        return checked

    def _find_similar(self, question_run: QuestionRun, context: Context) -> CheckedDecision | None:
        """Return the decision with the wording that is most similar to a question, None if none is
        similar enough.

        Similarity is weak evidence. So question and answer have to be German, and the parts have to
        be those of this object: nothing is compared over other documents, or if the embedding
        endpoint must not be used. A refusal needs a higher score (LEAST_END) than a text. A text
        has to cite documents that are asked, and the best hit of search; a gap or a question out of
        scope cites nothing. If the best decision does not cover the question (`_covers`), no worse
        one is tried.
        """
        query, reading = context.query, question_run.reading
        is_german = question_run.language == query.question_language == _GERMAN
        if not is_german or question_run.parts is not self._parts:
            return None
        assert reading is not None
        for score, checked in self._rank(query.question, reading.probabilities["asked"]):
            is_text = checked.decision.kind is DecisionKind.TEXT
            threshold = LEAST_TEXT if is_text else LEAST_END
            if score >= threshold and checked.is_answered_directly(self._today()):
                is_cited = not is_text or _is_cited(checked.decision, context)
                covers = self._covers(checked, query.question, reading.stated.place)
                return checked if is_cited and covers else None
        return None

    def find_uncitable(self, decision: Decision) -> list[str]:
        """Return a sentence for each item of a decision that cannot be cited."""
        return _citation_problems(decision, self._parts.corpus)

    def _covers(self, checked: CheckedDecision, question: str, place: str) -> bool:
        """True if a decision has all of the question that a similar wording could lack.

        "Was kostet M 7?" is similar to "Was kostet M 8?", but its answer is another one. So the
        decision's `words` have to contain the place and the quantities of the question, and each
        capitalized word of it that no document contains, such as a name.
        """
        if fold(place) not in fold(checked.words):
            return False
        if not extract_quantities(checked.words).supports_all(extract_quantities(question)):
            return False
        corpus = self._parts.corpus
        terms = corpus.analyzer.terms(checked.words)

        def is_known(noun: Word) -> bool:
            return any(term in terms or corpus.has_term(term) for term in noun.terms)

        capitalized = [text for text in printed_words(question) if text[0].isupper()]
        words = chain.from_iterable(corpus.analyzer.words(text) for text in capitalized)
        return all(is_known(word) for word in words)

    def _rank(
        self, question: str, asked: Mapping[str, float]
    ) -> list[tuple[float, CheckedDecision]]:
        """Return the decision of each wording that is negated like the question, with a score from
        0 to 1, best first.
        """
        is_negated = _is_negated(question)
        scores = []
        for known, likeness in zip(self._known, self._index.likeness(question), strict=True):
            if _is_negated(known.text) == is_negated:
                overlap = sum(min(asked[kind], share) for kind, share in known.asked.items())
                scores.append((float(likeness) * overlap, known.checked))
        return sorted(scores, key=lambda pair: -pair[0])


def _is_cited(decision: Decision, context: Context) -> bool:
    """True if a text cites only documents that are asked, and the best hit of search."""
    asked = context.query.conditions.documents or context.corpus.catalogue.documents
    is_asked = all(document in asked for document, _ in decision.items)
    return is_asked and bool(context.hits) and context.hits[0].item.address in decision.items


def _is_negated(text: str) -> bool:
    """True if a text has a word of negation ("nicht", "kein")."""
    return has_word_of(text, "denied")


def _check_decision(decision: Decision, corpus: Corpus, verifier: Verifier) -> CheckedDecision:
    """Check a decision against an edition: the items it cites and each sentence of its text.

    `words` of the result are its wordings, its text and the titles of its items. Sentences that are
    not supported become problems, with the reason.
    """
    found = (corpus.catalogue.item(*cited) for cited in decision.items)
    items = [item for item in found if item is not None]
    titles = (f"{item.title} {item.table_title or ''}" for item in items)
    words = " ".join((*decision.wordings, decision.value, *titles))
    problems = _citation_problems(decision, corpus)
    supported = list[Sentence]()
    for text in _split_sentences(decision.value):
        result = _support_sentence(text, items, verifier)
        if isinstance(result, Sentence):
            supported.append(result)
        else:
            problems.append(say("people.because", text=text, reason=result))
    if decision.kind is DecisionKind.TEXT and not (supported or problems):
        problems.append(say("people.no_sentence"))
    return CheckedDecision(decision, tuple(supported), tuple(problems), words)


def _split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, with single spaces; no sentence goes beyond the end of a
    line.
    """
    for paragraph in text.splitlines():
        for start, end in sentence_spans(paragraph):
            sentence_text = collapse_spaces(paragraph[start:end])
            if sentence_text:
                yield sentence_text


def _support_sentence(text: str, items: Sequence[Item], verifier: Verifier) -> Sentence | str:
    """Return the sentence with the passages of the items that support it.

    If the sentence cannot be shown, the reason is returned as a text: it is a command to a language
    model, or the items do not support it.
    """
    if is_prompt_injection(text):
        return say("people.order")
    sentence, fault = verifier.prove_by_passages(text, items)
    if fault is None:
        return sentence
    words = load_words("de/people")[f"fault_{fault.kind.value}"]
    return words.format(said=fault.unsupported)


def _citation_problems(decision: Decision, corpus: Corpus) -> list[str]:
    """Return a sentence for each item of a decision that cannot be cited.

    Its document or the item is not in the edition, or the document is superseded: then it is not
    among the documents in force, which `corpus.catalogue` has.
    """
    everything = corpus.edition.catalogue
    problems = []
    for document, key in decision.items:
        if document not in everything.documents:
            problems.append(say("people.no_document", document=document))
        elif everything.item(document, key) is None:
            problems.append(say("people.no_item", document=document, key=key))
        elif corpus.catalogue.item(document, key) is None:
            problems.append(say("people.superseded", document=document))
    return problems


def _draft_text(checked: CheckedDecision, corpus: Corpus, style: str) -> Draft:
    """Return a decided text as the draft of an answer, in a `style` ("de", "einfach").

    At its end it names those cited documents that are not adopted, so that nobody takes a draft for
    a resolution. A notice says who is responsible for the text, and until when it is valid.
    """
    decision, sentences = checked.decision, list(checked.sentences)
    for document_id in sorted({document_id for document_id, _ in decision.items}):
        document = corpus.catalogue.documents[document_id]
        proof = document_proof(document, corpus)
        if proof is not None and wording.draft_word(document, _GERMAN):
            named = make_sentence(Fragment(wording.format_source(document, _GERMAN), (proof,)), ".")
            sentences.append(replace(named, is_reservation=True))
    until = wording.format_day(decision.until) if decision.until else ""
    curated = fill(f"{style}/curated", owner=decision.owner, until=until)
    answer = make_answer(*sentences, mode=AnswerMode.CURATED).with_notice("curated", curated)
    return replace(answer, language=_GERMAN)
