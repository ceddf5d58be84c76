"""Training of the choice of sentences: which sentence of a right item holds the fact that a case asks for.

A logistic regression over pairs of sentences of one item, the one with a fact and the one without (scikit-learn,
L-BFGS, no intercept): only what differs within an item is learned. Judged with whole documents left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evals.cases import Case
from evals.judging import is_part
from evals.knowledge import Knowledge
from evals.metrics.statements import says
from evals.targets import InProcess, request_of
from service.answering.composing.extract import query_terms
from service.answering.corpus import Corpus
from service.answering.evidence import Weighed, choose
from service.answering.finding import Finder
from service.answering.pipeline import STEPS, Work
from service.answering.telling import BESIDE_THE_MATTER, Candidate, candidates
from service.answering.trained.sentences import FEATURES, Teller, packed
from service.answering.understanding.question import understand
from service.records import record_of
from vectorstore.records import Field, Item

STRENGTH = 0.3  # C of the regression: from .1 to 3 the same share of facts is told
ROUNDS = 500
DRAWN, DRAWN_WEIGHT = 6, 0.5  # questions drawn from each label of a document, and what each counts beside a case
CHARACTERS = 500  # of the first item's sentences in an answer
# what is asked of a record by what its field means; "" asks for any field by its label
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "": ("{label} {title}", "Was steht bei {title} unter {label}?", "Wie lautet die Angabe {label} zu {title}?"),
    "responsible": ("Wer ist für {title} zuständig?", "Wer kümmert sich um {title}?", "Wer macht {title}?"),
    "partners": ("Wer arbeitet bei {title} mit?", "Wer ist an {title} beteiligt?"),
    "period": ("Bis wann läuft {title}?", "Wann wird {title} umgesetzt?", "Wie lange dauert {title}?"),
    "status": ("Wie weit ist {title}?", "Ist {title} schon umgesetzt?"),
    "state": ("Wie weit ist {title}?", "Was ist bei {title} schon passiert?"),
    "cost": ("Was kostet {title}?", "Wie viel Geld braucht {title}?"),
    "funding": ("Wer bezahlt {title}?", "Wie wird {title} finanziert?"),
    "steps": ("Wie geht es mit {title} weiter?", "Wie soll {title} umgesetzt werden?"),
    "goal": ("Was soll {title} erreichen?", "Was ist das Ziel von {title}?"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A right item of a case: its sentences, and for each the numbers of the case's facts that it holds."""

    case: str
    document: str
    sentences: tuple[Candidate, ...]
    facts: tuple[frozenset[int], ...]
    weight: float = 1.0

    @property
    def sayable(self) -> frozenset[int]:
        """The facts that any of the sentences holds."""
        return frozenset[int]().union(*self.facts)


def examples(cases: Iterable[Case], target: InProcess) -> Iterator[Example]:
    """The first right item that is found for each case, where some of its sentences hold a fact and others do not."""
    for case in cases:
        work = _found(case, target) if case.expect.facts and case.answerable else None
        if work is None:
            continue
        context = work.context()
        terms = query_terms(context)
        for one in work.found:
            if not _is_right(one.item, case, target.knowledge, work):
                continue
            sentences = tuple(candidates(one.item, work.corpus, context.query, terms))
            facts = tuple(
                frozenset(number for number, fact in enumerate(case.expect.facts) if says(fact, sentence.text))
                for sentence in sentences
            )
            if any(facts) and not all(facts):
                yield Example(case.id, one.item.document_id, sentences, facts)
                break


