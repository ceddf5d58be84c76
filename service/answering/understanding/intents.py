"""What kind of answer a question wants, told by cue words, record nouns and filters together."""

from __future__ import annotations

import re

from service.answering import lexicon
from service.answering.query import Asked, ContactWay, Filters, Intent, RecordNoun
from service.answering.understanding.document_names import words_of
from service.answering.understanding.measures import contact_way
from service.answering.understanding.names import Named
from service.answering.understanding.reader import Reading

_COUNTED = re.compile(
    r"(?:wie ?viele?n?|(?:an)?zahl(?: der| an| von)?|how many(?: of the)?|number of|hoeveel|kaç)\s+"
    r"((?:[\w/äöüß-]+\s*){1,5})",
    re.IGNORECASE,
)
_RECORDS = "ziele|projekte|maßnahmen|vorhaben|thesen|leitsätze|themen|grundsätze|ideen|handlungsfelder"
_LIST_CUE = re.compile(
    r"\b(welche[nr]?|alle[nrs]?|sämtliche[nr]?|liste\w*|auflist\w*|nenne?n?|"
    r"zeige?n?|zähle?n?|übersicht|aufzähl\w*|which|list|what|show|name|all|was für|gibt es|wie lauten|wie heißen|"
    rf"was sind (?:denn )?(?:die|alle|ihre|seine|unsere) (?:[\wäöüß]+n )?(?={_RECORDS})|"
    r"in welchen|bei welchen|an welchen|auf welche)\b",
    re.IGNORECASE,
)
_PRESUMED = re.compile(
    r"(?:\b(?:stimmt|richtig|wahr|wirklich|tatsächlich|warum|wieso|weshalb|true|really|why)\b.*?)"
    r"(?<![\d.])(\d{1,4})\s+((?:[\w-]+\s*){1,2})",
    re.IGNORECASE,
)
_FIGURE_ASKED = re.compile(r"\b[A-ZÄÖÜ][\wäöüß-]{3,}(?:zahl|zahlen|quote|anzahl)\b")

_SURE = 0.6  # probability from which the trained reader's word counts
_SURE_OF_ONE = 0.85  # the same for what is asked of one record
_OF_ONE = (Intent.STATUS, Intent.RESPONSIBLE)
_BROAD = 0.25  # probability from which a question without a fact is taken for a broad one
_WANTED = {
    "passage": Intent.FACT,
    "overview": Intent.OVERVIEW,
    "status": Intent.STATUS,
    "responsible": Intent.RESPONSIBLE,
    "document": Intent.FACT,
    "definition": Intent.DEFINITION,
    "ranking": Intent.FACT,  # of what is no record: only a text can tell it
}


def intent_of(question: str, named: Named, nouns: list[RecordNoun], filters: Filters, reading: Reading) -> Intent:
    """The intent: lists, counts and comparisons by their form and the record nouns, all else as the reader takes it.

    Lists are of records that the question names; there rules of form win over training (docs/decisions).
    """
    if lexicon.matches("intents", "count", question) and _counts_records(question, nouns, filters):
        return Intent.COUNT
    if presumed_count(question, nouns) is not None:
        return Intent.COUNT
    if compares(question, named):
        return Intent.COMPARE
    if _lists(question, nouns, filters):
        return Intent.LIST
    if reading.sure["want"]["overview"] >= _BROAD and reading.fact == "none":
        return Intent.OVERVIEW
    wanted = _WANTED.get(reading.want)
    if wanted in _OF_ONE:  # few words that lean on a list before ask for another list: "Und in Bearbeitung?"
        wanted = wanted if reading.sure["want"][reading.want] >= _SURE_OF_ONE and not reading.followup else None
    if wanted is Intent.RESPONSIBLE and contact_way(question) is not ContactWay.ANY:
        wanted = Intent.FACT  # who is responsible is no telephone number
    if wanted is Intent.FACT and lexicon.matches("intents", "topic", question):
        wanted = Intent.TOPIC
    if wanted is not None and reading.sure["want"][reading.want] >= _SURE:
        return wanted
    if lexicon.matches("intents", "responsible", question):
        return Intent.RESPONSIBLE
    if lexicon.matches("intents", "status", question) and not lexicon.matches("intents", "asked.date", question):
        return Intent.STATUS
    return Intent.TOPIC if lexicon.matches("intents", "topic", question) else Intent.FACT


