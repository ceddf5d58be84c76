"""The measures: the outcomes of the contract ("How answers are judged"), and what must hold of every answer.

Names are what gates, reports and comparisons use. A measure gives (numerator, denominator) for a case that it asks
something of, else None; over many cases it is the ratio of the sums. `found` shows entries without a claim: it never
misleads, and is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from evals.metrics.judging import ABOUT_SERVICE, FOUND, UNAVAILABLE, AnsweredCase, Ratio
from evals.metrics.statements import begins_with, counts, first_sentence, flat, statements, states
from prompts import say

FOUND_READ = 900  # characters of what was found in which facts count
_UNDECIDED = ("draft", "proposed")
_DECIDED = re.compile(r"\b(?:beschlossen|verabschiedet|in Kraft|adopted|decided|in force)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:nicht|nie|kein\w*|not|never|no)\b", re.IGNORECASE)
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.\w{2,}"  # an address for mail
    r"|\b[A-Z]{2}\d{2}(?: ?\d{4}){3,5}\b"  # an account
    r"|(?<![\d.,/])(?:\+\d{2}|0)\d{2,4}[ /-]{1,3}\d{2}(?:[ -]?\d){3,}"  # a telephone number; 0202/2014 is none
)


def answerable(asked: AnsweredCase) -> bool:
    """True where an answer is expected, and no note was accepted in its place."""
    return asked.case.answerable and not asked.noted


def right_item(asked: AnsweredCase) -> bool | None:
    """One of those of which one is enough among the first three citations, and all that must be cited anywhere."""
    expect = asked.case.expect
    if not asked.case.right_refs or asked.noted:
        return None
    enough = not expect.citations_any or any(
        asked.is_of(citation, expect.citations_any) for citation in asked.answer.citations[:3]
    )
    return enough and all(asked.cites(ref) for ref in expect.citations_all)


def facts(asked: AnsweredCase) -> bool | None:
    """Every fact, in one of its spellings, is in the answer."""
    needed = () if asked.noted else asked.case.expect.facts
    return all(states(spellings, asked.answer.answer) for spellings in needed) if needed else None


def counted(asked: AnsweredCase) -> bool | None:
    """The count is told."""
    count = asked.case.expect.count
    return None if count is None or asked.noted else counts(count, asked.answer.answer)


def forbidden(asked: AnsweredCase) -> bool | None:
    """Something is said that must not be."""
    unwanted, statement = asked.case.expect.forbidden, flat(asked.answer.answer)
    return any(flat(text) in statement for text in unwanted) if unwanted else None


def overview(asked: AnsweredCase) -> bool | None:
    """One of the core and nothing off the topic among the first three citations, and enough different ones in all."""
    needed = asked.case.expect.overview
    if needed is None:
        return None
    cited = asked.answer.citations
    on_topic = {(citation.document_id, citation.key) for citation in cited if asked.is_of(citation, needed.items)}
    core = any(asked.is_of(citation, needed.core) for citation in cited[:3])
    return asked.answered and core and not asked.off(cited[:3]) and len(on_topic) >= needed.at_least


def fully(asked: AnsweredCase) -> bool | None:
    """Fully right: answered, the right item or overview, all facts, the count, nothing forbidden."""
    if not answerable(asked):
        return None
    parts = (right_item(asked), overview(asked), facts(asked), counted(asked))
    return asked.answered and not forbidden(asked) and all(part is not False for part in parts)


def shown(asked: AnsweredCase) -> bool | None:
    """Answered or found with the right item among the first three; of an overview, one of its core."""
    if not answerable(asked):
        return None
    needed = asked.case.expect.overview
    if needed is not None:
        return asked.shows and any(asked.is_of(citation, needed.core) for citation in asked.answer.citations[:3])
    return asked.shows and right_item(asked) is not False


def useful(asked: AnsweredCase) -> bool | None:
    """Shown, with every fact in the answer (of `found` in its first 900 characters) and nothing forbidden."""
    is_visible = shown(asked)
    if not is_visible:
        return is_visible
    text = asked.answer.answer[:FOUND_READ] if asked.answer.status == FOUND else asked.answer.answer
    return all(states(spellings, text) for spellings in asked.case.expect.facts) and not forbidden(asked)


def misled(asked: AnsweredCase) -> bool | None:
    """Answered, but not fully right, or where the documents do not say it: the worst outcome there is."""
    return asked.answered and not fully(asked) if asked.case.expect.behavior != "open" else None


def right_non_answer(asked: AnsweredCase) -> bool | None:
    """Where the documents do not say it: any status but `answered`; `found` neither where none treats the matter."""
    if asked.case.expect.behavior != "abstain":
        return None
    return not (asked.shows if asked.case.treated is False else asked.answered)


def about_service(asked: AnsweredCase) -> bool | None:
    """A question to the service itself is taken as one."""
    return asked.about_service if asked.case.expect.behavior == ABOUT_SERVICE else None


def as_expected(asked: AnsweredCase) -> bool | None:
    """The outcome that the case expects, whichever it is; a note on languages where that is accepted."""
    results = (fully(asked), right_non_answer(asked), about_service(asked), asked.noted or None)
    return next((part for part in results if part is not None), None)


def wrong_refusal(asked: AnsweredCase) -> bool | None:
    """Nothing is shown though an answer is expected."""
    return not asked.shows if answerable(asked) else None


def verdict(asked: AnsweredCase) -> bool | None:
    """The answer begins with the verdict that is expected."""
    needed = asked.case.expect.verdict
    return asked.answered and begins_with(needed, asked.answer.answer) if needed else None


def first_sentence_answers(asked: AnsweredCase) -> bool | None:
    """Of an answer, whether its first sentence holds the verdict, the count, or one of the facts that are expected."""
    expect = asked.case.expect
    if not asked.answered or not (expect.verdict or expect.facts or expect.count is not None):
        return None
    if expect.verdict:
        return begins_with(expect.verdict, asked.answer.answer)
    first = first_sentence(asked.answer.answer)
    is_counted = expect.count is not None and counts(expect.count, first)
    return is_counted or any(states(spellings, first) for spellings in expect.facts)


def _ratio(flags: Iterable[bool], least: int = 0) -> Ratio:
    """How many are true, and of how many."""
    results = list(flags)
    return float(sum(results)), float(max(len(results), least))


def uncited(asked: AnsweredCase) -> Ratio | None:
    """Statements of an answer without a citation, of all."""
    if not asked.shows:
        return None
    result = statements(asked.answer.answer)
    return _ratio((not statement.markers for statement in result), least=1)


def verbatim(asked: AnsweredCase) -> Ratio | None:
    """Quotes that stand in their document, of all; None where the texts are not at hand."""
    texts = asked.knowledge.documents
    quotes = [(citation, texts.get(citation.document_id)) for citation in asked.answer.citations]
    if not texts or not quotes:
        return None
    return _ratio(text is not None and text.has(citation.quote) for citation, text in quotes)


def pages(asked: AnsweredCase) -> Ratio | None:
    """Quotes that stand on the page that is named, of all in documents with pages."""
    texts = asked.knowledge.documents
    paged = [
        citation for citation in asked.answer.citations if (text := texts.get(citation.document_id)) and text.pages
    ]
    right = (citation.page in texts[citation.document_id].pages_of(citation.quote) for citation in paged)
    return _ratio(right) if paged else None


def draft_as_decided(asked: AnsweredCase) -> Ratio | None:
    """Of the statements that cite only drafts or motions, how many call them decided without quoting it."""
    cited = {citation.marker: citation for citation in asked.answer.citations}
    results = []
    for statement in statements(asked.answer.answer):
        proofs = [cited[marker] for marker in statement.markers if marker in cited]
        if proofs and all(citation.document_status in _UNDECIDED for citation in proofs):
            quoted = flat(" ".join(f"{citation.quote} {citation.title}" for citation in proofs))
            results.append(_states_decided(statement.text, quoted))
    return _ratio(results) if results else None


def personal(asked: AnsweredCase) -> bool | None:
    """An answer holds an address, a telephone number or an account."""
    return _PERSONAL.search(asked.answer.answer) is not None if asked.shows else None


def _states_decided(text: str, quoted: str) -> bool:
    for match in _DECIDED.finditer(text):
        around = text[max(match.start() - 15, 0) : match.end() + 15]
        before = text[max(match.start() - 40, 0) : match.start()]
        if flat(around) not in quoted and not _NOT.search(before):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, a share in 0..1; `more_is_better` is None where it is only told."""

    name: str
    label: str
    of: Callable[[AnsweredCase], Ratio | bool | None]
    more_is_better: bool | None = True

    def ratio(self, asked: AnsweredCase) -> Ratio | None:
        """What it says of an answer, (1, 1) for yes and (0, 1) for no; None where it asks nothing of it."""
        result = self.of(asked)
        return (float(result), 1.0) if isinstance(result, bool) else result


