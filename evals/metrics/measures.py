"""The measures: name, what it says in German, whether more is better, and how one answer is measured.

Names are what gates, reports and comparisons use. A measure gives (numerator, denominator) for a case that it asks
something of, else None; over many cases it is the ratio of the sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evals.metrics import expected, ranking, sets
from evals.metrics.intervals import Part
from evals.metrics.judging import Asked
from evals.metrics.readability import readability, words
from evals.metrics.statements import says, statements
from evals.metrics.support import lost_statements

Of = Callable[[Asked], Part | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure; a `share` lies in 0..1 and is shown in per cent, others are plain numbers."""

    name: str
    label: str
    of: Of
    more_is_better: bool | None = True
    share: bool = True


def _yes(value: bool | None) -> Part | None:
    return None if value is None else (float(value), 1.0)


def _right_at(k: int) -> Of:
    def of(asked: Asked) -> Part | None:
        asks = asked.case.expect.citations_any and not asked.noted
        return _yes(ranking.hit_at(asked.hits, k) if asks else None)

    return of


def _reciprocal(asked: Asked) -> Part | None:
    return (ranking.reciprocal_rank(asked.relevant), 1.0) if expected.asks_items(asked) else None


def _ndcg(asked: Asked) -> Part | None:
    """Those items of which one is enough count as one."""
    if not expected.asks_items(asked):
        return None
    alternatives = len(asked.case.expect.citations_any)
    found = [None if one is None else max(one, alternatives - 1) for one in asked.found]
    return ranking.ndcg_at(found, _to_cite(asked)), 1.0


def _to_cite(asked: Asked) -> int:
    """How many items a right answer cites."""
    return bool(asked.case.expect.citations_any) + len(asked.case.expect.citations_all)


def _precision(asked: Asked) -> Part | None:
    if not asked.answered or not asked.case.wanted or not asked.answer.citations:
        return None
    return float(sum(asked.relevant)), float(len(asked.relevant))


def _recall(asked: Asked) -> Part | None:
    if not expected.asks_items(asked):
        return None
    wanted = asked.case.expect.citations_all
    held = sum(expected.cites(asked, ref) for ref in wanted)
    return float(held + any(asked.hits)), float(_to_cite(asked))


def _listed(asked: Asked) -> tuple[set[object], set[object]] | None:
    """What a list cites and what it should; a part of an item is another item here."""
    expect = asked.case.expect
    if asked.case.type != "list" or not expect.citations_all:
        return None
    return {(one.document_id, one.ref) for one in asked.answer.citations}, set(expect.citations_all)


def _complete(asked: Asked) -> Part | None:
    lists = _listed(asked)
    return None if lists is None else (sets.completeness(*lists), 1.0)


def _exact(asked: Asked) -> Part | None:
    lists = _listed(asked)
    return None if lists is None else (sets.exactness(*lists), 1.0)


def _facts_quoted(asked: Asked) -> bool | None:
    facts = () if asked.noted else asked.case.expect.facts
    quotes = " ".join(one.quote for one in asked.answer.citations)
    return all(says(one, quotes) for one in facts) if facts else None


def _false_answer(asked: Asked) -> bool | None:
    return asked.answered if asked.case.expect.behavior == "abstain" else None


def _false_answer_at(distance: str | None) -> Of:
    return lambda asked: _yes(_false_answer(asked) if asked.case.distance == distance else None)


def _false_refusal(asked: Asked) -> bool | None:
    return not asked.answered and not asked.noted if asked.case.answerable else None


def _unproven(asked: Asked) -> Part | None:
    if not asked.answered:
        return None
    found = statements(asked.answer.answer)
    return float(sum(not one.markers for one in found)), float(max(len(found), 1))


def _verbatim(asked: Asked) -> Part | None:
    texts = asked.knowledge.documents
    quotes = [(one, texts.get(one.document_id)) for one in asked.answer.citations]
    if not texts or not quotes:
        return None
    return float(sum(text is not None and text.holds(one.quote) for one, text in quotes)), float(len(quotes))


