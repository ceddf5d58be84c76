"""The measures of answers: outcomes as in the contract ("How answers are judged"), and properties
of every answer.

Gates, reports and comparisons use their names. A measure gives (numerator, denominator) for a case
to which it applies, else None; over many cases it is the ratio of the sums. The status `found`
shows items without claiming an answer: it never misleads, and is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from evals.metrics.scoring import (
    ABOUT_SERVICE,
    FOUND,
    UNAVAILABLE,
    AnsweredCase,
    Judgement,
    Ratio,
    SentAnswer,
)
from evals.metrics.statements import (
    begins_with,
    first_sentence,
    has_spelling,
    normalize_text,
    split_statements,
    states_number,
)
from prompts import say

FOUND_READ = 2_700  # characters of a text with status `found` in which facts count
_UNDECIDED = ("draft", "proposed")
_DECIDED = re.compile(
    r"\b(?:beschlossen|verabschiedet|in Kraft|adopted|decided|in force)\b", re.IGNORECASE
)
_NOT = re.compile(r"\b(?:nicht|nie|kein\w*|not|never|no)\b", re.IGNORECASE)
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.\w{2,}"  # an address for mail
    r"|\b[A-Z]{2}\d{2}(?: ?\d{4}){3,5}\b"  # an account: DE12 3456 7890 1234
    # a telephone number; 0202/2014 is none
    r"|(?<![\d.,/])(?:\+\d{2}|0)\d{2,4}[ /-]{1,3}\d{2}(?:[ -]?\d){3,}"
)


def is_answerable(asked: AnsweredCase) -> bool:
    """True if an answer is expected, and no notice was accepted in its place."""
    return asked.case.answerable and not asked.noted


def right_item(asked: AnsweredCase) -> bool | None:
    """True if the first three citations have an item of `citations_any`, and all of `citations_all`
    are cited anywhere.

    A page that proves such an item counts as the item. None if the case names no right items, or
    for an accepted notice on languages, which takes the place of an answer.
    """
    expect = asked.case.expect
    if not asked.case.right_refs or asked.noted:
        return None
    first_three = asked.answer.citations[:3]
    has_any = not expect.citations_any or any(map(asked.is_right, first_three))
    return has_any and all(asked.cites(ref) for ref in expect.citations_all)


def facts(asked: AnsweredCase) -> bool | None:
    """True if every fact, in one of its spellings, is in the answer."""
    return _states_facts(asked, asked.answer.answer)


def _states_facts(asked: AnsweredCase, text: str) -> bool | None:
    """True if a text has every fact of the case, each in one of its spellings. None if the case has
    no facts, or if a notice on languages was accepted in place of an answer.
    """
    needed = asked.case.expect.facts
    if asked.noted or not needed:
        return None
    return all(has_spelling(spellings, text) for spellings in needed)


def states_count(asked: AnsweredCase) -> bool | None:
    """True if the answer states the expected count, in digits or words; None if no count is
    expected, or with an accepted notice.
    """
    count = asked.case.expect.count
    if count is None or asked.noted:
        return None
    return states_number(count, asked.answer.answer)


def forbidden(asked: AnsweredCase) -> bool | None:
    """True if the answer contains a forbidden text, whatever its case and white space; None if the
    case forbids none.
    """
    unwanted = asked.case.expect.forbidden
    if not unwanted:
        return None
    answer = normalize_text(asked.answer.answer)
    return any(normalize_text(text) in answer for text in unwanted)


def overview(asked: AnsweredCase) -> bool | None:
    """True if an answer gives the expected overview; None if the case expects none.

    The first three citations must be on topic, at least one of them must be a core item, and enough
    different items on the topic must be cited. What was only found is no overview.
    """
    needed = asked.case.expect.overview
    if needed is None:
        return None
    cited = asked.answer.citations
    on_topic = {
        (citation.document_id, citation.key)
        for citation in cited
        if asked.is_of(citation, needed.items)
    }
    has_core = any(asked.is_of(citation, needed.core) for citation in cited[:3])
    return (
        asked.answered
        and has_core
        and not asked.off_topic(cited[:3])
        and len(on_topic) >= needed.at_least
    )


def fully(asked: AnsweredCase) -> bool | None:
    """True if a question is answered with all that its case requires, and with nothing forbidden.

    A case may require right items, an overview, facts and a count; a verdict does not count here.
    None if the case is not answerable.
    """
    if not is_answerable(asked):
        return None
    # None: not required
    required = (right_item(asked), overview(asked), facts(asked), states_count(asked))
    return asked.answered and not forbidden(asked) and False not in required


def shows_right_item(asked: AnsweredCase) -> bool | None:
    """True if the right item is among the first three that are shown, as an answer or as found
    passages.

    For an overview one of its core items counts as right, since it names many items. None if the
    case is not answerable or names no right item.
    """
    needed = asked.case.expect.overview
    if not is_answerable(asked) or not (needed or asked.case.right_refs):
        return None
    if needed is not None:
        return asked.shows and any(
            asked.is_of(citation, needed.core) for citation in asked.answer.citations[:3]
        )
    return asked.shows and right_item(asked) is not False


def useful(asked: AnsweredCase) -> bool | None:
    """True if a reader is helped: the right item is shown, as an answer or only as found, every
    fact is in the text that is read, and nothing forbidden. None if the case is not answerable.
    """
    if not is_answerable(asked):
        return None
    if not asked.shows or shows_right_item(asked) is False or forbidden(asked):
        return False
    text = text_read(asked.answer)
    return all(has_spelling(spellings, text) for spellings in asked.case.expect.facts)


def text_read(answer: SentAnswer) -> str:
    """Return the text in which facts are looked for: the answer, with the passage that is shown
    below it.

    Of an answer with the status `found`, which lists items, only the first `FOUND_READ` characters
    count.
    """
    text = answer.answer
    if answer.status == FOUND:
        text = text[:FOUND_READ]
    if answer.passage is not None:
        text = f"{text}\n{answer.passage.text}"
    return text


def misled(asked: AnsweredCase) -> bool | None:
    """True if a question was answered but not fully right, or answered though the documents do not
    say it: the worst outcome. None if nobody has said what is right.
    """
    if asked.case.expect.behavior == "open":
        return None
    return asked.answered and not fully(asked)


def found_only(asked: AnsweredCase) -> bool | None:
    """True if items are shown without the claim that they answer, whether they fit or not. None if
    nobody has said what is right.
    """
    if asked.case.expect.behavior == "open":
        return None
    return asked.answer.status == FOUND


def right_non_answer(asked: AnsweredCase) -> bool | None:
    """True if a question that has no answer is not answered; None if the case expects an answer or
    anything else.

    To show items as found is right too, unless the case says that no document treats the matter:
    then nothing may be shown.
    """
    if asked.case.expect.behavior != "abstain":
        return None
    if asked.case.treated is False:
        return not asked.shows
    return not asked.answered


def about_service(asked: AnsweredCase) -> bool | None:
    """True if a question about the service is answered as one; None for other questions."""
    if asked.case.expect.behavior != ABOUT_SERVICE:
        return None
    return asked.answer.status == ABOUT_SERVICE


def as_expected(asked: AnsweredCase) -> bool | None:
    """True if the outcome is the one that the case expects, or an accepted notice on languages.
    None for a case on which nobody has said what is right.
    """
    # at most one of them applies
    for outcome in (
        fully(asked),
        right_non_answer(asked),
        about_service(asked),
    ):
        if outcome is not None:
            return outcome
    return asked.noted or None


def wrong_refusal(asked: AnsweredCase) -> bool | None:
    """True if nothing is shown though an answer is expected."""
    return not asked.shows if is_answerable(asked) else None


def verdict(asked: AnsweredCase) -> bool | None:
    """True if a question is answered and the answer begins with the expected verdict, such as "yes"
    or a status. None if the case expects none.
    """
    needed = asked.case.expect.verdict
    if not needed:
        return None
    return asked.answered and begins_with(needed, asked.answer.answer)


def first_sentence_answers(asked: AnsweredCase) -> bool | None:
    """True if the first sentence of an answer already answers: it states the verdict that the case
    expects.

    If the case expects no verdict, the sentence must state the count or one of the facts. None if
    nothing was answered, or nothing of this is expected.
    """
    expect = asked.case.expect
    if not asked.answered or not (expect.verdict or expect.facts or expect.count is not None):
        return None
    if expect.verdict:
        return begins_with(expect.verdict, asked.answer.answer)
    first = first_sentence(asked.answer.answer)
    is_counted = expect.count is not None and states_number(expect.count, first)
    return is_counted or any(has_spelling(spellings, first) for spellings in expect.facts)


def _ratio(flags: Iterable[bool], least: int = 0) -> Ratio:
    """Return the number of true flags, and of all flags, or `least` if there are fewer."""
    values = list(flags)
    return float(sum(values)), float(max(len(values), least))


def count_uncited(asked: AnsweredCase) -> Ratio | None:
    """Return the number of statements without a citation, and of all statements. None if nothing
    was answered or found. An answer without statements counts as (0, 1), so that it is measured
    too.
    """
    if not asked.shows:
        return None
    result = split_statements(asked.answer.answer)
    return _ratio((not statement.markers for statement in result), least=1)


def verbatim(asked: AnsweredCase) -> Ratio | None:
    """Return the number of quotes that are in their document word by word, and of all quotes. None
    without quotes, or if the texts of documents are not known.
    """
    texts = asked.knowledge.documents
    quotes = [(citation, texts.get(citation.document_id)) for citation in asked.answer.citations]
    if not texts or not quotes:
        return None
    return _ratio(text is not None and text.has(citation.quote) for citation, text in quotes)


def pages(asked: AnsweredCase) -> Ratio | None:
    """Return how many quotes are on the page that their citation names, of all quotes from
    documents with pages. None without such quotes.
    """
    right = []
    for citation in asked.answer.citations:
        text = asked.knowledge.documents.get(citation.document_id)
        if text and text.pages:
            right.append(citation.page in text.pages_of(citation.quote))
    return _ratio(right) if right else None


def draft_as_decided(asked: AnsweredCase) -> Ratio | None:
    """Return how many statements wrongly call a draft or motion decided, of all statements that
    cite only drafts and motions. None without such statements.

    A statement is not wrong if it quotes the word from what it cites: a motion may speak of what
    was decided.
    """
    cited = {citation.marker: citation for citation in asked.answer.citations}
    are_wrong = []  # for each statement that cites only drafts and motions
    for statement in split_statements(asked.answer.answer):
        citations = [cited[marker] for marker in statement.markers if marker in cited]
        if citations and all(citation.document_status in _UNDECIDED for citation in citations):
            quoted = normalize_text(
                " ".join(f"{citation.quote} {citation.title}" for citation in citations)
            )
            are_wrong.append(_states_decided(statement.text, quoted))
    return _ratio(are_wrong) if are_wrong else None


def personal(asked: AnsweredCase) -> bool | None:
    """True if the text of an answer contains a mail address, a telephone number or a bank account;
    None if nothing was answered or found.
    """
    if not asked.shows:
        return None
    return _PERSONAL.search(asked.answer.answer) is not None


def _states_decided(text: str, quoted: str) -> bool:
    """True if a text says that something is "decided", unless it is negated or quoted.

    It is quoted if the word, with 15 characters on both sides, is in `quoted` (without white space,
    hyphens and case): the word alone may stand anywhere. It is negated if a negation is among the
    40 characters before it.
    """
    for match in _DECIDED.finditer(text):
        around = text[max(match.start() - 15, 0) : match.end() + 15]
        before = text[max(match.start() - 40, 0) : match.start()]
        if normalize_text(around) not in quoted and not _NOT.search(before):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure, a share in 0..1; `more_is_better` is None if it is only reported."""

    name: str
    label: str
    of: Callable[[AnsweredCase], Ratio | bool | None]
    more_is_better: bool | None = True

    def ratio(self, asked: AnsweredCase) -> Ratio | None:
        """Return the ratio for an answer, (1, 1) for true and (0, 1) for false; None if it does not
        apply.
        """
        result = self.of(asked)
        return (float(result), 1.0) if isinstance(result, bool) else result