def _padding(asked: AnsweredCase) -> Ratio | None:
    """Citations off every right entry, of all that an answer to an answerable question has."""
    cited = asked.answer.citations
    right_refs = asked.case.right_refs or asked.case.expect.overview
    return (float(len(asked.off(cited))), float(len(cited))) if asked.shows and right_refs and cited else None


def _fitting(asked: AnsweredCase) -> Ratio | None:
    """Entries that a reader marked as fitting, of those that `found` shows; none fits where no document treats it."""
    case, shown = asked.case, asked.answer.citations[:3]
    if asked.answer.status != FOUND or not shown or not (case.expect.fits or case.treated is False):
        return None
    right = (*case.right_refs, *case.expect.fits)
    return _ratio(asked.is_of(citation, right) for citation in shown)


def _list(asked: AnsweredCase, *, exact: bool) -> Ratio | None:
    """How much of a list is cited, or `exact` of what it cites belongs to it; a part of an item is another item."""
    needed = set(asked.case.expect.citations_all)
    cited = {(citation.document_id, citation.ref) for citation in asked.answer.citations}
    if asked.case.type != "list" or not needed:
        return None
    return len(cited & needed) / max(len(cited if exact else needed), 1), 1.0


def _facts_quoted(asked: AnsweredCase) -> bool | None:
    facts = () if asked.noted else asked.case.expect.facts
    quotes = " ".join(citation.quote for citation in asked.answer.citations)
    return all(states(spellings, quotes) for spellings in facts) if facts else None


