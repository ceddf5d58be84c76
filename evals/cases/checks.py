"""Whether cases are right: items that are there, facts that stand in them, counts and lists that the records give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evals.cases import Case, Ref
from evals.cases.records import Records
from evals.metrics.statements import flat, says
from vectorstore.catalogue import Catalogue

NOT_COUNTABLE = "count: nicht nachrechenbar (ohne proof)"


class Proven(StrEnum):
    """The strongest that the records confirm of a case."""

    COUNT = "count"
    FACT = "fact"
    ITEM = "item"
    NOTHING = "nothing to prove"
    FAILED = "not proven"


@dataclass(frozen=True, slots=True)
class Checked:
    """A case with what is wrong with it, what could not be decided or is only odd, and what was confirmed."""

    case: Case
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    proven: Proven

    @property
    def right(self) -> bool:
        """True where nothing is wrong."""
        return not self.problems


def check_cases(
    cases: Sequence[Case], catalogue: Catalogue, show: Callable[[str, float], None] = lambda step, share: None
) -> list[Checked]:
    """Check every case against an edition; `show` takes the case's id and the share done, 0..1."""
    records = Records(catalogue)
    found = []
    for number, case in enumerate(cases, start=1):
        found.append(check_case(case, records))
        show(case.id, number / len(cases))
    return found


def check_case(case: Case, records: Records) -> Checked:
    """Check one case."""
    if not case.answerable:
        return Checked(case, (), (), Proven.NOTHING)
    items, missing = _overview(case, records) if case.expect.overview else _items(case, records)
    facts, counts = list(_facts(case, records)), list(_counts(case, records))
    held = (
        (Proven.COUNT, case.proof is not None and not counts),
        (Proven.FACT, bool(case.expect.facts) and not facts),
        (Proven.ITEM, bool(case.wanted or case.expect.overview) and not items),
    )
    proven = next((one for one, right in held if right), Proven.FAILED)
    uncounted = [NOT_COUNTABLE] if case.expect.count is not None and case.proof is None else []
    return Checked(case, (*items, *facts, *_forbidden(case), *counts), (*missing, *uncounted), proven)


def _items(case: Case, records: Records) -> tuple[list[str], list[str]]:
    """What is wrong with the items; and alternatives that are not there beside one that is."""
    needed = [said for ref in case.expect.citations_all if (said := _absent(ref, records, "citations_all"))]
    absent = [said for ref in case.expect.citations_any if (said := _absent(ref, records, "citations_any"))]
    if len(absent) == len(case.expect.citations_any):
        return needed + absent, []
    return needed, absent


def _overview(case: Case, records: Records) -> tuple[list[str], list[str]]:
    """What is wrong with an overview: no item of its core is there, or too few are; and items that are not there."""
    overview = case.expect.overview
    if overview is None:
        return [], []
    absent = {ref: said for ref in overview.items if (said := _absent(ref, records, "overview"))}
    there = {item.key for ref in overview.items for item in records.items(ref)}
    problems = []
    if all(ref in absent for ref in overview.core):
        problems.append("overview: kein Eintrag von core ist da")
    if len(there) < overview.at_least:
        problems.append(f"overview: nur {len(there)} Einträge sind da, verlangt sind {overview.at_least}")
    return problems, list(absent.values())


def _absent(ref: Ref, records: Records, field: str) -> str | None:
    document, number = ref
    if document not in records.catalogue.documents:
        return f"{field}: das Dokument {document} gibt es in dieser Ausgabe nicht"
    return None if records.items(ref) else f"{field}: {document} hat keinen Eintrag {number}"


def _facts(case: Case, records: Records) -> Iterator[str]:
    """The facts of which no spelling stands in a cited item, nor in what the records say of its document."""
    documents = {document for document, _ in case.wanted} or set(records.catalogue.documents)
    texts = [records.text(ref) for ref in case.wanted] or [one.text for one in records.catalogue.documents.values()]
    texts += [records.document_text(document) for document in documents]
    for fact in case.expect.facts:
        counted = case.expect.count is not None and str(case.expect.count) in fact
        if not counted and not any(says(fact, text) for text in texts):
            yield f"facts: „{' | '.join(fact)}“ steht in keinem der genannten Einträge"


def _forbidden(case: Case) -> Iterator[str]:
    for forbidden in case.expect.forbidden:
        said = [one for fact in case.expect.facts for one in fact if flat(forbidden) in flat(one)]
        if said:
            yield f"forbidden: „{forbidden}“ ist zugleich verlangt („{said[0]}“)"


def _counts(case: Case, records: Records) -> Iterator[str]:
    """What the records, counted again by the proof, say otherwise."""
    if case.proof is None:
        return
    counted = records.counted(case.proof)
    if case.expect.count is not None and case.expect.count != len(counted):
        yield f"count: {case.expect.count}, die Einträge ergeben {len(counted)}"
    if case.expect.citations_all:
        wanted, found = set(case.expect.citations_all), {(item.document_id, item.ref) for item in counted}
        yield from _difference("fehlt", found - wanted)
        yield from _difference("gehört nicht dazu", wanted - found)


def _difference(said: str, refs: Iterable[Ref]) -> Iterator[str]:
    for document, number in sorted(refs):
        yield f"citations_all: {document}:{number} {said}"