def _padding(asked: AnsweredCase) -> Ratio | None:
    """Return the number of citations that are of no right item, and of all citations. None if
    nothing was shown or cited, or if the case names no right items.
    """
    cited = asked.answer.citations
    right_refs = asked.case.right_refs or asked.case.expect.overview
    if not (asked.shows and right_refs and cited):
        return None
    return float(len(asked.off_topic(cited))), float(len(cited))


def _fitting(asked: AnsweredCase) -> Ratio | None:
    """Return how many of the first three items fit, for an answer with the status `found`; None for
    other answers.

    Right items fit, and others that the case marks as fitting. If no document treats the matter, no
    item fits. None if the case does not say which items fit.
    """
    case, shown = asked.case, asked.answer.citations[:3]
    if asked.answer.status != FOUND or not shown or not (case.expect.fits or case.treated is False):
        return None
    right = (*case.right_refs, *case.expect.fits)
    return _ratio(asked.is_of(citation, right) for citation in shown)


def _list(asked: AnsweredCase, *, exact: bool) -> Ratio | None:
    """Return which share of an expected list is cited, as (share, 1): each case weighs the same,
    however long its list is.

    With `exact` return the reverse: which share of the cited items belongs to the list. None if the
    case expects no list.
    """
    needed = set(asked.case.expect.citations_all)
    if asked.case.type != "list" or not needed:
        return None
    cited = {(citation.document_id, citation.ref) for citation in asked.answer.citations}
    whole = cited if exact else needed
    return len(cited & needed) / max(len(whole), 1), 1.0