MEASURES: tuple[Measure, ...] = (
    Measure("misled", say("evaluation.misled"), misled, False),
    Measure("direct", "ganz richtig beantwortet", fully),
    Measure("useful", "brauchbar", useful),
    Measure("shown", "richtiger Eintrag gezeigt", shown),
    Measure("found", "gefunden statt beantwortet", lambda asked: asked.answer.status == FOUND, None),
    Measure("fits", "gefundene Einträge, die passen", _fitting),
    Measure("right non-answer", say("evaluation.rightly_unanswered"), right_non_answer),
    Measure("wrong refusal", say("evaluation.wrongly_unanswered"), wrong_refusal, False),
    Measure("about service", say("evaluation.about_service"), about_service),
    Measure("padding", "Belege am Eintrag vorbei", _padding, False),
    Measure("first sentence", "erster Satz antwortet", first_sentence_answers),
    Measure("verdict", say("evaluation.verdict"), verdict),
    Measure("right item", say("evaluation.right_item"), right_item),
    Measure("overview", say("evaluation.overview"), overview),
    Measure("facts", "Fakten genannt", facts),
    Measure("in quote", say("evaluation.in_quote"), _facts_quoted),
    Measure("count", "Anzahl richtig", counted),
    Measure("list complete", say("evaluation.lists_complete"), partial(_list, exact=False)),
    Measure("list exact", "Listen ohne Falsches", partial(_list, exact=True)),
    Measure("forbidden", "Verbotenes gesagt", forbidden, False),
    Measure("as expected", "wie erwartet", as_expected),
    Measure("verbatim", say("evaluation.verbatim"), verbatim),
    Measure("pages", say("evaluation.pages"), pages),
    Measure("uncited", "Aussagen ohne Beleg", uncited, False),
    Measure("draft as decided", say("evaluation.draft_as_decided"), draft_as_decided, False),
    Measure("personal", say("evaluation.personal"), personal, False),
    Measure("unavailable", say("evaluation.unavailable"), lambda asked: asked.answer.status == UNAVAILABLE, False),
)
BY_NAME = {measure.name: measure for measure in MEASURES}
