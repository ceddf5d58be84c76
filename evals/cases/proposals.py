"""Cases proposed from the records of an edition, for a person to accept: what is asked is what the records prove."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from random import Random
from typing import Any

from evals.cases import Case, CountProof
from evals.cases import proposal_words as words
from evals.cases.records import Records
from evals.metrics.statements import flat, says
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, Item, ItemKind, ItemStatus

Sketch = tuple[str, Case]
Maker = Callable[["Source"], Iterator[Sketch]]
ANSWER = "answer"


class Source:
    """What proposals are made from; draws phrasings."""

    def __init__(self, catalogue: Catalogue, random: Random) -> None:
        self.catalogue = catalogue
        self.records = Records(catalogue)
        self.random = random
        self._titles = Counter(flat(item.title) for item in catalogue.items)

    def phrased(self, phrasings: Sequence[str], **values: object) -> str:
        """One of the phrasings, filled in."""
        return self.random.choice(phrasings).format(**values)

    def titled(self, phrasings: Sequence[str], item: Item) -> str:
        """One of the phrasings about an item that its title names."""
        return self.phrased(phrasings, title=words.quoted(item.title))

    def projects(self) -> list[Item]:
        """The projects, archive aside, that their title alone names."""
        found = self.records.counted(CountProof(kind="project"))
        return [item for item in found if self._titles[flat(item.title)] == 1 and len(item.title) <= words.LONGEST]

    def of(self, kind: ItemKind) -> list[Item]:
        """All items of a kind in reading order."""
        return [item for item in self.catalogue.items if item.kind is kind]

    def document(self, item: Item) -> Document:
        """The document of an item."""
        return self.catalogue.documents[item.document_id]


def propose(catalogue: Catalogue, amount: int, seed: int, existing: Iterable[Case] = ()) -> list[Case]:
    """Up to `amount` cases, by turns of every kind and document, none asking what an existing one asks.

    The same catalogue, seed and existing cases give the same proposals.
    """
    random = Random(seed)
    source = Source(catalogue, random)
    queues = [_by_turns(list(maker(source)), random) for maker in MAKERS]
    asked = {flat(one.question) for one in existing}
    found: list[Case] = []
    for case in _alternating(queues):
        if len(found) == amount:
            break
        if flat(case.question) not in asked:
            asked.add(flat(case.question))
            found.append(case)
    return found


def _by_turns(sketches: Sequence[Sketch], random: Random) -> list[Case]:
    """Shuffled, the documents taking turns."""
    by_document: dict[str, list[Case]] = defaultdict(list)
    for document, case in sketches:
        by_document[document].append(case)
    queues = list(by_document.values())
    for queue in queues:
        random.shuffle(queue)
    random.shuffle(queues)
    return list(_alternating(queues))


def _alternating(queues: Iterable[Sequence[Case]]) -> Iterator[Case]:
    return (case for case in chain.from_iterable(zip_longest(*queues)) if case is not None)


def _sketch(document: str, kind: str, question: str, note: str, expect: dict[str, Any], **more: Any) -> Sketch:
    name = f"vorschlag-{hashlib.sha256(question.encode()).hexdigest()[:10]}"
    raw = {"id": name, "type": kind, "question": question, "expect": expect, "note": note, **more}
    return document, Case.model_validate(raw)


def _about(item: Item, kind: str, question: str, note: str, facts: Iterable[Sequence[str]]) -> Sketch:
    expect = {
        "behavior": ANSWER,
        "citations_any": [(item.document_id, item.ref)],
        "facts": [tuple(one) for one in facts],
    }
    return _sketch(item.document_id, kind, question, f"{item.ref}: {note}", expect)


def _statuses(source: Source) -> Iterator[Sketch]:
    for item in source.projects():
        if item.status and not any(one.field == "status" for one in item.conflicts):
            question = source.titled(words.STATUS, item)
            yield _about(item, "status", question, "Überschrift über dem Projekt", [words.STATUS_FACTS[item.status]])


def _units(source: Source) -> Iterator[Sketch]:
    for item in source.projects():
        if item.responsible:
            question = source.titled(words.UNIT, item)
            yield _about(item, "responsibility", question, "Verantwortliche", [(one,) for one in item.responsible])


def _single_facts(source: Source) -> Iterator[Sketch]:
    named = {item.key for item in source.projects()}
    for item in source.catalogue.items:
        place = words.place(item, source.document(item))
        if place is None or (item.kind is ItemKind.PROJECT and item.key not in named):
            continue
        days = [when for when in item.dates if len(when) == len("2026-01-31")]
        if len(item.amounts) == 1 and says(item.amounts, item.body):
            yield _about(
                item, "single_fact", source.phrased(words.AMOUNT, place=place), "Betrag im Text", [item.amounts]
            )
        elif len(days) == 1 and says(words.days(days[0]), item.body):
            question = source.phrased(words.DATE, place=place)
            yield _about(item, "single_fact", question, "Datum im Text", [words.days(days[0])])


def _groups(source: Source) -> Iterator[tuple[Item, CountProof, str]]:
    """What can be counted: a heading item, the proof, and how it is asked for ("Projekte im Themenfeld … sind …")."""
    for theme in source.of(ItemKind.THEME):
        for status, said in words.STATUS_SAID.items():
            proof = CountProof(kind="project", document=theme.document_id, theme=theme.ref, status=(status.value,))
            yield theme, proof, f"Projekte im Themenfeld {words.quoted(theme.title)} {said}"
    for goal in source.of(ItemKind.GOAL):
        proof = CountProof(kind="measure", document=goal.document_id, goal=goal.ref)
        if source.records.counted(proof):
            yield goal, proof, f"Maßnahmen stehen unter {goal.ref} {words.quoted(goal.title)}"


def _counts(source: Source) -> Iterator[Sketch]:
    for head, proof, said in _groups(source):
        counted = source.records.counted(proof)
        refs = [(item.document_id, item.ref) for item in (head, *counted)]
        expect = {"behavior": ANSWER, "citations_any": refs, "count": len(counted)}
        question = source.phrased(words.COUNT, said=said, where=_where(source, head))
        yield _sketch(head.document_id, "count", question, "Einträge gezählt", expect, proof=proof)


def _lists(source: Source) -> Iterator[Sketch]:
    for head, proof, said in _groups(source):
        question = source.phrased(words.LIST, said=said, where=_where(source, head))
        yield from _list(source, head.document_id, proof, question)
    for kind, noun in words.WHOLE.items():
        for document in dict.fromkeys(item.document_id for item in source.of(kind)):
            proof = CountProof.model_validate({"kind": kind.value, "document": document})
            title = words.quoted(source.catalogue.documents[document].title)
            yield from _list(source, document, proof, source.phrased(words.WHOLE_LIST, noun=noun, title=title))


def _list(source: Source, document: str, proof: CountProof, question: str) -> Iterator[Sketch]:
    refs = [(item.document_id, item.ref) for item in source.records.counted(proof)]
    if len(refs) > 1:
        expect = {"behavior": ANSWER, "citations_all": refs}
        yield _sketch(document, "list", question, "Einträge aufgelistet", expect, proof=proof)


def _where(source: Source, head: Item) -> str:
    """The document by name where another one has headings of the kind too."""
    documents = {item.document_id for item in source.of(head.kind)}
    return f" laut {words.quoted(source.document(head).title)}" if len(documents) > 1 else ""


def _comparisons(source: Source) -> Iterator[Sketch]:
    titled: dict[str, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in source.catalogue.items:
        if item.kind in words.COMPARED and item.status is not ItemStatus.ARCHIVED:
            for word in words.nouns(item.title):
                titled[word][item.document_id].append(item)
    for word, found in titled.items():
        pair = [items[0] for items in found.values() if len(items) == 1]
        if len(pair) == len(found) == 2:
            refs = [(item.document_id, item.ref) for item in pair]
            first, second = (words.quoted(source.document(item).title) for item in pair)
            question = source.phrased(words.COMPARE, word=word, first=first, second=second)
            expect = {"behavior": ANSWER, "citations_all": refs}
            yield _sketch(refs[0][0], "comparison", question, f"„{word}“ steht in beiden Überschriften", expect)


def _missing(source: Source) -> Iterator[Sketch]:
    for item in source.projects():
        if not item.responsible:
            yield _unanswered(item, source.titled(words.UNIT, item), "das Feld der Verantwortlichen ist leer")
        elif not words.MONEY.search(source.records.text((item.document_id, item.ref))):
            yield _unanswered(item, source.titled(words.COST, item), "kein Betrag im Text")


def _absent_numbers(source: Source) -> Iterator[Sketch]:
    taken = {item.ref for item in source.catalogue.items} | {item.former_ref for item in source.catalogue.items}
    for item in source.projects():
        group, _, last = item.ref.rpartition(".")
        absent = f"{group}.{int(last) + 5}" if group and last.isdigit() else ""
        if absent and not any(one and absent in one for one in taken):
            question = source.phrased(words.ABSENT, number=absent)
            yield _unanswered(item, question, f"die Nummer {absent} gibt es nicht", "false_premise")


def _unanswered(item: Item, question: str, note: str, kind: str = "unanswerable") -> Sketch:
    expect = {"behavior": "abstain"}
    return _sketch(item.document_id, kind, question, f"{item.ref}: {note}", expect, distance="near")


MAKERS: tuple[Maker, ...] = (
    _statuses, _units, _counts, _lists, _single_facts, _comparisons, _missing, _absent_numbers,
)  # fmt: skip