def _pages(asked: Asked) -> Part | None:
    texts = asked.knowledge.documents
    paged = [one for one in asked.answer.citations if (text := texts.get(one.document_id)) and text.pages]
    if not paged:
        return None
    right = [one.page in texts[one.document_id].pages_of(one.quote) for one in paged]
    return float(sum(right)), float(len(right))


def _unsupported(asked: Asked) -> Part | None:
    if not asked.answered:
        return None
    return float(len(lost_statements(asked))), float(max(len(statements(asked.answer.answer)), 1))


def _when_answered(value: Callable[[Asked], float | None]) -> Of:
    def of(asked: Asked) -> Part | None:
        found = value(asked) if asked.answered else None
        return None if found is None else (found, 1.0)

    return of


def _index(name: str) -> Of:
    def value(asked: Asked) -> float | None:
        found = readability(asked.answer.answer) if asked.answer.language == "de" else None
        return None if found is None else float(getattr(found, name))

    return _when_answered(value)


MEASURES: tuple[Measure, ...] = (
    Measure("fully", "ganz richtig", lambda one: _yes(expected.fully(one))),
    Measure("right item", "richtige Einträge belegt", lambda one: _yes(expected.right_item(one))),
    Measure("right@1", "richtiger Eintrag zuerst", _right_at(1)),
    Measure("right@3", "richtiger Eintrag unter den ersten drei", _right_at(3)),
    Measure("right@5", "richtiger Eintrag unter den ersten fünf", _right_at(5)),
    Measure("mrr", "mittlerer Kehrwert des Rangs (MRR)", _reciprocal),
    Measure("ndcg", "nDCG unter den ersten zehn", _ndcg),
    Measure("precision", "Belege auf richtige Einträge", _precision),
    Measure("recall", "richtige Einträge, die belegt sind", _recall),
    Measure("list complete", "Listen vollständig", _complete),
    Measure("list exact", "Listen ohne Falsches", _exact),
    Measure("count", "Anzahl richtig", lambda one: _yes(expected.counted(one))),
    Measure("overview", "Überblicke richtig", lambda one: _yes(expected.overview(one))),
    Measure("about service", "Fragen an den Dienst erkannt", lambda one: _yes(expected.about_service(one))),
    Measure("verdict", "beginnt mit Ja, Nein oder Stand", lambda one: _yes(expected.verdict(one))),
    Measure("facts", "Fakten genannt", lambda one: _yes(expected.facts(one))),
    Measure("in quote", "Fakten im Zitat", lambda one: _yes(_facts_quoted(one))),
    Measure("forbidden", "Verbotenes gesagt", lambda one: _yes(expected.forbidden(one)), more_is_better=False),
    Measure("verbatim", "Zitate wörtlich", _verbatim),
    Measure("pages", "Zitate auf der genannten Seite", _pages),
    Measure("unsupported", "Aussagen mit unbelegter Zahl oder Name", _unsupported, more_is_better=False),
    Measure("unproven", "Aussagen ohne Beleg", _unproven, more_is_better=False),
    Measure("unavailable", "nicht verfügbar", lambda one: _yes(expected.unavailable(one)), more_is_better=False),
    Measure("false answers", "falsch beantwortet", lambda one: _yes(_false_answer(one)), more_is_better=False),
    Measure("false answers near", "davon Naheliegendes", _false_answer_at("near"), more_is_better=False),
    Measure("false answers far", "davon Fernes", _false_answer_at("far"), more_is_better=False),
    Measure("false answers other", "davon Anweisungen und anderes", _false_answer_at(None), more_is_better=False),
    Measure("false refusals", "falsch nicht beantwortet", lambda one: _yes(_false_refusal(one)), more_is_better=False),
    Measure(
        "citations", "Belege je Antwort", _when_answered(lambda one: float(len(one.answer.citations))), None, False
    ),
    Measure("words", "Wörter je Antwort", _when_answered(lambda one: float(words(one.answer.answer))), None, False),
    Measure("amstad", "Lesbarkeit nach Amstad", _index("amstad"), share=False),
    Measure("wiener", "Wiener Sachtextformel", _index("wiener"), more_is_better=False, share=False),
    Measure("lix", "LIX", _index("lix"), more_is_better=False, share=False),
)
BY_NAME = {one.name: one for one in MEASURES}
