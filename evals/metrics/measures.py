"""The measures: name, what it says in German, whether more is better, and how one answer is measured.

Names are what gates, reports and comparisons use. A measure gives (numerator, denominator) for a case that it asks
something of, else None; over many cases it is the ratio of the sums. What readers care for comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from evals.metrics import outcomes
from evals.metrics.judging import FOUND, UNAVAILABLE, Asked, Part
from evals.metrics.statements import says
from prompts import say

Of = Callable[[Asked], Part | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, a share in 0..1; `more_is_better` is None where it is only told."""

    name: str
    label: str
    of: Of
    more_is_better: bool | None = True


def _yes(of: Callable[[Asked], bool | None]) -> Of:
    def part(asked: Asked) -> Part | None:
        value = of(asked)
        return None if value is None else (float(value), 1.0)

    return part


def _padding(asked: Asked) -> Part | None:
    """Citations off every right entry, of all that an answer to an answerable question has."""
    cited = asked.answer.citations
    wanted = asked.case.wanted or asked.case.expect.overview
    return (float(len(asked.off(cited))), float(len(cited))) if asked.shows and wanted and cited else None


def _list(asked: Asked, *, exact: bool) -> Part | None:
    """How much of a list is cited, or `exact` of what it cites belongs to it; a part of an item is another item."""
    cited, wanted = {(one.document_id, one.ref) for one in asked.answer.citations}, set(asked.case.expect.citations_all)
    if asked.case.type != "list" or not wanted:
        return None
    return len(cited & wanted) / max(len(cited if exact else wanted), 1), 1.0


def _facts_quoted(asked: Asked) -> bool | None:
    facts = () if asked.noted else asked.case.expect.facts
    quotes = " ".join(one.quote for one in asked.answer.citations)
    return all(says(one, quotes) for one in facts) if facts else None


MEASURES: tuple[Measure, ...] = (
    Measure("misled", say("evaluation.misled"), _yes(outcomes.misled), more_is_better=False),
    Measure("direct", "ganz richtig beantwortet", _yes(outcomes.fully)),
    Measure("useful", "brauchbar", _yes(outcomes.useful)),
    Measure("shown", "richtiger Eintrag gezeigt", _yes(outcomes.shown)),
    Measure("found", "gefunden statt beantwortet", _yes(lambda one: one.answer.status == FOUND), None),
    Measure("right non-answer", say("evaluation.rightly_unanswered"), _yes(outcomes.right_non_answer)),
    Measure("wrong refusal", say("evaluation.wrongly_unanswered"), _yes(outcomes.wrong_refusal), more_is_better=False),
    Measure("about service", say("evaluation.about_service"), _yes(outcomes.about_service)),
    Measure("padding", "Belege am Eintrag vorbei", _padding, more_is_better=False),
    Measure("first sentence", "erster Satz antwortet", _yes(outcomes.first_sentence_answers)),
    Measure("verdict", say("evaluation.verdict"), _yes(outcomes.verdict)),
    Measure("right item", say("evaluation.right_item"), _yes(outcomes.right_item)),
    Measure("overview", say("evaluation.overview"), _yes(outcomes.overview)),
    Measure("facts", "Fakten genannt", _yes(outcomes.facts)),
    Measure("in quote", say("evaluation.in_quote"), _yes(_facts_quoted)),
    Measure("count", "Anzahl richtig", _yes(outcomes.counted)),
    Measure("list complete", say("evaluation.lists_complete"), partial(_list, exact=False)),
    Measure("list exact", "Listen ohne Falsches", partial(_list, exact=True)),
    Measure("forbidden", "Verbotenes gesagt", _yes(outcomes.forbidden), more_is_better=False),
    Measure("as expected", "wie erwartet", _yes(outcomes.as_expected)),
    Measure("verbatim", say("evaluation.verbatim"), outcomes.verbatim),
    Measure("pages", say("evaluation.pages"), outcomes.pages),
    Measure("uncited", "Aussagen ohne Beleg", outcomes.uncited, more_is_better=False),
    Measure("draft as decided", say("evaluation.draft_as_decided"), outcomes.draft_as_decided, more_is_better=False),
    Measure("personal", say("evaluation.personal"), _yes(outcomes.personal), more_is_better=False),
    Measure(
        "unavailable",
        say("evaluation.unavailable"),
        _yes(lambda one: one.answer.status == UNAVAILABLE),
        more_is_better=False,
    ),
)
BY_NAME = {one.name: one for one in MEASURES}