def drawn(target: InProcess) -> Iterator[Example]:
    """Examples from the labelled fields of the records themselves: what a field means is asked of its record."""
    corpus = target.service.corpus
    groups: dict[tuple[str, str], list[tuple[Item, Field]]] = {}
    for item in corpus.catalogue.items:
        for field in item.fields:
            for form in (field.field or "", ""):
                if form in QUESTIONS and field.text and field.field not in BESIDE_THE_MATTER:
                    groups.setdefault((item.document_id, form or f" {field.label}"), []).append((item, field))
    for (document, form), records in groups.items():
        for number, (item, field) in enumerate(records[:: max(1, len(records) // DRAWN)][:DRAWN]):
            asked = QUESTIONS["" if form.startswith(" ") else form]
            question = asked[number % len(asked)].format(title=item.title, label=field.label.rstrip(" :"))
            yield from _drawn(question, document, item, field, corpus)


def _drawn(question: str, document: str, item: Item, field: Field, corpus: Corpus) -> Iterator[Example]:
    query = understand(question, corpus, "de", None)
    terms = corpus.expansion.terms(query.searched, "de") | Finder(corpus).weighted_terms(query.topic)
    sentences = tuple(candidates(item, corpus, query, terms))
    facts = tuple(frozenset((0,) if one.field is field else ()) for one in sentences)
    if any(facts) and not all(facts):
        yield Example(question, document, sentences, facts, DRAWN_WEIGHT)


def _found(case: Case, target: InProcess) -> Work | None:
    """The work on a case up to what is found; None where an answer was made without."""
    work = target.service.work(request_of(case))
    for step in STEPS:
        if step.__name__ == "judge_scope":
            return work
        step(work)
        if work.draft is not None:
            return None
    return None


def _is_right(item: Item, case: Case, knowledge: Knowledge, work: Work) -> bool:
    record = record_of(item, work.corpus.document(item))
    return any(is_part(record, ref, knowledge) for ref in case.wanted)


def trained(learned: Sequence[Example]) -> Teller:
    """Learn the weights; every item counts by its example's weight. Raises ValueError where there is none."""
    if not learned:
        raise ValueError("no example: no case has a fact that some sentence of a right item holds")
    rows: list[NDArray[np.float64]] = []
    shares: list[float] = []
    for example in learned:
        vectors = np.array([one.features for one in example.sentences])
        right = np.array([bool(facts) for facts in example.facts])
        pairs = (vectors[right][:, None, :] - vectors[~right][None, :, :]).reshape(-1, len(FEATURES))
        rows.append(pairs)
        shares += [example.weight / len(pairs)] * len(pairs)
    differences = np.vstack(rows)
    # a pair and its mirror image are one thing: every other is mirrored, so that both classes occur
    signs = np.where(np.arange(len(differences)) % 2 == 0, 1, -1)
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS, fit_intercept=False)
    model.fit(differences * signs[:, None], signs, sample_weight=shares)
    return Teller(tuple(round(float(one), 3) for one in model.coef_[0]))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 0 to 1 over cases: the best sentence holds a fact; what is told holds all facts that any does."""

    cases: int
    first: float
    told: float
    characters: float

    @classmethod
    def of(cls, judged: Sequence[tuple[Example, Teller]]) -> Figures:
        """Return the figures of examples, each with the weights by which its sentences are chosen."""
        if not judged:
            raise ValueError("no case to judge by")
        told = [_told(example, teller) for example, teller in judged]
        number = len(told)
        return cls(
            number,
            round(sum(first for first, _, _ in told) / number, 4),
            round(sum(everything for _, everything, _ in told) / number, 4),
            round(sum(characters for _, _, characters in told) / number, 1),
        )


def unseen(learned: Sequence[Example]) -> Figures:
    """How well the cases' sentences are chosen by weights that have seen nothing of their documents."""
    judged: list[tuple[Example, Teller]] = []
    for document in sorted({one.document for one in learned if one.weight == 1.0}):
        teller = trained([one for one in learned if one.document != document])
        judged += [(one, teller) for one in learned if one.document == document and one.weight == 1.0]
    return Figures.of(judged)


def _told(example: Example, teller: Teller) -> tuple[bool, bool, int]:
    """Whether the best sentence holds a fact, whether all are told, in how many characters."""
    scores = [teller.score(one.features) for one in example.sentences]
    best = max(scores)
    weighed = [
        Weighed(one.text, one.place, math.exp(score - best))
        for one, score in zip(example.sentences, scores, strict=True)
    ]
    chosen = choose(weighed, CHARACTERS)
    held = frozenset[int]().union(*(facts for one, facts in zip(weighed, example.facts, strict=True) if one in chosen))
    return bool(example.facts[scores.index(best)]), held >= example.sayable, sum(len(one.text) for one in chosen)


def as_file(learned: Sequence[Example]) -> str:
    """The trained weights with what they are worth on documents left out, the same text for the same examples."""
    cases = sum(one.weight == 1.0 for one in learned)
    made = {"cases": cases, "drawn": len(learned) - cases, "documents": len({one.document for one in learned})}
    return packed(trained(learned), {**made, "documents left out": asdict(unseen(learned))})
