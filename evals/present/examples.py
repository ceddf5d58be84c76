"""Examples of which sentences of an item answer: from cases, whose facts say it, and from the records themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Case
from evals.corpora import Corpora
from evals.metrics.judging import is_part
from evals.metrics.knowledge import Knowledge
from evals.metrics.statements import says
from evals.targets import InProcess, in_process, request_of
from service.answering.composing.extract import query_terms
from service.answering.corpus import Corpus
from service.answering.evidence.sentences import BESIDE_THE_MATTER, Candidate, candidates
from service.answering.finding.finder import Finder
from service.answering.pipeline import STEPS, Work
from service.answering.understanding.question import understand
from service.records import record_of
from vectorstore.records import Field, Item

DRAWN, DRAWN_WEIGHT = 6, 0.5  # questions drawn from each label of a document, and what each counts beside a case
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
    """A right item of a case: its sentences, and for each the numbers of the case's facts that it holds.

    `case` is its id, or the question that was drawn from a record; `weight` is 1 for a case.
    """

    case: str
    document: str
    sentences: tuple[Candidate, ...]
    facts: tuple[frozenset[int], ...]
    weight: float = 1.0

    @property
    def is_case(self) -> bool:
        """True where a person wrote the question down, false where it was drawn."""
        return self.weight == 1.0

    @property
    def sayable(self) -> frozenset[int]:
        """The facts that any of the sentences holds."""
        return frozenset[int]().union(*self.facts)


def examples_over(cases: Sequence[Case], corpora: Corpora) -> list[Example]:
    """Examples of cases in German and of the records that they are over, corpus by corpus.

    What was learned before plays no part: the same cases and papers give the same examples. Raises what `targets` does.
    """
    found: list[Example] = []
    for asked, target in targets([one for one in cases if one.language == "de"], corpora):
        found += examples(asked, target)
        found += drawn(target)
    return found


def targets(cases: Sequence[Case], corpora: Corpora) -> Iterator[tuple[list[Case], InProcess]]:
    """Each corpus as it answers by what is shipped, with its cases.

    Cases that name no corpus are over the register of `corpora`, where there is none over the edition of one's own.

    Raises CorpusError where papers are missing, StoreError where the data folder holds no edition.
    """
    for name, settings in corpora.editions([corpora.corpus_of(one) for one in cases]).items():
        with in_process(settings.model_copy(update={"trained_dir": None})) as target:
            yield [one for one in cases if corpora.corpus_of(one) == name], target


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
