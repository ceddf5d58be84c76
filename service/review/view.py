"""Everything that people decide on before a paper of a draft is published, ready for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from service.pages import labels
from service.review.changes import Changes, changes, front_words
from service.review.doubts import doubts
from service.review.families import FamilyLine, family_lines, sentences
from service.review.paper import Paper
from service.staff.words import ARCHIVED, counted, kinds_counted, shortened
from vectorstore.records import ConflictValue, FrontFact, Item, ItemStatus

NOT_PDF = "Das Original ist kein PDF; von seinen Seiten gibt es keine Bilder."
_SOURCES = {
    "sheet": "im Text",
    "text": "im Text",
    "overview": "in der Übersicht",
    "schedule": "im Zeitplan",
    "list": "in der Liste",
}
_COVERED = {
    "body": ("Inhalt", "ist Teil eines Eintrags oder Abschnitts und wird durchsucht"),
    "furniture": ("Kopf- und Fußzeilen", "wiederholt sich auf den Seiten und wird weggelassen"),
    "contents": ("Verzeichnisse", "Inhalts- und andere Verzeichnisse, nur zum Abgleich gelesen"),
    "hidden": ("versteckt", "ist auf der Seite nicht zu sehen und wird nicht durchsucht"),
    "lost": ("verloren", "steht in der Datei, aber in keinem Eintrag oder Abschnitt"),
}


@dataclass(frozen=True, slots=True)
class FrontLine:
    """A part of a paper's front matter: what is told, where that comes from, and what proves it."""

    name: str
    value: str
    origin: str
    fact: FrontFact | None


@dataclass(frozen=True, slots=True)
class Share:
    """What became of some of a paper's characters: how many, and their share of all from 0 to 1."""

    name: str
    what: str
    characters: int
    share: float


@dataclass(frozen=True, slots=True)
class Example:
    """A record as it was read; `picture` is the address of its page's picture, or `why` there is none."""

    item: Item
    picture: str
    why: str


@dataclass(frozen=True, slots=True)
class PaperView:
    """Everything that the page shows of a paper, ready to print."""

    paper: Paper
    content: str
    doubts: list[str]
    front: list[FrontLine]
    sentences: list[str]
    families: list[FamilyLine]
    examples: list[Example]
    pictures_missing: str
    conflicts: list[tuple[Item, str, tuple[ConflictValue, ...]]]
    shares: list[Share]
    loose: list[tuple[str, int, Sequence[Mapping[str, Any]]]]
    changes: Changes | None


def paper_view(paper: Paper, addresses: Mapping[str, tuple[str, str]]) -> PaperView:
    """Return everything to show of a paper.

    `addresses` give, by the key of an example, the address of its page's picture, or "" and why there is none.
    """
    changed = changes(paper.before, paper.parsed) if paper.before is not None else None
    shown = [(item, *addresses.get(item.key, ("", NOT_PDF))) for item in paper.examples()]
    whys = {why for _, _, why in shown}
    missing = whys.pop() if len(whys) == 1 and not any(address for _, address, _ in shown) else ""
    return PaperView(
        paper,
        _content(paper.parsed.items),
        doubts(paper, changed),
        _front(paper),
        sentences(paper),
        family_lines(paper),
        [Example(item, address, "" if missing else why) for item, address, why in shown],
        missing,
        [
            (item, labels.FIELDS.get(one.field, one.field), one.values or _two(one.text, one.table))
            for item in paper.parsed.items
            for one in item.conflicts
        ],
        _shares(paper),
        _loose(paper.loose),
        changed,
    )


def _two(text: str, table: str) -> tuple[ConflictValue, ...]:
    return ConflictValue(text, None, "text"), ConflictValue(table, None, "list")


def _content(items: Sequence[Item]) -> str:
    """Return the numbers of items by kind in words, rows of an archive apart."""
    archived = sum(one.status is ItemStatus.ARCHIVED for one in items)
    counts = Counter(one.kind.value for one in items if one.status is not ItemStatus.ARCHIVED)
    return ", ".join(filter(None, (kinds_counted(counts), f"{archived} {ARCHIVED}" if archived else ""))) or "nur Text"


def _front(paper: Paper) -> list[FrontLine]:
    facts = {one.field: one for one in paper.document.front}
    return [
        FrontLine(
            labels.FRONT[part], value, _origin(facts.get(part), bool(getattr(paper.document, part))), facts.get(part)
        )
        for part, value in front_words(paper.document).items()
    ]


def _origin(fact: FrontFact | None, known: bool) -> str:
    if fact is None:
        return "keine Angabe"
    if fact.by == "found" and not fact.quote:
        return "vermutet; eine Belegstelle gibt es nicht" if known else "im Dokument nicht gefunden"
    return labels.MADE_BY[fact.by]


def _shares(paper: Paper) -> list[Share]:
    coverage = paper.document.coverage
    if coverage is None:
        return []
    numbers = {name: int(getattr(coverage, name)) for name in _COVERED}
    whole = sum(numbers.values()) or 1
    return [Share(*_COVERED[name], number, number / whole) for name, number in numbers.items()]


def _loose(told: Mapping[str, Any]) -> list[tuple[str, int, Sequence[Mapping[str, Any]]]]:
    """Return what no record holds: what it is, how often, and the first of it; nothing where there is none."""
    parts = (("Überschriften", "headings"), ("Tabellenzeilen", "rows"))
    return [(name, told[key], told[f"first_{key}"]) for name, key in parts if told.get(key)]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _number(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def prepare(environment: Environment) -> None:
    """Give an environment what the template of a paper needs."""
    environment.filters.update(percent=_percent, number=_number, shortened=shortened, date=labels.shown_date)
    environment.globals.update(labels=labels, sources=_SOURCES, counted=counted)
