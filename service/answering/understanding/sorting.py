"""What a question wants ranked: superlatives of number, cost, time and weight, and what the records are grouped by."""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering.query import Filters, Grouping, RecordNoun, Sort, SortBy
from service.answering.understanding.document_names import words_of

_SUPERLATIVES: dict[SortBy, tuple[str, str]] = {
    SortBy.AMOUNT: (
        r"(?:teuerste|kostspieligste|kostenintensivste)\w*|"
        r"(?:höchste|größte|meiste)\w*\s+(?:kosten|summe|beträge?|budget|ausgaben|mittel|investition\w*|geld)|"
        r"am meisten (?:geld|kostet|euro)|kostet\w* am meisten|most expensive|costliest|"
        r"(?:highest|largest) (?:costs?|amount|budget|sum)|costs? the most",
        r"(?:günstigste|billigste|preiswerteste)\w*|(?:niedrigste|kleinste|geringste)\w*\s+(?:kosten|summe|betrag|budget)|"
        r"cheapest|lowest (?:costs?|amount|budget)",
    ),
    SortBy.START: (
        r"(?:späteste|neueste|jüngste)\w*|am spätesten|zuletzt|als letzte\w*|newest|latest|last of all",
        r"(?:früheste|älteste)\w*|am (?:frühesten|ehesten)|zuerst|als erste\w*|als nächste\w*|"
        r"earliest|oldest|first of all",
    ),
    SortBy.PRIORITY: (
        r"(?:höchste|oberste|größte)\w*\s+(?:priorität|dringlichkeit)|am dringendsten|"
        r"(?:dringendste|dringlichste)\w*|highest priority|most urgent",
        r"(?:niedrigste|geringste)\w*\s+priorität|lowest priority",
    ),
    SortBy.WEIGHT: (
        r"(?:wichtigste|bedeutendste|bedeutsamste)\w*|am (?:wichtigsten|bedeutendsten)|most important|"
        r"(?:haupt|kern)ziele?",
        r"(?:unwichtigste)\w*|least important",
    ),
}
_FORMS = [
    (by, least, re.compile(rf"(?i)\b(?:(?:die|der|das|den|dem|the)\s+)?(?:{cues})\b"))
    for by, both in _SUPERLATIVES.items()
    for least, cues in zip((False, True), both, strict=True)
]
_MOST = re.compile(
    r"(?i)\b(?:(?:die|den|the)\s+)?(?P<how>meisten|wenigsten|most|fewest)\s+(?P<what>(?:[\wäöüß]+en\s+)?[\wäöüß-]+)"
)
_ENDS = re.compile(r"(?i)\b(?:ende\w*|fertig|abgeschlossen|ends?|finish\w*|läuft\b.*\baus)\b")
_VAGUE = frozenset({"sachen", "dinge", "dingen", "punkte", "punkten", "things"})
_ASKED_OF = re.compile(
    r"(?i)\b(?:welche[rsmn]?|which|what)\s+(?:[\wäöüß]+en?\s+)?(?:"
    r"(?P<unit>\w*einheit(?:en)?|abteilung(?:en)?|stellen?|amt|ämter|fachbereiche?|fachdienste?|sachgebiete?|dezernate?|"
    r"referate?|department|unit|office|division)|"
    r"(?P<place>gemeinden?|kommunen?|st[aä]dte?|orte?|ortsteile?|municipality|town)|"
    r"(?P<goal>ziel(?:en)?|goals?)|(?P<status>status|stand|phase)|"
    r"(?P<document>dokument|papier|kreis|landkreis|document|paper|county)|"
    r"(?P<theme>kapiteln?|thema|themen|themenfeld\w*|themenbereich\w*|handlungsfeld\w*|bereich(?:en)?|chapter|theme|topic))\b"
    r"|^\W*(?:und\s+)?(?P<who>wer|who)\b"
)
_HOW_MANY = re.compile(r"(?i)\b(zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|two|three|four|five|ten|[2-9]|10)\s+$")
_NUMBERS = {"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10}
_NUMBERS |= {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}

_BY = re.compile(
    r"(?i)\b(?:pro|je|nach|per|by)\s+"
    r"(?:(?P<theme>kapiteln?|themen|thema|themenfeld\w*|themenbereich\w*|handlungsfeld\w*|bereich(?:en)?|"
    r"chapters?|themes?|topics?)|(?P<goal>ziel(?:en)?|goals?)|(?P<status>status|umsetzungsstand|stand))"
    r"\b(?!\s*(?:„|\"|[\d.]))"
)


def grouping_of(question: str) -> Grouping | None:
    """What records are to be counted by, each group apart: "pro Thema"."""
    match = _BY.search(question)
    return Grouping(match.lastgroup) if match is not None and match.lastgroup else None


def sort_of(question: str, nouns: list[RecordNoun], filters: Filters) -> tuple[Sort, str] | None:
    """How records are to be ranked, and the words that say so; None where no superlative is said of records.

    "Wo ist Wohnen am teuersten?" asks what a text says, "Welches Projekt ist am teuersten?" for a ranking of records.
    """
    most = _MOST.search(question)
    if most is not None and _counts(most, nouns, filters):
        least = most["how"].lower() in ("wenigsten", "fewest")
        return Sort(SortBy.COUNT, least=least, grouping=_grouping(question)), most[0]
    ranked = any(noun.kinds for noun in nouns)
    for by, least, form in _FORMS:
        match = form.search(question)
        if match is not None and (ranked or by is SortBy.WEIGHT):
            by = SortBy.END if by is SortBy.START and _ENDS.search(question) else by
            sort = Sort(by, least=least)
            before = _HOW_MANY.search(question[: match.start()] + " ") or _HOW_MANY.search(
                question[: match.end()] + " "
            )
            return (replace(sort, limit=_number(before[1])) if before else sort), match[0]
    return None


def _counts(most: re.Match[str], nouns: list[RecordNoun], filters: Filters) -> bool:
    """True where records are counted: "die meisten Projekte", "die meisten Sachen im Ideenspeicher"."""
    what = set(words_of(most["what"]))
    return bool(what & {noun.word for noun in nouns if noun.kinds}) or (bool(what & _VAGUE) and filters.narrow)


def _grouping(question: str) -> Grouping:
    """What the records are grouped by: themes where nothing else is asked for."""
    match = _ASKED_OF.search(question)
    if match is None or match.lastgroup is None:
        return Grouping.THEME
    return Grouping.UNIT if match.lastgroup == "who" else Grouping(match.lastgroup)


def _number(word: str) -> int:
    return _NUMBERS.get(word.lower()) or int(word)
