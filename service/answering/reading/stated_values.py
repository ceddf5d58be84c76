"""Values that the words of a question state by themselves: statuses, periods, costs, priority, and
how many records it says there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.answering import lexicon
from service.answering.reading.nouns import find_record_noun, fold_words
from service.answering.record_rows import LEVELS, find_light
from vectorstore.language import NUMBER_WORDS, DateValue, Number, fold, locate_quantities
from vectorstore.records import ItemStatus

_UNTIL = ("bis", "until", "by", "vor", "before")
_SINCE = ("ab", "seit", "nach", "since", "from", "after")
_BOUND = "|".join((*_UNTIL, *_SINCE))
_ARTICLE = r"(?:(?:dem|den|der|zum|the)\s+)?"
# "2027", "bis 2027", "ab Mai 2027", "seit dem Jahr 2023": the word and the year
_YEAR = re.compile(
    rf"\b(?:({_BOUND})\s+(?:{_ARTICLE}(jahr|year)\s+|\w+\s+)?)?((?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(rf"\b({_BOUND})\s+{_ARTICLE}$", re.IGNORECASE)
# "61 Projekte", "zehn Thesen"
_COUNTED = re.compile(r"(?<![\w.,])(\d{1,4}|[^\W\d_]+)(?=\s+(\w[\w-]*))")
_EUROS = "EUR"
NEGATIONS = lexicon.folded_words("nouns", "status", "negation")
_CURRENT = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED)
_PRIORITY_WORDS = lexicon.folded_words("records", "priority", "names")
Span = tuple[str, str]  # from and until, "" for an open end


def find_statuses(words: Sequence[str]) -> tuple[tuple[ItemStatus, ...], set[str]]:
    """The statuses whose phrases a question has, the longest first, and the words of these.

    A phrase inside of a longer one names no status of its own; the same phrase may name two
    ("ausstehend": idea and planned). "sollen umgesetzt werden" names none: what shall be done has
    another status than what is done. "nicht umgesetzt" names the other current ones.
    """
    cues = lexicon.table("nouns")["status"]
    phrases = []
    for status in ItemStatus:
        phrases += [(fold(cue), status) for cue in cues.get(status.value, ())]
    phrases.sort(key=lambda pair: -len(pair[0]))
    text = f" {' '.join(words)} "
    found: dict[ItemStatus, str] = {}
    for phrase, status in phrases:
        is_known = phrase in found.values()
        if f" {phrase} " in text or is_known:
            found.setdefault(status, phrase)
            text = text.replace(f" {phrase} ", " | ")
    verbs = lexicon.folded_words("nouns", "status", "expected")
    if ItemStatus.IMPLEMENTED in found and not verbs.isdisjoint(words):
        del found[ItemStatus.IMPLEMENTED]
    taken = set(" ".join(found.values()).split())
    if len(found) == 1:
        (status,) = found
        negation = _negation_beside(words, found[status].split())
        if negation:
            others = [other for other in _CURRENT if other is not status]
            statuses = tuple(others) if status in _CURRENT else ()
            return statuses, taken | {negation}
    return tuple(found), taken


def _negation_beside(words: Sequence[str], phrase: Sequence[str]) -> str:
    """The word of negation beside a phrase, with up to a word before it or two behind it between
    ("nicht umgesetzt", "ohne das Archiv", "laufen derzeit noch nicht"); "" for none.
    """
    start = words.index(phrase[0]) if phrase[0] in words else 0
    end = words.index(phrase[-1]) + 1 if phrase[-1] in words else 0
    beside = (*words[max(start - 2, 0) : start], *words[end : end + 3])
    return next((other for other in beside if other in NEGATIONS), "")


def find_priority(words: Sequence[str]) -> tuple[str, set[str]]:
    """The level of priority that folded words name, "" for none, and the words for it: "high" of
    "hohe Priorität".

    A word for a level counts only if a noun such as "Priorität" is there, too, since "hohe" alone
    may say anything.
    """
    priority_words = _PRIORITY_WORDS.intersection(words)
    if not priority_words:
        return "", set()
    for word in words:
        for level in LEVELS:
            if word in lexicon.folded_words("records", "priority", level):
                return level, {*priority_words, word}
    return "", set()


def find_light_asked(words: Sequence[str]) -> tuple[str, set[str]]:
    """The colour of a traffic light that folded words name, "" for none, and the words for it; a
    colour with an ending ("grüne Dächer") counts only beside a noun such as "Ampel".
    """
    names = lexicon.folded_words("records", "light", "names").intersection(words)
    light = find_light(words)
    is_alone = not lexicon.folded_words("records", "light", "alone").isdisjoint(words)
    if not light or not (names or is_alone):
        return "", set()
    colours = lexicon.folded_words("records", "light", light).intersection(words)
    return light, {*names, *colours}


def find_cost_range(question: str, words: Sequence[str]) -> tuple[Span, set[str]]:
    """The least and the most euros that a question names, "" for an open end, and the folded words
    for them.

    "über 5.000 Euro" is ("5000", ""). Of several sums ("von 5.000 bis 9.000 Euro") the least and
    the most count. A single sum without such a word before it ("5.000 Euro") is no range.
    """
    sums = [  # each with its start and end in the question
        (min(hit.figure.values), hit.start, hit.end)
        for hit in locate_quantities(question)
        if isinstance(hit.figure, Number) and hit.figure.unit == _EUROS
    ]
    if not sums:
        return ("", ""), set()
    _, start, _ = sums[0]
    _, _, end = sums[-1]
    amounts = [str(amount) for amount, _, _ in sorted(sums)]
    before, amount_text = " ".join(fold(question[:start]).split()), fold(question[start:end])
    used = {word for word in words if word in amount_text}
    if len(sums) > 1:
        return (amounts[0], amounts[-1]), used
    for bound, span in (("least", (amounts[0], "")), ("most", ("", amounts[0]))):
        for phrase in sorted(lexicon.folded_words("records", "cost", bound), key=len, reverse=True):
            if f" {before}".endswith(f" {phrase}"):
                return span, used | set(phrase.split())
    return ("", ""), set()


def find_claimed_number(question: str) -> set[str]:
    """The folded word for how many records a question says there are: "61" in "Sind es 61
    Projekte?", "zehn" in "die zehn Thesen"; empty without a number right before a noun for several
    records.
    """
    for match in _COUNTED.finditer(question):
        written = match[1].lower()
        is_number = written.isdigit() or written in NUMBER_WORDS
        noun = find_record_noun(fold(match[2]))
        if is_number and noun is not None and noun.plural and noun.kinds:
            return {fold(written)}
    return set()


def find_period(question: str) -> tuple[Span, set[str]]:
    """The first and last day, month or year that a question names, as ISO, and the folded words for
    them: ("", "2027") for "bis 2027", ("2023-03", "") for "seit dem Frühjahr 2023".

    Dates with a month and a year count, else years; ("", "") without any. Several are a period from
    the earliest to the latest: ("2024", "2026") for "von 2024 bis 2026".
    """
    bound = ""
    dates: list[Span] = []
    words: set[str] = set()
    for part in locate_quantities(question):
        figure = part.figure
        if isinstance(figure, DateValue) and figure.month and figure.year:
            before = _BOUND_BEFORE.search(question[: part.start])
            bound = before[1] if before else ""
            dates.append(_first_and_last(figure, figure.year))
            words |= {fold(bound), *fold_words(question[part.start : part.end])}
    if not dates:
        for bound, noun, year in _YEAR.findall(question):
            dates.append((year, year))
            words |= {fold(bound), fold(noun), year}
    if len(dates) == 1:
        return _open_end(bound, *dates[0]), words
    first = min((date[0] for date in dates), default="")
    last = max((date[1] for date in dates), default="")
    return (first, last), words


def _first_and_last(date: DateValue, year: int) -> tuple[str, str]:
    """The first and the last day or month of a date, as ISO.

    They are the same for a day or a single month. "Frühjahr 2023" is ("2023-03", "2023-05"); a
    winter ends in the next year. `year` is that of the date.
    """
    if date.day is not None:
        day = f"{year}-{date.month:02}-{date.day:02}"
        return day, day
    years_later, month_index = divmod((date.until or date.month) - 1, 12)
    return f"{year}-{date.month:02}", f"{year + years_later}-{month_index + 1:02}"


def _open_end(bound: str, first: str, last: str) -> Span:
    """The period that the word before a date makes of it, from its `first` to its `last` day, month
    or year.

    "bis" leaves the beginning open, "seit" the end; any other word ("") leaves the date as it is.
    """
    if bound.lower() in _UNTIL:
        return "", last
    if bound.lower() in _SINCE:
        return first, ""
    return first, last