def _facts_quoted(asked: AnsweredCase) -> bool | None:
    return _states_facts(asked, " ".join(citation.quote for citation in asked.answer.citations))


MEASURES: tuple[Measure, ...] = (
    Measure("misled", say("evaluation.misled"), misled, False),
    Measure("direct", "ganz richtig beantwortet", fully),
    Measure("useful", "brauchbar", useful),
    Measure("shown", "richtiger Eintrag gezeigt", shows_right_item),
    Measure("found", "gefunden statt beantwortet", found_only, None),
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
    Measure("count", "Anzahl richtig", states_count),
    Measure("list complete", say("evaluation.lists_complete"), partial(_list, exact=False)),
    Measure("list exact", "Listen ohne Falsches", partial(_list, exact=True)),
    Measure("forbidden", "Verbotenes gesagt", forbidden, False),
    Measure("as expected", "wie erwartet", as_expected),
    Measure("verbatim", say("evaluation.verbatim"), verbatim),
    Measure("pages", say("evaluation.pages"), pages),
    Measure("uncited", "Aussagen ohne Beleg", count_uncited, False),
    Measure("draft as decided", say("evaluation.draft_as_decided"), draft_as_decided, False),
    Measure("personal", say("evaluation.personal"), personal, False),
    Measure(
        "unavailable",
        say("evaluation.unavailable"),
        lambda asked: asked.answer.status == UNAVAILABLE,
        False,
    ),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


def compute_scores(asked: AnsweredCase) -> Judgement:
    """Return the judgement of an answer by every measure."""
    ratios = ((measure.name, measure.ratio(asked)) for measure in MEASURES)
    return Judgement(asked, {name: ratio for name, ratio in ratios if ratio is not None})
