"""What each part of finding is worth: the same cases with parts off, other weights, other chunks.

The figures decide the defaults and stand where those are chosen: `Weights` of ranking, the sizes in
ingest/chunks.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from rich.table import Table

from evals.baselines.chunkings import CHUNKINGS, SHIPPED, rebuilt
from evals.baselines.sets import CaseSet
from evals.cases import Case
from evals.metrics.intervals import Estimate, estimate
from evals.metrics.judging import Asked
from evals.metrics.measures import BY_NAME
from evals.runs.running import Show
from evals.runs.targets import request_of
from service.answering.finding.finder import Finder
from service.answering.finding.ranking import Weights
from service.answering.service import AnswerService
from service.answering.trained.ranking import ranking
from vectorstore.vocabulary import Vocabulary

MEASURED = ("right item", "fully", "false answers", "false refusals")
ALL = "alle"
GROUPS: dict[str, tuple[str, ...] | None] = {
    ALL: None,
    "Alltagssprache": ("topic_lookup_colloquial",),
    "Themen": ("topic_lookup", "noisy"),
    "Fakten": ("single_fact", "status", "responsibility", "false_premise"),
    "Englisch": ("english",),
}


class UnknownWeight(ValueError):
    """What is to be varied cannot be; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One change against what is shipped."""

    name: str
    weights: Weights = field(default_factory=ranking)
    chunking: str = SHIPPED
    vocabulary: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A variant with each measure by group; None where no case of the group asks for it."""

    variant: str
    values: dict[str, dict[str, Estimate | None]]


def switches() -> list[Variant]:
    """Parts switched off one by one."""
    usual = ranking()
    return [
        Variant(SHIPPED),
        Variant("nur Wörter", replace(usual, dense=0.0, concepts=0.0, concepts_found=0.0, questions=0.0)),
        Variant("nur Einbettung", replace(usual, lexical=0.0, title=0.0, questions=0.0)),
        Variant("ohne Fragen zu Einträgen", replace(usual, questions=0.0)),
        Variant("ohne Themenwörter beim Finden", replace(usual, concepts=0.0, concepts_found=0.0)),
        Variant("ohne Themenwortschatz überall", vocabulary=False),
        Variant("ohne Einbettung", replace(usual, dense=0.0)),
        Variant("ohne Titel", replace(usual, title=0.0)),
    ]


def chunk_variants() -> list[Variant]:
    """Every other chunking."""
    return [Variant(f"Abschnitte: {name}", chunking=name) for name in CHUNKINGS if name != SHIPPED]


def varied(entries: Sequence[str]) -> list[Variant]:
    """What is shipped, then each value of each "NAME=V1,V2"; raises UnknownWeight."""
    known = {one.name: one.type for one in fields(Weights)}
    found = [Variant(SHIPPED)]
    for entry in entries:
        name, _, values = entry.partition("=")
        if name not in known:
            raise UnknownWeight(f"Das Gewicht {name} gibt es nicht. Möglich sind: {', '.join(known)}.")
        for value in values.split(","):
            try:
                changed: dict[str, Any] = {name: int(value) if known[name] == "int" else float(value)}
            except ValueError:
                raise UnknownWeight(f"{entry}: „{value}“ ist keine Zahl, die {name} sein kann.") from None
            found.append(Variant(f"{name} {value}", replace(ranking(), **changed)))
    return found


def ablated(sets: Sequence[CaseSet], variants: Sequence[Variant], show: Show) -> list[Row]:
    """Every variant measured over all sets together; `show` takes a variant's name and the share done, 0..1."""
    services: dict[tuple[int, str, bool], AnswerService] = {}
    rows = []
    for place, variant in enumerate(variants):
        asked: list[Asked] = []
        for number, one in enumerate(sets):
            show(variant.name, (place + number / len(sets)) / len(variants))
            key = (number, variant.chunking, variant.vocabulary)
            service = services.get(key) or services.setdefault(key, _service(one, variant))
            service.finder = Finder(service.corpus, variant.weights)
            asked += [_ask(service, case) for case in one.cases]
        rows.append(Row(variant.name, _values(asked)))
    return rows


def table(rows: Sequence[Row]) -> Table:
    """The rows for the terminal."""
    shown = Table(*_HEADINGS, title=_TITLE)
    for row in rows:
        shown.add_row(*_cells(row))
    return shown


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [f"{_TITLE}\n", _line(_HEADINGS), _line(["---"] * len(_HEADINGS))]
    return "\n".join([*lines, *(_line(_cells(row)) for row in rows)]) + "\n"


def as_json(rows: Sequence[Row]) -> str:
    """The rows with all values as JSON."""
    found = [
        {
            "variant": row.variant,
            "values": {
                group: {name: _plain(value) for name, value in values.items() if value is not None}
                for group, values in row.values.items()
            },
        }
        for row in rows
    ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


_TITLE = "richtiger Eintrag unter den ersten drei / ganz richtig, für alle Fälle mit 95-%-Intervall"
_HEADINGS = ["Variante", *GROUPS, "falsch beantwortet / falsch nicht beantwortet"]


def _service(one: CaseSet, variant: Variant) -> AnswerService:
    if variant.chunking == SHIPPED and variant.vocabulary:
        return AnswerService(one.edition, one.settings)
    vocabulary = None if variant.vocabulary else Vocabulary(())
    return AnswerService(rebuilt(one.edition, CHUNKINGS[variant.chunking], vocabulary), one.settings)


def _ask(service: AnswerService, case: Case) -> Asked:
    return Asked(case, service.answer(request_of(case)))


def _values(asked: Sequence[Asked]) -> dict[str, dict[str, Estimate | None]]:
    measured = [(one.case.type, {name: BY_NAME[name].of(one) for name in MEASURED}) for one in asked]
    return {
        group: {
            name: estimate([part for kind, parts in measured if _is_in(kind, types) and (part := parts[name])])
            for name in MEASURED
        }
        for group, types in GROUPS.items()
    }


def _is_in(kind: str, types: tuple[str, ...] | None) -> bool:
    return types is None or kind in types


def _cells(row: Row) -> Iterator[str]:
    yield row.variant
    for group, values in row.values.items():
        yield " / ".join(_shown(values[name], group == ALL) for name in ("right item", "fully"))
    yield " / ".join(_shown(row.values[ALL][name], False) for name in ("false answers", "false refusals"))


def _shown(value: Estimate | None, with_bounds: bool) -> str:
    if value is None:
        return "–"
    bounds = f" ({value.low:.3f}–{value.high:.3f})" if with_bounds else ""
    return f"{value.value:.3f}{bounds}"


def _plain(value: Estimate) -> dict[str, float]:
    return {"value": value.value, "low": value.low, "high": value.high, "n": value.n}


def _line(cells: Sequence[str] | Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
