"""Training examples from cases: the hits of each question, and which are right.

Used are questions that a single item answers, or none; no lists, counts and overviews. Validation
leaves out corpora.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evals.asking import request_of
from evals.case_files import Case
from evals.metrics.scoring import DocumentTexts, is_part, load_knowledge
from evals.metrics.statements import has_spelling
from service import Settings
from service.answering import (
    RECORD_KINDS,
    Context,
    Corpus,
    Hit,
    Intent,
    PipelineParts,
    QuestionRun,
    claim_items,
    decide_scope,
    may_be_shown,
    pipeline,
)
from vectorstore import Edition, Vectors
from vectorstore.records import Item

FIRST = 3  # hits of each question that are used
Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class TrainingCandidate:
    """A hit: its features, whether it is a right item, and whether an answer from it has all
    facts.
    """

    hit: Hit
    features: Features
    right: bool
    answers: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A case with its hits, best first.

    `untreated` if no document treats the matter at all; `vector` is that of the question, shape
    (d,).
    """

    case: str
    corpus: str
    spoken: str
    answerable: bool
    untreated: bool
    candidates: tuple[TrainingCandidate, ...]
    question: str
    vector: Vectors | None


def make_examples(
    cases: Iterable[Case], edition: Edition, corpus: str, settings: Settings
) -> Iterator[Example]:
    """Yield the examples of usable cases, asked over an edition. A question that is rejected as out
    of scope, and rightly, as no document treats it, is left out: in the service its hits are never
    judged. One rejected wrongly teaches all the same.
    """
    parts = PipelineParts(Corpus(edition, edition.catalogue.in_force))
    knowledge = load_knowledge(parts.corpus.catalogue)
    for case in filter(is_usable, cases):
        work = QuestionRun(request=request_of(case), settings=settings, parts=parts)
        pipeline.read(work)
        pipeline.search(work)
        decide_scope(work)
        # as out of scope: its hits are not used
        rightly_rejected = work.draft is not None and case.treated is False
        if work.context is not None and not rightly_rejected:
            yield _example(case, corpus, work.context, knowledge)


def is_usable(case: Case) -> bool:
    """True for a case that teaches whether a single item answers: one item answers it, or none
    does. Lists, counts and overviews need several items, and cases with other expected behaviour
    say nothing about items.
    """
    expect = case.expect
    several = (
        expect.citations_all
        or expect.overview
        or expect.count is not None
        or case.type in ("list", "count")
    )
    if several or expect.behavior not in ("answer", "abstain"):
        return False
    return bool(expect.citations_any) or not case.answerable


def _example(case: Case, corpus: str, context: Context, knowledge: DocumentTexts) -> Example:
    """Return the example of a case with its first hits (`FIRST`). Hits that the question names by
    their number or title come first, as in the service; archived rows and headings without text are
    left out, since no answer shows them.
    """
    named_items = set(context.query.entries)
    hits = sorted(
        context.hits, key=lambda hit: (hit.item.document_id, hit.item.key) not in named_items
    )
    hits = [hit for hit in hits if may_be_shown(hit.item)]
    return Example(
        case=case.id,
        corpus=corpus,
        spoken=context.query.question_language,
        answerable=case.answerable,
        untreated=case.treated is False,
        candidates=tuple(_candidate(case, hit, context, knowledge) for hit in hits[:FIRST]),
        question=context.query.text,
        vector=context.relevance.vector,
    )


def is_expected(case: Case, item: Item, knowledge: DocumentTexts) -> bool:
    """True if an item is one of those that the case names, or a part of one."""
    return any(is_part(item, ref, knowledge) for ref in case.expect.citations_any)


def _candidate(
    case: Case, hit: Hit, context: Context, knowledge: DocumentTexts
) -> TrainingCandidate:
    """Return a hit with its two labels: is its item a right one (`right`), and would an answer from
    it have all facts (`answers`)?

    An answer from a wrong item counts as having no facts, even if it has them by chance.
    """
    right = is_expected(case, hit.item, knowledge)
    text = answer_with(context, hit.item) if right else ""
    answers = right and all(has_spelling(fact, text) for fact in case.expect.facts)
    return TrainingCandidate(hit, context.relevance.features(hit), right, answers)


def answer_with(context: Context, item: Item) -> str:
    """Return the text of an answer from this item. If the question asks for a field and the item is
    a record or has fields, it is composed as for a question that names this one item; otherwise it
    is the passage of the item.
    """
    draft = None
    if context.query.intent is Intent.FIELD and (item.kind in RECORD_KINDS or item.fields):
        query = replace(context.query, entries=((item.document_id, item.key),), numbered_count=0)
        draft = pipeline.COMPOSERS[Intent.FIELD](replace(context, query=query))
    draft = draft or claim_items(context, [item])
    return " ".join(sentence.text for sentence in draft.sentences) if draft else ""


def matrix(rows: Iterable[Features], names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return features as a matrix, with columns in the order of the names."""
    values = [row[name] for row in rows for name in names]
    return np.array(values, dtype=np.float64).reshape(-1, len(names))