def among_intent(question: str) -> Intent:
    """For a question on records named before: how many of them, or which."""
    return Intent.COUNT if lexicon.matches("intents", "count", question) else Intent.LIST


def asked_for(question: str) -> Asked:
    """The kind of fact that an answer must hold."""
    order = (Asked.AMOUNT, Asked.ORGANISATION, Asked.CONTACT, Asked.PERSON, Asked.DATE, Asked.NUMBER)
    found = next((one for one in order if lexicon.matches("intents", f"asked.{one}", question)), Asked.NOTHING)
    return Asked.NUMBER if found is Asked.NOTHING and _FIGURE_ASKED.search(question) else found


def occurs(question: str) -> bool:
    """True where all places are asked for in which a word stands."""
    return lexicon.matches("phrases", "list.occurs", question)


def demands(question: str) -> bool:
    """True where it is asked what a paper or one of its points demands."""
    return lexicon.matches("phrases", "list.demands", question)


def also_asked(question: str, intent: Intent) -> tuple[Intent, ...]:
    """What is asked beside who is responsible: how far it is."""
    asks = intent is Intent.RESPONSIBLE and lexicon.matches("intents", "status", question)
    return (Intent.STATUS,) if asks else ()


def compares(question: str, named: Named) -> bool:
    """True where what several documents say is asked side by side."""
    if len(named.ids) < 2:
        return False
    cue = lexicon.matches("intents", "compare", question)
    return (
        len(named.counties) > 1
        or named.separately
        or lexicon.matches("phrases", "list.all_counties", question)
        or (cue and named.explicit)
    )


def _counts_records(question: str, nouns: list[RecordNoun], filters: Filters) -> bool:
    """True where records are counted ("wie viele Projekte"), not things that a text tells ("wie viele Flächen")."""
    match = _COUNTED.search(question)
    if match is None:
        return bool(nouns)
    behind = words_of(match[1])
    plural = {noun.word for noun in nouns if noun.plural}
    if any(word in plural for word in behind):
        return True
    pronoun = behind[:1] and behind[0] in {"sind", "davon", "stehen", "wurden", "are", "of", "es", "gibt", "ist"}
    return bool(pronoun) and (bool(plural) or filters.narrow)


def presumed_count(question: str, nouns: list[RecordNoun]) -> str | None:
    """The number of "Stimmt es, dass es 120 Projekte gibt?", to which the true number is the answer."""
    match = _PRESUMED.search(question)
    plural = {noun.word for noun in nouns if noun.plural}
    return match[1] if match is not None and plural & set(words_of(match[2])) else None


def _lists(question: str, nouns: list[RecordNoun], filters: Filters) -> bool:
    if demands(question) or occurs(question):
        return True
    plural = [noun for noun in nouns if noun.plural]
    if plural and (_LIST_CUE.search(question) or plural[0].place < 2 or question.rstrip().endswith(":")):
        return not _asks_responsible(question, filters)
    everything = lexicon.matches("phrases", "list.everything", question)
    named = filters.units or filters.unknown_units or filters.municipalities
    if named and everything and asked_for(question) is Asked.NOTHING:
        return True
    if filters.parents and everything and _LIST_CUE.search(question):
        return True
    return (
        everything
        and bool(filters.statuses)
        and not any(noun.head == "" and not noun.plural and noun.status is None for noun in nouns)
    )


def _asks_responsible(question: str, filters: Filters) -> bool:
    """True where units are asked for, not given: "welche Stellen sind für die Projekte zuständig"."""
    return lexicon.matches("intents", "responsible", question) and not filters.units and not filters.narrow
